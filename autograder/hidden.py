"""The hidden test of a graded cell."""

from IPython.display import display

from autograder.judge import judge


def hidden_test(exercise_id, function, points, seed=0):
    """Judge a function in a graded cell: shows the verdict; its value is the credit of the cell.

    nbgrader takes the value of a cell's last line as partial credit when it reads as a number, so this returns a plain
    float, never a numpy number.

    Parameters
    ----------
    exercise_id : str
    function : function
    points : float
        What the cell is worth.
    seed : int

    Returns
    -------
    credit : float, from 0.0 to `points`
    """
    verdict = judge(exercise_id, function, seed)
    display(verdict)
    return credit(verdict, points)


def credit(verdict, points):
    """The points that a verdict earns, rounded to two decimals: a plain float."""
    return round(float(points * verdict.fraction), 2)
