"""Measurements, side by side in one run: python -m benchmarks.grading, python -m benchmarks.lessons."""
