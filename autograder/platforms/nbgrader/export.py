"""nbgrader export: the same table as its own, in which no name is a formula or a column more."""

from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import CsvExportPlugin

from autograder.grading.pool.store import write_whole
from autograder.report.tables import to_csv

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


class GradesCsv(CsvExportPlugin):
    """Writes grades.csv, or what --to names."""

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each student and assignment.

        Parameters
        ----------
        gradebook
        """
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        rows = [
            _row(gradebook, assignment, student)
            for assignment in gradebook.assignments
            if assignment.name in map(str, self.assignment or [assignment.name])
            for student in gradebook.students
            if student.id in map(str, self.student or [student.id])
        ]
        write_whole(path, to_csv(COLUMNS, rows))


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> list[str | float]:
    moment, score, penalty = "", 0.0, 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
        moment, score, penalty = submission.timestamp, submission.score, submission.late_submission_penalty
    except MissingEntry:
        pass  # who handed nothing in has no points
    names = (assignment.name, assignment.duedate, moment, student.id, student.last_name, student.first_name)
    texts = ["" if name is None else str(name) for name in (*names, student.email)]
    return [*texts, score, penalty, max(0.0, score - penalty), assignment.max_score]
