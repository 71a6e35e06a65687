"""Turns two folders of photos into an HDF5 file like cats.h5.

``python datasets/from_photos.py --cats FOLDER --others FOLDER --output mine.h5``
"""

import sys
from pathlib import Path
from random import Random

import click
import numpy as np
from storage import write_hdf5
from tqdm import tqdm

from utils.data import DataError, Dataset, load_photo


def read_folder(folder, size):
    """Read all pictures of a folder, in the order of their names.

    Parameters
    ----------
    folder : str or Path
        Its subfolders and hidden files are left out.
    size : int
        Width and height of the result, in pixels.

    Returns
    -------
    pictures : list of arrays, uint8, shape (size, size, 3)
    skipped : list of str
        One sentence for each file that is no picture.

    Raises
    ------
    DataError
        If there is no such folder, or fewer than two pictures in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}: check the path.")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    pictures, skipped = [], []
    for path in tqdm(files, desc=f"reading {folder.name}", unit="photo", file=sys.stdout, delay=1):
        try:
            pictures.append(load_photo(path, size))
        except DataError as error:
            skipped.append(str(error))
    if len(pictures) < 2:
        raise DataError(
            f"The folder {folder} holds {len(pictures)} readable pictures among {len(files)} files: "
            "put in at least 2, one to train on and one to test on."
        )
    return pictures, skipped


def split(cats, others, test_share, seed):
    """Shuffle the pictures and split each class into a training and a test part.

    Parameters
    ----------
    cats, others : list of arrays, uint8, shape (size, size, 3)
        At least two each.
    test_share : float
        Between 0 and 1. Each class gives at least one picture to each part.
    seed : int

    Returns
    -------
    Dataset
    """
    random = Random(seed)
    train, test = [], []
    for label, pictures in ((1, cats), (0, others)):
        labelled = [(picture, label) for picture in pictures]
        random.shuffle(labelled)
        held_out = min(max(round(test_share * len(labelled)), 1), len(labelled) - 1)
        test += labelled[:held_out]
        train += labelled[held_out:]
    random.shuffle(train)
    random.shuffle(test)
    (X_train, Y_train), (X_test, Y_test) = zip(*train, strict=True), zip(*test, strict=True)
    return Dataset(np.stack(X_train), np.array([Y_train]), np.stack(X_test), np.array([Y_test]), ["other", "cat"])


@click.command(help="Turn two folders of photos into an HDF5 file with the same keys as cats.h5.")
@click.option("--cats", required=True, help="The folder of photos with label 1.")
@click.option("--others", required=True, help="The folder of photos with label 0.")
@click.option("--output", default="photos.h5", show_default=True, help="The file to write; replaced when it exists.")
@click.option("--size", default=64, show_default=True, type=click.IntRange(1, 1024), help="Pixels, width and height.")
@click.option("--test-share", default=0.2, show_default=True, type=click.FloatRange(0, 1), help="Kept for testing.")
@click.option("--seed", default=0, show_default=True, help="Of the shuffle.")
def main(cats, others, output, size, test_share, seed):
    output = Path(output)
    if not output.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {output.parent} for the output: make it first.")
    if output.is_dir():
        raise click.ClickException(f"{output} is a folder: give the path of a file.")
    try:
        cat_pictures, cats_skipped = read_folder(cats, size)
        other_pictures, others_skipped = read_folder(others, size)
    except DataError as error:
        raise click.ClickException(str(error)) from error
    for sentence in cats_skipped + others_skipped:
        click.echo(f"Skipped: {sentence}")
    data = split(cat_pictures, other_pictures, test_share, seed)
    write_hdf5(output, data)
    click.echo(f"Wrote {output}: {len(data.X_train)} pictures to train on and {len(data.X_test)} to test on.")


if __name__ == "__main__":
    main()
