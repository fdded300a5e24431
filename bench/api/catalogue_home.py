"""An installation with so many datasets of 45 agencies, for the benches of the interfaces; the same from one seed.

The first of them are published as always; the others are copies of their rows, each with names and ids of its own, for
how long publishing takes is measured elsewhere.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "bench" / "search")]  # the builders of tests and search
PUBLISHED = 400
COPIES = {
    "dataset": {
        "id": "id + :shift",
        "uuid": "uuid || '-' || :copy",
        "slug": "slug || '-seri-' || :copy",
        "title": "title || ' seri ' || :copy",
        "remote_key": "remote_key || '-' || :copy",
        "current_version_id": "current_version_id + :shift",
    },
    "version": {"id": "id + :shift", "dataset_id": "dataset_id + :shift"},
    "resource": {"id": "id + :shift", "version_id": "version_id + :shift", "uuid": "uuid || '-' || :copy"},
    "dataset_theme": {"dataset_id": "dataset_id + :shift"},
    "dataset_tag": {"dataset_id": "dataset_id + :shift"},
    "dataset_region": {"dataset_id": "dataset_id + :shift"},
}
"""What is another value in a copy of a row, by table."""


def catalogue_home(folder: Path, datasets: int, *, indexed: bool = True) -> Path:
    """The home, made when it is not there. `indexed` fills the search index too, which a dump of DCAT does not ask."""
    home = folder / f"home-{datasets}{'' if indexed else '-bare'}"
    if (home / "ready").exists():
        return home
    from build import AT, a_draft, a_source
    from synthetic import catalogue

    from datasets.draft import Identity, OrganizationDraft
    from datasets.installation import Installation
    from datasets.publish import plan, publish
    from datasets.search import feed
    from datasets.seed import seed
    from datasets.settings import Settings
    from metadata import themes
    from portal.migrations import upgrade

    home.mkdir(mode=0o700, parents=True)
    here = Installation(Settings(home=home))
    upgrade(here.database)
    with here.database.write() as session:
        seed(session, at=AT)
        source = a_source(session).id
    dice, slugs = random.Random(2), [theme.slug for theme in themes.every()]
    first = min(datasets, PUBLISHED)
    with here.database.write() as session:
        for row in catalogue(first):
            owner = OrganizationDraft(slug=row.organization, title=row.organization_title)
            place = plan(session, Identity(source, f"key-{row.id}"), title=row.title)
            draft = a_draft(
                place,
                here.blobs,
                title=row.title,
                description=row.description,
                organization=owner,
                themes=(dice.choice(slugs),),
                frequency="tahunan",
                year_from=2019,
                year_to=2024,
                regions=("35.22",),
                tags=tuple(row.title.lower().split()[:2]),
            )
            publish(session, draft, at=row.modified)
    _copied(here.settings.home / "catalog.sqlite", first, datasets)
    if indexed:
        feed.rebuild(here.database, here.search)
    here.close()
    (home / "ready").touch()
    return home


def _copied(path: Path, first: int, datasets: int) -> None:
    """Rows of the first datasets again and again, until there are so many."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("BEGIN")
        for copy in range(1, -(-datasets // first)):
            left = min(first, datasets - copy * first)
            for table, others in COPIES.items():
                columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                taken = ", ".join(others.get(column, column) for column in columns)
                number = {"dataset": "id", "resource": "version_id", "version": "id"}.get(table, "dataset_id")
                database.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table} WHERE {number} <= :left",
                    {"shift": copy * first, "copy": copy, "left": left},
                )
        database.execute("COMMIT")
        database.execute("ANALYZE")
