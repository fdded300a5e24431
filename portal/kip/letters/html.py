"""Letters as HTML: a page that stands alone, for small screens and for programs; the same words as the PDF."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

from portal.kip.letters.compose import compose
from portal.kip.letters.facts import LetterFacts, Letterhead, Signatory
from portal.kip.letters.letter import Block, Fields, Grid, Heading, Letter, Points, Quote, Text
from portal.kip.letters.pdf import LogoWrong, clean_text, picture_kind

STYLE: Final = """
:root{color-scheme:light dark}
body{font:1rem/1.5 Georgia,"Liberation Serif",serif;max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
body{overflow-wrap:anywhere}
header{display:flex;gap:1rem;align-items:center;border-bottom:.3rem double;padding-bottom:.75rem;margin-bottom:1.5rem}
header img{width:4.5rem;height:auto}
header div{flex:1;text-align:center}
header p{margin:0}
header .body{font-size:1.25rem;font-weight:700;text-transform:uppercase}
header .office{font-weight:700}
header .small{font-size:.85rem}
h1{font-size:1.1rem;margin:0}
h1.title,.title+p{text-align:center}
h2{font-size:1rem;margin:1.5rem 0 .5rem}
.date{text-align:right}
blockquote{margin:1rem 0;padding:.1rem 0 .1rem .9rem;border-left:.15rem solid;white-space:pre-line}
dl{display:grid;grid-template-columns:minmax(7rem,13rem) 1fr;gap:.25rem 1rem}
dt::after{content:":"}
dd{margin:0}
p,dd,li,td,address{white-space:pre-line}
address{font-style:normal;margin:1.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid;padding:.3rem .5rem;text-align:left;vertical-align:top}
footer{display:flex;gap:2rem;justify-content:space-between;margin-top:2rem}
footer div{flex:1;max-width:18rem}
footer div:last-child{margin-left:auto}
footer .gap{height:4rem}
@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}}
"""
"""The look; it stands in each page, so that a letter that was saved keeps it."""

STYLE_SOURCE: Final = "'sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode() + "'"
"""What `style-src` of a Content-Security-Policy needs for it."""


def letter_html(kind: str, facts: LetterFacts, letterhead: Letterhead) -> str:
    """The letter as a whole page, the same for the same facts. Raises UnknownLetter, LogoWrong."""
    letter = compose(kind, facts, letterhead)
    inside = [_head(letterhead), *_opening(letter), *map(_block, letter.blocks)]
    if letter.subject:
        inside.append(_tag("p", "Demikian kami sampaikan. Atas perhatian Saudara kami ucapkan terima kasih."))
    inside.append("<footer>" + "".join(_sign(who, letter) for who in letter.signed) + "</footer>")
    return (
        '<!doctype html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_words(letter.title)} {_words(letter.number)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(inside)
        + "\n</body>\n</html>\n"
    )


def _head(head: Letterhead) -> str:
    logo = ""
    if head.logo:
        kind = picture_kind(head.logo)
        if kind is None:
            raise LogoWrong
        data = base64.b64encode(head.logo).decode()
        media = "image/png" if kind == "png" else "image/jpeg"
        logo = f'<img src="data:{media};base64,{data}" alt="{_words("Lambang " + head.body)}">'
    reach = (("Telepon ", head.phone), ("Surel ", head.email), ("Situs web ", head.website))
    lines = [
        _tag("p", head.body, "body"),
        _tag("p", head.office, "office"),
        _tag("p", head.address, "small") if head.address else "",
        _tag("p", " · ".join(name + value for name, value in reach if value), "small"),
    ]
    return f"<header>{logo}<div>{''.join(lines)}</div></header>"


def _opening(letter: Letter) -> list[str]:
    if not letter.subject:
        return [_tag("h1", letter.title, "title"), _tag("p", f"Nomor: {letter.number}")]
    return [
        _tag("p", letter.place_date, "date"),
        f"<dl>{_tag('dt', 'Nomor')}{_tag('dd', letter.number)}{_tag('dt', 'Hal')}"
        f"<dd><h1>{_words(letter.subject)}</h1></dd></dl>",
        _tag("address", "\n".join(letter.to)),
        _tag("p", "Dengan hormat,"),
    ]


def _block(block: Block) -> str:
    match block:
        case Text(text):
            return _tag("p", text)
        case Heading(text):
            return _tag("h2", text)
        case Quote(text):
            return _tag("blockquote", text)
        case Fields(rows):
            return "<dl>" + "".join(_tag("dt", name) + _tag("dd", value) for name, value in rows) + "</dl>"
        case Points(items, letters):
            kind = ' type="a"' if letters else ""
            return f"<ol{kind}>" + "".join(_tag("li", item) for item in items) + "</ol>"
        case Grid(head, rows):
            top = "".join(f'<th scope="col">{_words(words)}</th>' for words in head)
            body = "".join("<tr>" + "".join(_tag("td", cell) for cell in row) + "</tr>" for row in rows)
            return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _sign(who: Signatory, letter: Letter) -> str:
    dated = letter.place_date + "\n" if who is letter.signed[-1] and not letter.subject else ""
    nip = _tag("p", f"NIP {who.nip}") if who.nip else ""
    name = f"<p><strong>{_words(who.name)}</strong></p>"
    return f'<div>{_tag("p", dated + who.post)}<div class="gap"></div>{name}{nip}</div>'


def _tag(name: str, text: str, css: str = "") -> str:
    return f'<{name} class="{css}">{_words(text)}</{name}>' if css else f"<{name}>{_words(text)}</{name}>"


def _words(text: str) -> str:
    return escape(clean_text(text))
