"""The course for nbgrader: where things lie, and how a fresh exercise looks."""

import importlib.util
from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)

root = Path(__file__).resolve().parent
grading = root / "grading"
grading.mkdir(exist_ok=True)  # the gradebook's folder has to be there before the first command

c.CourseDirectory.course_id = "neural_networks"
c.CourseDirectory.root = str(root)
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{grading / 'gradebook.db'}"

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}

# Students' Validate button: without this it looks at graded cells only, which are empty in the release, and says that
# all is well whatever the checks say.
c.Validator.validate_all = True

# Notebooks run in a sandbox and are judged out of its reach (docs/grading.md). Students have no `autograder`: their
# Validate button runs nbgrader's own way. Settings of c.Grading: jobs, isolation, cell_seconds, memory_mb, address, ...
if importlib.util.find_spec("autograder"):
    from autograder.platforms.nbgrader.plugin import plug_into

    plug_into(c)
else:
    c.ExecutePreprocessor.timeout = 180
    c.ExecutePreprocessor.interrupt_on_timeout = True
