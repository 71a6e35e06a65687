"""A progress bar for long training."""

import sys


def progress(steps, label="training"):
    """Go through `steps` (for example range(2000)) with a progress bar that appears when it takes over a second."""
    from tqdm import tqdm

    # On standard output, because nbgrader takes any text on standard error for a failure.
    return tqdm(steps, desc=label, delay=1, file=sys.stdout, mininterval=0.5, ascii=" ▏▎▍▌▋▊▉█")
