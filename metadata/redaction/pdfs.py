"""PDF: text beneath black boxes, notes, files, scripts, earlier states; and a copy made of pictures of its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.redaction import findings
from metadata.redaction.findings import counted
from metadata.redaction.pages import Box, box_of, look_at

MOST_PAGES: Final = 500
DOTS: Final = 150
"""Dots per inch of the pictures of pages."""
_TELLING = ("Title", "Author", "Subject", "Keywords")
"""Properties that persons fill in; the others name programs."""


def find(path: Path, filename: str) -> Iterator[Notice]:
    """What can be copied and not be seen, what is pinned or attached, who made it. Raises ValueError."""
    place = Place(file=filename)
    content = path.read_bytes()
    with closing(_open(content)) as document:
        import pypdfium2.raw as pdfium  # late: 0.1 s

        named = {name: value for name, value in document.get_metadata_dict().items() if value}
        telling = tuple(name for name in _TELLING if name in named)
        if telling:
            yield Notice(findings.PROPERTIES, place, {"names": telling})
        yield from counted(findings.PERSONAL_TEXT, place, len(spans("\n".join(named.values()))), part="properti")
        yield from counted(findings.ATTACHED, place, document.count_attachments())
        if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or b"/JavaScript" in content:
            yield Notice(findings.SCRIPT, place)
        yield from counted(findings.HISTORY, place, _earlier_states(content))
        pictures = 0
        for number in range(1, len(document) + 1):
            with closing(document[number - 1]) as page:
                facts = look_at(page)
            yield from counted(findings.COVERED, place, len(facts.covered), page=number)
            yield from counted(findings.UNSEEN, place, len(facts.unseen), page=number)
            yield from counted(findings.PERSONAL_PAGE, place, len(facts.personal), page=number)
            yield from counted(findings.ANNOTATIONS, place, facts.annotations, page=number)
            pictures += facts.only_picture
        yield from counted(findings.LOOK, place, pictures)


def clean(path: Path, target: Path) -> None:
    """Write pictures of all pages, as they are seen, with data of persons blackened; no text, no property, no file.

    That is the one way by which nothing can stay behind: not beneath boxes, not outside the page, not in fonts.
    Raises ValueError.
    """
    import pypdfium2  # late: 0.1 s

    with closing(_open(path.read_bytes())) as document, closing(pypdfium2.PdfDocument.new()) as made:
        for number in range(len(document)):
            with closing(document[number]) as page:
                turned = page.get_rotation()
                page.set_rotation(0)
                facts = look_at(page)
                boxes = [box for start, end, _ in facts.personal for box in box_of(facts, start, end)]
                boxes += [box for at in facts.covered for box in box_of(facts, at, at + 1)]
                picture = _picture(page, boxes).rotate(-turned, expand=True)
            _add(made, pypdfium2, picture)
        made.save(str(target))


def _open(content: bytes) -> Any:
    import pypdfium2  # late: 0.1 s

    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"PDF: {error}") from None
    if not 0 < len(document) <= MOST_PAGES:
        count = len(document)
        document.close()
        raise ValueError(f"PDF: {count} pages, at most {MOST_PAGES}")
    return document


def _picture(page: Any, boxes: list[Box]) -> Any:
    from PIL import ImageDraw  # late: 0.1 s

    picture = page.render(scale=DOTS / 72, may_draw_forms=True).to_pil().convert("RGB")
    left, bottom, right, top = page.get_cropbox()
    scale_x, scale_y = picture.width / (right - left), picture.height / (top - bottom)
    pen = ImageDraw.Draw(picture)
    for box in boxes:
        upper = (top - box[3]) * scale_y
        pen.rectangle(
            ((box[0] - left) * scale_x, upper, (box[2] - left) * scale_x, (top - box[1]) * scale_y), fill="black"
        )
    return picture


def _add(made: Any, pypdfium2: Any, picture: Any) -> None:
    width, height = picture.width * 72 / DOTS, picture.height * 72 / DOTS
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=80, dpi=(DOTS, DOTS))
    held.seek(0)
    page = made.new_page(width, height)
    image = pypdfium2.PdfImage.new(made)
    image.load_jpeg(held, inline=True, autoclose=True)
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page.insert_obj(image)
    page.gen_content()
    page.close()


def _earlier_states(content: bytes) -> int:
    """How often the file was added to; a linearised file has one end more by nature."""
    ends = content.count(b"%%EOF")
    return max(0, ends - 1 - (b"/Linearized" in content[:2048]))
