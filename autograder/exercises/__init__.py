"""What an exercise is: its reference, its cases, and the mistakes known for it."""
