"""What the instructor reads after grading; made from stored results only."""
