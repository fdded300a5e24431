"""How to cite a version: in words after the APA style for data sets, and as BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.config import TIMEZONE
from portal.web import figures
from portal.web.i18n import gettext as _

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A version's citation. `before` and `after` stand around the title, which is set in italics."""

    before: str
    title: str
    after: str
    bibtex: str


def citation(
    *, title: str, author: str, portal: str, slug: str, number: int, published: datetime, url: str
) -> Citation:
    """The citation of version `number`: the agency is the author, the portal the publisher, `url` that version's."""
    year = str(published.astimezone(ZoneInfo(TIMEZONE)).year)
    version = _("Version %(number)s", number=number)
    kind = _("Data set")
    return Citation(
        before=f"{_sentence(author)} ({year}). ",
        title=title,
        after=f" ({version}, {figures.day(published)}) [{kind}]. {_sentence(portal)} {url}",
        bibtex=_bibtex(
            key=f"{slug}-v{number}",
            title=title,
            author=author,
            year=year,
            version=str(number),
            publisher=portal,
            url=url,
            note=f"[{kind}] {version}, {figures.day(published)}",
        ),
    )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _bibtex(*, key: str, title: str, author: str, url: str, **rest: str) -> str:
    """An entry; names stand in a second pair of braces, which keeps an agency from being taken for a person."""
    fields = {"title": f"{{{_latex(title)}}}", "author": f"{{{_latex(author)}}}"}
    fields |= {name: _latex(text) for name, text in rest.items()} | {"url": re.sub(r"[{}\\\s]", "", url)}
    lines = ",\n".join(f"  {name:<9} = {{{text}}}" for name, text in fields.items())
    return f"@misc{{{key},\n{lines}\n}}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in " ".join(text.split()))
