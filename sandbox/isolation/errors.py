"""What is raised when a layer can't be had."""


class IsolationError(Exception):
    """One sentence: what this machine lacks, and what to set."""
