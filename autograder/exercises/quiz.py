"""Reads the questions of a quiz from a TOML file: a table for each question, a sentence for each option."""

import re
import string
import tomllib
from pathlib import Path

from autograder.exercises.exercise import CatalogueError, Question


def questions(path: Path) -> list[Question]:
    """The questions of a quiz; the file has the name of its notebook.

    [question_1]
    a = "Why a is wrong."
    b = "Why b is right."

    Raises
    ------
    CatalogueError
        When the file isn't of that form; the text says where.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"it is no TOML: {error}.") from None
    for name, options in tables.items():
        if problem := _problem(name, options):
            raise CatalogueError(f"{name}: {problem}.")
    return [Question(f"{path.stem}.{name}", options) for name, options in tables.items()]


def _problem(name: str, options: object) -> str | None:
    """What is wrong with one table; None when it is right."""
    if not re.fullmatch(r"question_\d+", name) or not isinstance(options, dict):
        return "only tables such as [question_1] may stand here"
    letters = string.ascii_lowercase
    for key, text in options.items():
        if len(key) != 1 or key not in letters:
            return f"unknown key {key!r}; options are called a, b, c and so on"
        if not isinstance(text, str) or not text.strip():
            return f"option {key} needs a sentence"
    if len(options) < 2:
        return "a question has two options or more"
    for letter in letters[: letters.index(max(options)) + 1]:
        if letter not in options:
            return f"option {letter} is missing"
    return None
