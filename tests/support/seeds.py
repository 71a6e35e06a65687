"""On how many draws of the inputs the exercises are tested."""

import os

SEEDS = int(os.environ.get("SEEDS", "5"))
