"""nbgrader's search for folders, where a name holds what searches take for a pattern: "[" in the course's path."""

import glob as patterns
import os


class Search:
    """Takes the place of the module `glob` where nbgrader looks for files of a course.

    Parameters
    ----------
    root : str
        The course's folder.
    """

    def __init__(self, root: str) -> None:
        self.root = root

    def glob(self, pattern: str) -> list[str]:
        """As `glob.glob`: the course's folder is no pattern, nor is a name with "[" that is there as it stands."""
        if not pattern.startswith(self.root):
            return patterns.glob(pattern)
        literal, searched = self.root, patterns.escape(self.root)
        for part in pattern.removeprefix(self.root).strip(os.sep).split(os.sep):
            literal = os.path.join(literal, part)
            there = "[" in part and os.path.lexists(literal)
            searched = os.path.join(searched, patterns.escape(part) if there else part)
        return patterns.glob(searched)
