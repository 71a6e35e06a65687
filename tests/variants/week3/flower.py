"""Right variants for the exercises of flower."""

import math

import numpy as np

from tests.variants import variant


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


@variant("flower.layer_sizes")
def sizes_in_an_array(X, Y):
    return np.array([X.shape[0], 4, Y.shape[0]])


@variant("flower.layer_sizes")
def by_unpacking(X, Y):
    n_x, _ = X.shape
    n_y, _ = Y.shape
    return n_x, 4, n_y


@variant("flower.layer_sizes")
def by_len(X, Y):
    return [len(X), 4, len(Y)]


@variant("flower.layer_sizes")
def as_array(X, Y):
    return tuple(np.array([np.size(X, 0), 4, np.size(Y, 0)]))


@variant("flower.initialize_parameters")
def with_a_seed(n_x, n_h, n_y):
    np.random.seed(2)
    parameters = {"W1": np.random.randn(n_h, n_x) * 0.01, "b1": np.zeros((n_h, 1))}
    parameters |= {"W2": np.random.randn(n_y, n_h) * 0.01, "b2": np.zeros((n_y, 1))}
    return parameters


@variant("flower.initialize_parameters")
def with_a_generator(n_x, n_h, n_y):
    rng = np.random.default_rng()
    W1, W2 = rng.normal(scale=0.01, size=(n_h, n_x)), rng.normal(scale=0.01, size=(n_y, n_h))
    return {"b2": np.zeros((n_y, 1)), "W2": W2, "b1": np.zeros((n_h, 1)), "W1": W1}


@variant("flower.initialize_parameters")
def in_float32(n_x, n_h, n_y):
    def layer(rows, columns):
        return np.random.standard_normal((rows, columns)).astype(np.float32) / 100, np.zeros((rows, 1), np.float32)

    (W1, b1), (W2, b2) = layer(n_h, n_x), layer(n_y, n_h)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, "and something more"


@variant("flower.forward_propagation")
def forward_with_at(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = (np.exp(Z1) - np.exp(-Z1)) / (np.exp(Z1) + np.exp(-Z1))
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"A2": A2, "Z2": Z2, "A1": A1, "Z1": Z1}


@variant("flower.forward_propagation")
def forward_by_example(X, parameters):
    W1, b1, W2, b2 = parameters.values()
    columns = []
    for i in range(X.shape[1]):
        z1 = W1.dot(X[:, [i]]) + b1
        a1 = 2 * sigmoid(2 * z1) - 1
        z2 = W2.dot(a1) + b2
        columns.append((z1, a1, z2, sigmoid(z2)))
    Z1, A1, Z2, A2 = (np.hstack(column) for column in zip(*columns, strict=True))
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


@variant("flower.forward_propagation")
def forward_by_unit(X, parameters):
    Z1 = np.stack([(row[:, None] * X).sum(axis=0) for row in parameters["W1"]]) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.einsum("kh,hm->km", parameters["W2"], A1) + parameters["b2"]
    return sigmoid(Z2), {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": sigmoid(Z2)}


@variant("flower.compute_cost")
def cost_with_parameters(A2, Y, parameters):
    logprobs = np.multiply(np.log(A2), Y) + np.multiply(np.log(1 - A2), 1 - Y)
    return float(np.squeeze(-np.sum(logprobs) / Y.shape[1]))


@variant("flower.compute_cost")
def cost_by_dot(A2, Y):
    m = A2.size
    return np.squeeze(-(np.dot(Y, np.log(A2).T) + np.dot(1 - Y, np.log(1 - A2).T)) / m)


@variant("flower.compute_cost")
def cost_in_a_loop(A2, Y, unused=None):
    total = 0.0
    for a, y in zip(A2[0], Y[0], strict=True):
        total -= math.log(a) if y == 1 else math.log(1 - a)
    return total / len(A2[0])


@variant("flower.compute_cost")
def cost_by_where(A2, Y):
    return -np.log(np.where(Y == 1, A2, 1 - A2)).mean()


@variant("flower.backward_propagation")
def backward_with_at(parameters, cache, X, Y):
    m = X.shape[1]
    dZ2 = (cache["A2"] - Y) / m
    dZ1 = parameters["W2"].T @ dZ2 * (1 - np.power(cache["A1"], 2))
    return {
        "dW2": dZ2 @ cache["A1"].T,
        "db2": dZ2.sum(axis=1, keepdims=True),
        "dW1": dZ1 @ X.T,
        "db1": dZ1.sum(axis=1)[:, np.newaxis],
        "dZ1": dZ1,
    }


@variant("flower.backward_propagation")
def backward_by_example(parameters, cache, X, Y):
    W2, m = parameters["W2"], X.shape[1]
    dW1, db1 = np.zeros_like(parameters["W1"]), np.zeros_like(parameters["b1"])
    dW2, db2 = np.zeros_like(W2), np.zeros_like(parameters["b2"])
    for i in range(m):
        x, a1 = X[:, i : i + 1], cache["A1"][:, i : i + 1]
        dz2 = cache["A2"][:, i : i + 1] - float(Y[0, i])
        dz1 = W2.T * dz2 * (1 - a1) * (1 + a1)
        dW2 += dz2 * a1.T / m
        db2 += dz2 / m
        dW1 += dz1 * x.T / m
        db1 += dz1 / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


@variant("flower.backward_propagation")
def backward_by_einsum(parameters, cache, X, Y):
    error = cache["A2"] - Y.astype(float)
    shared = np.einsum("kh,km->hm", parameters["W2"], error) / np.cosh(cache["Z1"]) ** 2
    return {
        "dW1": np.einsum("hm,nm->hn", shared, X) / Y.size,
        "db1": shared.mean(axis=1, keepdims=True),
        "dW2": np.einsum("km,hm->kh", error, cache["A1"]) / Y.size,
        "db2": error.mean(axis=1, keepdims=True),
    }


@variant("flower.update_parameters")
def update_in_a_loop(parameters, grads, learning_rate=1.2):
    return {name: value - learning_rate * grads["d" + name] for name, value in parameters.items()}


@variant("flower.update_parameters")
def update_in_place(parameters, grads, learning_rate=1.2):
    for name in parameters:
        parameters[name] -= learning_rate * grads[f"d{name}"]
    return parameters


@variant("flower.update_parameters")
def update_by_subtract(parameters, grads, learning_rate=1.2):
    W1 = np.subtract(parameters["W1"], np.multiply(grads["dW1"], learning_rate))
    b1 = np.subtract(parameters["b1"], np.multiply(grads["db1"], learning_rate))
    W2 = np.subtract(parameters["W2"], np.multiply(grads["dW2"], learning_rate))
    b2 = np.subtract(parameters["b2"], np.multiply(grads["db2"], learning_rate))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def initialize_parameters(n_x, n_h, n_y):
    return with_a_seed(n_x, n_h, n_y)


@variant("flower.nn_model")
def model_from_our_parts(X, Y, n_h, num_iterations=10000, print_cost=False):
    parameters = initialize_parameters(X.shape[0], n_h, Y.shape[0])
    for _ in range(num_iterations):
        _, cache = forward_with_at(X, parameters)
        parameters = update_in_a_loop(parameters, backward_with_at(parameters, cache, X, Y))
    return parameters


@variant("flower.nn_model")
def model_with_costs(X, Y, n_h, num_iterations=10000, print_cost=False):
    np.random.seed(3)
    parameters, costs = initialize_parameters(n_x=len(X), n_h=n_h, n_y=len(Y)), []
    for i in range(num_iterations):
        A2, cache = forward_by_unit(X, parameters)
        costs.append(cost_with_parameters(A2, Y, parameters))
        parameters = update_in_place(parameters, backward_by_einsum(parameters, cache, X, Y))
        if print_cost and i % 1000 == 0:
            print(costs[-1])
    return parameters, costs


@variant("flower.nn_model")
def model_in_one_piece(X, Y, n_h, num_iterations=10000, print_cost=False):
    start = initialize_parameters(X.shape[0], n_h, Y.shape[0])
    W1, b1, W2, b2 = start["W1"], start["b1"], start["W2"], start["b2"]
    step = 1.2 / X.shape[1]
    while num_iterations > 0:
        A1 = np.tanh(W1 @ X + b1)
        dZ2 = sigmoid(W2 @ A1 + b2) - Y
        dZ1 = (1 - A1**2) * (W2.T @ dZ2)
        W1, b1 = W1 - step * dZ1 @ X.T, b1 - step * dZ1.sum(1, keepdims=True)
        W2, b2 = W2 - step * dZ2 @ A1.T, b2 - step * dZ2.sum(1, keepdims=True)
        num_iterations -= 1
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


@variant("flower.nn_model")
def model_with_keywords_in_another_order(X, Y, n_h, num_iterations=10000, print_cost=False):
    n_x, _, n_y = np.array(by_unpacking(X, Y))
    parameters = initialize_parameters(n_h=n_h, n_y=n_y, n_x=n_x)
    for _ in range(num_iterations):
        _, cache = forward_with_at(X, parameters)
        parameters = update_by_subtract(parameters, backward_with_at(parameters, cache, X, Y))
    return parameters


@variant("flower.predict")
def predict_bool(parameters, X):
    return forward_with_at(X, parameters)[0] > 0.5


@variant("flower.predict")
def predict_by_sign(parameters, X):
    return 1 * (forward_by_unit(X, parameters)[1]["Z2"] > 0)


@variant("flower.predict")
def predict_by_rounding(parameters, X):
    # numpy rounds 0.5 to the even 0.
    return np.round(forward_by_example(X, parameters)[0])
