"""The hidden test of a graded cell."""

from IPython import get_ipython
from IPython.display import display

from autograder.judge import judge
from utils.checks.verdict import Verdict


def hidden_test(exercise_id: str, points: float, seed: int = 0) -> float:
    """Judge a function of this notebook in a graded cell: shows the verdict; its value is what the cell earns.

    nbgrader takes the value of a cell's last line as partial credit when it reads as a number, so this returns a plain
    float, never a numpy number.

    Parameters
    ----------
    exercise_id : str
        "<notebook>.<function>". The function of that name is the one that the notebook has defined.
    points : float
        What the cell is worth.
    seed : int

    Returns
    -------
    earned : float, from 0.0 to `points`

    Raises
    ------
    RuntimeError
        Outside a notebook, where there is nothing to look the function up in.
    """
    shell = get_ipython()
    if shell is None:
        raise RuntimeError("hidden_test works in a notebook. Elsewhere call judge(exercise_id, function).")
    name = exercise_id.rpartition(".")[2]
    verdict = judge(exercise_id, shell.user_ns[name], seed) if name in shell.user_ns else undefined(name)
    display(verdict)
    return earned_points(verdict, points)


def undefined(name: str) -> Verdict:
    """The verdict on a function that the notebook doesn't define."""
    says = f"There is no {name}: the cell that should define it didn't run, or defines another name."
    return Verdict(name, [], says=says)


def earned_points(verdict: Verdict, max_points: float) -> float:
    """The points that a verdict earns of `max_points`, rounded to two decimals: a plain float."""
    return round(float(max_points * verdict.fraction), 2)
