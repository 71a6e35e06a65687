"""Week 2."""
