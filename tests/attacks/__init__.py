"""What clever, lazy or hostile students hand in: every module adds attacks of one kind to `ATTACKS`.

An attack is a submission. Beside it stands the same submission without the attack, and what counts is the difference.
"""

from tests.attacks.corpus import ATTACKS, Attack, build

__all__ = ["ATTACKS", "Attack", "build"]
