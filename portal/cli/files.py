"""Commands on a file at hand: read, describe, validate. They need no installation."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import click

from metadata.errors import BadInput
from metadata.reading.table import Reading, Table
from portal.cli.context import print_json

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON to standard output.")


@click.command("read")
@_FILE
@_JSON
def read(file: Path, as_json: bool) -> int:
    """Show how FILE is read: its tables, header rows, types, and every repair made."""
    with tempfile.TemporaryDirectory(prefix="lumbung-") as folder:
        reading = _read(file, Path(folder))
        if as_json:
            print_json(reading_as_dict(reading))
        else:
            _print_reading(file, reading)
    return 0


@click.command("describe")
@_FILE
def describe(file: Path) -> int:
    """Print the data package (datapackage.json) that FILE would get."""
    from harvesters.handing_in import describe_file  # late: the whole pipeline

    with tempfile.TemporaryDirectory(prefix="lumbung-") as folder:
        print_json(describe_file(file, Path(folder)))
    return 0


@click.command("validate")
@_FILE
@click.option("--schema", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A Table Schema (JSON).")
@click.option("--dialect", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A Table Dialect (JSON).")
@_JSON
def validate(file: Path, schema: Path | None, dialect: Path | None, as_json: bool) -> int:
    """Check FILE against a schema, or a datapackage.json against itself; prints frictionless' report.

    Exit code 0 when valid, 1 when not.
    """
    from metadata.validate import plain_words, validate_file, validate_package  # late: frictionless

    if schema is None and file.suffix.lower() == ".json":
        report = validate_package(str(file))
    else:
        report = validate_file(file, schema=_descriptor(schema), dialect=_descriptor(dialect))
    if as_json:
        print_json(report.to_descriptor())
    elif report.valid:
        click.echo("Sah: tidak ada kesalahan. / Valid: no errors.")
    else:
        for line in plain_words(report.to_descriptor(), "id"):
            click.echo(f"• {line}")
    return 0 if report.valid else 1


def reading_as_dict(reading: Reading) -> dict[str, Any]:
    """The reading as other tools get it; the members of `tables` are a contract and stay."""
    return {
        "format": reading.format,
        "mediatype": reading.mediatype,
        "tables": [_table_as_dict(table) for table in reading.tables],
        "notices": [notice.as_dict() for notice in reading.notices],
        "personal": [notice.as_dict() for notice in reading.personal],
    }


def _table_as_dict(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "sheet": table.sheet,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "header_row": table.header_row,
        "fields": [
            {"name": column.name, "title": column.title, "type": column.type, "unit": column.unit}
            for column in table.columns
        ],
        "rows": table.rows,
        "notes": list(table.notes),
        "repairs": [notice.as_dict() for notice in table.repairs],
    }


def _read(file: Path, into: Path) -> Reading:
    from metadata.reading.child import read_safely  # late: the readers

    return read_safely(file, filename=file.name, into=into)


def _print_reading(file: Path, reading: Reading) -> None:
    click.echo(f"{file.name}: {reading.format}, {len(reading.tables)} tabel / tables")
    for notice in (*reading.notices, *reading.personal):
        click.echo(f"  ! {notice.say('id')}")
    for table in reading.tables:
        where = f" [{table.sheet}]" if table.sheet else ""
        click.echo(
            f"\n{table.title or table.name}{where}: {table.rows} baris / rows, kepala / header {table.header_row}"
        )
        for column in table.columns:
            unit = f" ({column.unit})" if column.unit else ""
            click.echo(f"  {column.name:<32} {column.type:<9} {column.title}{unit}")
        for notice in table.repairs:
            click.echo(f"  • {notice.say('id')}")
        for note in table.notes:
            click.echo(f"  » {note}")


def _descriptor(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        value = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput(reason=f"{path.name}: {error}") from error
    if not isinstance(value, dict):
        raise BadInput(reason=f"{path.name}: a JSON object is needed")
    return value
