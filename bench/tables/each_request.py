"""What a request costs before the network: statements to the database and processor time, in this very process.

    python bench/tables/each_request.py [--rows 1000000] [--folder DIR] [--repeat 100]

The portal is asked through Flask's test client, whose own share is the first line. Processor time, unlike the clock,
hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from portal_home import SLUG, TABLE, large_home

PAGE, FILE, API = f"/dataset/{SLUG}", f"/dataset/{SLUG}/v/1/{TABLE}", f"/api/1/dataset/{SLUG}/v/1/{TABLE}"
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
# what: (address, whether who asks holds the answer already); {turn} is another on each turn
REQUESTS = {
    "a style sheet, kept by who asks": ("/static/lumbung.css", True),
    "the whole CSV, handed to nginx": (f"{FILE}.csv", False),
    "the same, 304": (f"{FILE}.csv", True),
    "a page of rows as JSON": (f"{API}?_page={{turn}}", False),
    "the same question again": (API, False),
    "the same as JSON, 304": (API, True),
    "filtered rows as JSON": (f"{API}?kecamatan=Kecamatan+03&id__gt={{turn}}", False),
    "the dataset's page": (PAGE, False),
    "another page of its table": (f"{PAGE}?_page={{turn}}", False),
    "the dataset's page, 304": (PAGE, True),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--repeat", type=int, default=100)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-requests-") as temporary:
        run(large_home(chosen.folder or Path(temporary), chosen.rows), chosen.rows, chosen.repeat)


def run(home: Path, rows: int, repeat: int) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from datasets.settings import load
    from portal.app import create_app
    from portal.web import engine

    os.environ |= {"LUMBUNG_HOME": str(home), "LUMBUNG_ACCEL_PREFIX": "/kept"}
    app, statements = create_app(load()), []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    client = app.test_client()
    print(f"{rows:,} rows; load {os.getloadavg()[0]:.1f}\n\n| request | status | statements | processor, ms |")
    print("| --- | --- | --- | --- |")
    for what, (address, held) in REQUESTS.items():
        tag = [client.get(address.format(turn=turn), headers=READER).headers["ETag"] for turn in range(1, 4)][-1]
        headers = READER | ({"If-None-Match": tag} if held else {})
        statements.clear()
        begin = time.process_time()
        for turn in range(repeat):
            answer = client.get(address.format(turn=turn + 4), headers=headers)
        spent = (time.process_time() - begin) / repeat * 1000
        asked = sum(not statement.startswith("BEGIN") for statement in statements) / repeat
        print(f"| {what} | {answer.status_code} | {asked:.0f} | {spent:.1f} |", flush=True)
    with app.app_context():
        engine.close()


if __name__ == "__main__":
    main()
