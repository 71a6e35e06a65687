"""What was handed in, made clean: a hostile or broken folder in, notebooks to grade and plain sentences out."""
