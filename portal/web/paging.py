"""The pages of a list as links: first, last, and those around the present one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.web.figures import number

_AROUND = 1
_GAP = "…"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page's number as shown; `url` is None for the present page and for a gap."""

    text: str
    url: str | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Paging:
    """What the `pages` macro draws; `links` is empty when everything is on one page."""

    links: tuple[PageLink, ...] = ()
    previous: str | None = None
    next: str | None = None


def pages_of(total: int, rows: int) -> int:
    """How many pages `total` entries make, at least one."""
    return max(1, -(-total // rows))


def paging(page: int, pages: int, url_of: Callable[[int], str]) -> Paging:
    """Links for page `page` of `pages`, both counted from 1."""
    if pages <= 1:
        return Paging()
    page = min(max(page, 1), pages)
    shown = sorted({1, pages, *range(max(1, page - _AROUND), min(pages, page + _AROUND) + 1)})
    links: list[PageLink] = []
    for before, each in zip([0, *shown], shown, strict=False):
        if each - before == 2:
            links.append(PageLink(text=number(each - 1), url=url_of(each - 1)))
        elif each - before > 2:
            links.append(PageLink(text=_GAP))
        links.append(PageLink(text=number(each), url=None if each == page else url_of(each), current=each == page))
    return Paging(
        links=tuple(links),
        previous=url_of(page - 1) if page > 1 else None,
        next=url_of(page + 1) if page < pages else None,
    )
