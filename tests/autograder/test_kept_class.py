"""The points of a class that was kept: right answers of many kinds, known mistakes, half and untouched notebooks."""

import pytest

from tests.support.kept_class import earned, read_class

NOTEBOOKS = read_class()


@pytest.mark.verify
@pytest.mark.long
@pytest.mark.parametrize("one", NOTEBOOKS, ids=lambda one: f"{one['student']}-{one['notebook']}")
def test_points_are_those_that_were_kept(one):
    assert earned(one) == one["points"]
