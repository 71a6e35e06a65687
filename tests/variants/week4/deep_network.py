"""Right variants for the exercises of deep_network."""

import math
from functools import reduce

import numpy as np

from tests.variants import variant


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def relu(z):
    return z * (z > 0)


# ---- initialize_parameters_deep


@variant("deep_network.initialize_parameters_deep")
def with_a_hundredth(layer_dims):
    np.random.seed(3)
    parameters = {}
    for l in range(1, len(layer_dims)):  # noqa: E741
        parameters["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * 0.01
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


@variant("deep_network.initialize_parameters_deep")
def with_the_root(layer_dims):
    np.random.seed(1)
    pairs = list(zip(layer_dims[1:], layer_dims[:-1], strict=True))
    weights = {f"W{i + 1}": np.random.randn(*pair) / math.sqrt(pair[1]) for i, pair in enumerate(pairs)}
    return weights | {f"b{i + 1}": np.zeros(shape=(n, 1)) for i, (n, _) in enumerate(pairs)}


@variant("deep_network.initialize_parameters_deep")
def with_he(layer_dims):
    parameters = {}
    for number, size in enumerate(layer_dims):
        if number:
            before = layer_dims[number - 1]
            parameters[f"W{number}"] = np.random.normal(0, np.sqrt(2 / before), (size, before))
            parameters[f"b{number}"] = np.zeros((size, 1))
    return parameters


@variant("deep_network.initialize_parameters_deep")
def with_glorot(layer_dims):
    rng, parameters = np.random.default_rng(), {}
    for layer in range(len(layer_dims) - 1, 0, -1):
        n, n_prev = layer_dims[layer], layer_dims[layer - 1]
        parameters[f"b{layer}"] = [[0.0]] * n
        parameters[f"W{layer}"] = rng.normal(scale=(2 / (n + n_prev)) ** 0.5, size=(n, n_prev))
    return parameters


@variant("deep_network.initialize_parameters_deep")
def start_in_float32(layer_dims):
    rng = np.random.default_rng(5)
    parameters = {}
    for layer, n in enumerate(layer_dims[1:], start=1):
        W = rng.standard_normal((n, layer_dims[layer - 1]), dtype=np.float32)
        parameters[f"W{layer}"], parameters[f"b{layer}"] = W * np.float32(0.01), np.zeros((n, 1), np.float32)
    return parameters


@variant("deep_network.initialize_parameters_deep")
def row_by_row(layer_dims):
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n_prev = layer_dims[layer - 1]
        parameters[f"W{layer}"] = np.stack([np.random.randn(n_prev) * n_prev**-0.5 for _ in range(layer_dims[layer])])
        parameters[f"b{layer}"] = 0 * np.ones((layer_dims[layer], 1))
    return parameters


@variant("deep_network.initialize_parameters_deep")
def in_place(layer_dims):
    parameters, layer = {}, 1
    while layer < len(layer_dims):
        W = np.empty((layer_dims[layer], layer_dims[layer - 1]))
        W[:] = np.random.standard_normal(W.shape)
        W /= np.sqrt(W.shape[1])
        parameters.update({f"W{layer}": W, f"b{layer}": np.zeros_like(W[:, :1])})
        layer += 1
    return parameters


@variant("deep_network.initialize_parameters_deep")
def with_integer_biases(layer_dims):
    L = len(layer_dims)
    names = [f"{kind}{layer}" for layer in range(1, L) for kind in "Wb"]
    values = []
    for layer in range(1, L):
        values.append(np.random.randn(layer_dims[layer - 1], layer_dims[layer]).T * 0.01)
        values.append(np.zeros((layer_dims[layer], 1), dtype=int))
    return dict(zip(names, values, strict=True))


# ---- linear_forward


@variant("deep_network.linear_forward")
def linear_with_at(A, W, b):
    return W @ A + b, (A, W, b)


@variant("deep_network.linear_forward")
def linear_by_einsum(A, W, b):
    return np.einsum("ij,jm->im", W, A) + b, [A, W, b]


@variant("deep_network.linear_forward")
def linear_by_example(A, W, b):
    Z = np.zeros((W.shape[0], A.shape[1]))
    for i in range(A.shape[1]):
        Z[:, [i]] = np.dot(W, A[:, [i]]) + b
    return Z, (A, W, b)


@variant("deep_network.linear_forward")
def linear_by_unit(A, W, b):
    rows = [sum(w * a for w, a in zip(weights, A, strict=True)) + bias for weights, bias in zip(W, b, strict=True)]
    return np.array(rows), (A, W, b)


@variant("deep_network.linear_forward")
def linear_transposed(A, W, b):
    cache = A, W, b
    return (A.T.dot(W.T) + b.T).T, cache


@variant("deep_network.linear_forward")
def linear_with_ones(A, W, b):
    ones = np.ones((1, A.shape[1]))
    return np.hstack([W, b]) @ np.vstack([A, ones]), (A, W, b)


@variant("deep_network.linear_forward")
def linear_in_place(A, W, b):
    Z = np.matmul(W, A)
    Z += b
    return Z, (A, W, b)


@variant("deep_network.linear_forward")
def linear_in_float32(A, W, b):
    cache = tuple(part.astype(np.float32) for part in (A, W, b))
    return cache[1] @ cache[0] + cache[2], cache


@variant("deep_network.linear_forward")
def linear_by_inputs(A, W, b):
    Z = np.repeat(b, A.shape[1], axis=1)
    for j in range(len(A)):
        Z = Z + np.outer(W[:, j], A[j])
    return Z, (A, W, b)


# ---- linear_activation_forward


@variant("deep_network.linear_activation_forward")
def layer_with_branches(A_prev, W, b, activation):
    if activation == "sigmoid":
        Z, linear_cache = linear_with_at(A_prev, W, b)
        A, activation_cache = sigmoid(Z), Z
    elif activation == "relu":
        Z, linear_cache = linear_with_at(A_prev, W, b)
        A, activation_cache = relu(Z), Z
    assert A.shape == (W.shape[0], A_prev.shape[1])
    cache = (linear_cache, activation_cache)
    return A, cache


@variant("deep_network.linear_activation_forward")
def layer_by_a_table(A_prev, W, b, activation):
    Z, linear_cache = linear_by_einsum(A_prev, W, b)
    return {"relu": relu, "sigmoid": sigmoid}[activation](Z), [linear_cache, Z]


@variant("deep_network.linear_activation_forward")
def layer_without_help(A_prev, W, b, activation):
    Z = W.dot(A_prev) + b
    A = np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))
    return A, ((A_prev, W, b), Z)


@variant("deep_network.linear_activation_forward")
def layer_by_where(A_prev, W, b, activation):
    Z, linear_cache = linear_transposed(A_prev, W, b)
    A = np.where(Z > 0, Z, 0) if activation[0] == "r" else np.exp(Z) / (np.exp(Z) + 1)
    return A, (linear_cache, Z)


@variant("deep_network.linear_activation_forward")
def layer_on_a_copy(A_prev, W, b, activation):
    Z, linear_cache = linear_in_place(A_prev, W, b)
    A = Z.copy()
    if activation == "relu":
        A[A < 0] = 0
    else:
        np.negative(A, out=A)
        np.exp(A, out=A)
        A += 1
        np.reciprocal(A, out=A)
    return A, (linear_cache, Z)


@variant("deep_network.linear_activation_forward")
def layer_entry_by_entry(A_prev, W, b, activation):
    Z, linear_cache = linear_by_example(A_prev, W, b)
    bend = (lambda z: max(z, 0.0)) if activation == "relu" else (lambda z: 1 / (1 + math.exp(-z)))
    return [[bend(z) for z in row] for row in Z.tolist()], (linear_cache, Z)


@variant("deep_network.linear_activation_forward")
def layer_in_float32(A_prev, W, b, activation):
    Z, linear_cache = linear_in_float32(A_prev, W, b)
    match activation:
        case "relu":
            return (abs(Z) + Z) / 2, (linear_cache, Z)
        case "sigmoid":
            return (1 + np.tanh(Z / 2)) / 2, (linear_cache, Z)


@variant("deep_network.linear_activation_forward")
def layer_with_activation_caches(A_prev, W, b, activation):
    def bent(function, Z):
        return function(Z), Z

    Z, linear_cache = linear_with_ones(A_prev, W, b)
    A, activation_cache = bent(sigmoid if activation != "relu" else relu, Z)
    return A, (linear_cache, activation_cache)


# ---- L_model_forward


@variant("deep_network.L_model_forward")
def forward_with_a_prev(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):  # noqa: E741
        A_prev = A
        A, cache = layer_with_branches(A_prev, parameters["W" + str(l)], parameters["b" + str(l)], activation="relu")
        caches.append(cache)
    AL, cache = layer_with_branches(A, parameters["W" + str(L)], parameters["b" + str(L)], activation="sigmoid")
    caches.append(cache)
    return AL, caches


@variant("deep_network.L_model_forward")
def forward_in_one_loop(X, parameters):
    L, A, caches = len(parameters) // 2, X, []
    for layer in range(L):
        kind = "sigmoid" if layer == L - 1 else "relu"
        A, cache = layer_by_a_table(A, parameters[f"W{layer + 1}"], parameters[f"b{layer + 1}"], kind)
        caches += [cache]
    return A, caches


@variant("deep_network.L_model_forward")
def forward_by_recursion(X, parameters):
    L = len(parameters) // 2

    def from_layer(layer, A):
        if layer > L:
            return A, []
        bend = "relu" if layer < L else "sigmoid"
        A, cache = layer_without_help(A, parameters[f"W{layer}"], parameters[f"b{layer}"], bend)
        AL, caches = from_layer(layer + 1, A)
        return AL, [cache, *caches]

    return from_layer(1, X)


@variant("deep_network.L_model_forward")
def forward_without_help(X, parameters):
    L = max(int(name[1:]) for name in parameters)
    A, caches = X, [None] * L
    for layer in range(1, L + 1):
        W, b = (parameters[kind + str(layer)] for kind in "Wb")
        Z = W @ A + b
        caches[layer - 1] = (A, W, b), Z
        A = np.maximum(Z, 0) if layer < L else sigmoid(Z)
    return A, tuple(caches)


@variant("deep_network.L_model_forward")
def forward_by_reduce(X, parameters):
    L = len(parameters) // 2

    def through(state, layer):
        A, caches = state
        bend = "relu" if layer < L else "sigmoid"
        A, cache = layer_by_where(A, parameters[f"W{layer}"], parameters[f"b{layer}"], bend)
        return A, [*caches, cache]

    return reduce(through, range(1, L + 1), (X, []))


@variant("deep_network.L_model_forward")
def forward_with_a_while(X, parameters):
    values = list(X), []
    A, caches, layer = np.array(values[0]), values[1], 1
    while f"W{layer + 1}" in parameters:
        A, cache = layer_on_a_copy(A, parameters[f"W{layer}"], parameters[f"b{layer}"], "relu")
        caches.append(cache)
        layer += 1
    A, cache = layer_on_a_copy(A, parameters[f"W{layer}"], parameters[f"b{layer}"], "sigmoid")
    return A, [*caches, cache]


@variant("deep_network.L_model_forward")
def forward_with_lists_of_activations(X, parameters):
    L = len(parameters) // 2
    A, Z = [X], [None]
    for layer in range(1, L + 1):
        Z.append(np.dot(parameters[f"W{layer}"], A[-1]) + parameters[f"b{layer}"])
        A.append([relu, sigmoid][layer == L](Z[-1]))
    caches = [((A[l - 1], parameters[f"W{l}"], parameters[f"b{l}"]), Z[l]) for l in range(1, L + 1)]  # noqa: E741
    return A[L], caches


@variant("deep_network.L_model_forward")
def forward_example_by_example(X, parameters):
    per_example = [forward_without_help(X[:, [i]], parameters) for i in range(X.shape[1])]
    caches = []
    for layer, (_, W, b) in enumerate(linear for linear, _ in per_example[0][1]):
        A_prev = np.hstack([own[layer][0][0] for _, own in per_example])
        caches.append(((A_prev, W, b), np.hstack([own[layer][1] for _, own in per_example])))
    return np.hstack([AL for AL, _ in per_example]), caches


@variant("deep_network.L_model_forward")
def forward_in_float32(X, parameters):
    return forward_in_one_loop(np.float32(X), {name: np.float32(value) for name, value in parameters.items()})


# ---- compute_cost


@variant("deep_network.compute_cost")
def cost_with_parameters(AL, Y, parameters):
    logprobs = np.multiply(np.log(AL), Y) + np.multiply(np.log(1 - AL), 1 - Y)
    return float(np.squeeze(-np.sum(logprobs) / Y.shape[1]))


@variant("deep_network.compute_cost")
def cost_by_dot(AL, Y):
    return np.squeeze(-(np.dot(Y, np.log(AL).T) + np.dot(1 - Y, np.log(1 - AL).T)) / AL.size)


@variant("deep_network.compute_cost")
def cost_in_a_loop(AL, Y):
    total = 0.0
    for a, y in zip(AL[0], Y[0], strict=True):
        total -= math.log(a) if y == 1 else math.log(1 - a)
    return total / len(AL[0])


@variant("deep_network.compute_cost")
def cost_by_where(AL, Y):
    return -np.log(np.where(Y == 1, AL, 1 - AL)).mean()


@variant("deep_network.compute_cost")
def cost_by_distance(AL, Y):
    return np.array(-np.mean(np.log(1 - np.abs(Y - AL))))


@variant("deep_network.compute_cost")
def cost_by_powers(AL, Y):
    return -np.log(np.prod(AL**Y * (1 - AL) ** (1 - Y))) / Y.shape[1]


@variant("deep_network.compute_cost")
def cost_in_float32(AL, Y):
    AL, Y = np.float32(AL), Y.astype(np.float32)
    return np.float32(np.average(-Y * np.log(AL) - (1 - Y) * np.log(1 - AL)))


@variant("deep_network.compute_cost")
def cost_by_classes(AL, Y):
    ones, zeros = AL[Y == 1], AL[Y == 0]
    return (np.log(1 / ones).sum() + np.log(1 / (1 - zeros)).sum()) / (len(ones) + len(zeros))


# ---- relu_backward


@variant("deep_network.relu_backward")
def gate_on_a_copy(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


@variant("deep_network.relu_backward")
def gate_by_a_product(dA, cache):
    return dA * (cache > 0)


@variant("deep_network.relu_backward")
def gate_by_multiply(dA, cache):
    return np.multiply(dA, np.int64(cache > 0))


@variant("deep_network.relu_backward")
def gate_by_sign(dA, cache):
    return dA * np.maximum(np.sign(cache), 0)


@variant("deep_network.relu_backward")
def gate_by_heaviside(dA, cache):
    return np.heaviside(cache, 0.0) * dA


@variant("deep_network.relu_backward")
def gate_entry_by_entry(dA, cache):
    dZ = np.zeros(dA.shape)
    for index in np.ndindex(*dA.shape):
        if cache[index] > 0:
            dZ[index] = dA[index]
    return dZ


@variant("deep_network.relu_backward")
def gate_in_lists(dA, cache):
    rows = zip(dA, cache, strict=True)
    return [[d if z > 0 else 0 for d, z in zip(*row, strict=True)] for row in rows]


@variant("deep_network.relu_backward")
def gate_by_value(dA, cache):
    A = np.maximum(0, cache)
    return np.select([A != 0], [dA], default=0).astype(np.float32)


@variant("deep_network.relu_backward")
def gate_by_masked_places(dA, cache):
    dZ = dA + 0
    np.putmask(dZ, ~(cache > 0), 0)
    return dZ


# ---- sigmoid_backward


@variant("deep_network.sigmoid_backward")
def back_by_the_value(dA, cache):
    s = 1 / (1 + np.exp(-cache))
    return dA * s * (1 - s)


@variant("deep_network.sigmoid_backward")
def back_by_both_sides(dA, cache):
    return dA * sigmoid(cache) * sigmoid(-cache)


@variant("deep_network.sigmoid_backward")
def back_by_exponentials(dA, cache):
    return dA * np.exp(-cache) / (1 + np.exp(-cache)) ** 2


@variant("deep_network.sigmoid_backward")
def back_by_cosh(dA, cache):
    return dA / (2 * np.cosh(cache / 2)) ** 2


@variant("deep_network.sigmoid_backward")
def back_by_tanh(dA, cache):
    return 0.25 * dA * (1 - np.tanh(cache / 2) ** 2)


@variant("deep_network.sigmoid_backward")
def back_by_squares(dA, cache):
    s = sigmoid(cache)
    return np.multiply(dA, s - s**2)


@variant("deep_network.sigmoid_backward")
def back_entry_by_entry(dA, cache):
    dZ = np.empty_like(dA)
    for (i, j), d in np.ndenumerate(dA):
        s = 1 / (1 + math.exp(-cache[i, j]))
        dZ[i, j] = d * s * (1 - s)
    return dZ


@variant("deep_network.sigmoid_backward")
def back_in_place(dA, cache):
    s = sigmoid(cache.astype(np.float32))
    dA *= s
    s -= 1
    dA *= -s
    return dA


# ---- linear_backward


@variant("deep_network.linear_backward")
def sums_back_with_at(dZ, cache):
    A_prev, W, _ = cache
    m = A_prev.shape[1]
    dW = 1.0 / m * dZ @ A_prev.T
    db = 1.0 / m * dZ.sum(axis=1, keepdims=True)
    return W.T @ dZ, dW, db


@variant("deep_network.linear_backward")
def sums_back_by_einsum(dZ, cache):
    A_prev, W, _ = cache
    m = dZ.shape[1]
    dW = np.einsum("im,jm->ij", dZ, A_prev) / m
    return np.einsum("ij,im->jm", W, dZ), dW, np.einsum("im->i", dZ)[:, None] / m


@variant("deep_network.linear_backward")
def sums_back_by_example(dZ, cache):
    A_prev, W, b = cache
    m = dZ.shape[1]
    dW, db, dA_prev = np.zeros_like(W), np.zeros_like(b), []
    for i in range(m):
        dz, a = dZ[:, i : i + 1], A_prev[:, i : i + 1]
        dW += dz * a.T / m
        db += dz / m
        dA_prev.append(np.dot(W.T, dz))
    return np.concatenate(dA_prev, axis=1), dW, db


@variant("deep_network.linear_backward")
def sums_back_mean_first(dZ, cache):
    A_prev, W, b = cache
    dA_prev = (dZ.T @ W).T
    dZ /= dZ.shape[1]
    return dA_prev, dZ.dot(A_prev.T), dZ.sum(1).reshape(b.shape)


@variant("deep_network.linear_backward")
def sums_back_transposed(dZ, cache):
    A_prev, W, _ = cache
    m = len(dZ.T)
    return np.transpose(np.dot(dZ.T, W)), np.dot(A_prev, dZ.T).T / m, np.mean(dZ, axis=1, keepdims=True)


@variant("deep_network.linear_backward")
def sums_back_with_ones(dZ, cache):
    A_prev, W, _ = cache
    ones = np.ones((dZ.shape[1], 1))
    both = dZ @ np.hstack([A_prev.T, ones]) / ones.size
    return W.T @ dZ, both[:, :-1], both[:, -1:]


@variant("deep_network.linear_backward")
def sums_back_weight_by_weight(dZ, cache):
    A_prev, W, _ = cache
    m = dZ.shape[1]
    dW = [[sum(dz * a for dz, a in zip(row, inputs, strict=True)) / m for inputs in A_prev] for row in dZ]
    db = [[sum(row) / m] for row in dZ]
    dA_prev = [[sum(W[:, j] * dZ[:, i]) for i in range(m)] for j in range(W.shape[1])]
    return dA_prev, dW, db


@variant("deep_network.linear_backward")
def sums_back_in_float32(dZ, cache):
    A_prev, W, _ = (np.asarray(part, dtype=np.float32) for part in cache)
    dZ = dZ.astype(np.float32)
    return [W.T @ dZ, np.mean(dZ[:, None] * A_prev[None], axis=2), np.average(dZ, axis=1)[:, np.newaxis]]


# ---- linear_activation_backward


@variant("deep_network.linear_activation_backward")
def layer_back_with_branches(dA, cache, activation):
    linear_cache, activation_cache = cache
    if activation == "relu":
        dZ = gate_on_a_copy(dA, activation_cache)
        dA_prev, dW, db = sums_back_with_at(dZ, linear_cache)
    elif activation == "sigmoid":
        dZ = back_by_the_value(dA, activation_cache)
        dA_prev, dW, db = sums_back_with_at(dZ, linear_cache)
    return dA_prev, dW, db


@variant("deep_network.linear_activation_backward")
def layer_back_by_a_table(dA, cache, activation):
    back = {"relu": gate_by_a_product, "sigmoid": back_by_both_sides}[activation]
    return sums_back_by_einsum(back(dA, cache[1]), cache[0])


@variant("deep_network.linear_activation_backward")
def layer_back_without_help(dA, cache, activation):
    (A_prev, W, _), Z = cache
    slope = np.where(Z > 0, 1.0, 0.0) if activation == "relu" else sigmoid(Z) * (1 - sigmoid(Z))
    dZ, m = dA * slope, dA.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.mean(1, keepdims=True)


@variant("deep_network.linear_activation_backward")
def layer_back_in_place(dA, cache, activation):
    linear_cache, Z = cache
    if activation == "relu":
        dA[Z <= 0] = 0
    else:
        dA = back_in_place(dA, Z)
    return sums_back_transposed(dA, linear_cache)


@variant("deep_network.linear_activation_backward")
def layer_back_by_example(dA, cache, activation):
    linear_cache, Z = cache
    back = back_entry_by_entry if activation == "sigmoid" else gate_entry_by_entry
    return sums_back_by_example(back(dA, Z), linear_cache)


@variant("deep_network.linear_activation_backward")
def layer_back_from_the_value(dA, cache, activation):
    A_prev, W, b = cache[0]
    A = layer_without_help(A_prev, W, b, activation)[0]
    dZ = dA * (A > 0) if activation == "relu" else dA * (A - A * A)
    return sums_back_mean_first(dZ, cache[0])


@variant("deep_network.linear_activation_backward")
def layer_back_matching(dA, cache, activation):
    match activation, cache:
        case "relu", (linear_cache, Z):
            dZ = gate_by_sign(dA, Z)
        case "sigmoid", (linear_cache, Z):
            dZ = back_by_cosh(dA, Z)
    return tuple(sums_back_with_ones(dZ, linear_cache))


@variant("deep_network.linear_activation_backward")
def layer_back_in_float32(dA, cache, activation):
    linear_cache, Z = cache
    dZ = gate_by_value(dA, Z) if activation == "relu" else back_by_squares(dA, np.float32(Z))
    return sums_back_in_float32(dZ, linear_cache)


# ---- L_model_backward


@variant("deep_network.L_model_backward")
def backward_with_da_of_the_layer_below(AL, Y, caches):
    """dA keys count from 0: "dA0" is the gradient of the inputs."""
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    current = caches[L - 1]
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = layer_back_with_branches(
        dAL, current, activation="sigmoid"
    )
    for l in reversed(range(L - 1)):  # noqa: E741
        dA_prev, dW, db = layer_back_with_branches(grads["dA" + str(l + 1)], caches[l], activation="relu")
        grads["dA" + str(l)] = dA_prev
        grads["dW" + str(l + 1)] = dW
        grads["db" + str(l + 1)] = db
    return grads


@variant("deep_network.L_model_backward")
def backward_with_da_of_the_own_layer(AL, Y, caches):
    """dA keys count from 1: "dA1" came with "dW1"."""
    L, grads = len(caches), {}
    dAL = (AL - Y) / (AL * (1 - AL))
    grads[f"dA{L}"], grads[f"dW{L}"], grads[f"db{L}"] = layer_back_by_a_table(dAL, caches[-1], "sigmoid")
    for layer in range(L - 1, 0, -1):
        back = layer_back_by_a_table(grads[f"dA{layer + 1}"], caches[layer - 1], "relu")
        grads[f"dA{layer}"], grads[f"dW{layer}"], grads[f"db{layer}"] = back
    return grads


@variant("deep_network.L_model_backward")
def backward_from_the_error(AL, Y, caches):
    L, grads = len(caches), {}
    linear_cache, _ = caches[L - 1]
    dA, grads[f"dW{L}"], grads[f"db{L}"] = sums_back_with_at(AL - Y, linear_cache)
    for layer in range(L - 1, 0, -1):
        dA, grads[f"dW{layer}"], grads[f"db{layer}"] = layer_back_without_help(dA, caches[layer - 1], "relu")
    return grads


@variant("deep_network.L_model_backward")
def backward_in_one_loop(AL, Y, caches):
    dA, grads = np.where(Y == 1, -1 / AL, 1 / (1 - AL)), {}
    for layer in range(len(caches), 0, -1):
        kind = "sigmoid" if layer == len(caches) else "relu"
        dA, dW, db = layer_back_from_the_value(dA, caches[layer - 1], kind)
        grads.update({f"dW{layer}": dW, f"db{layer}": db, "dA": dA})
    return grads


@variant("deep_network.L_model_backward")
def backward_by_recursion(AL, Y, caches):
    def down_to_the_first(caches, dZ):
        *below, ((A_prev, W, _), _) = caches
        grads = {f"dW{len(caches)}": dZ @ A_prev.T / Y.size, f"db{len(caches)}": dZ.mean(axis=1, keepdims=True)}
        return grads | down_to_the_first(below, W.T @ dZ * (below[-1][1] > 0)) if below else grads

    return down_to_the_first(caches, AL - Y.astype(float))


@variant("deep_network.L_model_backward")
def backward_popping(AL, Y, caches):
    grads, dA = {}, AL - Y
    dA /= AL * (1 - AL)
    kind, layer = "sigmoid", len(caches)
    while caches:
        dA, grads[f"dW{layer}"], grads[f"db{layer}"] = layer_back_matching(dA, caches.pop(), kind)
        kind, layer = "relu", layer - 1
    return grads


@variant("deep_network.L_model_backward")
def backward_without_help(AL, Y, caches):
    m, grads = AL.shape[1], {}
    dZ = (AL - Y) / m
    for layer, ((A_prev, W, _), _) in reversed(list(enumerate(caches, 1))):
        grads[f"dW{layer}"] = np.einsum("im,jm->ij", dZ, A_prev)
        grads[f"db{layer}"] = dZ.sum(axis=1)[:, None]
        dZ = np.where(A_prev > 0, np.einsum("ij,im->jm", W, dZ), 0)
    return grads


@variant("deep_network.L_model_backward")
def backward_example_by_example(AL, Y, caches):
    m, total = AL.shape[1], {}
    for i in range(m):
        own = [((A_prev[:, [i]], W, b), Z[:, [i]]) for (A_prev, W, b), Z in caches]
        for name, grad in backward_from_the_error(AL[:, [i]], Y[:, [i]], own).items():
            total[name] = total.get(name, 0) + grad / m
    return total


@variant("deep_network.L_model_backward")
def backward_in_lists(AL, Y, caches):
    dA = -(Y / AL) + (1 - Y) / (1 - AL)
    found = []
    for number, cache in enumerate(caches[::-1]):
        dA, dW, db = layer_back_in_place(dA, cache, "relu" if number else "sigmoid")
        found.insert(0, (dW, db))
    grads = {f"dW{layer}": dW for layer, (dW, _) in enumerate(found, 1)}
    return grads | {f"db{layer}": db for layer, (_, db) in enumerate(found, 1)}


# ---- update_parameters


@variant("deep_network.update_parameters")
def step_in_the_argument(params, grads, learning_rate):
    L = len(params) // 2
    for l in range(L):  # noqa: E741
        params["W" + str(l + 1)] = params["W" + str(l + 1)] - learning_rate * grads["dW" + str(l + 1)]
        params["b" + str(l + 1)] = params["b" + str(l + 1)] - learning_rate * grads["db" + str(l + 1)]
    return params


@variant("deep_network.update_parameters")
def step_by_names(params, grads, learning_rate):
    return {name: value - learning_rate * grads["d" + name] for name, value in params.items()}


@variant("deep_network.update_parameters")
def step_in_place(params, grads, learning_rate):
    for name in params:
        params[name] -= learning_rate * grads[f"d{name}"]
    return params


@variant("deep_network.update_parameters")
def step_by_gradients(params, grads, learning_rate):
    return {name[1:]: params[name[1:]] + (-learning_rate) * grad for name, grad in grads.items()}


@variant("deep_network.update_parameters")
def step_by_subtract(params, grads, learning_rate):
    parameters, layer = {}, 1
    while f"W{layer}" in params:
        for kind in "Wb":
            step = np.multiply(learning_rate, grads[f"d{kind}{layer}"])
            parameters[f"{kind}{layer}"] = np.subtract(params[f"{kind}{layer}"], step)
        layer += 1
    return parameters


@variant("deep_network.update_parameters")
def step_on_a_deep_copy(params, grads, learning_rate):
    parameters = {name: value.copy() for name, value in params.items()}
    for layer in range(len(params) // 2, 0, -1):
        parameters[f"b{layer}"] -= grads[f"db{layer}"] * learning_rate
        parameters[f"W{layer}"] -= grads[f"dW{layer}"] * learning_rate
    return parameters


@variant("deep_network.update_parameters")
def step_in_float32(params, grads, learning_rate):
    return {
        name: np.float32(value) - np.float32(learning_rate) * np.float32(grads[f"d{name}"])
        for name, value in params.items()
    }, "and a word"


@variant("deep_network.update_parameters")
def step_entry_by_entry(params, grads, learning_rate):
    parameters = {}
    for name in params:
        old, slope = params[name].tolist(), grads["d" + name].tolist()
        parameters[name] = [
            [w - learning_rate * dw for w, dw in zip(*rows, strict=True)] for rows in zip(old, slope, strict=True)
        ]
    return parameters


# ---- linear_output_backward


@variant("deep_network.linear_output_backward")
def price_by_the_error(AL, Y, cache):
    return sums_back_with_at(2 * (AL - Y), cache)


@variant("deep_network.linear_output_backward")
def price_by_the_chain_rule(AL, Y, cache):
    dA = -2 * (Y - AL)
    slope = np.ones_like(AL)
    return sums_back_by_einsum(dA * slope, cache)


@variant("deep_network.linear_output_backward")
def price_without_help(AL, Y, cache):
    A_prev, W, _ = cache
    error = AL - Y
    return 2 * W.T @ error, 2 * error @ A_prev.T / AL.size, np.array([[2 * np.mean(error)]])


@variant("deep_network.linear_output_backward")
def price_forward_again(AL, Y, cache):
    A_prev, W, b = cache
    dZ = 2 * (np.dot(W, A_prev) + b - Y)
    return sums_back_transposed(dZ, cache)


@variant("deep_network.linear_output_backward")
def price_by_two_halves(AL, Y, cache):
    error = AL - Y
    return sums_back_with_ones(error + error, cache)


@variant("deep_network.linear_output_backward")
def price_in_place(AL, Y, cache):
    AL -= Y
    AL *= 2
    return sums_back_mean_first(AL, cache)


@variant("deep_network.linear_output_backward")
def price_by_example(AL, Y, cache):
    return sums_back_by_example(np.array([[2 * (a - y) for a, y in zip(AL[0], Y[0], strict=True)]]), cache)


@variant("deep_network.linear_output_backward")
def price_in_float32(AL, Y, cache):
    return sums_back_in_float32(2 * (AL - Y), cache)


@variant("deep_network.linear_output_backward")
def price_doubled_afterwards(AL, Y, cache):
    return tuple(2 * np.asarray(part) for part in sums_back_weight_by_weight(AL - Y, cache))
