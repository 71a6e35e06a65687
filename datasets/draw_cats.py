"""Draws cats.h5 from nothing but two seeds, then its contact sheet and its data card.

``python datasets/draw_cats.py`` takes half a minute. Then run ``python datasets/measure.py``, which measures how
hard the pictures are. ``--check`` draws everything again and compares.
"""

import sys
from functools import partial
from pathlib import Path

import click
import numpy as np
from card import describe, write_block
from drawing import SIZE, draw_set
from PIL import Image
from storage import write_hdf5
from tqdm import tqdm

from utils.data import Dataset, load_hdf5

HERE = Path(__file__).resolve().parent
CATS = HERE / "cats.h5"
SHEET = HERE / "cats.png"
SEEDS = {"train": "drawn cats, to train on", "test": "drawn cats, to test on"}
SIZES = {"train": 1000, "test": 2000}
CLASSES = ["other", "cat"]


def draw_dataset(seeds=SEEDS, sizes=SIZES):
    """Draw a training set and a test set, with progress bars: a Dataset."""
    X, Y = {}, {}
    for part in ("train", "test"):
        progress = partial(tqdm, desc=f"drawing pictures to {part} on", unit="picture", file=sys.stdout)
        X[part], Y[part] = draw_set(seeds[part], sizes[part], progress)
    return Dataset(X["train"], Y["train"][None], X["test"], Y["test"][None], CLASSES)


def contact_sheet(data, columns=12, rows=3, gap=3):
    """The first cats of the training set, and below them the first others, at double size.

    Returns
    -------
    PIL.Image.Image
    """
    step, is_cat = SIZE + gap, data.Y_train[0] == 1
    sheet = np.full((2 * rows * step + gap, columns * step + gap, 3), 255, np.uint8)
    shown = np.concatenate([data.X_train[chosen][: columns * rows] for chosen in (is_cat, ~is_cat)])
    for place, picture in enumerate(shown):
        top, left = (gap + step * index for index in divmod(place, columns))
        sheet[top : top + SIZE, left : left + SIZE] = picture
    return Image.fromarray(sheet).resize((2 * sheet.shape[1], 2 * sheet.shape[0]), Image.Resampling.NEAREST)


@click.command(help="Draw datasets/cats.h5 again, with its contact sheet and the facts in its data card.")
@click.option("--check", is_flag=True, help="Write nothing; compare a fresh drawing with the file.")
def main(check):
    data = draw_dataset()
    if check:
        stored = load_hdf5(CATS)
        different = sum(
            int((a != b).any(axis=(1, 2, 3)).sum())
            for a, b in ((data.X_train, stored.X_train), (data.X_test, stored.X_test))
        )
        if different or not all(np.array_equal(data[k], stored[k]) for k in (1, 3)):
            raise click.ClickException(f"{different} pictures differ from {CATS.name}: draw it again, without --check.")
        click.echo(f"{CATS.name} is what the program draws.")
        return
    write_hdf5(CATS, data)
    contact_sheet(data).save(SHEET, optimize=True)
    write_block("facts", describe(CATS, data))
    click.echo(f"Wrote {CATS.name}, {SHEET.name} and the facts in README.md. Next: python datasets/measure.py")


if __name__ == "__main__":
    main()
