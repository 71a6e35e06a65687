"""Week 4."""
