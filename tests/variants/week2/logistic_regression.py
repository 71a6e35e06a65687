"""Right variants for the exercises of logistic_regression."""

import math

import numpy as np

from tests.variants import VARIANTS, variant


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


@variant("logistic_regression.flatten_images")
def flatten_by_columns(images):
    return np.stack([image.ravel() for image in images], axis=1)


@variant("logistic_regression.flatten_images")
def flatten_by_sizes(images):
    m, h, w, c = images.shape
    return np.transpose(np.reshape(images, (m, h * w * c)))


@variant("logistic_regression.flatten_images")
def flatten_in_a_loop(images):
    X = np.zeros((images[0].size, len(images)), dtype=np.float32)
    for i in range(len(images)):
        X[:, i] = images[i].flatten()
    return X


@variant("logistic_regression.sigmoid")
def plain_z(z):
    return np.power(1 + np.exp(-z), -1.0)


@variant("logistic_regression.sigmoid")
def both_branches(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


@variant("logistic_regression.sigmoid")
def by_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@variant("logistic_regression.initialize_with_zeros")
def zeros_and_integer(dim):
    return np.zeros([dim, 1]), 0


@variant("logistic_regression.initialize_with_zeros")
def zeros_by_reshape(dim):
    return np.array([0.0] * dim).reshape(dim, 1), np.float64(0)


@variant("logistic_regression.initialize_with_zeros")
def zeros_in_float32(dim):
    return [np.zeros(shape=(dim, 1), dtype=np.float32), 0.0]


@variant("logistic_regression.propagate")
def with_at(w, b, X, Y):
    m = Y.shape[1]
    A = sigmoid(w.T @ X + b)
    cost = -(Y @ np.log(A).T + (1 - Y) @ np.log(1 - A).T) / m
    return {"db": np.mean(A - Y, axis=1, keepdims=True), "dw": X @ (A - Y).T / m}, np.squeeze(cost)


@variant("logistic_regression.propagate")
def two_loops(w, b, X, Y):
    n, m = X.shape
    J, dw, db = 0.0, np.zeros((n, 1)), 0.0
    for i in range(m):
        z = b
        for j in range(n):
            z += w[j, 0] * X[j, i]
        a = 1 / (1 + math.exp(-z))
        J -= math.log(a) if Y[0, i] == 1 else math.log(1 - a)
        for j in range(n):
            dw[j, 0] += X[j, i] * (a - float(Y[0, i]))
        db += a - float(Y[0, i])
    return {"dw": dw / m, "db": db / m}, J / m


@variant("logistic_regression.propagate")
def einsum_and_where(w, b, X, Y):
    Z = np.einsum("ni,nm->im", w, X) + b
    cost = np.mean(np.where(Y == 1, np.logaddexp(0, -Z), np.logaddexp(0, Z)))
    error = sigmoid(Z) - Y
    return {"dw": np.einsum("nm,im->ni", X, error) / X.shape[1], "db": np.array([error.mean()])}, np.array(cost)


@variant("logistic_regression.propagate")
def float32_throughout(w, b, X, Y):
    w, X, Y = (v.astype(np.float32) for v in (w, X, Y))
    A = sigmoid(w.T @ X + np.float32(b))
    cost = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return {"dw": X @ (A - Y).T / X.shape[1], "db": (A - Y).mean()}, cost


def propagate(w, b, X, Y):
    A = sigmoid(w.T @ X + b)
    cost = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return {"dw": X @ (A - Y).T / X.shape[1], "db": np.mean(A - Y)}, cost


@variant("logistic_regression.optimize")
def on_a_copy(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    w, costs = w.copy(), []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        w -= learning_rate * grads["dw"]
        b -= learning_rate * grads["db"]
        if not i % 100:
            costs += [cost]
    return {"b": b, "w": w}, grads, costs


@variant("logistic_regression.optimize")
def with_while(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs, step = [], 0
    while step < num_iterations:
        grads, cost = propagate(w, b, X, Y)
        if step in range(0, num_iterations, 100):
            costs.append(float(cost))
        w, b = w - learning_rate * grads["dw"], np.array([[float(b - learning_rate * grads["db"])]]).item()
        step += 1
    return {"w": w, "b": b}, {"db": grads["db"], "dw": grads["dw"]}, np.array(costs)


@variant("logistic_regression.optimize")
def without_propagate(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = ()
    for i in range(num_iterations):
        Z = np.dot(w.T, X) + b
        if i % 100 == 0:
            costs += (np.mean(np.logaddexp(0, Z) - Y * Z),)
        dZ = sigmoid(Z) - Y
        dw, db = np.dot(X, dZ.T) / Y.size, np.sum(dZ, axis=1) / Y.size
        w, b = w - learning_rate * dw, b - learning_rate * db
    return {"w": w, "b": b}, {"dw": dw, "db": db}, costs


@variant("logistic_regression.predict")
def predict_by_sign(w, b, X):
    return (w.T @ X + b > 0) * 1


@variant("logistic_regression.predict")
def predict_bool(w, b, X):
    return sigmoid(np.dot(w.T, X) + b) > 0.5


@variant("logistic_regression.predict")
def predict_in_a_loop(w, b, X):
    result = np.zeros((1, X.shape[1]))
    A = sigmoid(np.dot(w.T, X) + b)
    for i in range(A.shape[1]):
        if A[0, i] > 0.5:
            result[0, i] = 1
    return result


def model_with(optimize, predict):
    def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
        start = np.zeros((len(X_train), 1)), 0
        parameters, _, costs = optimize(*start, X_train, Y_train, num_iterations, learning_rate, print_cost)
        return {
            "num_iterations": num_iterations,
            "learning_rate": learning_rate,
            "Y_prediction_train": predict(X=X_train, **parameters),
            "Y_prediction_test": predict(X=X_test, **parameters),
            "costs": costs,
            **parameters,
            "extra": "a key more does no harm",
        }

    return model


for optimize_variant, predict_variant in zip(
    VARIANTS["logistic_regression.optimize"], VARIANTS["logistic_regression.predict"], strict=True
):
    variant("logistic_regression.model")(model_with(optimize_variant, predict_variant))
