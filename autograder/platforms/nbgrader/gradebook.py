"""nbgrader's gradebook: what was released, the points that it has, and new points put in."""

from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from sqlalchemy import Select, and_, func, select

from autograder.grading.intake.released import NotReleased, ReleasedCell, ReleasedNotebook, read_hidden_test
from autograder.report.changes import OldPoints
from autograder.report.summary import Recorded


def read_released(db_url: str, course_id: str, assignment: str, release_folder: Path) -> dict[str, ReleasedNotebook]:
    """The notebooks of an assignment, by name.

    Parameters
    ----------
    db_url, course_id
        The gradebook; `nbgrader generate_assignment` wrote the assignment into it.
    assignment
    release_folder
        Where the released notebooks lie.

    Raises
    ------
    NotReleased
    """
    again = f"Run `nbgrader generate_assignment {assignment} --force` again."
    with Gradebook(db_url, course_id) as gradebook:
        try:
            entries = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            raise NotReleased(f"The gradebook doesn't know {assignment}. {again}") from None
        found = {}
        for entry in entries:
            path = Path(release_folder) / f"{entry.name}.ipynb"
            if not path.exists():
                raise NotReleased(f"There is no {path}. {again}")
            known = {cell.name: cell for cell in entry.source_cells}
            points = {cell.name: cell.max_score for cell in entry.grade_cells}
            notebook = nbformat.read(path, as_version=4)
            cells = tuple(_cell(cell, known, points, f"{assignment}/{entry.name}") for cell in notebook.cells)
            missing = set(known) - {cell.id for cell in cells}
            if missing:
                raise NotReleased(f"{path} lacks {', '.join(sorted(missing))}, which the gradebook knows. {again}")
            found[entry.name] = ReleasedNotebook(entry.name, cells, dict(notebook.metadata))
    return found


def _cell(cell: NotebookNode, known: dict[str, Any], points: dict[str, float], where: str) -> ReleasedCell:
    about = cell.metadata.get("nbgrader", {})
    name = about.get("grade_id")
    if name not in known:
        return ReleasedCell(cell.id, "plain", cell.cell_type, cell.source, dict(cell.metadata))
    kept = known[name]
    role = "graded" if about["grade"] and not about["solution"] else "answer" if about["solution"] else "locked"
    source = cell.source if role == "answer" else kept.source
    hidden_test = None
    if role == "graded" and kept.cell_type == "code":
        hidden_test = read_hidden_test(kept.source, points[name], f"{where}, cell {name}")
    return ReleasedCell(name, role, kept.cell_type, source, dict(cell.metadata), hidden_test)


def old_points(db_url: str, course_id: str, assignment: str) -> dict[tuple[str, str, str], OldPoints]:
    """The points that the gradebook has now: (student, notebook, cell) -> OldPoints."""
    asked = _of_submissions(
        select(
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.__table__.c.name,
            Grade.auto_score,
            Grade.manual_score,
            func.coalesce(GradeCell.__table__.c.max_score, TaskCell.__table__.c.max_score, 0.0),
        ),
        assignment,
    )
    with Gradebook(db_url, course_id) as gradebook:
        return {(row[0], row[1], row[2]): OldPoints(*row[3:]) for row in gradebook.db.execute(asked)}


def _of_submissions(asked: Select, assignment: str) -> Select:
    """A query about the grades of an assignment's submissions: where the tables meet."""
    return (
        asked.select_from(Grade.__table__)
        .join(SubmittedNotebook.__table__, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment.__table__, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment.__table__, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook.__table__, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell.__table__, Grade.cell_id == BaseCell.__table__.c.id)
        .outerjoin(GradeCell.__table__, GradeCell.__table__.c.id == Grade.cell_id)
        .outerjoin(TaskCell.__table__, TaskCell.__table__.c.id == Grade.cell_id)
        .where(Assignment.name == assignment)
    )


def recorded(db_url: str, course_id: str, assignment: str) -> dict[str, Recorded]:
    """What the gradebook shows of each student who handed in an assignment."""
    cells = _of_submissions(
        select(
            SubmittedAssignment.student_id,
            Notebook.name + " " + BaseCell.__table__.c.name,
            Grade.score,
            and_(Grade.needs_manual_grade, Grade.manual_score.is_(None)),
            func.coalesce(GradeCell.__table__.c.max_score, TaskCell.__table__.c.max_score, 0.0),
        ),
        assignment,
    )
    found: dict[str, Recorded] = {}
    with Gradebook(db_url, course_id) as gradebook:
        rows = defaultdict(list)
        for student, *about in gradebook.db.execute(cells):
            rows[student].append(about)
        taken = select(SubmittedNotebook.assignment_id, func.sum(SubmittedNotebook.late_submission_penalty))
        penalties = {row[0]: row[1] for row in gradebook.db.execute(taken.group_by(SubmittedNotebook.assignment_id))}
        for submission in gradebook.assignment_submissions(assignment):
            about = rows[submission.student_id]
            found[submission.student_id] = Recorded(
                sum(score for _, score, _, _ in about),
                sum(most for *_, most in about),
                penalties.get(submission.id) or 0.0,
                str(timedelta(seconds=round(seconds))) if (seconds := _seconds_late(submission)) else "",
                {name: most for name, _, waits, most in about if waits},
            )
    return found


def dates(db_url: str, course_id: str, assignment: str) -> dict[str, datetime | None]:
    """When each student handed in an assignment, as far as the gradebook knows."""
    asked = (
        select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment)
    )
    with Gradebook(db_url, course_id) as gradebook:
        return {row[0]: row[1] for row in gradebook.db.execute(asked)}


def forget_date(db_url: str, course_id: str, assignment: str, student: str) -> None:
    """Take the date from a submission that has none any more: nbgrader keeps the old one."""
    with Gradebook(db_url, course_id) as gradebook, suppress(MissingEntry):
        gradebook.find_submission(assignment, student).timestamp = None
        gradebook.db.commit()


def late(db_url: str, course_id: str, assignment: str) -> list[tuple[str, str]]:
    """(student, notebook) of all that something was taken off from, or may have to be."""
    with Gradebook(db_url, course_id) as gradebook:
        return [
            (submission.student_id, notebook.name)
            for submission in gradebook.assignment_submissions(assignment)
            for notebook in submission.notebooks
            if _seconds_late(submission) or notebook.late_submission_penalty
        ]


def _seconds_late(submission: SubmittedAssignment) -> float:
    """How late it was; nbgrader fails on an extension of a due date that there isn't."""
    return submission.total_seconds_late if submission.assignment.duedate else 0.0


def shown_marks(db_url: str, course_id: str, assignment: str) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """All that feedback takes from the gradebook, in a fixed order: (student, notebook) -> marks, comments, penalty."""
    base = BaseCell.__table__
    asked = [
        (Grade, [base.c.name, Grade.auto_score, Grade.manual_score, Grade.extra_credit]),
        (Comment, [base.c.name, Comment.auto_comment, Comment.manual_comment]),
        (None, [SubmittedNotebook.late_submission_penalty]),
    ]
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    with Gradebook(db_url, course_id) as gradebook:
        for table, columns in asked:
            query = (
                select(SubmittedAssignment.student_id, Notebook.name, *columns)
                .select_from(SubmittedNotebook.__table__)
                .join(SubmittedAssignment.__table__, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Assignment.__table__, SubmittedAssignment.assignment_id == Assignment.id)
                .join(Notebook.__table__, SubmittedNotebook.notebook_id == Notebook.id)
                .where(Assignment.name == assignment)
            )
            if table is not None:
                query = query.join(table.__table__, table.notebook_id == SubmittedNotebook.id)
                query = query.join(base, table.cell_id == base.c.id).order_by(base.c.name)
            for student, notebook, *values in gradebook.db.execute(query):
                found.setdefault((student, notebook), []).append(tuple(values))
    return found


def save_points(notebook: NotebookNode, where: dict[str, str], log: Logger) -> None:
    """Save a graded notebook's points, all of them or none: nbgrader's SaveAutoGrades in one transaction.

    As there, a mark given by hand stays, and has to be looked at again.

    Parameters
    ----------
    notebook
        Its graded cells hold our verdicts.
    where
        What nbgrader calls resources["nbgrader"]: student, assignment, notebook and db_url.
    log
    """
    with Gradebook(where["db_url"]) as gradebook:
        kept = gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
        grades = {grade.name: grade for grade in kept.grades}
        comments = {comment.name: comment for comment in kept.comments}
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if is_grade(cell):
                grade = grades[name]
                grade.auto_score, _ = determine_grade(cell, log)
                grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
            if is_solution(cell) or is_task(cell):
                comments[name].auto_comment = _comment(cell)
        gradebook.db.commit()


def _comment(cell: NotebookNode) -> str | None:
    same = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return "No response." if same and not is_task(cell) else None
