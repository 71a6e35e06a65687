"""datasets/: the file is what the program draws, the card says what is true, and colour does not tell the class."""

import json
import re
import subprocess
import sys
import time
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import PIL
import pytest
from click.testing import CliRunner
from PIL import Image

from utils.data import Dataset, load_cats, load_hdf5
from utils.statistics import wilson_interval

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
sys.path.append(str(DATASETS))  # the programs there import one another by name, as when they are run

import card  # noqa: E402
import draw_cats  # noqa: E402
import from_photos  # noqa: E402
import measure  # noqa: E402
from drawing import draw_picture, draw_set, scene  # noqa: E402
from storage import write_hdf5  # noqa: E402


@pytest.fixture(scope="module")
def cats():
    return load_cats()


# --- The file ---


def test_the_file_is_small_and_quick_to_read():
    assert draw_cats.CATS.stat().st_size < 6e6
    start = time.process_time()  # of this process alone, so that others do not count
    load_hdf5(draw_cats.CATS)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("part", ["train", "test"])
def test_a_sample_is_drawn_again_exactly(cats, part):
    X, Y = (cats.X_train, cats.Y_train) if part == "train" else (cats.X_test, cats.Y_test)
    for i in np.random.default_rng(5).choice(len(X), 15, replace=False).tolist():
        drawn = draw_picture(draw_cats.SEEDS[part], i, bool(Y[0, i]))
        if int(PIL.__version__.split(".")[0]) >= 12:
            np.testing.assert_array_equal(drawn, X[i], err_msg=f"picture {i}")
        else:  # Pillow 11 fills some edges of polygons otherwise: a few pixels differ a little
            difference = np.abs(drawn.astype(int) - X[i]).max(axis=-1)
            assert (difference > 0).sum() <= 20, f"picture {i}"
            assert difference.max() <= 25, f"picture {i}"


@pytest.mark.parametrize("part", ["train", "test"])
def test_the_labels_are_those_of_the_seed_and_balanced_from_the_start(cats, part):
    Y = cats.Y_train if part == "train" else cats.Y_test
    np.testing.assert_array_equal(Y[0], scene.balanced_labels(draw_cats.SEEDS[part], Y.size))
    assert set(Y[0].reshape(-1, 2).sum(axis=1)) == {1}  # each pair holds one cat
    assert 0.4 < Y[0, ::2].mean() < 0.6  # and not always in the same place


def test_no_picture_comes_twice(cats):
    X = np.concatenate([cats.X_train, cats.X_test])
    assert len({picture.tobytes() for picture in X}) == len(X)


def test_the_contact_sheet_shows_the_file(cats):
    path = draw_cats.SHEET
    assert path.stat().st_size < 300_000
    np.testing.assert_array_equal(np.asarray(Image.open(path)), np.asarray(draw_cats.contact_sheet(cats)))


# --- The drawing ---


def test_a_set_is_its_pictures_one_by_one():
    X, Y = draw_set("a small set", 4)
    for i in (3, 0):
        np.testing.assert_array_equal(X[i], draw_picture("a small set", i, bool(Y[i])))
    other, _ = draw_set("another small set", 4)
    assert (other != X).any(axis=(1, 2, 3)).all()


@pytest.mark.parametrize("index", range(12))
def test_the_label_changes_nothing_but_the_subject(monkeypatch, index):
    seed = "the same scene twice"
    cat, other = (draw_picture(seed, index, is_cat) for is_cat in (True, False))
    assert (cat != other).any()
    monkeypatch.setattr(scene, "CATS", [(lambda layer, random, colours: None, 1.0)])
    monkeypatch.setattr(scene, "OTHERS", [(lambda layer, random, colours: None, 1.0)])
    empty, empty_too = (draw_picture(seed, index, is_cat) for is_cat in (True, False))
    np.testing.assert_array_equal(empty, empty_too)
    # Far from the place of the subject and its shadow, the empty scene shows in both pictures.
    placement = scene.choose_placement(scene.Random(f"{seed}/{index}/placement"))
    columns, rows = np.meshgrid(*2 * [(np.arange(64) + 0.5) / 32 - 1])
    far = np.maximum(abs(columns - placement.x), abs(rows - placement.y)) > 0.95
    assert far.sum() > 400
    np.testing.assert_array_equal(cat[far], empty[far])
    np.testing.assert_array_equal(other[far], empty[far])


@pytest.mark.parametrize(("is_cat", "kinds"), [(True, scene.CATS), (False, scene.OTHERS)])
def test_subjects_of_both_classes_cover_as_much(is_cat, kinds):
    monotone = scene.choose_colours(scene.Random("colours"))
    placement = scene.Placement(0, 0, scene.SCALE, 0, False, 1)
    areas = []
    for draw, scale in kinds:
        layer = scene.Layer()
        with layer.placed(*placement), layer.placed(0, 0, scale):
            draw(layer, scene.Random("subject"), monotone)
        areas.append((np.asarray(layer.image.getchannel("A")) > 0).mean() * 64 * 64)
    assert 500 < np.mean(areas) < 620
    assert min(areas) > 450
    assert max(areas) < 680


# --- The card ---


def test_the_facts_in_the_card_are_those_of_the_file(cats):
    assert card.read_block("facts") == card.describe(draw_cats.CATS, cats)


def measured_rows():
    """The measured table of the card: name -> list of cells."""
    lines = [line for line in card.read_block("measured").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[0] for row in cells[2:]] == [f"probe: {name}" for name in measure.PROBES] + list(measure.RECIPES)
    return {row[0]: row[1:] for row in cells[2:]}


def accuracy_and_interval(cell):
    """The three numbers of '66.4 % (64.3 to 68.4)', as fractions."""
    found = re.fullmatch(r"([\d.]+) % \(([\d.]+) to ([\d.]+)\)", cell)
    return [float(number) / 100 for number in found.groups()]


QUICK = """
import json, measure
from utils.data import load_cats
data = load_cats()
probes = [name for name in measure.PROBES if name != measure.FINEST]  # that one takes ten seconds
results = {f"probe: {name}": measure.probe(measure.PROBES[name], data) for name in probes}
name = "logistic regression"
results[name] = measure.accuracies(measure.RECIPES[name], data, measure.centred_pixels(data))[0, 1]
print(json.dumps(results))
"""


def test_colour_does_not_tell_and_a_linear_model_tells_a_little():
    # In a process of its own: measure.py sets the number of threads before numpy is loaded.
    done = subprocess.run(
        [sys.executable, "-c", QUICK], cwd=DATASETS, capture_output=True, text=True, timeout=240, check=True
    )
    results, rows = json.loads(done.stdout), measured_rows()
    linear = results.pop("logistic regression")
    assert 0.60 < linear < 0.72
    assert abs(linear - accuracy_and_interval(rows["logistic regression"][1])[0]) < 0.003
    assert len(results) == 4
    for name, accuracy in results.items():
        assert accuracy < 0.60, name
        assert abs(accuracy - accuracy_and_interval(rows[name][1])[0]) < 0.003, name


def test_the_card_holds_on_all_three_sets():
    rows = measured_rows()
    assert all(len(row) == 5 for row in rows.values())
    for column in (1, 3, 4):  # cats.h5 and the two fresh sets
        of = {name: accuracy_and_interval(row[column]) for name, row in rows.items()}
        for accuracy, low, high in of.values():
            np.testing.assert_allclose([low, high], wilson_interval(accuracy, 2000), atol=0.0011)
        finest = of.pop(f"probe: {measure.FINEST}")[0]
        assert all(of[name][0] < 0.60 for name in of if name.startswith("probe"))
        names = list(measure.RECIPES)
        linear, slow, deep = of[names[0]], of[names[1]], of[names[-1]]
        assert 0.60 < linear[0] < 0.72
        assert finest < linear[0]
        for name in names[1:]:
            assert linear[2] < of[name][1], f"the intervals of logistic regression and {name} overlap"
        assert slow[0] < deep[0]


def test_blocks_of_the_card_are_replaced_alone(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- facts: begin -->\nold\n<!-- facts: end -->\nafter\n", encoding="utf-8")
    card.write_block("facts", "new \\1\n", path)
    assert card.read_block("facts", path) == "new \\1\n"
    assert path.read_text() == "before\n<!-- facts: begin -->\nnew \\1\n<!-- facts: end -->\nafter\n"
    with pytest.raises(ValueError, match="no block 'measured'"):
        card.write_block("measured", "text\n", path)


# --- The instruments: they must be able to show a leak, and they must compute what they say ---


def small_dataset(m=60, size=8):
    """Noise pictures with random labels."""
    random = np.random.default_rng(1)
    X = random.integers(0, 200, (2 * m, size, size, 3), dtype=np.uint8)
    Y = random.integers(0, 2, (1, 2 * m))
    return Dataset(X[:m], Y[:, :m], X[m:], Y[:, m:], ["other", "cat"])


@pytest.mark.parametrize("features", measure.PROBES.values(), ids=measure.PROBES.keys())
def test_every_probe_would_show_a_leak(features):
    data = small_dataset()
    for X, Y in ((data.X_train, data.Y_train), (data.X_test, data.Y_test)):
        X[Y[0] == 1, :, :, 0] += 55  # redder cats
    assert measure.probe(features, data) > 0.9


def test_the_histograms_count_every_pixel():
    X = np.zeros((1, 2, 2, 3), np.uint8)
    X[0, 0, 0] = 255, 0, 64
    colours = measure.colour_histograms(X)[0]
    assert colours[(3 * 4 + 0) * 4 + 1] == 0.25
    assert colours[0] == 0.75
    channels = measure.channel_histograms(X)[0].reshape(3, 16)
    np.testing.assert_array_equal(channels.sum(axis=1), 1)
    assert channels[0, 15] == channels[2, 4] == 0.25


def test_quarter_means_are_those_of_the_quarters():
    X = np.zeros((1, 4, 4, 3), np.uint8)
    X[0, :2, 2:] = 10, 20, 30  # the upper right
    np.testing.assert_array_equal(measure.quarter_means(X), [[0, 0, 0, 10, 20, 30, 0, 0, 0, 0, 0, 0]])


def test_the_fit_has_no_gradient_left():
    random = np.random.default_rng(0)
    F, y = random.standard_normal((80, 5)), random.integers(0, 2, 80)
    w = measure.fit_logistic(F, y, penalty=3.0)
    error = measure.sigmoid(F @ w[:-1] + w[-1]) - y
    np.testing.assert_allclose(F.T @ error + 3.0 * w[:-1], 0, atol=1e-6)
    assert abs(error.sum()) < 1e-6


def plain_descent(data, recipe, seed):
    """The same training as measure.train_network, step by step on the pixels, in float64."""
    X, X_test = (pictures.reshape(len(pictures), -1).T / 255 for pictures in (data.X_train, data.X_test))
    mean, m = X.mean(axis=1, keepdims=True), X.shape[1]
    X, X_test = X - mean, X_test - mean
    random, dims = np.random.default_rng(seed), [len(X), *recipe.hidden, 1]
    W = [
        random.standard_normal((units, before)) * (before**-0.5 if recipe.scale is None else recipe.scale)
        for before, units in pairwise(dims)
    ]
    b = [np.zeros((units, 1)) for units in dims[1:]]
    for _ in range(recipe.iterations):
        A = [X, *measure.forward(W[0] @ X, W, b)]
        dZ = (A[-1] - data.Y_train) / m
        for layer in reversed(range(len(W))):
            dW, db = dZ @ A[layer].T, dZ.sum(axis=1, keepdims=True)
            dZ = (W[layer].T @ dZ) * (A[layer] > 0)
            W[layer] -= recipe.learning_rate * dW
            b[layer] -= recipe.learning_rate * db
    results = [(X, data.Y_train), (X_test, data.Y_test)]
    return [((measure.forward(W[0] @ A, W, b)[-1] > 0.5) == Y).mean() for A, Y in results]


@pytest.mark.parametrize("hidden", [(), (5,), (6, 4, 3)])
def test_the_short_cut_is_plain_gradient_descent(hidden):
    data = small_dataset()
    recipe = measure.Recipe(hidden, None, 0.05, 150, 1)
    pixels = measure.centred_pixels(data)
    short = measure.train_network(pixels, data.Y_train, data.Y_test, recipe, seed=2)
    # One example of 60 may fall on the other side of 0.5: the short cut computes in float32.
    np.testing.assert_allclose(short, plain_descent(data, recipe, seed=2), atol=1.01 / 60)


# --- The commands ---


def test_check_tells_a_file_that_is_not_what_is_drawn(cats, monkeypatch):
    monkeypatch.setattr(draw_cats, "draw_dataset", lambda: cats)
    good = CliRunner().invoke(draw_cats.main, ["--check"])
    assert good.exit_code == 0
    assert "is what the program draws" in good.output
    changed = cats._replace(X_test=cats.X_test.copy())
    changed.X_test[7, 3, 3] ^= 1
    monkeypatch.setattr(draw_cats, "draw_dataset", lambda: changed)
    bad = CliRunner().invoke(draw_cats.main, ["--check"])
    assert bad.exit_code == 1
    assert "1 pictures differ from cats.h5" in bad.output


def test_the_same_pictures_give_the_same_bytes(tmp_path):
    write_hdf5(tmp_path / "one.h5", small_dataset())
    time.sleep(1.1)  # HDF5 can store times, in whole seconds
    write_hdf5(tmp_path / "two.h5", small_dataset())
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.h5", "two.h5"]


@pytest.fixture
def photos(tmp_path):
    """Two folders: five cats (green), four others (grey), and files that are no pictures."""
    for folder, colours in (("cats", range(5)), ("others", range(4))):
        (tmp_path / folder).mkdir()
        for k in colours:
            colour = (0, 40 * k, 0) if folder == "cats" else (40 * k, 40 * k, 40 * k)
            Image.new("RGB", (30 + 10 * k, 40), colour).save(tmp_path / folder / f"photo{k}.png")
    (tmp_path / "cats" / "notes.txt").write_text("a list of my cats")
    (tmp_path / "cats" / ".hidden").write_text("left by the system")
    whole = BytesIO()
    Image.new("RGB", (300, 300), (9, 9, 9)).save(whole, "JPEG")
    (tmp_path / "others" / "broken.jpg").write_bytes(whole.getvalue()[:400])
    return tmp_path


def turn(photos, *options):
    """Run from_photos.py on the two folders; give what click saw."""
    arguments = ["--cats", photos / "cats", "--others", photos / "others", "--output", photos / "mine.h5", *options]
    return CliRunner().invoke(from_photos.main, [str(argument) for argument in arguments])


def test_photos_become_a_file_like_the_cats(photos):
    done = turn(photos, "--size", 16, "--test-share", 0.4)
    assert done.exit_code == 0, done.output
    assert "Wrote" in done.output
    assert "5 pictures to train on and 4 to test on" in done.output
    data = load_hdf5(photos / "mine.h5")
    assert data.X_train.shape == (5, 16, 16, 3)
    assert data.X_test.shape == (4, 16, 16, 3)
    assert data.classes == ["other", "cat"]
    seen = {0: [], 1: []}
    for X, Y in ((data.X_train, data.Y_train), (data.X_test, data.Y_test)):
        assert set(Y[0]) == {0, 1}
        for picture, label in zip(X, Y[0].tolist(), strict=True):
            seen[label].append(tuple(picture[8, 8].tolist()))
    assert sorted(seen[1]) == [(0, 40 * k, 0) for k in range(5)]
    assert sorted(seen[0]) == [(40 * k, 40 * k, 40 * k) for k in range(4)]


def test_files_that_are_no_pictures_are_skipped_and_named(photos):
    lines = [line for line in turn(photos).output.splitlines() if line.startswith("Skipped")]
    assert len(lines) == 2
    assert "notes.txt is no picture" in lines[0]
    assert "broken.jpg is no picture" in lines[1]


def test_the_seed_decides_the_split(photos):
    files = []
    for seed in (1, 1, 2):
        turn(photos, "--seed", seed)
        files.append((photos / "mine.h5").read_bytes())
    assert files[0] == files[1] != files[2]


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda root: [path.unlink() for path in (root / "cats").iterdir()], "holds 0 readable pictures among 0 files"),
        (
            lambda root: [path.unlink() for path in (root / "others").glob("*[0-2].png")],
            "holds 1 readable pictures among 2 files",
        ),
        (lambda root: (root / "others").rename(root / "dogs"), "There is no folder"),
        (lambda root: (root / "mine.h5").mkdir(), "mine.h5 is a folder"),
    ],
    ids=["empty", "one picture", "no such folder", "output is a folder"],
)
def test_folders_that_will_not_do_get_one_sentence(photos, break_it, words):
    break_it(photos)
    done = turn(photos)
    assert done.exit_code == 1
    assert words in done.output
    assert len(done.output.strip().splitlines()) == 1
