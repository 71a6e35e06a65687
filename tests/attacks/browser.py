# ruff: noqa: E501 (cells as students write them)
"""Attacks on the browser of whoever looks at a graded notebook: scripts in outputs, texts and errors.

What must never reach the page as markup is marked with the word pwned.
"""

import nbformat

from tests.attacks.corpus import attack

SCRIPTS = """<script>pwned()</script><img src=x onerror="pwned()"><svg onload="pwned()"><svg><script>pwned()</script></svg>
<iframe src="javascript:pwned()"></iframe><a href="javascript:pwned()">click</a><a href="java&#10;script:pwned()">click</a>
<iframe srcdoc="<script>pwned()</script>"></iframe><object data="javascript:pwned()"></object><embed src="javascript:pwned()">
<form action="javascript:pwned()"><button formaction="javascript:pwned()">go</button></form><details open ontoggle=pwned()>
<math href="javascript:pwned()">x</math><style>@import 'javascript:pwned()';</style><base href="javascript:pwned()//">
<meta http-equiv="refresh" content="0;url=javascript:pwned()"><link rel=stylesheet href="javascript:pwned()">
<noscript><p title="</noscript><img src=x onerror=pwned()>"></noscript><template><script>pwned()</script></template>
<body onload=pwned()><input autofocus onfocus=pwned()><video><source onerror=pwned()></video>"""


def shows(name, tries, naive, cells=(), **parts):
    """An attack whose graded notebook is made into a page, as the formgrader and the feedback make it."""
    attack(name, tries, naive, cells=cells, page=True, **parts)


def displays(kind, payload="SCRIPTS"):
    """A cell that displays a value of some kind."""
    return f"SCRIPTS = {SCRIPTS!r}\nfrom IPython.display import display\ndisplay({{{kind!r}: {payload}}}, raw=True)"


shows(
    "scripts-in-html",
    "displays HTML with scripts of twenty kinds",
    "the formgrader shows outputs as they are",
    displays("text/html"),
)
shows(
    "scripts-in-javascript",
    "displays application/javascript and widgets",
    "the formgrader runs them",
    (
        displays("application/javascript", '"pwned()"'),
        displays("application/vnd.jupyter.widget-view+json", '"pwned()"'),
    ),
)
shows(
    "scripts-in-svg",
    "displays a picture as SVG with scripts in it",
    "SVG is put into the page, not loaded as a picture",
    displays(
        "image/svg+xml",
        '\'<svg xmlns="http://www.w3.org/2000/svg" onload="pwned()"><script>pwned()</script></svg>\' + SCRIPTS',
    ),
)
shows(
    "scripts-in-markdown",
    "displays Markdown and LaTeX with HTML in it",
    "Markdown is turned into HTML after the outputs were cleaned",
    (displays("text/markdown"), displays("text/latex")),
)
for kind in ("png", "jpeg", "gif"):
    shows(
        f"scripts-in-a-{kind}",
        f"a picture of kind {kind} whose base64 closes its attribute",
        "the text is put between the quotes of src",
        displays(f"image/{kind}", '\'x" onerror="pwned()"><script>pwned()</script><img src="\' + SCRIPTS'),
    )
shows(
    "scripts-in-errors",
    "errors whose names, texts and tracebacks are HTML and colour codes",
    "colour codes are turned into HTML after escaping, or before",
    (
        f"SCRIPTS = {SCRIPTS!r}\nraise type('<script>pwned()</script>', (Exception,), {{}})(SCRIPTS + '\\x1b[31m' + SCRIPTS)",
        f"import sys\nprint({SCRIPTS!r})\nprint('\\x1b[31m<script>pwned()</script>', file=sys.stderr)",
    ),
)
shows(
    "scripts-in-plain-text",
    "a repr that is HTML, and one with colour codes",
    "text/plain isn't escaped",
    f"class Odd:\n    def __repr__(self):\n        return {SCRIPTS!r} + '\\x1b[31m<script>pwned()</script>'\nOdd()",
)
shows(
    "scripts-in-a-verdict",
    "returns objects, raises errors and uses keys whose texts are HTML",
    "the feedback quotes what the student's function gave",
    functions={
        "softmax": f"def softmax(x):\n    raise ValueError({SCRIPTS!r})\n",
        "L2": f"def L2(a, b):\n    return type('pwned', (), {{'__repr__': lambda self: {SCRIPTS!r}}})()\n",
        "sigmoid": f"def sigmoid(x):\n    return {{{SCRIPTS!r}: 1.0}}\n",
    },
)


def _texts(notebook):
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(SCRIPTS, id="own-text"))
    notebook.cells.insert(2, nbformat.v4.new_raw_cell(SCRIPTS, id="own-raw"))
    notebook.cells[0].source = SCRIPTS
    odd = nbformat.v4.new_markdown_cell(
        '[x](javascript:pwned()) ![x](x"onerror="pwned()) <javascript:pwned()>', id="own-link"
    )
    notebook.cells.insert(3, odd)
    raw = nbformat.v4.new_raw_cell(
        SCRIPTS, id="own-html", metadata={"raw_mimetype": "text/html", "format": "text/html"}
    )
    notebook.cells.insert(4, raw)


shows(
    "scripts-in-texts",
    "Markdown and raw cells with scripts",
    "HTML in Markdown is shown as it is",
    edit=_texts,
)


def _names(folder, world):
    (folder / "<img src=x onerror=pwned()>.ipynb").write_text("{}")
    (folder / "<script>pwned()<").mkdir()
    (folder / "<script>pwned()<" / "script>.ipynb").write_text("{}")
    (folder / "**bold** [x](javascript:pwned()).ipynb").write_text("{}")


shows(
    "scripts-in-file-names",
    "files whose names are HTML and Markdown",
    "the remarks name the files that weren't graded",
    prepare=_names,
)
shows(
    "half-surrogates-in-outputs",
    "prints, shows and raises texts with half a surrogate pair",
    "they can't be written as UTF-8: the batch ends while the graded notebook is written",
    "print('\\ud800')\ndisplay('\\ud800')\nraise ValueError('\\udfff')",
    functions={"softmax": "def softmax(x):\n    raise ValueError('\\ud800')\n"},
)
