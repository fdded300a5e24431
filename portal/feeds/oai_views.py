"""`/oai`: the catalogue for harvesters of OAI-PMH 2.0; a withdrawn dataset stays as a deleted record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from sqlalchemy import ColumnElement, and_, func, or_, select

from datasets import catalog, clock
from datasets.models import Dataset, DatasetTheme, Organization, Theme, Visibility
from metadata.profiles.dcat import Description
from metadata.profiles.dcat_values import DcatDataset
from metadata.profiles.oai_dc import NAMESPACE, SCHEMA, oai_dc
from portal.context import installation, session
from portal.feeds.atom import attribute, text
from portal.feeds.described import by_ids, described
from portal.feeds.oai import OaiFault, Selection, arguments, selection
from portal.web.links import canonical_url, site_root

bp = Blueprint("oai", __name__)

PAGE = 100
_FORMATS = (
    ("oai_dc", SCHEMA, NAMESPACE),
    ("dcat", "http://www.openarchives.org/OAI/2.0/rdf.xsd", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
)
_OAI = "http://www.openarchives.org/OAI/2.0/"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = Dataset.visibility.in_((Visibility.PUBLISHED, Visibility.WITHDRAWN))


@bp.route("/oai", methods=["GET", "POST"])
def oai() -> Response:
    """Answer one request; what is wrong with it is told in the protocol's own words, with status 200."""
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    told = dict(pairs)
    try:
        given = arguments(pairs)
        body = _VERBS[given["verb"]](given)
    except OaiFault as fault:
        body = f'<error code="{fault.code}">{text(fault.words)}</error>'
        told = {} if fault.code in ("badVerb", "badArgument") else told
    told_as = "".join(f" {name}={attribute(value)}" for name, value in told.items())
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{_OAI}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd">\n<responseDate>{_stamp(clock.now())}</responseDate>\n'
        f"<request{told_as}>{text(canonical_url('oai.oai'))}</request>\n{body}\n</OAI-PMH>\n"
    )
    response = Response(document, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _identify(_given: dict[str, str]) -> str:
    settings = installation().settings
    earliest = session().scalar(select(func.min(Dataset.modified_at)).where(_SHOWN)) or _EPOCH
    host = urlsplit(site_root()).hostname or "localhost"
    # webmaster@ is the address that RFC 2142 reserves for whoever keeps a site
    return (
        f"<Identify><repositoryName>{text(f'{settings.site_title} {settings.region_name}')}</repositoryName>"
        f"<baseURL>{text(canonical_url('oai.oai'))}</baseURL><protocolVersion>2.0</protocolVersion>"
        f"<adminEmail>{text(f'webmaster@{host}')}</adminEmail><earliestDatestamp>{_stamp(earliest)}</earliestDatestamp>"
        "<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
    )


def _formats(given: dict[str, str]) -> str:
    if "identifier" in given:
        _by_identifier(given["identifier"])
    listed = "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
        f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
        for prefix, schema, namespace in _FORMATS
    )
    return f"<ListMetadataFormats>{listed}</ListMetadataFormats>"


def _sets(given: dict[str, str]) -> str:
    if "resumptionToken" in given:
        raise OaiFault("badResumptionToken", "All sets come in one answer")
    sets = [("organization", "Perangkat daerah"), ("theme", "Tema")]
    sets += [(f"organization:{o.slug}", o.title) for o, n in catalog.organizations_with_counts(session()) if n]
    sets += [(f"theme:{t.slug}", t.title) for t, n in catalog.themes_with_counts(session()) if n]
    listed = "".join(
        f"<set><setSpec>{text(name)}</setSpec><setName>{text(title)}</setName></set>" for name, title in sets
    )
    return f"<ListSets>{listed}</ListSets>"


def _record(given: dict[str, str]) -> str:
    number = _by_identifier(given["identifier"])
    return f"<GetRecord>{_records([number], whole=given['metadataPrefix'])}</GetRecord>"


def _list(given: dict[str, str]) -> str:
    verb = given["verb"]
    asked = selection(given)
    where = [_SHOWN, *_conditions(asked)]
    total = session().scalar(select(func.count(Dataset.id)).where(*where)) or 0
    found = _part(where, asked, PAGE + 1)
    if not found:
        raise OaiFault("noRecordsMatch", "Nothing fits")
    listed = _records([number for number, _at in found[:PAGE]], whole=asked.prefix if verb == "ListRecords" else "")
    return f"<{verb}>{listed}{_resumption(asked, found, total)}</{verb}>"


def _conditions(asked: Selection) -> list[ColumnElement[bool]]:
    first, behind = asked.range()
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(Dataset.modified_at >= first)
    if behind is not None:
        found.append(Dataset.modified_at < behind)
    chosen = asked.chosen()
    if chosen is not None and chosen[1]:
        kind, slug = chosen
        owner = select(Organization.id).where(Organization.slug == slug)
        theme = select(DatasetTheme.dataset_id).join(Theme, Theme.id == DatasetTheme.theme_id).where(Theme.slug == slug)
        found.append(Dataset.organization_id.in_(owner) if kind == "organization" else Dataset.id.in_(theme))
    elif chosen is not None and chosen[0] == "theme":
        found.append(Dataset.id.in_(select(DatasetTheme.dataset_id)))
    return found


def _part(where: Sequence[ColumnElement[bool]], asked: Selection, most: int) -> list[tuple[int, datetime]]:
    """The next records by the moment of their last change: what changes meanwhile comes once more at the end."""
    wanted = select(Dataset.id, Dataset.modified_at).where(*where)
    if asked.stamp >= 0:
        at = _EPOCH + timedelta(microseconds=min(asked.stamp, 2**52))
        same = and_(Dataset.modified_at == at, Dataset.id > min(asked.id, 2**31 - 1))
        wanted = wanted.where(or_(Dataset.modified_at > at, same))
    rows = session().execute(wanted.order_by(Dataset.modified_at, Dataset.id).limit(most))
    return [(number, at) for number, at in rows]


def _resumption(asked: Selection, found: list[tuple[int, datetime]], total: int) -> str:
    size = f'completeListSize="{total}" cursor="{asked.cursor}"'
    if len(found) <= PAGE:
        return f"<resumptionToken {size}/>" if asked.cursor else ""
    number, at = found[PAGE - 1]
    stamp = (at - _EPOCH) // timedelta(microseconds=1)
    following = Selection(asked.prefix, asked.first, asked.until, asked.set, stamp, number, asked.cursor + PAGE)
    return f"<resumptionToken {size}>{following.token()}</resumptionToken>"


def _records(ids: Sequence[int], *, whole: str) -> str:
    """Records of these datasets with their metadata in the format `whole`; their headers alone when it is empty."""
    shown = {dataset.id: dataset for dataset in by_ids(ids)}
    gone = [number for number in ids if number not in shown]
    deleted = {
        number: (uuid, at)
        for number, uuid, at in session().execute(
            select(Dataset.id, Dataset.uuid, Dataset.modified_at).where(Dataset.id.in_(gone))
        )
    }
    parts = []
    for number in ids:
        dataset = shown.get(number)
        if dataset is None or dataset.current_version is None:
            uuid, at = (dataset.uuid, dataset.modified_at) if dataset else deleted[number]
            header = f'<header status="deleted"><identifier>{_identifier(uuid)}</identifier>'
            header += f"<datestamp>{_stamp(at)}</datestamp></header>"
            parts.append(f"<record>{header}</record>" if whole else header)
            continue
        sets = [f"organization:{dataset.organization.slug}", *(f"theme:{theme.slug}" for theme in dataset.themes)]
        header = f"<header><identifier>{_identifier(dataset.uuid)}</identifier>"
        header += f"<datestamp>{_stamp(dataset.modified_at)}</datestamp>"
        header += "".join(f"<setSpec>{text(name)}</setSpec>" for name in sets) + "</header>"
        if whole:
            values = described(dataset, dataset.current_version)
            body = oai_dc(values) if whole == "oai_dc" else _rdf(values)
            header = f"<record>{header}<metadata>{body}</metadata></record>"
        parts.append(header)
    return "\n".join(parts)


def _rdf(values: DcatDataset) -> str:
    """A dataset in RDF/XML, as an element within another document."""
    description = Description()
    description.dataset(values)
    return description.text("rdf").partition("?>")[2].strip()


def _by_identifier(identifier: str) -> int:
    start = _identifier("")
    if identifier.startswith(start) and len(identifier) < 300 and "\x00" not in identifier:
        wanted = select(Dataset.id).where(Dataset.uuid == identifier.removeprefix(start), _SHOWN)
        found = session().scalar(wanted)
        if found is not None:
            return found
    raise OaiFault("idDoesNotExist", "There is no such record")


def _identifier(uuid: str) -> str:
    return f"oai:{urlsplit(site_root()).hostname or 'localhost'}:{uuid}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_VERBS: dict[str, Callable[[dict[str, str]], str]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}
