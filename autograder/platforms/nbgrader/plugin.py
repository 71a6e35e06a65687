"""Where nbgrader asks, and what it is told: `plug_into(c)` in nbgrader_config.py is all that is needed."""

import logging
import os
import warnings
from functools import cache

import nbgrader.api
import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.converters.base
import nbgrader.utils
from nbgrader.converters import Autograde
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

    Parameters
    ----------
    c
        What nbgrader_config.py gets from get_config().
    """
    # The command and the formgrader's button each find the converter by this name.
    for asks in (nbgrader.apps.autogradeapp, nbgrader.apps.api):
        if asks.Autograde not in (Autograde, SandboxAutograde):
            raise ImportError(
                f"{asks.__name__} converts with {asks.Autograde}: another nbgrader than this is made for."
            )
        asks.Autograde = SandboxAutograde
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
