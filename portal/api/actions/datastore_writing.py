"""Actions that write rows: each makes a new version of the table's dataset, through the way of all data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from datasets.models import Dataset, Resource
from metadata.about import ColumnAbout
from portal.api.actions.resources_writing import resource_create
from portal.api.caller import caller
from portal.api.faults import Invalid, NotFoundFault
from portal.api.parameters import Parameters
from portal.api.registry import write
from portal.api.writing import rows as tables
from portal.api.writing.files_input import Files
from portal.api.writing.packages import target_of, workshop
from portal.api.writing.rows import Field, Method
from portal.api.writing.saving import Order, save
from portal.api.writing.uploads import fresh, rows_written
from portal.api.writing.working import Working, dataset_of_resource, to_write
from portal.context import installation, session
from portal.policy import of_agency, require

if TYPE_CHECKING:
    from harvesters.manuscript import WrittenFile

Rows = Iterable[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Bench:
    """A table in hand: the dataset, the file that gives it, its columns as they are described, its rows on the disk."""

    working: Working
    files: Files
    file: WrittenFile
    columns: Mapping[str, ColumnAbout]
    types: Mapping[str, Any]
    path: Path | None = None

    @property
    def rows(self) -> Rows:
        """Its rows, from the first."""
        return tables.rows_of(self.path) if self.path is not None else ()


@write
def datastore_create(parameters: Parameters) -> dict[str, Any]:
    """Make a table of `fields` and `records`, or add these to the table `resource_id`.

    Parameters: resource_id, or resource (an object with package_id and name: a new resource); fields (id, type, and
    info with label, notes, unit), records (objects), primary_key (by which datastore_upsert merges), force. A table is
    published once it has a row.
    """
    identifier = parameters.text("resource_id")
    fields, records = tables.read_fields(parameters.given("fields")), tables.read_records(parameters.given("records"))
    if not identifier:
        identifier = _new_resource(parameters.given("resource"))
    with workshop() as work:
        bench = _bench(identifier, work)
        new = [field.name for field in fields] or [key for row in records[:1] for key in row if key != "_id"]
        columns = list(dict.fromkeys((*bench.columns, *new)))
        if not columns:
            raise Invalid({"fields": ["Missing value"]})
        if not fields:
            tables.read_fields(columns)
        key = tables.read_key(parameters.given("primary_key"), columns) or bench.file.primary_key
        _refuse_unknown(records, columns)
        method: Method = "upsert" if key else "insert"
        _save(bench, columns, fields, key, tables.merged(bench.rows, records, key, method), work, parameters)
    said = [{"id": field.name, "type": _type_name(field)} for field in fields]
    return {"resource_id": identifier, "fields": said, "primary_key": list(key), "method": "insert"}


@write
def datastore_upsert(parameters: Parameters) -> dict[str, Any]:
    """Work `records` into the table `resource_id`, by its primary key.

    Parameters: method (upsert, insert or update), records, force, dry_run (judge and change nothing).
    """
    identifier = parameters.required("resource_id")
    method = parameters.text("method") or "upsert"
    if method not in ("upsert", "insert", "update"):
        raise Invalid({"method": [f'"{method[:40]}" is not defined']})
    records = tables.read_records(parameters.given("records"))
    with workshop() as work:
        bench = _bench(identifier, work)
        _refuse_unknown(records, bench.columns)
        changed = tables.merged(bench.rows, records, bench.file.primary_key, cast(Method, method))
        if parameters.flag("dry_run"):
            for _row in changed:
                pass
        else:
            _save(bench, list(bench.columns), (), bench.file.primary_key, changed, work, parameters)
    return {"resource_id": identifier, "method": method}


@write
def datastore_delete(parameters: Parameters) -> dict[str, Any]:
    """Take rows out of the table `resource_id`: those that fit `filters`, or all of them without.

    An emptied table waits for rows; what is published stays as it is until there are some.
    """
    if parameters.given("filters") not in (None, "", {}):
        return _without(parameters)
    identifier = parameters.required("resource_id")
    with workshop() as work:
        bench = _bench(identifier, work)
        emptied = {"sha256": None, "size": 0, "made": (), "exact": True, "types": dict(bench.types)}
        bench.files.put_back(bench.file.model_copy(update=emptied))
        _save_files(bench, bench.working.written.about.columns, work, parameters)
    return {"resource_id": identifier}


@write
def datastore_records_delete(parameters: Parameters) -> dict[str, Any]:
    """Take the rows that fit `filters` (a value or a list of values by column) out of the table `resource_id`."""
    return _without(parameters)


def _without(parameters: Parameters) -> dict[str, Any]:
    identifier = parameters.required("resource_id")
    filters = parameters.given("filters")
    if not isinstance(filters, dict):
        raise Invalid({"filters": ["Must be an object"]})
    with workshop() as work:
        bench = _bench(identifier, work)
        if unknown := [name for name in filters if name not in bench.columns]:
            raise Invalid({"filters": [f'field "{name[:60]}" not in table' for name in unknown]})
        kept = tables.without(bench.rows, filters)
        _save(bench, list(bench.columns), (), bench.file.primary_key, kept, work, parameters)
    return {"resource_id": identifier, "filters": filters}


def _new_resource(resource: object) -> str:
    if not isinstance(resource, dict) or not resource.get("package_id"):
        raise Invalid({"resource_id": ["Missing value"]})
    return str(resource_create(Parameters({**resource, "url": ""}))["id"])


def _bench(identifier: str, work: Path) -> Bench:
    """The table on the bench. Raises `NotFoundFault`, `Forbidden`, `Invalid`."""
    dataset = dataset_of_resource(identifier, caller())
    if dataset is None:
        raise NotFoundFault(f'Resource "{identifier[:100]}" was not found.')
    working = to_write(dataset)
    require(caller(), "table.write", of_agency(dataset.organization_id))
    files = Files(dataset.uuid, working.written.files, work)
    place = files.at(identifier)
    if place is None:
        raise NotFoundFault(f'Resource "{identifier[:100]}" was not found.')
    file = files.files[place]
    if file.sha256 is None:
        waiting = {name: working.written.about.columns.get(name, ColumnAbout()) for name in file.types}
        return Bench(working, files, file, waiting, file.types)
    from harvesters.manuscript import canonical_table  # late: the readers, which only writing needs

    reading = canonical_table(installation(), file, work / "before", fresh={}).reading
    if len(reading.tables) != 1:
        raise Invalid({"resource_id": ["Rows are written into tables that have a file to themselves"]})
    table = reading.tables[0]
    described = {one.name: ColumnAbout(title=one.title, unit=one.unit) for one in table.columns}
    described |= {name: said for name, said in _published(identifier).items() if name in described}
    described |= {name: said for name, said in working.written.about.columns.items() if name in described}
    return Bench(working, files, file, described, {one.name: one.type for one in table.columns}, table.path)


def _published(identifier: str) -> dict[str, ColumnAbout]:
    """The columns as the published version describes them: a header that is written anew holds their names alone."""
    schema = session().scalar(
        select(Resource.schema)
        .join(Dataset, Dataset.current_version_id == Resource.version_id)
        .where(Resource.uuid == identifier)
    )
    return {
        field["name"]: ColumnAbout(
            title=field.get("title"), unit=field.get("unit"), description=field.get("description")
        )
        for field in (schema or {}).get("fields", ())
    }


def _refuse_unknown(records: list[dict[str, Any]], columns: Collection[str]) -> None:
    unknown = dict.fromkeys(name for row in records for name in row if name not in columns and name != "_id")
    if unknown:
        raise Invalid({"records": [f'field "{str(name)[:60]}" not in table' for name in unknown]})


def _save(
    bench: Bench,
    columns: Sequence[str],
    fields: Iterable[Field],
    key: tuple[str, ...],
    rows: Rows,
    work: Path,
    parameters: Parameters,
) -> None:
    declared = {field.name: field.type for field in fields if field.type}
    types = {name: declared.get(name) or bench.types.get(name) for name in columns}
    said: dict[str, Any] = {"primary_key": key, "exact": True, "types": {n: t for n, t in types.items() if t}}
    path = work / "after.csv"
    if tables.write_rows(path, columns, rows):
        came = rows_written(path, f"{bench.file.name}.csv")
        bench.files.came.append(came)
        said = {**came.members, **said, "made": ()}
    elif bench.file.sha256 is not None:
        raise Invalid({"filters": ["All rows would go; datastore_delete without filters empties a table"]})
    else:
        said["types"] = {name: types[name] or "string" for name in columns}
    bench.files.put_back(bench.file.model_copy(update=said))
    about = {**bench.working.written.about.columns, **bench.columns}
    about |= {
        field.name: ColumnAbout(title=field.label, description=field.notes, unit=field.unit)
        for field in fields
        if field.label or field.notes or field.unit
    }
    _save_files(bench, about, work, parameters)


def _save_files(bench: Bench, columns: Mapping[str, ColumnAbout], work: Path, parameters: Parameters) -> None:
    written = bench.working.written
    about = written.about.model_copy(update={"columns": columns})
    written = written.model_copy(update={"about": about, "files": tuple(bench.files.files)})
    order = Order(caller(), "datastore_write", parameters.flag("force"), fresh(bench.files.came))
    save(target_of(bench.working), written, work, order)


def _type_name(field: Field) -> str:
    names: dict[str | None, str] = {"integer": "int8", "number": "numeric", "boolean": "bool", "datetime": "timestamp"}
    return names.get(field.type, field.type if field.type in ("date", "time") else "text")
