"""The repository as a whole: dependencies agree, nothing heavy, nothing private, links that lead somewhere."""

import os
import platform
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import distributions

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from autograder.course import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_conda_environment_has_the_same_dependencies():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [entry for entry in environment["dependencies"] if isinstance(entry, str) and entry != "pip"]
    assert sorted(plain) == sorted([*PROJECT["dependencies"], f"python{PROJECT['requires-python']}"])


@cache
def pins():
    """A dict from each pinned distribution to its version."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(name): version
        for name, version in (line.split("==") for line in lines if not line.startswith("#"))
    }


def test_constraints_are_names_and_versions():
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line
    assert pins()["nbgrader"] == "0.9.6"


# The oldest and the newest patch of each Python that we support; Debian 12 has 3.11.2.
PYTHONS = ("3.11.0", "3.11.15", "3.12.0", "3.12.15", "3.13.0", "3.13.15")


def test_what_is_pinned_runs_on_every_patch_of_python():
    for found in distributions():
        wanted = SpecifierSet(found.metadata.get("Requires-Python") or "")
        refused = [python for python in PYTHONS if python not in wanted]
        assert not refused, f"{found.name} {found.version} needs Python {wanted}: pin one that runs on {refused[0]}"


@cache
def installed():
    """A dict from each distribution of this environment to its metadata."""
    return {canonicalize_name(found.name): found for found in distributions()}


def needed(python):
    """Yield (name, Requirement, who needs it) for all that a Python needs, ours first, then what that needs in turn."""
    environment = default_environment() | {"python_version": python[:4], "python_full_version": python}
    texts = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    waiting, seen = [(Requirement(text), "this project") for text in texts], set()
    while waiting:
        requirement, by = waiting.pop()
        name = canonicalize_name(requirement.name)
        yield name, requirement, by
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen and name in installed():
                seen.add((name, extra))
                inner = map(Requirement, installed()[name].requires or ())
                marks = environment | {"extra": extra}
                waiting += [(found, name) for found in inner if found.marker is None or found.marker.evaluate(marks)]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_pins_resolve(python):
    """Whatever a Python needs is pinned, at a version that all who need it accept."""
    for name, requirement, by in needed(python):
        assert name in pins(), f"{by} needs {requirement}: it has no tested version"
        assert pins()[name] in requirement.specifier, f"{by} needs {requirement}, and {pins()[name]} is pinned"


@pytest.mark.verify
@pytest.mark.parametrize("python", [python for python in PYTHONS[::2] if python[:4] != platform.python_version()[:4]])
def test_there_are_wheels_for_every_other_python(python, tmp_path):
    """Of what is compiled for one Python, and of what this one doesn't need; the rest was installed for this test."""
    pip = [sys.executable, "-m", "pip"]
    reachable = subprocess.run([*pip, "index", "versions", "numpy"], capture_output=True).returncode == 0
    if not reachable and not os.environ.get("CI"):
        pytest.skip("Whether there are wheels is asked of a package index, which can't be reached from here.")
    names = {name for name, _, _ in needed(python)}
    wheels = {name: installed()[name].read_text("WHEEL") or "" for name in names & installed().keys()}
    for_all = {name for name, text in wheels.items() if re.search(r"^Tag: (.*py3-none|cp3\d+-abi3)-", text, flags=re.M)}
    wanted = [f"{name}=={pins()[name]}" for name in sorted(names - for_all)]
    assert any(pin.startswith("numpy==") for pin in wanted)
    options = ["--dry-run", "--quiet", "--ignore-installed", "--no-deps", "--only-binary=:all:", f"--target={tmp_path}"]
    command = [*pip, "install", *options, f"--python-version={python}", *wanted]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_files_are_small_and_say_nothing_private():
    # Built from pieces, so that this file doesn't match itself.
    private = re.compile(
        "|".join(["py" + r"pi\.org", "files" + r"\.pythonhosted", "/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/"])
    )
    for path in tracked():
        assert path.stat().st_size <= 6_000_000, f"{path} is over 6 MB"
        if path.suffix not in (".h5", ".png"):
            found = private.search(path.read_text(encoding="utf-8"))
            assert not found, f"{path} names {found.group()}"


def test_no_outputs_are_committed():
    for path in tracked():
        if path.suffix == ".ipynb":
            text = path.read_text(encoding="utf-8")
            assert '"image/png"' not in text
            assert '"output_type"' not in text


def test_nbstripout_leaves_the_notebooks_as_they_are(tmp_path):
    notebooks = [path for path in tracked() if path.suffix == ".ipynb"]
    copies = [tmp_path / f"{number}.ipynb" for number in range(len(notebooks))]
    for path, copy in zip(notebooks, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    subprocess.run([sys.executable, "-m", "nbstripout", "--keep-id", *map(str, copies)], check=True)
    for path, copy in zip(notebooks, copies, strict=True):
        assert copy.read_bytes() == path.read_bytes(), f"nbstripout changes {path}"


def test_links_of_the_documents_lead_somewhere():
    for path in tracked():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
                if "://" not in target:
                    assert (path.parent / target).exists(), f"{path} links to {target}"


def test_paths_in_the_documents_exist():
    """A path in backticks is there: from the root, from the document, or for `intake/` alone, anywhere.

    In it N, K and NAME stand for any; grading/ and build/ are made when they are needed.
    """
    places = {"weekN": "week*", "quizK": "quiz*", "NAME": "*"}
    for path in tracked():
        if path.suffix == ".md":
            prose = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
            for named in re.findall(r"`(?:\.?\w[\w.-]*/[\w./-]*|[\w-]+\.(?:py|toml|yml|ya?ml))`", prose):
                named = named.strip("`")
                if named.split("/")[0] not in ("grading", "build"):
                    pattern = re.sub("|".join(places), lambda found: places[found[0]], named)
                    found = [*ROOT.glob(pattern), *path.parent.glob(pattern)]
                    found += [other for other in tracked() if other.parent.name == named.rstrip("/")]
                    assert found, f"{path.name} names {named}, which isn't there"


def test_packages_import_in_one_direction():
    for path in (ROOT / "utils").glob("**/*.py"):
        assert not re.search(r"^\s*(from|import) autograder", path.read_text(encoding="utf-8"), flags=re.M), path
    for path in tracked():
        if path.suffix == ".ipynb" and "source" not in path.relative_to(ROOT).parts:
            assert "autograder" not in path.read_text(encoding="utf-8"), path


def test_make_names_its_targets():
    help_text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: help (.*)$", makefile, flags=re.M).group(1).split()
    assert [target for target in targets if f"make {target}" not in help_text] == []
