"""Measures how accuracy grows with the number of drawn pictures, for networks of one, two and four layers.

``python datasets/learning_curve.py`` draws 16,000 pictures to train on and 2,000 to test on, trains on the first 500,
1,000, 4,000 and all of them, from two random starts each, and writes ``notebooks/tables/accuracy_by_pictures.csv``,
which a lesson of week 4 reads. It takes about ten minutes.
"""

import csv
import os
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

# Before numpy is loaded: on a busy machine, many small products lose far more to threads than they gain.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import click
import numpy as np
from drawing import draw_set
from tqdm import tqdm

TABLE = Path(__file__).resolve().parents[1] / "notebooks" / "tables" / "accuracy_by_pictures.csv"
SEEDS = {"train": "learning curve, to train on", "test": "learning curve, to test on"}
SIZES, TEST, STARTS = (500, 1000, 4000, 16000), 2000, 2
HIDDEN = {"one neuron": (), "20 units": (20,), "20, 7, 5 units": (20, 7, 5)}
STEPS, BATCH, RATE = 1500, 128, 0.001


def scaled(pictures, mean):
    """Pictures as columns of numbers around 0: (m, 64, 64, 3) -> (12288, m), float32."""
    return pictures.reshape(len(pictures), -1).T / np.float32(255) - mean


def train(pictures, labels, mean, hidden, seed):
    """Train a ReLU network with a sigmoid at its end by Adam, on mini-batches.

    Parameters
    ----------
    pictures : array, shape (m, 64, 64, 3), uint8
    labels : array, shape (m,), 0 or 1
    mean : array, shape (12288, 1)
    hidden : tuple of int
        Units of each hidden layer.
    seed : int

    Returns
    -------
    list of (W, b)
    """
    rng = np.random.default_rng(seed)
    sizes = pairwise([mean.size, *hidden, 1])
    layers = [
        (rng.normal(0, np.sqrt(2 / n_in), (n, n_in)).astype(np.float32), np.zeros((n, 1), np.float32))
        for n_in, n in sizes
    ]
    first = [[np.zeros_like(value) for value in layer] for layer in layers]
    second = [[np.zeros_like(value) for value in layer] for layer in layers]
    for step in range(1, STEPS + 1):
        chosen = rng.integers(0, len(pictures), BATCH)
        answers = forward(layers, scaled(pictures[chosen], mean))
        dZ = (answers[-1] - labels[chosen]) / BATCH
        for k in reversed(range(len(layers))):
            gradients = dZ @ answers[k].T, dZ.sum(axis=1, keepdims=True)
            dZ = (layers[k][0].T @ dZ) * (answers[k] > 0) if k else dZ
            for value, gradient, m, v in zip(layers[k], gradients, first[k], second[k], strict=True):
                m += 0.1 * (gradient - m)
                v += 0.001 * (gradient * gradient - v)
                value -= RATE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return layers


def forward(layers, A):
    """What every layer gives, the pictures first: ReLU in between, the sigmoid at the end."""
    answers = [A]
    for k, (W, b) in enumerate(layers):
        Z = W @ answers[-1] + b
        answers.append(np.maximum(0, Z) if k < len(layers) - 1 else 0.5 + 0.5 * np.tanh(Z / 2))
    return answers


def accuracy(layers, pictures, labels, mean):
    """Share of pictures that a network gets right; looked at in parts, which saves memory."""
    parts = range(0, len(pictures), 500)
    right = [(forward(layers, scaled(pictures[i : i + 500], mean))[-1][0] > 0.5) == labels[i : i + 500] for i in parts]
    return float(np.mean(np.concatenate(right)))


@click.command(help="Measure how accuracy grows with the number of pictures, and write accuracy_by_pictures.csv.")
def main():
    progress = partial(tqdm, desc="drawing", unit="picture", file=sys.stdout)
    (X, Y), (X_test, Y_test) = (
        draw_set(SEEDS[part], count, progress) for part, count in (("train", SIZES[-1]), ("test", TEST))
    )
    mean = X[: SIZES[0]].reshape(SIZES[0], -1).mean(axis=0, dtype=np.float64)[:, None].astype(np.float32) / 255
    runs = [(name, size, seed) for name in HIDDEN for size in SIZES for seed in range(STARTS)]
    with open(TABLE, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["hidden units", "pictures", "start", "right of 2000"])
        for name, size, seed in tqdm(runs, desc="training", unit="network", file=sys.stdout):
            layers = train(X[:size], Y[:size], mean, HIDDEN[name], seed)
            table.writerow([name, size, seed, round(TEST * accuracy(layers, X_test, Y_test, mean))])
            file.flush()
    click.echo(f"Wrote {TABLE.name}.")


if __name__ == "__main__":
    main()
