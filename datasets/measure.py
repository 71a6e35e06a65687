"""Measures how hard the cats are, and whether colour alone gives them away.

``python datasets/measure.py`` fits small models to cats.h5 and to two freshly drawn sets, and writes the
results into the data card, README.md. Nothing in that table is typed by hand.
"""

import math
import os
from functools import partial
from itertools import pairwise
from typing import NamedTuple

# Before numpy is loaded: on a busy machine, many small products lose far more to threads than they gain.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import click
import numpy as np
from card import table, write_block
from draw_cats import CATS, SEEDS, draw_dataset

from utils.data import load_hdf5
from utils.statistics import wilson_interval

# --- Probes: what a model knows that sees only colours ---


def mean_colours(X):
    """The mean red, green and blue of each picture: (m, 64, 64, 3) -> (m, 3)."""
    return X.mean(axis=(1, 2))


def channel_histograms(X, bins=16):
    """How often each channel takes each of 16 levels: (m, 64, 64, 3) -> (m, 48)."""
    channel = np.arange(3, dtype=np.uint8)
    return _shares(X // (256 // bins) + channel * bins, 3 * bins)


def colour_histograms(X, bins=4):
    """How often each of bins**3 colours occurs: (m, 64, 64, 3) -> (m, 64), or (m, 512) for 8 bins."""
    red, green, blue = np.moveaxis((X // (256 // bins)).astype(np.int16), -1, 0)
    return _shares((red * bins + green) * bins + blue, bins**3)


def _shares(codes, count):
    """How often each code 0..count - 1 occurs per pixel: (m, height, width, ...) -> (m, count)."""
    counts = [np.bincount(picture.ravel(), minlength=count) for picture in codes]
    return np.stack(counts) / (codes.shape[1] * codes.shape[2])


def quarter_means(X):
    """The mean colour of each quarter: (m, 64, 64, 3) -> (m, 12)."""
    m, height, width, _ = X.shape
    return X.reshape(m, 2, height // 2, 2, width // 2, 3).mean(axis=(2, 4)).reshape(m, -1)


FINEST = "histogram of colours, 8 x 8 x 8 (512)"
PROBES = {
    "mean colour (3 numbers)": mean_colours,
    "histogram of each channel (48)": channel_histograms,
    "histogram of colours, 4 x 4 x 4 (64)": colour_histograms,
    FINEST: partial(colour_histograms, bins=8),
    "mean colour of each quarter (12)": quarter_means,
}
PENALTIES = [1.0, 10.0, 100.0, 1000.0]


def fit_logistic(F, y, penalty, steps=30):
    """Logistic regression by Newton's method, with an L2 penalty on all but the intercept.

    Parameters
    ----------
    F : array, shape (m, k)
        Standardised features.
    y : array, shape (m,)
        0 or 1.
    penalty : float
        The weight of half the squared norm, beside the summed loss.

    Returns
    -------
    array, shape (k + 1,)
        The weights, then the intercept.
    """
    F = np.column_stack([F, np.ones(len(F))])
    ridge = np.diag([penalty] * (F.shape[1] - 1) + [1e-9])
    w = np.zeros(F.shape[1])
    for _ in range(steps):
        a = sigmoid(F @ w)
        hessian = (F * (a * (1 - a))[:, None]).T @ F + ridge
        step = np.linalg.solve(hessian, F.T @ (a - y) + ridge @ w)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def is_right(F, y, w):
    """Which examples the fitted weights classify correctly, shape (m,)."""
    return (F @ w[:-1] + w[-1] > 0) == y


def choose_penalty(F, y, folds=5):
    """The penalty that is right most often in cross-validation on the training set."""
    fold = np.arange(len(y)) // 2 % folds  # pictures 2k and 2k + 1 are one cat and one other: keep them together

    def score(penalty):
        parts = [(fold != f, fold == f) for f in range(folds)]
        return sum(is_right(F[out], y[out], fit_logistic(F[fit], y[fit], penalty)).sum() for fit, out in parts)

    return max(PENALTIES, key=score)


def probe(features, data):
    """Test accuracy of logistic regression on some features of the pictures.

    Parameters
    ----------
    features : callable
        (m, 64, 64, 3) -> (m, k).
    data : utils.data.Dataset

    Returns
    -------
    float
    """
    train, test = features(data.X_train), features(data.X_test)
    mu, sigma = train.mean(axis=0), train.std(axis=0)
    sigma[sigma == 0] = 1
    train, test = (train - mu) / sigma, (test - mu) / sigma
    y, y_test = data.Y_train[0], data.Y_test[0]
    return is_right(test, y_test, fit_logistic(train, y, choose_penalty(train, y))).mean()


# --- The course's own models ---


class Recipe(NamedTuple):
    """A network of the course and how it is trained."""

    hidden: tuple  # units of each hidden layer
    scale: float | None  # of the first weights; None: 1 / sqrt(units before)
    learning_rate: float
    iterations: int
    seeds: int


RECIPES = {
    "logistic regression": Recipe((), 0.0, 0.005, 2000, 1),
    "two layers, 7 hidden units, W about 0.01": Recipe((7,), 0.01, 0.0075, 3000, 5),
    "two layers, 7 hidden units, W about 1/sqrt(n)": Recipe((7,), None, 0.0075, 3000, 5),
    "two layers, 20 hidden units, W about 1/sqrt(n)": Recipe((20,), None, 0.0075, 3000, 5),
    "four layers, 20, 7, 5 hidden units, W about 1/sqrt(n)": Recipe((20, 7, 5), None, 0.0075, 3000, 5),
}


class Pixels(NamedTuple):
    """Centred pixels and their inner products, float32."""

    train: np.ndarray  # (n, m)
    test: np.ndarray  # (n, m_test)
    gram: np.ndarray  # train.T @ train, (m, m)
    gram_test: np.ndarray  # train.T @ test, (m, m_test)


def centred_pixels(data):
    """Pixels / 255 as columns, minus the mean of the training set: a Pixels."""
    train, test = (X.reshape(len(X), -1).T.astype(np.float32) / 255 for X in (data.X_train, data.X_test))
    mean = train.mean(axis=1, keepdims=True)
    train, test = train - mean, test - mean
    return Pixels(train, test, train.T @ train, train.T @ test)


def sigmoid(z):
    """The logistic function, safe for large |z|."""
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def forward(Z1, W, b):
    """Activations of all layers, from the first layer's W1 X (without bias), shape (n1, m)."""
    A = []
    for layer, (W_layer, b_layer) in enumerate(zip(W, b, strict=True)):
        Z = (W_layer @ A[-1] if layer else Z1) + b_layer
        A.append(np.maximum(Z, 0) if layer < len(W) - 1 else sigmoid(Z))
    return A


def train_network(pixels, Y, Y_test, recipe, seed):
    """Train by gradient descent on the whole training set; give the accuracies.

    The first layer's gradient is (1/m) dZ1 X^T, so W1 is always W1_start + C X^T with C of shape (n1, m).
    We keep C and let X^T X stand for the 12288 pixels: the same descent, about ten times as fast.

    Parameters
    ----------
    pixels : Pixels
    Y, Y_test : array of 0 and 1, shapes (1, m) and (1, m_test)
    recipe : Recipe
    seed : int

    Returns
    -------
    accuracy, test_accuracy : float
    """
    n, m = pixels.train.shape
    random, dims = np.random.default_rng(seed), [n, *recipe.hidden, 1]
    W, b = [], [np.zeros((units, 1), np.float32) for units in dims[1:]]
    for before, units in pairwise(dims):
        scale = 1 / math.sqrt(before) if recipe.scale is None else recipe.scale
        W.append((random.standard_normal((units, before)) * scale).astype(np.float32))
    start, start_test = W[0] @ pixels.train, W[0] @ pixels.test
    C = np.zeros((dims[1], m), np.float32)
    for _ in range(recipe.iterations):
        A = forward(start + C @ pixels.gram, W, b)
        dZ = ((A[-1] - Y) / m).astype(np.float32)
        for layer in range(len(W) - 1, 0, -1):
            dW, db = dZ @ A[layer - 1].T, dZ.sum(axis=1, keepdims=True)
            dZ = (W[layer].T @ dZ) * (A[layer - 1] > 0)
            W[layer] -= recipe.learning_rate * dW
            b[layer] -= recipe.learning_rate * db
        C -= recipe.learning_rate * dZ
        b[0] -= recipe.learning_rate * dZ.sum(axis=1, keepdims=True)
    AL = forward(start + C @ pixels.gram, W, b)[-1]
    AL_test = forward(start_test + C @ pixels.gram_test, W, b)[-1]
    return ((AL > 0.5) == Y).mean(), ((AL_test > 0.5) == Y_test).mean()


def accuracies(recipe, data, pixels):
    """Training and test accuracy of a recipe for each of its seeds, an array of shape (seeds, 2)."""
    runs = (train_network(pixels, data.Y_train, data.Y_test, recipe, seed) for seed in range(recipe.seeds))
    return np.array(list(runs))


# --- The table in the card ---


def percent(fraction):
    """A fraction as a percentage with one decimal."""
    return f"{100 * fraction:.1f} %"


def with_interval(accuracy, m):
    """An accuracy on m pictures and its 95 % interval, as text."""
    low, high = wilson_interval(accuracy, m)
    return f"{percent(accuracy)} ({100 * low:.1f} to {100 * high:.1f})"


def measure(data):
    """All accuracies on one data set.

    Parameters
    ----------
    data : utils.data.Dataset

    Returns
    -------
    dict
        From the name of a probe or recipe to an array of shape (seeds, 2): training accuracy (nan for a probe)
        and test accuracy.
    """
    results = {}
    for name, features in PROBES.items():
        results[f"probe: {name}"] = np.array([[math.nan, probe(features, data)]])
    pixels = centred_pixels(data)
    for name, recipe in RECIPES.items():
        click.echo(f"  training {name}")
        results[name] = accuracies(recipe, data, pixels)
    return results


def report(results, fresh, m):
    """The measured block of the card, as Markdown.

    Parameters
    ----------
    results : dict
        Of cats.h5, from ``measure``.
    fresh : list of dict
        Of the freshly drawn sets.
    m : int
        Pictures in each test set.
    """
    rows = []
    for name, runs in results.items():
        train, test = runs.mean(axis=0)
        spread = f"{100 * runs[:, 1].min():.1f} to {100 * runs[:, 1].max():.1f}" if len(runs) > 1 else ""
        others = [with_interval(other[name][:, 1].mean(), m) for other in fresh]
        rows.append([name, "" if math.isnan(train) else percent(train), with_interval(test, m), spread, *others])
    drawn = [f"test, fresh set {k}" for k in range(1, len(fresh) + 1)]
    return table(["what", "training", "test (95 % interval)", "test, by seed", *drawn], rows) + (
        f"\nEach test set has {m} pictures. Networks: the mean of {max(r.seeds for r in RECIPES.values())} seeds "
        "of the first weights; *W about s* means normal numbers times s, n the units before. "
        "Logistic regression starts from zeros: 2000 steps at a rate of 0.005. Networks: 3000 steps at 0.0075.\n"
    )


@click.command(help="Measure how hard cats.h5 is and write the table into its data card.")
@click.option("--fresh", default=2, show_default=True, help="How many more sets to draw and measure.")
def main(fresh):
    data = load_hdf5(CATS)
    click.echo(f"measuring {CATS.name}")
    results, others = measure(data), []
    for k in range(1, fresh + 1):
        click.echo(f"measuring fresh set {k}")
        drawn = draw_dataset({part: f"{seed}, fresh set {k}" for part, seed in SEEDS.items()})
        others.append(measure(drawn))
    block = report(results, others, len(data.X_test))
    write_block("measured", block)
    click.echo(block)


if __name__ == "__main__":
    main()
