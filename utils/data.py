"""Pictures for the course: the drawn cats, a data set of your own, a single photo.

Everything that is wrong with a file is told in one sentence, a DataError.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

KEYS = ("train_set_x", "train_set_y", "test_set_x", "test_set_y", "list_classes")


class DataError(ValueError):
    """The data cannot be used; the message says why, and what to do."""


class Dataset(NamedTuple):
    """Labelled pictures, split into a training set and a test set.

    X_train, X_test : array of uint8, shape (m, height, width, 3)
        Pictures, as stored: red, green and blue from 0 to 255.
    Y_train, Y_test : array of int64, shape (1, m)
        Their labels: 1 for a cat, 0 for anything else.
    classes : list of str
        The name of label 0, then of label 1.
    """

    X_train: np.ndarray
    Y_train: np.ndarray
    X_test: np.ndarray
    Y_test: np.ndarray
    classes: list


def load_cats(m_train=None, m_test=None):
    """Load the drawn cats: 1000 pictures to train on and 2000 to test on.

    Parameters
    ----------
    m_train, m_test : int, optional
        Take only the first pictures of each set. Any even number holds as many cats as others.

    Returns
    -------
    Dataset
        Pictures of 64 x 64 pixels.

    Raises
    ------
    DataError
        If the file is missing, or has fewer pictures than you ask for.
    """
    here = Path(__file__).resolve().parent
    # A wheel carries the file inside this package; a checkout has it in datasets/, beside this package.
    places = [here / "cats.h5", here.parent / "datasets" / "cats.h5"]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise DataError("The file cats.h5 is missing: run `python datasets/draw_cats.py` in the course's folder.")
    cats = load_hdf5(path)
    train = _first("m_train", m_train, len(cats.X_train))
    test = _first("m_test", m_test, len(cats.X_test))
    return Dataset(cats.X_train[train], cats.Y_train[:, train], cats.X_test[test], cats.Y_test[:, test], cats.classes)


def _first(name, m, available):
    """The slice of the first m, or of all."""
    if m is None:
        return slice(None)
    if isinstance(m, bool) or not isinstance(m, int | np.integer) or not 1 <= m <= available:
        raise DataError(f"{name} is {m!r}: give a whole number from 1 to {available}, or None for all.")
    return slice(m)


def load_hdf5(path):
    """Load labelled pictures from an HDF5 file.

    Parameters
    ----------
    path : str or Path
        A file with train_set_x and test_set_x (uint8, shape (m, height, width, 3)), train_set_y and
        test_set_y (0 or 1, shape (m,)), and list_classes (the two names).

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        If there is no such file, or if what it holds does not fit.
    """
    import h5py  # here, because importing it takes a while and not everyone reads a file

    path = _existing_file(path)
    if not h5py.is_hdf5(path):
        raise DataError(f"{path.name} is no HDF5 file: give a file made by datasets/from_photos.py or by h5py.")
    try:
        with h5py.File(path, "r") as file:
            missing = [key for key in KEYS if not isinstance(file.get(key), h5py.Dataset)]
            if missing:
                found = ", ".join(sorted(map(str, file))) or "nothing"
                raise DataError(f"{path.name} lacks {', '.join(missing)}: it holds {found}.")
            stored = {key: np.asarray(file[key][()]) for key in KEYS}
    except (OSError, RuntimeError, KeyError, TypeError) as error:  # h5py raises all of these for damaged files
        raise DataError(f"{path.name} is damaged and cannot be read: copy or download it again.") from error
    for part in ("train", "test"):
        _check_pictures(path.name, f"{part}_set_x", stored[f"{part}_set_x"])
        _check_labels(path.name, part, stored[f"{part}_set_y"], len(stored[f"{part}_set_x"]))
    sizes = [stored[key].shape[1:3] for key in ("train_set_x", "test_set_x")]
    if sizes[0] != sizes[1]:
        raise DataError(
            f"{path.name}: pictures of train_set_x are {sizes[0]} pixels and those of test_set_x {sizes[1]}: "
            "make them one size."
        )
    return Dataset(
        X_train=stored["train_set_x"],
        Y_train=stored["train_set_y"].astype(np.int64).reshape(1, -1),
        X_test=stored["test_set_x"],
        Y_test=stored["test_set_y"].astype(np.int64).reshape(1, -1),
        classes=_class_names(path.name, stored["list_classes"]),
    )


def _existing_file(path):
    path = Path(path)
    if path.is_dir():
        raise DataError(f"{path} is a folder: give the path of a file.")
    if not path.is_file():
        raise DataError(f"There is no file {path}: check the path (you are in {Path.cwd()}).")
    return path


def _check_pictures(file, key, X):
    if X.ndim != 4 or X.shape[-1] != 3:
        raise DataError(f"{file}: {key} has shape {X.shape}, expected (m, height, width, 3).")
    if 0 in X.shape:
        raise DataError(f"{file}: {key} has shape {X.shape}: there must be at least one picture.")
    if X.dtype != np.uint8:
        raise DataError(f"{file}: {key} has dtype {X.dtype}, expected uint8, the levels 0 to 255.")


def _check_labels(file, part, y, m):
    key = f"{part}_set_y"
    if y.ndim != 1:
        raise DataError(f"{file}: {key} has shape {y.shape}, expected ({m},), one label for each picture.")
    if len(y) != m:
        raise DataError(f"{file}: {key} has {len(y)} labels but {part}_set_x has {m} pictures: they must be as many.")
    if y.dtype.kind not in "biuf":
        raise DataError(f"{file}: {key} has dtype {y.dtype}, expected integers, 0 or 1.")
    others = np.unique(y[(y != 0) & (y != 1)])
    if others.size:
        raise DataError(f"{file}: {key} has the label {others[0]}: labels must be 0 or 1.")


def _class_names(file, names):
    if names.shape != (2,):
        raise DataError(f"{file}: list_classes has shape {names.shape}, expected (2,), the names of labels 0 and 1.")
    if names.dtype.kind not in "SO":
        raise DataError(f"{file}: list_classes has dtype {names.dtype}, expected text, the names of labels 0 and 1.")
    return [name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name) for name in names]


def load_photo(path, size=64):
    """Load one photo as a square picture, to try a model on.

    The longer side is cropped around the middle. A photo taken on its side is turned upright (EXIF), and
    what is transparent becomes white.

    Parameters
    ----------
    path : str or Path
        Any picture that Pillow reads: JPEG, PNG, WebP, ...
    size : int
        Width and height of the result, in pixels.

    Returns
    -------
    array of uint8, shape (size, size, 3)

    Raises
    ------
    DataError
        If there is no such file, or if it is no picture.
    """
    from PIL import Image, ImageOps

    if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
        raise DataError(f"size is {size!r}: give a whole number of pixels, at least 1.")
    path = _existing_file(path)
    try:
        with Image.open(path) as file:
            image = ImageOps.exif_transpose(file)
            if image.mode.startswith("I;16"):  # 16 bits of grey: keep the upper 8
                image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
            image = image.convert("RGBA")
    except Exception as error:  # Pillow's many decoders raise many kinds of errors
        raise DataError(f"{path.name} is no picture that can be read: give a JPEG or PNG file.") from error
    white = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(white, image).convert("RGB")
    return np.asarray(ImageOps.fit(flat, (int(size), int(size)), Image.Resampling.LANCZOS))
