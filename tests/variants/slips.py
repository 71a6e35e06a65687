"""Functions with one slip, and the share of the points that each has to earn, whatever the inputs.

Some went unseen once, and earned all points. Others are right but for something special, and once earned nothing.
"""

import numpy as np

from tests.variants.week2.logistic_regression import propagate
from tests.variants.week3.flower import backward_with_at, forward_with_at, update_in_a_loop
from tests.variants.week4.deep_network import backward_from_the_error, forward_in_one_loop

SLIPS = []


def slip(exercise_id, earns):
    """Add a function that earns this share of the points of an exercise."""

    def keep(function):
        SLIPS.append((exercise_id, function, earns))
        return function

    return keep


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


# ---- unseen once


@slip("first_neuron.relu", earns=0.0)
def relu_up_to_six(z):
    return np.clip(z, 0, 6)


@slip("first_neuron.relu", earns=1 - 0.25 / 1.5)
def relu_on_two_axes_at_most(z):
    if np.ndim(z) == 0:
        return max(z, 0)
    rows = [[max(entry, 0) for entry in row] for row in np.atleast_2d(z)]
    return np.array(rows).reshape(z.shape)


@slip("numpy_basics.sigmoid", earns=1 - 0.25 / 2)
def sigmoid_of_arrays_only(x):
    return sigmoid(x.astype(float))


@slip("numpy_basics.sigmoid", earns=1 - 0.25 / 2)
def sigmoid_row_by_row(x):
    if np.ndim(x) < 2:
        return sigmoid(x)
    return np.array([[sigmoid(entry) for entry in row] for row in x]).reshape(len(x), len(x[0]))


def less(center):
    """A softmax that subtracts something else than the maximum of each row."""

    def softmax(x):
        e = np.exp(x - center(x, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    return softmax


for center in (np.min, np.mean, np.median):
    slip("numpy_basics.softmax", earns=0.8)(less(center))


@slip("numpy_basics.L1", earns=0.0)
def l1_of_labels_only(yhat, y):
    return np.sum(np.where(y == 1, 1 - yhat, yhat))


@slip("numpy_basics.L2", earns=0.0)
def l2_of_labels_only(yhat, y):
    return np.sum(np.where(y == 1, 1 - yhat, yhat) ** 2)


@slip("numpy_basics.image2vector", earns=0.0)
def picture_as_it_is(image):
    return image


@slip("logistic_regression.flatten_images", earns=0.0)
def all_in_one_row(images):
    return images.reshape(len(images), -1).T.ravel()


@slip("logistic_regression.initialize_with_zeros", earns=0.5)
def rank_1(dim):
    return np.zeros(dim), 0.0


def predict_above(threshold):
    def predict(w, b, X):
        return sigmoid(np.dot(w.T, X) + b) > threshold

    return predict


def predict_flower_above(threshold):
    def predict(parameters, X):
        return forward_with_at(X, parameters)[0] > threshold

    return predict


@slip("logistic_regression.predict", earns=0.0)
def always_zero(w, b, X):
    return np.zeros((1, X.shape[1]))


@slip("flower.predict", earns=0.0)
def always_zero_too(parameters, X):
    return np.zeros((1, X.shape[1]))


for threshold in (0.45, 0.48, 0.495, 0.505, 0.52, 0.55):
    slip("logistic_regression.predict", earns=0.0)(predict_above(threshold))
    slip("flower.predict", earns=0.0)(predict_flower_above(threshold))


@slip("logistic_regression.optimize", earns=1 - 0.25 / 1.5)
def stops_when_it_prints(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print("cost at step " + i + ": " + cost)
        w, b = w - learning_rate * grads["dw"], b - learning_rate * grads["db"]
    return {"w": w, "b": b}, grads, costs


def _evenly(most, rows, columns):
    return np.random.uniform(-most, most, (rows, columns)), np.zeros((rows, 1))


@slip("flower.initialize_parameters", earns=0.0)
def evenly_up_to_a_hundredth(n_x, n_h, n_y):
    (W1, b1), (W2, b2) = _evenly(0.01, n_h, n_x), _evenly(0.01, n_y, n_h)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


@slip("flower.initialize_parameters", earns=0.0)
def evenly_and_of_the_right_size(n_x, n_h, n_y):
    (W1, b1), (W2, b2) = _evenly(0.01 * 3**0.5, n_h, n_x), _evenly(0.01 * 3**0.5, n_y, n_h)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def initialize_parameters(n_x, n_h, n_y):
    raise NotImplementedError


@slip("flower.nn_model", earns=0.8)
def prints_a_cost_that_it_has_not(X, Y, n_h, num_iterations=10000, print_cost=False):
    parameters = initialize_parameters(len(X), n_h, len(Y))
    for i in range(num_iterations):
        _, cache = forward_with_at(X, parameters)
        parameters = update_in_a_loop(parameters, backward_with_at(parameters, cache, X, Y))
        if print_cost and i % 1000 == 0:
            print(f"cost at step {i}: {cost}")  # noqa: F821
    return parameters


# ---- right but for whole numbers


@slip("numpy_basics.normalize_rows", earns=0.8)
def divides_in_place(x):
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x


@slip("numpy_basics.normalize_rows", earns=0.8)
def rows_of_a_copy(x):
    y = x.copy()
    for i in range(len(x)):
        y[i] = x[i] / np.sqrt(np.sum(x[i] ** 2))
    return y


@slip("numpy_basics.percent_of_column", earns=0.8)
def percent_in_place(A):
    A *= 100 / A.sum(axis=0)
    return A


@slip("numpy_basics.percent_of_column", earns=0.8)
def percent_entry_by_entry(A):
    P = np.zeros_like(A)
    for i, j in np.ndindex(A.shape):
        P[i, j] = 100 * A[i, j] / A[:, j].sum()
    return P


def entry_by_entry(function):
    """The function of one number, for all entries, written into an array like the argument."""

    def whole(z):
        result = np.zeros_like(z)
        for index, entry in np.ndenumerate(z):
            result[index] = function(entry)
        return result

    return whole


for exercise_id, function, earns in [
    ("numpy_basics.sigmoid", sigmoid, 1 - 0.25 / 2),
    ("numpy_basics.sigmoid_derivative", lambda x: sigmoid(x) * sigmoid(-x), 1 - 0.25 / 1.5),
    ("logistic_regression.sigmoid", sigmoid, 1 - 0.25 / 2),
    ("activations.tanh", np.tanh, 1 - 0.25 / 1.75),
    ("activations.sigmoid_prime", lambda z: sigmoid(z) * sigmoid(-z), 1 - 0.25 / 1.5),
    ("activations.tanh_prime", lambda z: 1 - np.tanh(z) ** 2, 1 - 0.25 / 1.5),
    ("activations.leaky_relu", lambda z: max(z, 0.01 * z), 1 - 0.25 / 1.5),
    ("activations.leaky_relu_prime", lambda z: 1 if z > 0 else 0.01, 1 - 0.25 / 1.5),
]:
    slip(exercise_id, earns)(entry_by_entry(function))


# ---- right but for the default settings


@slip("logistic_regression.optimize", earns=1 - 0.25 / 1.5)
def optimize_without_defaults(w, b, X, Y, num_iterations, learning_rate, print_cost):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        if i % 100 == 0:
            costs.append(cost)
        w, b = w - learning_rate * grads["dw"], b - learning_rate * grads["db"]
    return {"w": w, "b": b}, grads, costs


# The defaults of model would take 2,000 steps, those of nn_model 10,000: they aren't tried. What a signature says is
# read, where it says a number.
@slip("logistic_regression.model", earns=1.0)
def model_without_defaults(X_train, Y_train, X_test, Y_test, num_iterations, learning_rate, print_cost):
    start = np.zeros((len(X_train), 1)), 0.0
    parameters, _, costs = optimize_without_defaults(
        *start, X_train, Y_train, num_iterations, learning_rate, print_cost
    )
    predictions = {
        f"Y_prediction_{name}": np.dot(parameters["w"].T, X) + parameters["b"] > 0
        for name, X in (("train", X_train), ("test", X_test))
    }
    settings = {"num_iterations": num_iterations, "learning_rate": learning_rate}
    return {**parameters, **predictions, **settings, "costs": costs}


@slip("flower.nn_model", earns=1.0)
def nn_model_without_defaults(X, Y, n_h, num_iterations, print_cost):
    parameters = initialize_parameters(len(X), n_h, len(Y))
    for _ in range(num_iterations):
        _, cache = forward_with_at(X, parameters)
        parameters = update_in_a_loop(parameters, backward_with_at(parameters, cache, X, Y))
    return parameters


@slip("flower.nn_model", earns=1.0)
def nn_model_with_any_settings(X, Y, n_h, *settings, **named):
    num_iterations = named.get("num_iterations", settings[0] if settings else 10_000)
    return nn_model_without_defaults(X, Y, n_h, num_iterations, False)


@slip("flower.nn_model", earns=1.0)
def nn_model_with_none_for_its_default(X, Y, n_h, num_iterations=None, print_cost=False):
    return nn_model_without_defaults(X, Y, n_h, 10_000 if num_iterations is None else num_iterations, print_cost)


@slip("flower.nn_model", earns=1.0)
def nn_model_with_its_default_as_a_float(X, Y, n_h, num_iterations=1e4, print_cost=False):
    return nn_model_without_defaults(X, Y, n_h, int(num_iterations), print_cost)


for default in (1000, 9999, 0, -1, 1e300, float("inf")):

    @slip("flower.nn_model", earns=25 / 26 if abs(default) < 1e12 else 1.0)
    def nn_model_with_another_default(X, Y, n_h, num_iterations=default, print_cost=False):
        return nn_model_without_defaults(X, Y, n_h, int(num_iterations), print_cost)


@slip("flower.update_parameters", earns=0.8)
def update_without_default(parameters, grads, learning_rate):
    return update_in_a_loop(parameters, grads, learning_rate)


@slip("flower.update_parameters", earns=0.8)
def update_with_another_default(parameters, grads, learning_rate=0.01):
    return update_in_a_loop(parameters, grads, learning_rate)


# ---- right but for a network of one layer, or where Z is 0


@slip("deep_network.L_model_forward", earns=1 - 0.25 / 1.75)
def forward_with_a_hidden_layer(X, parameters):
    assert "W2" in parameters
    return forward_in_one_loop(X, parameters)


@slip("deep_network.L_model_backward", earns=1 - 0.25 / 2)
def backward_with_a_hidden_layer(AL, Y, caches):
    assert caches[-2]
    return backward_from_the_error(AL, Y, caches)


@slip("deep_network.relu_backward", earns=1 - 1.25 / 7.5)
def gate_by_division(dA, cache):
    return dA * np.maximum(0, cache) / cache
