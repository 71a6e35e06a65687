"""Where nbgrader asks, and what it is told: `plug_into(c)` in nbgrader_config.py is all that is needed."""

import logging
import os
import warnings
from functools import cache
from types import ModuleType

import nbgrader.api
import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generatefeedbackapp
import nbgrader.converters.base
import nbgrader.utils
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput
from nbgrader.validator import Validator
from traitlets.config import Config

from autograder.platforms.nbgrader import pages
from autograder.platforms.nbgrader.autograde import SandboxAutograde
from autograder.platforms.nbgrader.folders import Search
from autograder.platforms.nbgrader.submissions import submitted_students, submitted_timestamp
from autograder.platforms.nbgrader.terminal import plain
from autograder.platforms.nbgrader.validate import RunHere


def plug_into(c: Config) -> None:
    """Let nbgrader's autograde, its formgrader's button, and its validate run notebooks in our sandbox.

    What it shows of them, feedback and the formgrader's pages, is made in processes apart, in bounds.

    Parameters
    ----------
    c
        What nbgrader_config.py gets from get_config().
    """
    # The commands and the formgrader's buttons each find the converters by these names.
    _put("Autograde", Autograde, SandboxAutograde, nbgrader.apps.autogradeapp)
    if hasattr(os, "fork"):  # on Windows, where nothing can be graded, there is nothing to be shown
        from autograder.platforms.nbgrader.feedback import BoundedFeedback
        from autograder.platforms.nbgrader.formgrader import show_bounded

        _put("GenerateFeedback", GenerateFeedback, BoundedFeedback, nbgrader.apps.generatefeedbackapp)
        show_bounded()
    # The formgrader lists what is taken in, also where nbgrader doesn't look.
    nbgrader.apps.api.NbGraderAPI.get_submitted_students = submitted_students
    nbgrader.apps.api.NbGraderAPI.get_submitted_timestamp = submitted_timestamp
    for searches in (nbgrader.converters.base, nbgrader.apps.api, nbgrader.utils):
        searches.glob = Search(c.CourseDirectory.root)
    # Each command logs under its own name.
    for name in nbgrader.apps.__all__:
        logging.getLogger(name).addFilter(plain)
    c.ExportApp.plugin_class = "autograder.platforms.nbgrader.export.GradesCsv"
    # Should nbgrader's own converter ever be asked all the same, it runs nothing and saves nothing.
    c.Autograde.sanitize_preprocessors = c.Autograde.autograde_preprocessors = []
    # Whoever looks at a student's notebook runs nothing that the student wrote.
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = pages.FILTERS
    # nbgrader's queries make SQLAlchemy 2.1 warn, some lines for every student, of what does no harm.
    warnings.filterwarnings("ignore", "Object of type", module=r"nbgrader\.api")
    # nbgrader opens the gradebook some ten times for each notebook. One engine for all keeps what SQLAlchemy compiled.
    nbgrader.api.create_engine = cache(nbgrader.api.create_engine)
    # This list has no setting of its own.
    if hasattr(os, "fork"):  # on Windows students validate as nbgrader does it
        Validator.preprocessors.default_args = ([CheckCellMetadata, ClearOutput, RunHere],)


def _put(name: str, stock: type, ours: type, app: ModuleType) -> None:
    """Put a converter of ours in the place of nbgrader's, for its command and its formgrader's button."""
    for asks in (app, nbgrader.apps.api):
        if getattr(asks, name) not in (stock, ours):
            raise ImportError(
                f"{asks.__name__} converts with {getattr(asks, name)}: another nbgrader than this is for."
            )
        setattr(asks, name, ours)
