"""What a graded cell asks is read without running it, and anything else in it is refused."""

import pytest

from autograder.grading.intake.released import NotReleased, read_hidden_test
from autograder.grading.run.job import HiddenTest
from autograder.release.points import graded_cell

CELL = graded_cell("flower.predict", 5)


@pytest.mark.parametrize("points", [1, 5, 7.5, 1234567.25])
def test_what_make_release_writes_is_read(points):
    read = read_hidden_test(graded_cell("flower.predict", points), points, "here")
    assert read == HiddenTest("flower.predict", "predict", float(points))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "assert predict(1) == 1",
        "hidden_test(",
        CELL.replace("points=5", "points=5, seed=1"),
        CELL.replace("points=5", "5"),
        CELL.replace("points=5", "points=2 + 3"),
        CELL.replace('"flower.predict"', '"flower.predict", predict'),
        CELL.replace('"flower.predict"', "exercise"),
        CELL.replace("flower.predict", "predict"),
        CELL.replace("flower.predict", "flower.predict.once"),
        CELL.replace("from autograder import", "from student import"),
        CELL.replace("import hidden_test", "import judge as hidden_test"),
        f"{CELL}\nassert predict(1) == 1",
        f"print(1)\n{CELL}",
        f"{CELL}\n\0",
    ],
)
def test_anything_else_is_refused(source):
    with pytest.raises(NotReleased, match=r"^here has no call hidden_test\(.*`make release` writes this cell"):
        read_hidden_test(source, 5, "here")


def test_points_that_are_not_the_gradebooks_are_refused():
    with pytest.raises(NotReleased, match=r"here: the call gives 5 points, the gradebook 6.0\."):
        read_hidden_test(CELL, 6.0, "here")
