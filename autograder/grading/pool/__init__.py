"""Many jobs at once, anywhere, each result kept on disk as soon as it is there."""
