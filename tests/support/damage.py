"""Damages notebooks the way that students, tools and transfers do, and tells which exercises that may cost points.

An exercise is named by the function of its answer cell. What only hurts names, tags, types, outputs or order costs
nothing; what hurts an answer's source touches it, and every answer that calls it.
"""

import copy
import json
import re

BOUND = re.compile(r"^(?:def |class )?(\w+)(?=\(|:| *=[^=])", re.MULTILINE)


def damage(text, rng):
    """Damage a notebook in one to three ways.

    Parameters
    ----------
    text : str
        A whole notebook.
    rng : random.Random

    Returns
    -------
    text : str
    touched : set of str
        Names of the functions that may have lost points; all others may not.
    """
    notebook = json.loads(text)
    needs = _needs(notebook["cells"])
    hurt, changed = set(), rng.choices(IN_CELLS, k=rng.randint(0, 2))
    for change in changed:
        hurt |= change(notebook["cells"], rng)
    if rng.random() < 0.2:
        rng.choice(ALL_OVER)(notebook, rng)
    head, cells, tail = _pieces(notebook)
    if rng.random() < 0.4 or not changed:
        text, lost = rng.choice(IN_TEXT)(head, cells, tail, rng)
        hurt |= lost
    else:
        text = head + ",\n".join(cells) + tail
    return text, {name for name, wanted in needs.items() if wanted & hurt}


def answers(cells):
    """The answer cells of a notebook: function name -> source."""
    found = {}
    for cell in cells:
        name = re.search(r"^def (\w+)", _source(cell), re.MULTILINE)
        if name and (_about(cell) or {}).get("solution"):
            found[name[1]] = _source(cell)
    return found


def _needs(cells):
    """Function -> itself and all names that it uses, directly or through other functions of the notebook."""
    sources = answers(cells)
    needs = {name: set(re.findall(r"\w+", source)) for name, source in sources.items()}
    for _ in sources:
        for wanted in needs.values():
            wanted.update(*(needs[name] for name in wanted & needs.keys()))
    return needs


def _source(cell):
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _bound(cell):
    """Names that a cell gives a value, and so all that is lost with it."""
    return set(BOUND.findall(_source(cell)))


def _about(cell):
    """The nbgrader metadata of a cell, as far as they are still a dict."""
    about = cell["metadata"].get("nbgrader") if isinstance(cell["metadata"], dict) else None
    return about if isinstance(about, dict) else None


# Changes of cells: each gives the names that it may have cost.


def drop(cells, rng):
    """Delete a cell."""
    return _bound(cells.pop(rng.randrange(len(cells))))


def double(cells, rng):
    """Copy a cell; Jupyter gives the copy an id of its own and leaves nbgrader's name the same."""
    at = rng.randrange(len(cells))
    twin = copy.deepcopy(cells[at])
    match rng.randrange(3):
        case 0:
            twin["id"] = f"copy-{rng.randrange(10**6)}"
        case 1:
            twin.pop("id", None)
    cells.insert(rng.randint(at + 1, len(cells)), twin)
    return set() if _about(twin) else _bound(twin)


def split(cells, rng):
    """Split a cell at a line; the second half keeps nbgrader's name or loses it."""
    at = rng.randrange(len(cells))
    lines = _source(cells[at]).splitlines(keepends=True)
    cut = rng.randint(0, len(lines))
    second = copy.deepcopy(cells[at])
    second["id"] = f"half-{rng.randrange(10**6)}"
    if rng.random() < 0.5:
        second["metadata"] = {}
    lost = _bound(cells[at])
    cells[at]["source"], second["source"] = "".join(lines[:cut]), "".join(lines[cut:])
    cells.insert(at + 1, second)
    return lost


def move(cells, rng):
    """Move a cell: an answer is as good anywhere, but those that call it may now come before it."""
    cell = cells.pop(rng.randrange(len(cells)))
    own = answers([cell])
    callers = {name for name, source in answers(cells).items() if own.keys() & set(re.findall(r"\w+", source))}
    cells.insert(rng.randint(0, len(cells)), cell)
    return callers if own else _bound(cell)


def move_test(cells, rng):
    """Move a locked cell."""
    tests = [i for i, cell in enumerate(cells) if (_about(cell) or {}).get("locked")]
    if tests:
        cell = cells.pop(rng.choice(tests))
        cells.insert(rng.randint(0, len(cells)), cell)
    return set()


def retype(cells, rng):
    """Change a cell's type; an answer cell gets its own back."""
    cell = rng.choice(cells)
    cell["cell_type"] = rng.choice(["markdown", "raw", "code", "Code", "heading", "video", None, 3])
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)
    return set() if _about(cell) else _bound(cell)


def merge(cells, rng):
    """Merge a cell with the next: the first one's type and metadata stay."""
    if len(cells) < 2:
        return set()
    at = rng.randrange(len(cells) - 1)
    second = cells.pop(at + 1)
    lost = _bound(cells[at]) | _bound(second)
    cells[at]["source"] = _source(cells[at]) + "\n\n" + _source(second)
    return lost


def change_id(cells, rng):
    """Lose, double or spoil the ids of some cells."""
    for cell in rng.sample(cells, rng.randint(1, len(cells))):
        match rng.randrange(4):
            case 0:
                cell.pop("id", None)
            case 1:
                cell["id"] = rng.choice(cells).get("id", "x")
            case 2:
                cell["id"] = rng.choice(["", "two words", "x" * 500, "ü", "own", "own-2"])
            case 3:
                cell["id"] = rng.choice([None, 7, ["a"], {}])
    return set()


def change_grade_id(cells, rng):
    """Change, swap, invent or lose nbgrader's names."""
    known = [about for about in map(_about, cells) if about]
    if known:
        one, other = rng.choice(known), rng.choice(known)
        match rng.randrange(4):
            case 0:
                one["grade_id"], other["grade_id"] = other.get("grade_id"), one.get("grade_id")
            case 1:
                one["grade_id"] = other.get("grade_id")
            case 2:
                one["grade_id"] = rng.choice(["invented", "", "grade-", None, 5, ["a"], {"a": 1}])
            case 3:
                one.pop("grade_id", None)
    return set()


def change_metadata(cells, rng):
    """Change what else nbgrader noted in some cells, or all of it."""
    for cell in rng.sample(cells, rng.randint(1, min(5, len(cells)))):
        about = _about(cell)
        match rng.randrange(4):
            case 0 if about:
                for key in rng.sample(["solution", "grade", "locked", "task"], 2):
                    about[key] = rng.choice([True, False, None, "yes"])
            case 1 if about:
                about["points"] = rng.choice([1000, -5, "many", None, 1e300])
                about["schema_version"] = rng.choice([0, 1, 2, 4, "x", None, [3]])
            case 2 if about:
                cell["metadata"]["nbgrader"] = rng.choice([[], ["a"], "x", None, {}, 3])
            case 3 if about:
                cell["metadata"] = rng.choice([{}, [], None, "x", {"nbgrader": about, "deletable": "x"}])
                cell["metadata"] = {} if rng.random() < 0.5 else cell["metadata"]
    return set()


def add_tags(cells, rng):
    """Tag cells with what Jupyter, nbconvert and nbclient act upon."""
    for cell in rng.sample(cells, rng.randint(1, len(cells))):
        if isinstance(cell["metadata"], dict):
            cell["metadata"]["tags"] = rng.choice([["skip-execution"], ["raises-exception"], ["remove_cell"], "x", 3])
    return set()


def reshape_source(cells, rng):
    """Write a source as lines, which is as good, or as something that it can't be."""
    cell = rng.choice(cells)
    if rng.random() < 0.7:
        cell["source"] = _source(cell).splitlines(keepends=True)
        return set()
    lost = _bound(cell)
    cell["source"] = rng.choice([None, 5, {}, [1, None], True])
    return lost


def lose_source(cells, rng):
    """Leave a cell without a source."""
    cell = rng.choice(cells)
    lost = _bound(cell)
    cell.pop("source", None)
    return lost


def inject(cells, rng):
    """Add outputs, attachments and keys that nobody knows."""
    cell = rng.choice(cells)
    cell["outputs"] = rng.choice(
        [
            [{"output_type": "stream", "name": "stdout", "text": ["x\n"] * 500}],
            [{"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}],
            [{"output_type": "display_data", "data": {"text/html": "<script>1</script>"}, "metadata": {}}],
            "none",
            [[[[]]]],
        ]
    )
    cell["attachments"] = {"a.png": {"image/png": "AAAA"}}
    cell["execution_count"] = rng.choice([5, -1, "x", None])
    cell["unknown"] = {"deep": {"er": [1.5e300, -0.0]}}
    return set()


def strange_cell(cells, rng):
    """Put something among the cells that is none."""
    cells.insert(rng.randint(0, len(cells)), {"cell_type": "code", "metadata": {}, "source": "x_ = 1  # own"})
    return set()


IN_CELLS = [drop, double, split, move, move_test, retype, merge, change_id, change_grade_id, change_metadata]
IN_CELLS += [add_tags, reshape_source, lose_source, inject, strange_cell]


# Changes of the whole notebook, none of which costs anything.


def lose_nbgrader(notebook, rng):
    """Lose all of nbgrader's metadata, or every cell's metadata, as exports through other tools do."""
    everything = rng.random() < 0.5
    for cell in notebook["cells"]:
        if everything or not isinstance(cell["metadata"], dict):
            cell["metadata"] = {}
        cell["metadata"].pop("nbgrader", None)


def lose_ids(notebook, rng):
    """Become a notebook of version 4.4, which has no ids."""
    for cell in notebook["cells"]:
        cell.pop("id", None)
    notebook["nbformat_minor"] = rng.choice([4, 2, 0])


def lose_all_names(notebook, rng):
    """Lose ids and nbgrader's metadata."""
    lose_nbgrader(notebook, rng)
    lose_ids(notebook, rng)


def lose_metadata(notebook, rng):
    """Spoil what is noted of the whole notebook."""
    notebook["metadata"] = rng.choice([{}, [], None, "x", {"kernelspec": {"name": "julia", "display_name": "x"}}])
    notebook["nbformat"] = rng.choice([4, 3, 5, "4", None])


ALL_OVER = [lose_nbgrader, lose_ids, lose_all_names, lose_metadata]


# Changes of the text.


def _pieces(notebook):
    """The notebook's text in pieces: before the cells, each cell, after them."""
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    cells = [json.dumps(cell, indent=1, sort_keys=True) for cell in notebook["cells"]]
    return '{\n "cells": [\n', cells, "\n],\n" + json.dumps(rest, indent=1)[2:]


def _lost(head, cells, first, last):
    """Names that are bound by cells of which a character from first to last is hurt."""
    lost, start = set(), len(head)
    for cell in cells:
        end = start + len(cell)
        if start <= last and first < end:
            lost |= _bound(json.loads(cell))
        start = end + len(",\n")
    return lost


def truncate(head, cells, tail, rng):
    """Cut the file off."""
    text = head + ",\n".join(cells) + tail
    cut = rng.randrange(len(text))
    return text[:cut], _lost(head, cells, cut, len(text))


def flip(head, cells, tail, rng):
    """Write another character over one."""
    text = head + ",\n".join(cells) + tail
    at = rng.randrange(len(text))
    other = rng.choice('"\\{}[],:x0 \n\0\ufffd')
    return text[:at] + other + text[at + 1 :], _lost(head, cells, at, at)


def lose_part(head, cells, tail, rng):
    """Lose a stretch in the middle."""
    text = head + ",\n".join(cells) + tail
    first = rng.randrange(len(text))
    last = min(first + rng.randint(1, 2000), len(text) - 1)
    return text[:first] + text[last + 1 :], _lost(head, cells, first, last)


def conflict(head, cells, tail, rng):
    """Leave a merge conflict around one cell."""
    at = rng.randrange(len(cells))
    theirs = json.dumps({"cell_type": "code", "metadata": {}, "source": "theirs"}, indent=1)
    comma = "," if at < len(cells) - 1 else ""
    lines = ["<<<<<<< HEAD", cells[at] + comma, "=======", theirs + comma, ">>>>>>> theirs"]
    parts = [cell + ("," if i < len(cells) - 1 else "") for i, cell in enumerate(cells)]
    parts[at] = "\n".join(lines)
    return head + "\n".join(parts) + tail, set()


def surround(head, cells, tail, rng):
    """Put something before or behind the notebook."""
    before = rng.choice(["", "\ufeff", "\n\n"])
    after = rng.choice(["", "\n}", "}" * 50, "\0" * 300, "<html></html>", '{"cells": []}'])
    return before + head + ",\n".join(cells) + tail + after, set()


def cells_by_name(head, cells, tail, rng):
    """Hold the cells in an object where a list belongs."""
    named = [f'"{i}": {cell}' for i, cell in enumerate(cells)]
    return head.replace("[", "{") + ",\n".join(named) + tail.replace("]", "}", 1), set()


def version_3(head, cells, tail, rng):
    """Write the notebook as Jupyter did long ago."""
    old = [json.loads(cell) for cell in cells]
    for cell in old:
        cell.pop("id", None)
        if cell.get("cell_type") == "code" and "source" in cell:
            cell["input"] = cell.pop("source")
    return json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": old}, {}, None]}), set()


def odd_numbers(head, cells, tail, rng):
    """Write numbers that JSON doesn't have, or that are too long."""
    number = rng.choice(["NaN", "-Infinity", "1" * 5000, "1e" + "9" * 400])
    return '{"odd": ' + number + ", " + head[1:] + ",\n".join(cells) + tail, set()


IN_TEXT = [truncate, flip, flip, lose_part, conflict, surround, cells_by_name, version_3, odd_numbers]
