"""The formgrader's page of a graded notebook: made in a process apart, while its server goes on."""

import asyncio
import sys
from functools import cache
from typing import Any

from autograder.platforms.nbgrader.building import Builder, PageJob, packed

HANDLERS = "nbgrader.server_extensions.formgrader.handlers"


def show_bounded() -> None:
    """Let the formgrader show pages that are bounded, if this process is its server.

    nbgrader's handler finds the notebook and asks an exporter for its page. Where Jupyter was started above the course,
    the server has made its handlers and its exporter before it knew this course: it is the class that has to change.
    """
    handlers = sys.modules.get(HANDLERS)
    if handlers is None or getattr(handlers.SubmissionHandler.get, "bounded", False):
        return
    find = handlers.SubmissionHandler.get

    async def get(self: Any, submission_id: str) -> None:
        asked = _Asked()
        self.settings["nbgrader_exporter"] = asked
        find(self, submission_id)  # without a pause, so that no other request comes between
        if asked.job is None:
            return
        notebook, resources = asked.job
        job = PageJob(notebook, resources, packed(self.settings["nbgrader_formgrader"].config))
        page = await asyncio.to_thread(_builder().page, job)
        self.write(page.html)

    get.bounded = True  # type: ignore[attr-defined]
    handlers.SubmissionHandler.get = get


class _Asked:
    """In the place of an exporter: remembers what it is asked for."""

    def __init__(self) -> None:
        self.job: tuple[str, dict[str, Any]] | None = None

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Nothing yet."""
        self.job = filename, resources
        return "", resources


@cache
def _builder() -> Builder:
    """One process for all pages of this server: it is kept, since it takes a second to start."""
    return Builder(1)
