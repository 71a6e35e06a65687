"""The instructors' commands: python -m autograder --help"""

import sys
from pathlib import Path

import click

from autograder.grading.text import STOPPED
from autograder.release.generate import CannotRelease, make_release
from autograder.release.solutions import make_solutions


@click.group()
def main() -> None:
    """Neural Networks and Deep Learning: for instructors."""


@main.command()
def release() -> None:
    """Generate release/ and the students' checks from source/, and write the points wherever they are told."""
    try:
        assignments = make_release()
    except CannotRelease as stopped:
        raise SystemExit("\n".join([*stopped.problems, "Nothing was written."])) from None
    click.echo(f"Released {', '.join(assignments)} into release/, and their checks into utils/checks/frozen/.")


@main.command()
def solutions() -> None:
    """Run the solutions into build/solutions/, for people who learn on their own."""
    written = make_solutions()
    click.echo(f"Wrote {len(written)} solved notebooks into {written[0].parent.parent}.")


@main.command()
@click.argument("assignment")
@click.option("--student", default="*", metavar="NAME", help="Only this student; * and ? stand for letters.")
@click.option("--notebook", default="*", metavar="NAME", help="Only this notebook; * and ? stand for letters.")
@click.option("--force", is_flag=True, help="Write all points anew; run again what met a deadline or a crash.")
@click.option("--jobs", type=click.IntRange(min=0), metavar="N", help="Notebooks at once; 0, one for each core.")
@click.option(
    "--isolation",
    type=click.Choice(["full", "best", "none"]),
    help="Refuse unless every layer is there; take what there is; limits only.",
)
@click.option("--address", metavar="URL", help="Of a Dask scheduler, to grade on its cluster: tcp://10.0.0.1:8786.")
def grade(assignment: str, student: str, notebook: str, force: bool, **options: str | int | None) -> None:
    """Grade what was handed in for ASSIGNMENT, for example week2.

    Call it in the course's folder: submissions lie in grading/submitted/NAME/ASSIGNMENT. Points go into the gradebook,
    reports into grading/reports. It does what `nbgrader autograde` and the formgrader's button do. Stop it whenever you
    like; the next run goes on where it was.
    """
    try:
        if not Path("nbgrader_config.py").exists():
            sys.exit("There is no nbgrader_config.py here: go to the course's folder first.")
        # Importing nbgrader takes seconds, which the other commands needn't pay.
        from autograder.platforms.nbgrader.autograde import autograde

        given = {name: value for name, value in options.items() if value is not None}
        autograde(assignment, student, notebook, force, **given)
    except KeyboardInterrupt:
        click.echo(STOPPED, err=True)
        sys.exit(130)


main(prog_name="python -m autograder")
