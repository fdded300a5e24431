"""Commands on the search index: search and reindex."""

from __future__ import annotations

import sys

import click

from datasets.search.index import SearchQuery
from portal.cli.context import installation, print_json


@click.command("search")
@click.argument("query")
@click.option("--rows", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")
def search(query: str, rows: int, as_json: bool) -> int:
    """Search the published datasets for QUERY."""
    from datasets import catalog  # late: the database

    with installation() as here:
        page = here.search.search(SearchQuery(text=query, rows=rows, facets=()))
        with here.database.read() as session:
            found = catalog.by_ids(session, page.ids)
            results = [{"name": dataset.slug, "title": dataset.title} for dataset in found]
    if as_json:
        print_json({"count": page.total, "results": results})
        return 0
    if page.corrected:
        click.echo(f"Menampilkan hasil untuk “{page.corrected}”. / Showing results for “{page.corrected}”.", err=True)
    for result in results:
        click.echo(f"{result['name']}\t{result['title']}")
    click.echo(f"{page.total} dataset", err=True)
    return 0


@click.command("reindex")
def reindex() -> int:
    """Make the search index anew from the database, beside the old one, then switch."""
    from datasets.search.feed import rebuild  # late: the database

    def show(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} dataset", nl=False, err=True)

    with installation() as here:
        rebuild(here.database, here.search, progress=show)
        click.echo(f"\n{here.search.state().documents} dataset", err=True)
    return 0
