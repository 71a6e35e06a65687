"""nbgrader: the only place that knows how it works inside."""
