"""Pages as a test reads them: elements found by the simple selectors of CSS, texts without their white space."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

_PART = re.compile(r"(?P<tag>[\w-]+)?(?P<marks>(?:[.#][\w-]+|\[[\w-]+(?:=[\w-]+)?\])*)")
_MARK = re.compile(r"\.(?P<class>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<name>[\w-]+)(?:=(?P<value>[\w-]+))?\]")


class Element(html.HtmlElement):
    """An element that finds others by tag, class, id, attribute, descent and `>`."""

    def all(self, selector: str) -> list[Any]:
        """Every element below that fits, in the order of the page."""
        found: list[Any] = self.xpath(_xpath(selector))
        return found

    def one(self, selector: str) -> Any:
        """The first that fits; a test that finds none has failed."""
        found = self.all(selector)
        assert found, f"no {selector!r} on the page"
        return found[0]


def read(text: str) -> Any:
    """The page."""
    parser = html.HTMLParser(encoding="utf-8")
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=Element))
    return html.fromstring(text.encode(), parser=parser)


def words(node: Any) -> str:
    """The element's text as it is read."""
    return " ".join(node.text_content().split())


def column(page: Any, title: str) -> list[str]:
    """The cells of a column of a dataset's table, as they are read."""
    heads = [words(cell) for cell in page.all(".ds-table thead th")]
    place = next(number for number, head in enumerate(heads) if head.startswith(title))
    return [words(row[place]) for row in page.all(".ds-table tbody tr")]


def _xpath(selector: str) -> str:
    path, step = ".", "//"
    for part in selector.split():
        if part == ">":
            step = "/"
            continue
        found = _PART.fullmatch(part)
        assert found, selector
        path += step + (found["tag"] or "*")
        for mark in _MARK.finditer(found["marks"]):
            if mark["class"]:
                path += f"[contains(concat(' ', @class, ' '), ' {mark['class']} ')]"
            elif mark["id"]:
                path += f"[@id='{mark['id']}']"
            else:
                path += f"[@{mark['name']}='{mark['value']}']" if mark["value"] else f"[@{mark['name']}]"
        step = "//"
    return path
