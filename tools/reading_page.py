"""The table of docs/reading.md: what was found in each file of the folder of real data, from real runs.

`python tools/reading_page.py` (from the repository, with the folder beside it) writes the table anew.
"""

from __future__ import annotations

import ast
import sys
import tempfile
from collections import Counter
from pathlib import Path

from metadata.reading.errors import Unreadable
from metadata.reading.reader import read
from metadata.reading.table import Reading, Table

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "reading.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
HEAD = (
    "| File | Is | Header row | Rows | Columns | Repairs and remarks | By hand |\n"
    "| --- | --- | --: | --: | --- | --- | :-: |"
)


def checked() -> set[str]:
    """The files whose result was compared by hand: the keys of `CHECKED` in tests/read_by_hand.py."""
    tree = ast.parse((REPOSITORY / "tests/read_by_hand.py").read_text("utf-8"))
    found: set[str] = set()
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.target) == "CHECKED"
        ):
            found = {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    return found


def table_of(folder: Path) -> str:
    """The whole table for the files in `folder`."""
    by_hand = checked()
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".md", ".bin"))
    lines = []
    for path in sorted(found):
        name = path.relative_to(folder).as_posix()
        lines += _lines(path, name, "✓" if name in by_hand else "")
    return "\n".join([HEAD, *lines])


def page_with(table: str) -> str:
    """The page with this table in it."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}"


def _lines(path: Path, name: str, mark: str) -> list[str]:
    with tempfile.TemporaryDirectory() as into:
        try:
            reading = read(path, filename=path.name, into=Path(into))
        except Unreadable as refused:
            return [f"| `{name}` | refused | | | | `{refused.code}` | {mark} |"]
    about = _codes([notice.code for notice in (*reading.notices, *reading.personal)])
    if not reading.tables:
        return [f"| `{name}` | {reading.format} | | | | {about} | {mark} |"]
    return [_line(reading, table, name, about, mark, first=at == 0) for at, table in enumerate(reading.tables)]


def _line(reading: Reading, table: Table, name: str, about: str, mark: str, *, first: bool) -> str:
    kinds = Counter(column.type for column in table.columns)
    columns = f"{len(table.columns)}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    repairs = _codes([notice.code for notice in table.repairs])
    said = ", ".join(part for part in ((about if first else ""), repairs) if part)
    shown = f"`{name}`" if first else f"… {table.sheet or table.name}"
    header = table.header_row or "none"
    return f"| {shown} | {reading.format if first else ''} | {header} | {table.rows} | {columns} | {said} | {mark} |"


def _codes(codes: list[str]) -> str:
    counted = Counter(code.removeprefix("read.") for code in codes)
    return ", ".join(f"{code} ×{count}" if count > 1 else code for code, count in counted.items())


if __name__ == "__main__":
    data = REPOSITORY.parent / "shared" / "data"
    if not data.is_dir():
        sys.exit("the folder of real files is not beside the repository")
    PAGE.write_text(page_with(table_of(data)), "utf-8")
