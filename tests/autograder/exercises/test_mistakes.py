"""Edits of a reference: one or several, and a sentence for each that can't be made any more."""

import pytest

from autograder import EXERCISES
from autograder.exercises.exercise import EXAMPLES, Exercise, case
from autograder.exercises.mistakes import Mistake
from autograder.exercises.reference import functions
from utils.checks.kinds import Array

PROPAGATE = ("logistic_regression", "propagate")


def test_one_edit_or_several():
    one = Mistake("a", "Says.", "np.sum(losses) / m", "np.sum(losses)")
    several = Mistake("b", "Says.", ("np.sum(losses) / m", "np.sum(losses)"), ("dZ = A - Y", ""))
    assert "cost = np.sum(losses)\n" in one.source(*PROPAGATE)
    assert "dZ = A - Y" in one.source(*PROPAGATE)
    assert "cost = np.sum(losses)\n" in several.source(*PROPAGATE)
    assert "dZ = A - Y" not in several.source(*PROPAGATE)


@pytest.mark.parametrize("edits", [(), ("old",), ("old", "new", "newer"), (("old", "new"), ("old",))])
def test_edits_come_in_pairs(edits):
    with pytest.raises(ValueError, match="Mistake odd needs"):
        Mistake("odd", "Says.", *edits)


def test_an_edit_that_finds_nothing_shows_the_nearest_line():
    stale = Mistake("stale", "Says.", "np.dot(X, dz.T) / count", "np.dot(X, dz.T)")
    assert stale.problems(*PROPAGATE) == [
        "Mistake stale of logistic_regression.propagate changes `np.dot(X, dz.T) / count`, which the solution doesn't "
        "contain; the nearest line is `dw = np.dot(X, dZ.T) / m`."
    ]
    with pytest.raises(LookupError, match="nearest line"):
        stale.function(*PROPAGATE)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (("A - Y", "(A  -  Y)"), "changes nothing: `A - Y` and `(A  -  Y)` are the same code."),
        (("A - Y; A + Y", "A"), "can't be read (an edit changes one expression or one statement)."),
        (("A -", "A"), "has an edit of `A -` that can't be read"),
    ],
)
def test_other_edits_that_make_no_mistake(edit, says):
    [problem] = Mistake("odd", "Says.", *edit).problems(*PROPAGATE)
    assert problem.startswith("Mistake odd of logistic_regression.propagate ")
    assert says in problem


def test_an_exercise_tells_all_its_problems_at_once():
    def described(id, uses=(), mistakes=()):
        return Exercise(id, lambda rng: [case()], [Array("result")], mistakes, uses).problems()

    stale = [Mistake("first", "Says.", "gone(1)", "2"), Mistake("first", "Says.", "gone(2)", "3")]
    problems = described("logistic_regression.propagate", ["sigmoid", "sigmund"], stale)
    assert len(problems) == 4
    assert problems[0] == "logistic_regression.propagate uses sigmund, which the notebook doesn't define."
    assert problems[1] == "logistic_regression.propagate has 2 mistakes called first."
    assert ["`gone(1)`" in problems[2], "`gone(2)`" in problems[3]] == [True, True]
    [missing] = described("logistic_regression.propagated")
    assert missing.startswith("source notebook logistic_regression defines no propagated; it defines ")
    [missing] = described("logistic_digression.propagate")
    assert "logistic_digression.ipynb" in missing


@pytest.mark.parametrize("id", EXERCISES)
def test_catalogue_and_solutions_agree(id):
    assert EXERCISES[id].problems() == []


def test_visible_examples_are_no_seed_of_the_judge():
    propagate = EXERCISES["logistic_regression.propagate"]
    shown, *hidden = (str([vars(case) for case in propagate.cases(seed)]) for seed in (EXAMPLES, *range(20)))
    assert shown not in hidden
    assert len(set(hidden)) == 20
    assert shown == str([vars(case) for case in propagate.cases(EXAMPLES)])


@pytest.mark.parametrize("notebook", sorted({exercise.notebook for exercise in EXERCISES.values()}))
def test_functions_stand_in_the_order_of_the_notebook(notebook):
    described = [exercise.name for exercise in EXERCISES.values() if exercise.notebook == notebook]
    assert described == [name for name in functions(notebook) if name in described]
