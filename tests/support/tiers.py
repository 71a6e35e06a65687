"""Two tiers of tests: the quick ones of `make test`, the long ones of `make verify`."""

import os

VERIFY = bool(os.environ.get("VERIFY"))


def many(few, all_of_them):
    """How many in this tier: a number, or a list, for a test that is marked `both`."""
    return all_of_them if VERIFY else few
