"""Makes what students get: the frozen checks, and the notebooks without solutions and hidden tests."""

import shutil

from autograder.course import ROOT
from autograder.platforms.nbgrader.command import nbgrader
from autograder.release.freeze import write_checks


def make_release(course=ROOT):
    """Write the frozen checks into utils/checks/frozen/ and every assignment of source/ into release/.

    Parameters
    ----------
    course : Path
        The folder whose source/ is released; the checks are always those of this checkout.

    Returns
    -------
    assignments : list of str
    """
    write_checks()
    assignments = sorted(folder.name for folder in (course / "source").iterdir() if any(folder.glob("*.ipynb")))
    for old in (course / "release").glob("*"):
        if old.is_dir() and old.name not in assignments:
            shutil.rmtree(old)
    for assignment in assignments:
        nbgrader("generate_assignment", assignment, "--create", "--force", course=course)
    return assignments
