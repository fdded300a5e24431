"""What the page about the interfaces shows: examples with a dataset of this portal, and what will go."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import catalog
from datasets.models import Dataset, Resource, published
from datasets.query.errors import TableBroken, TooSlow
from datasets.query.question import TableQuery
from portal.api.deprecations import deprecations
from portal.catalog.addresses import Shown
from portal.catalog.power_query import m_text
from portal.catalog.present_examples import Example, Examples, examples
from portal.web.figures import day
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Going:
    """One thing that will go, in words."""

    path: str
    since: str
    sunset: str
    successor: str
    words: str


@dataclass(frozen=True, slots=True)
class ApiExamples:
    """Examples with a table of `title`; `table` is None while the portal has no table."""

    title: str
    slug: str
    table: Examples | None
    actions: Examples


def api_examples(session: Session, root: str) -> ApiExamples:
    """With the first dataset that has a table."""
    with_table = select(Resource.version_id).where(Resource.parquet_sha256.is_not(None), Resource.position == 0)
    wanted = published().where(Dataset.current_version_id.in_(with_table)).with_only_columns(Dataset.slug)
    slug = session.scalar(wanted.order_by(Dataset.slug).limit(1))
    found = None if slug is None else catalog.get_published(session, slug)
    if found is None or found.current_version is None:
        return ApiExamples("", "nama-dataset", None, _actions(root, "nama-dataset"))
    shown = Shown(found, found.current_version, fixed=False)
    table = None
    with suppress(TableBroken, TooSlow):
        table = examples(shown, found.current_version.resources[0], TableQuery())
    return ApiExamples(found.title, found.slug, table, _actions(root, found.slug))


def going() -> list[Going]:
    """What is deprecated."""
    return [
        Going(each.path, day(each.since), day(each.sunset), each.successor, each.words.say(current_language()))
        for each in deprecations()
    ]


def _actions(root: str, slug: str) -> Examples:
    search = f"{root}/api/3/action/package_search?q=penduduk&rows=5"
    curl = f'curl --compressed "{search}"\ncurl --compressed "{root}/api/3/action/package_show?id={slug}"\n'
    python = f"""from ckanapi import RemoteCKAN

portal = RemoteCKAN({json.dumps(root)})
dataset = portal.action.package_show(id={json.dumps(slug)})
tables = [each["id"] for each in dataset["resources"] if each["datastore_active"]]
print(portal.action.datastore_search(resource_id=tables[0], limit=5)["records"])
"""
    r = f"""library(ckanr)

ckanr_setup(url = {json.dumps(root)})
dataset <- package_show({json.dumps(slug)})
rows <- ds_search(resource_id = dataset$resources[[1]]$id, limit = 5)
"""
    javascript = f"""const answer = await fetch({json.dumps(search)});
const {{ result }} = await answer.json();
console.log(result.count, result.results.map((each) => each.title));
"""
    scheme, _sep, rest = root.partition("://")
    host, _slash, mount = rest.partition("/")
    relative = f"{mount}/api/3/action/package_search".lstrip("/")
    power = f"""let
    Jawaban = Json.Document(Web.Contents({m_text(f"{scheme}://{host}")}, [
        RelativePath = {m_text(relative)}, Query = [q = "penduduk", rows = "100"]])),
    Data = Table.FromRecords(Jawaban[result][results], {{"name", "title", "metadata_modified"}}, MissingField.UseNull)
in
    Data
"""
    return Examples(
        about="",
        each=(
            Example("curl", "curl", curl, ""),
            Example("python", "Python", python, _("With the package ckanapi.")),
            Example("r", "R", r, _("With the package ckanr.")),
            Example("javascript", "JavaScript", javascript, ""),
            Example("excel", "Excel, Power BI", power, _("A list of datasets, in Power Query's Advanced Editor.")),
        ),
    )
