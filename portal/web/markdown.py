"""Descriptions of strangers as safe HTML: Markdown without raw HTML, then only what a text needs."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "h5", "h6", "table"}
TAGS |= {"thead", "tbody", "tr", "th", "td", "hr", "del"}
SPACE = Token("text", "", 0, content=" ")
LONGEST = 20_000
"""Characters of a description that are set; the whole text stands in the package."""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).enable(
        ["table", "strikethrough"]
    )


def as_text(text: str) -> str:
    """The words alone, without signs of Markdown and addresses of links, for programs that show plain text."""
    words = [
        " " if part.type in ("softbreak", "hardbreak") else part.content
        for token in _parser().parse(text[:LONGEST])
        if token.type == "inline"
        for part in [*(token.children or []), SPACE]
    ]
    return " ".join("".join(words).split())


def as_html(text: str) -> Markup:
    """The text as HTML: no images, no raw HTML, links only to the web or to a mailbox and marked as a stranger's.

    Headings sink below those of the page; a single line break stays one, as CKAN portals show it.
    """
    parser = _parser()
    tokens = parser.parse(text[:LONGEST])
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    clean = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return Markup(clean)  # noqa: S704 - nh3 has left only the tags and attributes named above
