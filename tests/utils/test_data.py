"""utils.data: what it loads, and the sentence it says about each thing that can be wrong."""

import re
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from utils import data

RED, BLUE = (220, 20, 20), (20, 20, 220)


def good_arrays():
    """What a small valid file holds: 4 pictures to train on, 2 to test on, 8 x 6 pixels."""
    random = np.random.default_rng(0)
    return {
        "train_set_x": random.integers(0, 256, (4, 8, 6, 3), dtype=np.uint8),
        "train_set_y": np.array([0, 1, 1, 0]),
        "test_set_x": random.integers(0, 256, (2, 8, 6, 3), dtype=np.uint8),
        "test_set_y": np.array([1, 0]),
        "list_classes": np.array([b"other", b"cat"]),
    }


@pytest.fixture
def write(tmp_path):
    """Write a valid file with some keys changed (or left out: None); give its path."""

    def write_file(**changes):
        path = tmp_path / "mine.h5"
        with h5py.File(path, "w") as file:
            for key, array in {**good_arrays(), **changes}.items():
                if array is not None:
                    file[key] = array
        return path

    return write_file


def refusal(call, *arguments):
    """The sentence that a call refuses with; it must be one line, and end as a sentence does."""
    with pytest.raises(data.DataError) as caught:
        call(*arguments)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_a_good_file_comes_back_as_stored(write):
    arrays = good_arrays()
    loaded = data.load_hdf5(str(write()))
    np.testing.assert_array_equal(loaded.X_train, arrays["train_set_x"])
    np.testing.assert_array_equal(loaded.X_test, arrays["test_set_x"])
    np.testing.assert_array_equal(loaded.Y_train, [[0, 1, 1, 0]])
    np.testing.assert_array_equal(loaded.Y_test, [[1, 0]])
    assert loaded.X_train.dtype == np.uint8
    assert loaded.Y_train.dtype == loaded.Y_test.dtype == np.int64
    assert loaded.classes == ["other", "cat"]


@pytest.mark.parametrize("dtype", [np.uint8, bool, np.float32])
def test_labels_of_any_numeric_dtype_become_int64(write, dtype):
    loaded = data.load_hdf5(write(train_set_y=np.array([0, 1, 1, 0], dtype)))
    assert loaded.Y_train.dtype == np.int64
    np.testing.assert_array_equal(loaded.Y_train, [[0, 1, 1, 0]])


def test_class_names_may_be_text_of_any_length(write):
    names = np.array(["Hund", "Kätzchen"], dtype=h5py.string_dtype())
    assert data.load_hdf5(write(list_classes=names)).classes == ["Hund", "Kätzchen"]


def test_a_missing_file(tmp_path):
    assert "There is no file" in refusal(data.load_hdf5, tmp_path / "cats.h5")


def test_a_folder(tmp_path):
    assert f"{tmp_path} is a folder" in refusal(data.load_hdf5, tmp_path)


def test_a_file_that_is_no_hdf5(tmp_path):
    path = tmp_path / "notes.h5"
    path.write_text("these are only words")
    assert "notes.h5 is no HDF5 file" in refusal(data.load_hdf5, path)


def test_a_file_that_was_cut_off(write):
    path = write()
    path.write_bytes(path.read_bytes()[:3000])
    assert "mine.h5 is damaged" in refusal(data.load_hdf5, path)


def test_a_file_with_a_damaged_index(write):
    path = write()
    path.write_bytes(path.read_bytes().replace(b"HEAP", b"LEAP"))
    assert "mine.h5 is damaged" in refusal(data.load_hdf5, path)


def test_a_missing_key_is_named_with_the_keys_found(write):
    sentence = refusal(data.load_hdf5, write(test_set_y=None))
    assert "lacks test_set_y: it holds list_classes, test_set_x, train_set_x, train_set_y" in sentence


def test_a_group_in_place_of_an_array_counts_as_missing(write):
    path = write(train_set_x=None)
    with h5py.File(path, "a") as file:
        file.create_group("train_set_x")
    assert "lacks train_set_x" in refusal(data.load_hdf5, path)


def test_an_empty_file_holds_nothing(tmp_path):
    path = tmp_path / "empty.h5"
    h5py.File(path, "w").close()
    assert "it holds nothing" in refusal(data.load_hdf5, path)


WRONG = {
    "grey pictures": (
        {"train_set_x": np.zeros((4, 8, 6), np.uint8)},
        "train_set_x has shape (4, 8, 6), expected (m, height, width, 3)",
    ),
    "four channels": (
        {"test_set_x": np.zeros((2, 8, 6, 4), np.uint8)},
        "test_set_x has shape (2, 8, 6, 4), expected (m, height, width, 3)",
    ),
    "no pictures": (
        {"train_set_x": np.zeros((0, 8, 6, 3), np.uint8), "train_set_y": np.zeros(0, int)},
        "there must be at least one picture",
    ),
    "pictures of floats": (
        {"train_set_x": np.zeros((4, 8, 6, 3))},
        "train_set_x has dtype float64, expected uint8",
    ),
    "two sizes": (
        {"test_set_x": np.zeros((2, 5, 5, 3), np.uint8)},
        "pictures of train_set_x are (8, 6) pixels and those of test_set_x (5, 5)",
    ),
    "labels in a row": (
        {"train_set_y": np.array([[0, 1, 1, 0]])},
        "train_set_y has shape (1, 4), expected (4,)",
    ),
    "too few labels": (
        {"test_set_y": np.array([1])},
        "test_set_y has 1 labels but test_set_x has 2 pictures",
    ),
    "a label 2": ({"train_set_y": np.array([0, 1, 2, 0])}, "train_set_y has the label 2"),
    "a label that is no number": (
        {"train_set_y": np.array([0, 1, np.nan, 0])},
        "train_set_y has the label nan",
    ),
    "labels of text": (
        {"train_set_y": np.array([b"cat", b"dog", b"cat", b"cat"])},
        "train_set_y has dtype |S3, expected integers",
    ),
    "three classes": (
        {"list_classes": np.array([b"cat", b"dog", b"owl"])},
        "list_classes has shape (3,), expected (2,)",
    ),
    "classes of numbers": ({"list_classes": np.array([0, 1])}, "list_classes has dtype int64, expected text"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG.keys())
def test_one_sentence_says_what_is_wrong(write, changes, words):
    sentence = refusal(data.load_hdf5, write(**changes))
    assert sentence.startswith("mine.h5: ")
    assert words in sentence


def test_load_cats_gives_all_of_them():
    cats = data.load_cats()
    assert cats.X_train.shape == (1000, 64, 64, 3)
    assert cats.Y_train.shape == (1, 1000)
    assert cats.X_test.shape == (2000, 64, 64, 3)
    assert cats.Y_test.shape == (1, 2000)
    assert cats.classes == ["other", "cat"]


def test_load_cats_gives_the_first_ones():
    cats, few = data.load_cats(), data.load_cats(m_train=10, m_test=np.int64(6))
    np.testing.assert_array_equal(few.X_train, cats.X_train[:10])
    np.testing.assert_array_equal(few.Y_train, cats.Y_train[:, :10])
    np.testing.assert_array_equal(few.X_test, cats.X_test[:6])
    np.testing.assert_array_equal(few.Y_test, cats.Y_test[:, :6])


@pytest.mark.parametrize("m", [0, -2, 1001, 2.0, True, "all"])
def test_load_cats_refuses_a_wrong_number(m):
    sentence = refusal(data.load_cats, m)
    assert sentence == f"m_train is {m!r}: give a whole number from 1 to 1000, or None for all."


def test_load_cats_works_from_another_folder(tmp_path):
    # As in a notebook, whose working directory is its own folder; the package is found as it is here.
    root = str(Path(data.__file__).resolve().parents[1])
    code = f"import sys; sys.path.append({root!r}); from utils.data import load_cats; print(load_cats(2, 2).Y_train)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=True
    )
    assert re.fullmatch(r"\[\[(0 1|1 0)\]\]\s*", done.stdout)


def test_an_installed_package_finds_the_cats_inside_itself(tmp_path, monkeypatch, write):
    package = tmp_path / "site" / "utils"
    package.mkdir(parents=True)
    write().rename(package / "cats.h5")
    monkeypatch.setattr(data, "__file__", str(package / "data.py"))
    assert data.load_cats().X_train.shape == (4, 8, 6, 3)


def test_missing_cats_say_how_to_draw_them(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "__file__", str(tmp_path / "utils" / "data.py"))
    assert "run `python datasets/draw_cats.py`" in refusal(data.load_cats)


def test_importing_the_module_stays_light():
    code = "import sys, utils.data; print(sorted({'h5py', 'PIL', 'matplotlib', 'tqdm'} & set(sys.modules)))"
    root = Path(data.__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=240, check=True
    )
    assert done.stdout.strip() == "[]"


def save(path, size, colour, box=None, box_colour=None, **options):
    """Save a picture of one colour, with a box of another; give its path."""
    mode = "RGBA" if len(colour) == 4 else "RGB"
    image = Image.new(mode, size, colour)
    if box:
        image.paste(box_colour, box)
    image.save(path, **options)
    return path


def near(pixel, colour):
    """Whether two colours are the same but for JPEG's losses."""
    return np.abs(pixel.astype(int) - colour).max() < 30


def test_a_wide_photo_is_cropped_around_its_middle(tmp_path):
    # 300 x 100: the middle third is red, the rest is blue.
    path = save(tmp_path / "wide.png", (300, 100), BLUE, (100, 0, 200, 100), RED)
    photo = data.load_photo(path, size=32)
    assert photo.shape == (32, 32, 3)
    assert photo.dtype == np.uint8
    assert near(photo[16, 3], RED)
    assert near(photo[16, 28], RED)


def test_a_small_photo_is_enlarged(tmp_path):
    assert data.load_photo(save(tmp_path / "dot.png", (3, 3), RED)).shape == (64, 64, 3)


def test_a_photo_taken_on_its_side_is_turned_upright(tmp_path):
    # Orientation 6: the camera lay on its side, so the stored left edge is the true top.
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save(tmp_path / "side.jpg", (200, 200), BLUE, (0, 0, 100, 200), RED, exif=exif)
    photo = data.load_photo(path)
    assert near(photo[5, 32], RED)
    assert near(photo[58, 32], BLUE)


def test_what_is_transparent_becomes_white(tmp_path):
    path = save(tmp_path / "cutout.png", (64, 64), (0, 0, 0, 0), (32, 0, 64, 64), (*RED, 255))
    photo = data.load_photo(path)
    np.testing.assert_array_equal(photo[32, 5], [255, 255, 255])
    assert near(photo[32, 60], RED)


def test_half_transparent_is_mixed_with_white(tmp_path):
    photo = data.load_photo(save(tmp_path / "veil.png", (64, 64), (0, 0, 0, 128)))
    np.testing.assert_allclose(photo, 127, atol=1)


@pytest.mark.parametrize("mode", ["L", "P", "LA", "1", "CMYK"])
def test_other_kinds_of_pictures_become_red_green_and_blue(tmp_path, mode):
    path = tmp_path / ("kind.tiff" if mode == "CMYK" else "kind.png")
    Image.new("RGB", (20, 30), (255, 255, 255)).convert(mode).save(path)
    np.testing.assert_array_equal(data.load_photo(path, 8), np.full((8, 8, 3), 255))


def test_a_grey_picture_of_16_bits_keeps_its_tones(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.full((10, 10), 128 * 256, np.uint16)).save(path)
    np.testing.assert_array_equal(data.load_photo(path, 4), np.full((4, 4, 3), 128))


def test_a_photo_that_is_none(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"no picture at all")
    assert "photo.jpg is no picture that can be read" in refusal(data.load_photo, path)


def test_a_photo_that_was_cut_off(tmp_path):
    path = tmp_path / "half.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 90, 3), dtype=np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:4000])
    assert "half.png is no picture that can be read" in refusal(data.load_photo, path)


def test_a_photo_that_is_missing_or_a_folder(tmp_path):
    assert "There is no file" in refusal(data.load_photo, tmp_path / "cat.jpg")
    assert "is a folder" in refusal(data.load_photo, tmp_path)


@pytest.mark.parametrize("size", [0, -1, 6.4, "64"])
def test_a_photo_of_no_size(tmp_path, size):
    assert refusal(data.load_photo, save(tmp_path / "a.png", (9, 9), RED), size).startswith(f"size is {size!r}:")
