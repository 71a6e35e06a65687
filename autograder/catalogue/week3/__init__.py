"""Week 3."""
