"""A page of a PDF as it is read and as it is seen: which of its letters can be copied and not be seen."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from metadata.personal import Sign, spans

SCALE: Final = 2.0
"""Pixels for each point (1/72 inch) when letters are looked at."""
MOST_LETTERS: Final = 60_000
"""Letters of a page that are looked at one by one; a page with more is no page for people."""
_CONTRAST = 24
"""Steps of grey, of 255, by which a letter has to differ from its ground at some place to be seen."""
_DARK = 110
_COVERS = 0.6
"""Share of a letter's box that a dark shape has to cover."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page: its text, each letter's box, which letters are covered and which are otherwise unseen,
    where data of persons stand in the text, how much is pinned to it, and whether it is nothing but a picture."""

    text: str
    boxes: tuple[Box, ...]
    covered: frozenset[int]
    unseen: frozenset[int]
    personal: tuple[tuple[int, int, Sign], ...]
    annotations: int
    only_picture: bool


def look_at(page: Any) -> PageFacts:
    """Look at a page of pypdfium2 twice: by its letters and by its pixels. It is looked at without its rotation.

    Raises ValueError for a page with more letters than are looked at.
    """
    import pypdfium2.raw as pdfium  # late: loaded with the cell

    page.set_rotation(0)
    letters = page.get_textpage()
    if (count := letters.count_chars()) > MOST_LETTERS:
        raise ValueError(f"PDF: {count} letters on a page, at most {MOST_LETTERS}")
    signs = [chr(pdfium.FPDFText_GetUnicode(letters, at) or 32) for at in range(count)]
    boxes = tuple(letters.get_charbox(at) for at in range(count))
    shapes = list(_dark_shapes(page, pdfium))
    grey = page.render(scale=SCALE, grayscale=True, may_draw_forms=True).to_pil()
    covered, unseen = set(), set()
    for at, (sign, box) in enumerate(zip(signs, boxes, strict=True)):
        if sign.isspace() or not sign.isprintable():
            continue
        if any(_share(box, shape) >= _COVERS for shape in shapes):
            covered.add(at)
        elif not _is_seen(grey, box, page):
            unseen.add(at)
    dark = {at for at in unseen if _ground(grey, boxes[at], page) < _DARK}
    text = "".join(sign if sign.isprintable() else " " for sign in signs)
    images = sum(1 for piece in page.get_objects() if piece.type == pdfium.FPDF_PAGEOBJ_IMAGE)
    return PageFacts(
        text,
        boxes,
        frozenset(covered | dark),
        frozenset(unseen - dark),
        spans(text),
        _annotations(page, pdfium),
        only_picture=images > 0 and len(text.strip()) == 0,
    )


def box_of(facts: PageFacts, start: int, end: int) -> list[Box]:
    """The boxes of a piece of text, those in a line joined, a little wider than the letters."""
    joined: list[Box] = []
    for at in range(start, end):
        left, bottom, right, top = facts.boxes[at]
        if right <= left or top <= bottom:
            continue
        if joined and abs(joined[-1][1] - bottom) < (top - bottom) and left >= joined[-1][0]:
            last = joined[-1]
            joined[-1] = (last[0], min(last[1], bottom), max(last[2], right), max(last[3], top))
        else:
            joined.append((left, bottom, right, top))
    return [(left - 1.5, bottom - 1.5, right + 1.5, top + 1.5) for left, bottom, right, top in joined]


def _dark_shapes(page: Any, pdfium: Any) -> Iterator[Box]:
    """Filled dark shapes of the page, and dark marks pinned to it."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        mode, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
        pdfium.FPDFPath_GetDrawMode(piece, mode, stroke)
        pdfium.FPDFPageObj_GetFillColor(piece, red, green, blue, alpha)
        if mode.value and alpha.value > 200 and max(red.value, green.value, blue.value) < _DARK:
            yield piece.get_bounds()
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        mark = pdfium.FPDFPage_GetAnnot(page, at)
        if not mark:
            continue
        kind, rectangle = pdfium.FPDFAnnot_GetSubtype(mark), pdfium.FS_RECTF()
        inside = pdfium.FPDFANNOT_COLORTYPE_InteriorColor
        which = inside if kind == pdfium.FPDF_ANNOT_SQUARE else pdfium.FPDFANNOT_COLORTYPE_Color
        coloured = pdfium.FPDFAnnot_GetColor(mark, which, red, green, blue, alpha)
        dark = bool(coloured) and max(red.value, green.value, blue.value) < _DARK
        drawn = kind in (pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_INK)
        if kind == pdfium.FPDF_ANNOT_REDACT or (drawn and dark):
            pdfium.FPDFAnnot_GetRect(mark, rectangle)
            yield (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        pdfium.FPDFPage_CloseAnnot(mark)


def _annotations(page: Any, pdfium: Any) -> int:
    """What is pinned to the page, links apart."""
    count = 0
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        mark = pdfium.FPDFPage_GetAnnot(page, at)
        if mark:
            count += pdfium.FPDFAnnot_GetSubtype(mark) != pdfium.FPDF_ANNOT_LINK
            pdfium.FPDFPage_CloseAnnot(mark)
    return count


def _share(box: Box, shape: Box) -> float:
    width = min(box[2], shape[2]) - max(box[0], shape[0])
    height = min(box[3], shape[3]) - max(box[1], shape[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return 0.0 if width <= 0 or height <= 0 or area <= 0 else width * height / area


def _pixels(grey: Any, box: Box, page: Any) -> tuple[int, int, int, int] | None:
    """The box in pixels of the picture, None when it lies outside."""
    left, bottom, right, top = page.get_cropbox()
    scale_x, scale_y = grey.width / max(right - left, 1), grey.height / max(top - bottom, 1)
    found = (
        int((box[0] - left) * scale_x),
        int((top - box[3]) * scale_y),
        int((box[2] - left) * scale_x) + 1,
        int((top - box[1]) * scale_y) + 1,
    )
    inside = (max(found[0], 0), max(found[1], 0), min(found[2], grey.width), min(found[3], grey.height))
    return inside if inside[0] < inside[2] and inside[1] < inside[3] else None


def _is_seen(grey: Any, box: Box, page: Any) -> bool:
    """Whether the pixels of a letter's box differ at all."""
    where = _pixels(grey, box, page)
    if where is None:
        return False
    darkest, lightest = grey.crop(where).getextrema()
    return bool(lightest - darkest >= _CONTRAST)


def _ground(grey: Any, box: Box, page: Any) -> int:
    where = _pixels(grey, box, page)
    return 255 if where is None else int(grey.crop(where).getextrema()[1])
