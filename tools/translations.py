"""Brings the Indonesian catalogue up to the texts in the code and compiles it; names what is still to be translated.

Run by hand (`make translations`) when texts change. Texts no longer used are dropped, translations are never guessed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PORTAL = ROOT / "portal"
# Nothing in it changes with the day, so that a change of one text is a change of its lines alone.
HEADER = r"""# Indonesian for Lumbung: the source of truth of the interface.
msgid ""
msgstr ""
"Language: id\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
CATALOGUE = PORTAL / "translations" / "id" / "LC_MESSAGES" / "messages.po"


def main() -> int:
    """0 when every text is translated, else 1."""
    old = read()
    new = read_po(StringIO(HEADER), locale="id")
    lacking = []
    for text, context in texts():
        known = old.get(text, context)
        words = known.string if known else ""
        if not (all(words) if isinstance(words, tuple) else words):
            lacking.append(text[0] if isinstance(text, tuple) else text)
        new.add(text, words or ("",) if isinstance(text, tuple) else words, context=context)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, new, no_location=True, omit_header=True, sort_output=True, width=110)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, read())
    for text in lacking:
        print(f"not translated: {text}")
    return 1 if lacking else 0


def texts() -> list[tuple[str | tuple[str, ...], str | None]]:
    """Every text of the interface with its context, each once."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(PORTAL), methods, options, DEFAULT_KEYWORDS)
    return list(dict.fromkeys((message, context) for _file, _line, message, _comments, context in found))


def read() -> Catalog:
    """The catalogue as it is; an empty one when there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="id")
    with CATALOGUE.open("rb") as file:
        found = read_po(file, locale="id")
    found.creation_date = found.revision_date = _NO_DAY
    return found


if __name__ == "__main__":
    sys.exit(main())
