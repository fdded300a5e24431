"""Letters as PDF: the same facts give the same bytes, now and later (docs/kip-letters.md)."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from metadata import confined
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.kip.letters.compose import LAYOUT, compose
from portal.kip.letters.facts import LetterFacts, Letterhead
from portal.kip.letters.letter import Letter

BOUNDS = confined.Bounds(seconds=60, megabytes=3_000, written=64)
_LAYOUTS = Path(__file__).parent / "layout"
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_TURNING = dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Signs that turn the direction of writing: with them a letter could show a text that it does not have."""


class LetterFailed(LumbungError):
    """A letter or register could not be set."""

    code = "kip.letter_failed"
    status = 503
    text = Bilingual(
        id="Surat tidak dapat dibuat: {reason}. Coba lagi; bila tetap gagal, hubungi pengelola.",
        en="The letter could not be made: {reason}. Try again; if it fails again, ask the administrator.",
    )


class LogoWrong(LumbungError):
    """The logo is neither a PNG nor a JPEG picture."""

    code = "kip.logo_wrong"
    status = 422
    text = Bilingual(
        id="Lambang harus berupa gambar PNG atau JPEG.", en="The emblem has to be a PNG or a JPEG picture."
    )


def letter_pdf(kind: str, facts: LetterFacts, letterhead: Letterhead, layout: int = LAYOUT) -> bytes:
    """The letter as PDF/A-2a, PDF/UA-1. Raises UnknownLetter, LogoWrong, LetterFailed.

    The date inside is the letter's own; nothing of the machine or of the hour goes in.
    """
    letter = compose(kind, facts, letterhead)
    dated = facts.dated
    data = {"letter": _plain(letter), "head": _head(letterhead), "dated": [dated.year, dated.month, dated.day]}
    return press(f"letter-{layout}", data, letterhead.logo)


def press(layout: str, data: Mapping[str, Any], logo: bytes = b"") -> bytes:
    """A layout of this folder set with data, in a confined process. Raises LogoWrong, LetterFailed."""
    order: dict[str, Any] = {
        "layout": (_LAYOUTS / f"{layout}.typ").read_text(encoding="utf-8"),
        "data": _clean(data),
    }
    if logo:
        suffix = picture_kind(logo)
        if suffix is None:
            raise LogoWrong
        order |= {"logo": base64.b64encode(logo).decode(), "suffix": suffix}
    try:
        return base64.b64decode(confined.ask("portal.kip.letters.press", order, BOUNDS)["pdf"])
    except confined.Died as died:
        raise LetterFailed(reason=str(died)) from None


def _head(letterhead: Letterhead) -> dict[str, str]:
    return {name: getattr(letterhead, name) for name in ("body", "office", "address", "phone", "email", "website")}


def _plain(letter: Letter) -> dict[str, Any]:
    """The letter as JSON values; each block names its kind."""
    found = asdict(letter)
    found["blocks"] = [{"kind": type(block).__name__.lower(), **asdict(block)} for block in letter.blocks]
    return found


def _clean(value: Any) -> Any:
    """Texts without control signs, signs that turn the writing, and halves of signs."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, (list, tuple)) else value


def picture_kind(logo: bytes) -> str | None:
    """`png` or `jpg` by its first bytes, None for anything else."""
    return next((suffix for start, suffix in _PICTURES.items() if logo.startswith(start)), None)


def clean_text(text: str) -> str:
    """A text as it is printed: lines end alike, tabs are spaces; control signs, turning signs and noncharacters go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").translate(_TURNING)
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))
