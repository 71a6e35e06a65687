"""Right variants for the exercises of week 2."""

import math

import numpy as np

from tests.variants import VARIANTS, variant


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


# ---- numpy_basics


@variant("numpy_basics.basic_sigmoid")
def by_power(x):
    return 1 / (1 + math.e**-x)


@variant("numpy_basics.basic_sigmoid")
def by_positive_exponent(x):
    e = math.exp(x)
    return e / (e + 1)


@variant("numpy_basics.basic_sigmoid")
def by_tanh(x):
    return np.float64(0.5 * (1 + math.tanh(x / 2)))


@variant("numpy_basics.sigmoid")
def plain(x):
    return 1 / (1 + np.exp(-x))


@variant("numpy_basics.sigmoid")
def by_array_tanh(x):
    return 0.5 + 0.5 * np.tanh(np.asarray(x) / 2)


@variant("numpy_basics.sigmoid")
def in_float32(x):
    return 1 / (1 + np.exp(-np.clip(np.asarray(x, dtype=np.float32), -80, 80)))


@variant("numpy_basics.sigmoid")
def entry_by_entry(x):
    result = np.zeros(np.shape(x))
    for index, value in np.ndenumerate(x):
        result[index] = 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))
    return result


@variant("numpy_basics.sigmoid_derivative")
def from_exponentials(x):
    e = np.exp(-x)
    return e / (1 + e) ** 2


@variant("numpy_basics.sigmoid_derivative")
def s_minus_square(x):
    s = sigmoid(x)
    return s - s**2


@variant("numpy_basics.sigmoid_derivative")
def product_of_two(x):
    return sigmoid(x) * sigmoid(-x)


@variant("numpy_basics.image2vector")
def by_sizes(image):
    return image.reshape(image.shape[0] * image.shape[1] * image.shape[2], 1)


@variant("numpy_basics.image2vector")
def with_new_axis(image):
    return image.ravel()[:, np.newaxis]


@variant("numpy_basics.image2vector")
def three_loops(image):
    height, width, colours = image.shape
    v = np.zeros((height * width * colours, 1))
    place = 0
    for i in range(height):
        for j in range(width):
            for k in range(colours):
                v[place, 0] = image[i, j, k]
                place += 1
    return v


@variant("numpy_basics.normalize_rows")
def root_of_sum(x):
    return x / np.sqrt((x**2).sum(axis=1))[:, None]


@variant("numpy_basics.normalize_rows")
def with_einsum(x):
    return x / np.sqrt(np.einsum("ij,ij->i", x, x)).reshape(-1, 1)


@variant("numpy_basics.normalize_rows")
def in_place(x):
    x = x.astype(float)
    for row in x:
        row /= np.linalg.norm(row)
    return x


@variant("numpy_basics.softmax")
def row_by_row(x):
    result = np.empty_like(x, dtype=float)
    for i, row in enumerate(x):
        e = np.exp(row - row.max())
        result[i] = e / e.sum()
    return result


@variant("numpy_basics.softmax")
def through_logarithms(x):
    top = x.max(axis=1)[:, None]
    return np.exp(x - top - np.log(np.exp(x - top).sum(axis=1))[:, None])


@variant("numpy_basics.softmax")
def changes_its_argument(x):
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


@variant("numpy_basics.L1")
def l1_sum(yhat, y):
    return sum(abs(a - b) for a, b in zip(yhat, y, strict=True))


@variant("numpy_basics.L1")
def l1_norm(yhat, y):
    return np.linalg.norm(yhat - y, 1)


@variant("numpy_basics.L1")
def l1_zero_dimensional(yhat, y):
    return np.array(np.abs(yhat - y).sum())


@variant("numpy_basics.L2")
def l2_dot(yhat, y):
    return np.dot(y - yhat, y - yhat)


@variant("numpy_basics.L2")
def l2_loop(yhat, y):
    total = 0
    for i in range(len(y)):
        total += (yhat[i] - y[i]) ** 2
    return total


@variant("numpy_basics.L2")
def l2_norm(yhat, y):
    return np.float32(np.linalg.norm(yhat - y) ** 2)


@variant("numpy_basics.percent_of_column")
def percent_by_reshape(A):
    return A / A.sum(axis=0).reshape(1, -1) * 100


@variant("numpy_basics.percent_of_column")
def percent_without_keepdims(A):
    return 100 * A / A.sum(0)


@variant("numpy_basics.percent_of_column")
def percent_by_columns(A):
    return np.stack([100 * column / column.sum() for column in A.T], axis=1)


# ---- logistic_regression


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
