"""The map of topics leads to places that exist."""

import re

import nbformat
import pytest
import yaml

from autograder.course import ROOT

TOPICS = yaml.safe_load((ROOT / "docs" / "topics.yml").read_text(encoding="utf-8"))
TAUGHT = [(week, topic, where) for week, topics in TOPICS.items() for topic, where in topics.items() if where != "open"]


def places(path):
    """The names that a reader can be sent to: cell ids of a notebook, headings of a document."""
    if path.suffix == ".ipynb":
        return {cell.id for cell in nbformat.read(path, as_version=4).cells}
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("week", "topic", "where"), TAUGHT, ids=[f"{week}: {topic}" for week, topic, _ in TAUGHT])
def test_every_target_exists(week, topic, where):
    file, place = where.split("#")
    assert (ROOT / file).exists()
    assert place in places(ROOT / file)


def test_only_weeks_to_come_are_open():
    still_open = {week for week, topics in TOPICS.items() if "open" in topics.values()}
    assert list(TOPICS) == ["week 1", "week 2", "week 3", "week 4", "week 5"]
    assert still_open == {"week 4", "week 5"}
    assert min(len(topics) for topics in TOPICS.values()) >= 15
