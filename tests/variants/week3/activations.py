"""Right variants for the exercises of activations."""

import math

import numpy as np

from tests.variants import variant


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@variant("activations.tanh")
def tanh_of_numpy(z):
    return np.tanh(z)


@variant("activations.tanh")
def tanh_from_the_sigmoid(z):
    return 2 * sigmoid(2 * z) - 1


@variant("activations.tanh")
def tanh_by_one_exponential(z):
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


@variant("activations.tanh")
def tanh_entry_by_entry(z):
    return np.vectorize(math.tanh, otypes=[float])(z)


@variant("activations.tanh")
def tanh_clipped_in_float32(z):
    z = np.minimum(np.maximum(z, -30), 30).astype(np.float32)
    return np.sinh(z) / np.cosh(z)


@variant("activations.leaky_relu")
def leaky_by_maximum(z):
    return np.maximum(z, z / 100)


@variant("activations.leaky_relu")
def leaky_in_two_parts(z):
    return np.maximum(0, z) + 0.01 * np.minimum(0, z)


@variant("activations.leaky_relu")
def leaky_in_place(z):
    a = z.astype(np.float32)
    a[a <= 0] *= 0.01
    return a


@variant("activations.leaky_relu")
def leaky_entry_by_entry(z):
    result = np.empty(z.shape)
    for index in np.ndindex(z.shape):
        result[index] = z[index] if z[index] >= 0 else 0.01 * z[index]
    return result


@variant("activations.sigmoid_prime")
def sigmoid_prime_from_exponentials(z):
    e = np.exp(-z)
    return e / (1 + e) ** 2


@variant("activations.sigmoid_prime")
def sigmoid_prime_by_cosh(z):
    return 1 / (2 + 2 * np.cosh(z))


@variant("activations.sigmoid_prime")
def sigmoid_prime_of_both_sides(z):
    return (sigmoid(z) * sigmoid(-z)).astype(np.float32)


@variant("activations.sigmoid_prime")
def sigmoid_prime_through_tanh(z):
    return (1 - np.tanh(z / 2) ** 2) / 4


@variant("activations.tanh_prime")
def tanh_prime_of_numpy(z):
    return 1 - np.tanh(z) * np.tanh(z)


@variant("activations.tanh_prime")
def tanh_prime_by_cosh(z):
    return np.cosh(z) ** -2.0


@variant("activations.tanh_prime")
def tanh_prime_as_a_product(z):
    a = np.tanh(z)
    return (1 + a) * (1 - a)


@variant("activations.tanh_prime")
def tanh_prime_from_the_sigmoid(z):
    s = sigmoid(2 * z)
    return 4 * s * (1 - s)


@variant("activations.relu_prime")
def relu_prime_as_a_comparison(z):
    return z > 0


@variant("activations.relu_prime")
def relu_prime_as_integers_with_one_at_zero(z):
    return (z >= 0).astype(int)


@variant("activations.relu_prime")
def relu_prime_by_heaviside(z):
    return np.heaviside(z, 0.5)


@variant("activations.relu_prime")
def relu_prime_in_place(z):
    z[z <= 0] = 0
    z[z > 0] = 1
    return z


@variant("activations.leaky_relu_prime")
def leaky_prime_by_arithmetic(z):
    return 0.01 + 0.99 * (z > 0)


@variant("activations.leaky_relu_prime")
def leaky_prime_into_ones(z):
    slope = np.ones(z.shape, dtype=np.float32)
    slope[z < 0] = 0.01
    return slope


@variant("activations.leaky_relu_prime")
def leaky_prime_by_division(z):
    return np.maximum(z, 0.01 * z) / z


@variant("activations.leaky_relu_prime")
def leaky_prime_entry_by_entry(z):
    flat = [0.01 if value <= 0 else 1 for value in z.ravel()]
    return np.array(flat).reshape(z.shape)
