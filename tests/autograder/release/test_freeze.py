"""What is frozen is the same on every machine: other processors add in another order, and the last digits differ."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_features__ as has

from autograder import EXERCISES
from autograder.release.freeze import frozen
from tests.support.tiers import VERIFY
from utils.checks.readings import ABSOLUTE, RELATIVE, close, rounded, shortened
from utils.checks.values import settled

FREEZE = """
import json
import numpy
import threadpoolctl
from autograder import EXERCISES
from autograder.release.freeze import frozen
text = "".join(map(frozen, dict.fromkeys(exercise.notebook for exercise in EXERCISES.values())))
kernels = [library.get("architecture") for library in threadpoolctl.threadpool_info()]
features = numpy.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
print(json.dumps({"text": text, "kernels": kernels, "features": features}))
"""
# OpenBLAS runs the kernels that it is told to, whether the processor has what they need or not.
KERNELS = {
    "Nehalem": has.get("SSE42"),
    "Sandybridge": has.get("AVX"),
    "Haswell": has.get("AVX2") and has.get("FMA3"),
    "Zen": has.get("AVX2") and has.get("FMA3"),
    "SkylakeX": has.get("AVX512_SKX") or has.get("X86_V4"),
}
FOUND = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
SETTINGS = {"as it is": {}, "plain numpy": {"NPY_DISABLE_CPU_FEATURES": " ".join(FOUND)}}
SETTINGS |= {kernel: {"OPENBLAS_CORETYPE": kernel} for kernel in KERNELS}
SETTINGS["Nehalem and plain numpy"] = SETTINGS["plain numpy"] | SETTINGS["Nehalem"]
# Always tried is the setting that is the furthest from what today's processors do.
TRIED = SETTINGS if VERIFY else ["Nehalem and plain numpy"]


def freeze_with(setting):
    """What is frozen in a process with these variables: {"text", "kernels", "features"}."""
    kept = {name: value for name, value in os.environ.items() if name.split("_")[0] not in ("OPENBLAS", "NPY")}
    done = subprocess.run(
        [sys.executable, "-c", FREEZE], env=kept | setting, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.both
@pytest.mark.parametrize("name", TRIED)
def test_other_processors_freeze_the_same_bytes(name):
    setting = SETTINGS[name]
    kernel = setting.get("OPENBLAS_CORETYPE")
    if not KERNELS.get(kernel, True):
        pytest.skip(f"this processor can't run the kernels of {kernel}")
    there = freeze_with(setting)
    if kernel and there["kernels"]:
        # Those of Zen are Haswell's in the OpenBLAS that numpy brings.
        assert there["kernels"][0] in (kernel, "Haswell" if kernel == "Zen" else kernel)
    if "NPY_DISABLE_CPU_FEATURES" in setting:
        assert there["features"] == []
    assert there["text"] == "".join(map(frozen, dict.fromkeys(exercise.notebook for exercise in EXERCISES.values())))


@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.7, 40.0, 3e5])
def test_rounding_takes_away_noise_and_nothing_that_is_compared(size):
    rng = np.random.default_rng(1)
    values = size * rng.uniform(-1, 1, 20_000)
    noisy = values * (1 + 1e-14 * rng.uniform(-1, 1, values.shape))
    assert np.array_equal(rounded(values), rounded(noisy))
    assert close(values, rounded(values))
    assert np.max(np.abs(rounded(values) - values)) < 0.05 * (ABSOLUTE + RELATIVE * size)


def test_rounding_of_what_is_no_common_number():
    odd = np.array([1e-17, -1e-17, -0.0, np.nan, np.inf, -np.inf, 1e300, 255.0, 1.0 - 1e-16])
    assert [f"{value:g}" for value in rounded(odd)] == ["0", "0", "0", "nan", "1e+15", "-1e+15", "1e+15", "255", "1"]
    assert close(odd, rounded(odd))


def test_halves_of_decimal_steps_are_no_halves_here():
    """Means of numbers with a few decimals often end in 5; a last digit more or less must not decide about rounding."""
    values = np.arange(1, 200_000) / 1.6e6 + 1.0
    assert np.array_equal(rounded(values), rounded(np.nextafter(values, 2)))
    assert np.array_equal(rounded(values), rounded(np.nextafter(values, 0)))


def test_inputs_that_were_drawn_stay_as_they_are():
    drawn = {
        "X": np.array([[-0.13, 1000.5]]),
        "Y": np.array([[1]], np.uint8),
        "b": 0.37,
        "n": 3,
        "s": ([2, 0.25], None),
    }
    kept = settled(drawn)
    assert kept["X"].tolist() == drawn["X"].tolist()
    assert kept["Y"].dtype == np.uint8
    assert (kept["b"], kept["n"], kept["s"]) == (0.37, 3, ([2, 0.25], None))
    assert settled(0.1 + 0.2) == 0.3
    assert shortened(np.array([2.2052000000000005])).tolist() == [2.2052]
