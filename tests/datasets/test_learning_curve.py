"""The stored table of accuracy against pictures: it is whole, and the program that made it learns."""

import csv

import numpy as np

from tests.datasets.test_datasets import DATASETS  # noqa: F401 (puts the programs there on the path)

import learning_curve  # isort: skip
from utils import load_cats, numerical_gradient


def rows():
    with open(learning_curve.TABLE, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_table_has_every_network_size_and_start():
    found = [(row["hidden units"], int(row["pictures"]), int(row["start"])) for row in rows()]
    wanted = [
        (name, size, start)
        for name in learning_curve.HIDDEN
        for size in learning_curve.SIZES
        for start in range(learning_curve.STARTS)
    ]
    assert found == wanted
    assert all(0 <= int(row["right of 2000"]) <= learning_curve.TEST for row in rows())


def test_its_first_step_goes_down_the_slope(monkeypatch):
    """Adam's first step is the rate times the sign of each slope: held against finite differences."""
    monkeypatch.setattr(learning_curve, "BATCH", 6)
    rng = np.random.default_rng(0)
    pictures, labels, mean = (
        rng.integers(0, 256, (6, 2, 2, 3), np.uint8),
        rng.integers(0, 2, 6),
        np.zeros((12, 1), np.float32),
    )
    monkeypatch.setattr(learning_curve, "STEPS", 0)
    before = learning_curve.train(pictures, labels, mean, (4, 3), 1)
    monkeypatch.setattr(learning_curve, "STEPS", 1)
    after = learning_curve.train(pictures, labels, mean, (4, 3), 1)
    drawn = np.random.default_rng(1)
    for W, _ in before:
        drawn.normal(size=W.shape)
    chosen = drawn.integers(0, 6, 6)
    X, Y = learning_curve.scaled(pictures[chosen], mean).astype(float), labels[chosen]

    def cost(k, W):
        layers = [(V.astype(float), b.astype(float)) for V, b in before]
        layers[k] = W, layers[k][1]
        A = learning_curve.forward(layers, X)[-1][0]
        return -np.mean(np.log(np.where(Y == 1, A, 1 - A)))

    for k, ((W, _), (new, _)) in enumerate(zip(before, after, strict=True)):
        slopes = numerical_gradient(lambda V, k=k: cost(k, V), W.astype(float))
        steep = np.abs(slopes) > 1e-4
        assert steep.any()
        assert np.array_equal(np.sign(new - W)[steep], -np.sign(slopes)[steep])


def test_it_learns_the_cats(monkeypatch):
    monkeypatch.setattr(learning_curve, "STEPS", 60)
    cats = load_cats(m_train=100)
    mean = cats.X_train.reshape(100, -1).mean(axis=0)[:, None].astype(np.float32) / 255
    layers = learning_curve.train(cats.X_train, cats.Y_train[0], mean, (20,), 0)
    assert learning_curve.accuracy(layers, cats.X_train, cats.Y_train[0], mean) > 0.8
