"""An installation with the large table in it, for the benches that ask the whole portal."""

from __future__ import annotations

import sys
from pathlib import Path

from large_table import SCHEMA, write_csv

TITLE, SLUG, TABLE = "Tabel besar", "tabel-besar", "penduduk"
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the tests' builders of datasets


def large_home(folder: Path, rows: int) -> Path:
    """The home, made when it is not there: the table's files are put beside a version that names them.

    How long publishing itself takes is measured by bench/publish.py.
    """
    home = folder / f"home-{rows}"
    if (home / "catalog.sqlite").exists():
        return home
    from build import AT, a_draft, a_resource

    from datasets.draft import Identity
    from datasets.installation import Installation
    from datasets.publish import plan, publish
    from datasets.seed import seed
    from datasets.settings import Settings
    from datasets.tables.columnar import write_parquet
    from portal.migrations import upgrade

    source, parquet = folder / f"rows-{rows}.csv", folder / f"rows-{rows}.parquet"
    if not source.exists():
        write_csv(source, rows)
    if not parquet.exists():
        write_parquet(source, SCHEMA, parquet)
    home.mkdir(mode=0o700, parents=True)
    here = Installation(Settings(home=home))
    upgrade(here.database)
    csv, columns = here.blobs.put_file(source), here.blobs.put_file(parquet)
    with here.database.write() as session:
        seed(session, at=AT)
        place = plan(session, Identity(None, "large"), title=TITLE)
        resource = a_resource(csv, name=TABLE, title=TITLE, parquet=columns, rows=rows, schema=SCHEMA)
        publish(session, a_draft(place, here.blobs, title=TITLE, resources=(resource,)), at=AT)
    here.close()
    return home
