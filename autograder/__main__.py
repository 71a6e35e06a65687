"""The instructors' commands: python -m autograder --help"""

import click

from autograder.release import make_release


@click.group()
def main():
    """Neural Networks and Deep Learning: for instructors."""


@main.command()
def release():
    """Generate release/ and the students' checks from source/."""
    assignments = make_release()
    click.echo(f"Released {', '.join(assignments)} into release/, and their checks into utils/frozen/.")


main(prog_name="python -m autograder")
