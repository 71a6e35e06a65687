"""What a student wrote, as nbgrader's pages show it: harmless, and as it was meant."""

import time

import pytest
from jinja2 import Environment

from autograder.platforms.nbgrader.pages import safe_html, safe_markdown
from utils.checks.items import Item
from utils.checks.verdict import Verdict
from utils.lesson import compare
from utils.plots import drawing, new_figure


def page(markdown, **cell):
    """Markdown as a template shows it."""
    environment = Environment()
    environment.filters["markdown2html"] = safe_markdown
    return environment.from_string("{{ source | markdown2html }}").render(source=markdown, cell=cell)


def test_our_own_outputs_stay_as_they_are():
    figure, axis = new_figure()
    axis.plot([0, 1])
    for made in (
        drawing(figure, 'From 0 to "1", a < b.', "A caption, a < b."),
        Verdict("f", [Item("a", True, "a < b", 1), Item("b", False, "expected -1, got 1", 1)]),
        compare("pieces", None, 4, "Because."),
    ):
        before = made._repr_html_()
        after = safe_html(before)
        # A semicolon at the end of a style, and which signs are written as entities, make no difference.
        assert _plainly(after) == _plainly(before)


def _plainly(text):
    return text.replace(';"', '"').replace("&quot;", "'").replace('"', "'").replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("`a < b` and $a < b$", "<p><code>a &lt; b</code> and $a &lt; b$</p>"),
        ("[x](https://example.org/a)", '<p><a href="https://example.org/a">x</a></p>'),
        ("- [x] done", "<ul>\n<li>[x] done</li>\n</ul>"),
        ("<details><summary>Hint</summary>Look.</details>", "<details><summary>Hint</summary>Look.</details>"),
        ('<b style="color: red; margin: 1em">x</b>', '<p><b style="color: red; margin: 1em;">x</b></p>'),
        ("![alt](attachment:a.png)", "<p>(alt: this picture isn't kept)</p>"),
    ],
)
def test_honest_text_is_shown_as_it_was_meant(markdown, shown):
    assert page(markdown).strip() == shown


def test_a_pasted_picture_is_shown():
    shown = page("![alt](attachment:a.png)", attachments={"a.png": {"image/png": "iVBORw0KGgo="}})
    assert shown.strip() == '<p><img src="data:image/png;base64,iVBORw0KGgo=" alt="alt"></p>'


LINKS = """
javascript:x
JaVaScRiPt:x
java\tscript:x
data:text/html,x
vbscript:x
own.html
/lab
//a.org
http:own.html
https:/own.html
files/javascript:x
#javascript:x
"""
STYLES = """
position: fixed
background: url(https://a.org/x)
background: u\\72l(x)
background: image-set('x' 1x)
margin: -900px
margin: -.5em
width: calc(0px - 9px)
--x: 1
"""
ATTRIBUTES = """
<img src="https://a.org/x.png">
<img src="data:text/html;base64,eA==">
<img srcset="x.png 1x">
<b class="score">x</b>
<b class="nb full-credit">x</b>
<b id="grade-relu">x</b>
<b onclick="x">x</b>
"""
OTHER_TAGS = "script style iframe svg math form input button object embed meta base link"


@pytest.mark.parametrize("link", LINKS.strip().splitlines())
def test_a_link_goes_to_another_site_or_nowhere(link):
    assert safe_html(f'<a href="{link}">x</a>') == "<a>x</a>"
    assert "href" not in page(f"[x](<{link}>)")


@pytest.mark.parametrize("style", STYLES.strip().splitlines())
def test_a_style_loads_and_moves_nothing(style):
    assert safe_html(f'<b style="{style}">x</b>') in ("<b>x</b>", '<b style="">x</b>')


@pytest.mark.parametrize("tag", ATTRIBUTES.strip().splitlines())
def test_no_other_attribute_is_left(tag):
    name = tag[1:].split()[0]
    assert safe_html(tag).startswith(f"<{name}>")


@pytest.mark.parametrize("tag", OTHER_TAGS.split())
def test_other_tags_are_text(tag):
    assert safe_html(f"<{tag}>x</{tag}>").startswith(f"&lt;{tag}&gt;")


@pytest.mark.parametrize("text", ["<div>", "[", "> ", "\\begin{a}", "`a", "<!--", "|a"])
def test_a_text_against_the_parser_is_shown_as_it_is(text):
    begin = time.process_time()  # of this process alone: the machine may be busy
    assert page(text * 20_001).startswith("<pre>")
    assert safe_html(text * 200_000)
    assert time.process_time() - begin < 5


def test_a_text_that_gives_too_much_html_is_shown_as_it_is():
    assert page("```python\n" + "a = (1, 2)\n" * 1000 + "```").startswith("<pre>```python")
