"""Where the course lies: its folder, and the source notebooks by name."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "source"
RELEASE = ROOT / "release"


def source_notebooks(course: Path = ROOT) -> list[Path]:
    """Paths of a course's source notebooks, week by week."""
    return sorted(path for path in course.glob("source/*/*.ipynb") if not path.parent.name.startswith("."))


def notebook_path(notebook: str) -> Path:
    """Path of a source notebook by its name, for example "logistic_regression".

    Raises
    ------
    FileNotFoundError
        When there is none, or more than one.
    """
    found = sorted(SOURCE.glob(f"week*/{notebook}.ipynb"))
    if len(found) != 1:
        raise FileNotFoundError(f"There should be one source/week*/{notebook}.ipynb, but there are {len(found)}.")
    return found[0]
