"""Students' texts and outputs on nbgrader's pages, the formgrader's and the feedback: nothing of theirs runs there.

nbgrader's templates put Markdown cells into the page as they are, whatever `sanitize_html` says, and the sanitizer that
nbconvert uses for outputs drops pictures and colours. Both turn to filters by name; these two take their places.
"""

import html
import re
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from jinja2.runtime import Context
from mistune import import_plugin
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

FILTERS = {"markdown2html": f"{__name__}.safe_markdown", "clean_html": f"{__name__}.safe_html"}

TAGS = """
    a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li
    mark ol p pre s small span strong sub summary sup table tbody td tfoot th thead tr u ul
"""
# Nothing that lets a text leave its place and cover the page.
PROPERTIES = """
    background background-color border border-bottom border-collapse border-left border-radius border-right border-top
    color font-family font-size font-style font-weight line-height margin margin-bottom margin-left margin-right
    margin-top max-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration
    vertical-align white-space width
"""
PLAIN = {"alt", "align", "colspan", "height", "open", "rowspan", "start", "title", "width"}
# Colours of code, tables and ANSI text. Other names of classes belong to the page: its buttons are found by them.
CLASS = re.compile(r"highlight|dataframe|language-[\w+-]+|ansi-[\w-]+|[a-z][a-z0-9]{0,2}")
# Without url(...), which would load something, and without minus signs, which would move something.
STYLE = re.compile(r"(?:[\w\s#.,;:%!]|-(?![\d.])|rgba?\([\d\s.,%]*\))*")
# Not to files beside the notebook: they would open as a page of the instructor's own server.
LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
# A hostile text can take a parser minutes; honest ones stay far below these.
LONGEST = 20_000  # characters of Markdown
MOST_SIGNS = 5_000  # < and & in one output; a picture has few, however large


def safe_html(source: str | bytes) -> str:
    """HTML of which nothing runs, loads, or leaves its place; what isn't allowed is shown as text.

    Parameters
    ----------
    source : str or bytes

    Returns
    -------
    str
    """
    source = source.decode(errors="replace") if isinstance(source, bytes) else str(source)
    if _is_heavy(source):
        return _as_text(source)
    return bleach.clean(
        source,
        tags=frozenset(TAGS.split()),
        attributes=_is_allowed,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=PROPERTIES.split(), allowed_svg_properties=()),
    )


def _is_heavy(source: str) -> bool:
    return source.count("<") + source.count("&") > MOST_SIGNS


def _is_allowed(tag: str, name: str, value: str) -> bool:
    match name:
        case "class":
            return all(map(CLASS.fullmatch, value.split()))
        case "style":
            return STYLE.fullmatch(value) is not None
        case "href":
            return tag == "a" and LINK.match(value) is not None
        case "src":
            return tag == "img" and PICTURE.fullmatch(value) is not None
    return name in PLAIN


@pass_context
def safe_markdown(context: Context, source: str) -> str:
    """Markdown as HTML, made safe.

    Parameters
    ----------
    context : jinja2.runtime.Context
        Of a template of nbconvert.
    source : str

    Returns
    -------
    str
    """
    if len(source) > LONGEST:
        return _as_text(source)
    renderer = _Renderer(
        escape=False, attachments=(context.get("cell") or {}).get("attachments", {}), exclude_anchor_links=True
    )
    try:
        made = MarkdownWithMath(renderer, plugins=_plugins()).render(source)
        return _as_text(source) if _is_heavy(made) else safe_html(made)
    except Exception:  # a text that no parser can read must not cost its reader the page
        return _as_text(source)


def _as_text(source: str) -> str:
    return f"<pre>{html.escape(source)}</pre>"


def _plugins() -> list[Any]:
    # Boxes to tick are forms, which the page has no place for: "[x]" stays as it is written.
    return [import_plugin(name) for name in MarkdownWithMath.DEFAULT_PLUGINS if name != "task_lists"]


class _Renderer(IPythonRenderer):
    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture; where nbconvert's fails because one was pasted that isn't there, its name."""
        name = url.removeprefix("attachment:")
        if name != url and not self.attachments.get(name):
            return f"({html.escape(text or name)}: this picture isn't kept)"
        return super().image(text, url, title)
