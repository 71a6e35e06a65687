"""The instructors' commands: python -m autograder --help"""

import click

from autograder.release.generate import CannotRelease, make_release
from autograder.release.solutions import make_solutions


@click.group()
def main():
    """Neural Networks and Deep Learning: for instructors."""


@main.command()
def release():
    """Generate release/ and the students' checks from source/, and write the points wherever they are told."""
    try:
        assignments = make_release()
    except CannotRelease as stopped:
        raise SystemExit("\n".join([*stopped.problems, "Nothing was written."])) from None
    click.echo(f"Released {', '.join(assignments)} into release/, and their checks into utils/checks/frozen/.")


@main.command()
def solutions():
    """Run the solutions into build/solutions/, for people who learn on their own."""
    written = make_solutions()
    click.echo(f"Wrote {len(written)} solved notebooks into {written[0].parent.parent}.")


main(prog_name="python -m autograder")
