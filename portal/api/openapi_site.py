"""The doors to the whole catalogue: DCAT, packages, feeds, OAI-PMH, assistants, what is looked for at known places."""

from __future__ import annotations

from typing import Final

from portal.api.openapi_doors import Door, of_json, of_media
from portal.api.openapi_parts import ANYTHING, COUNT, JSON, TEXT, WHOLE, listed, mapped, record, ref

_FORM: Final = "application/x-www-form-urlencoded"
_DCAT: Final = of_media("text/turtle", "application/ld+json", "application/rdf+xml")
_ATOM: Final = of_media("application/atom+xml")
_XML: Final = of_media("application/xml")
_PAGE: Final = {"page": ("integer", "The page, from 1")}
_PACKAGE = record(dict.fromkeys(("name", "id", "title", "version", "created", "package", "archive", "hash"), TEXT))
_PACKAGES = record({"name": TEXT, "title": TEXT, "homepage": TEXT, "datasets": listed(_PACKAGE)})
_MESSAGE = record(
    {"jsonrpc": {"const": "2.0"}, "method": TEXT}, {"id": {"type": ["integer", "string"]}, "params": mapped(ANYTHING)}
)
_OEMBED = record(
    {
        **dict.fromkeys(("title", "html", "provider_name", "provider_url"), TEXT),
        **dict.fromkeys(("width", "height", "cache_age"), COUNT),
        "type": {"const": "rich"},
        "version": {"const": "1.0"},
    },
    {"thumbnail_url": TEXT, "thumbnail_width": COUNT, "thumbnail_height": COUNT},
)
_DUMP = {
    "format": ("string", "csv, tsv, json or xml"),
    "bom": ("boolean", "A byte order mark, for Excel"),
    "fields": ("string", "The fields wanted, with commas"),
    "filters": ("string", "As in datastore_search, as JSON"),
    "q": ("string", "Words in any field"),
    "plain": ("boolean", "false: read & | ! and word:* in q"),
    "distinct": ("boolean", "Equal rows once"),
    "sort": ("string", "nilai desc, tahun"),
    "limit": ("integer", "Rows at most"),
    "offset": ("integer", "Rows to pass over"),
}
_OAI = {
    "verb": ("string", "Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords or GetRecord"),
    "metadataPrefix": ("string", "oai_dc or dcat"),
    "identifier": ("string", "oai:HOST:UUID"),
    "set": ("string", "organization:NAME or theme:NAME"),
    "from": ("string", "A day or a moment in UTC"),
    "until": ("string", "A day or a moment in UTC"),
    "resumptionToken": ("string", "From the answer before"),
}
_SEARCH = {
    "q": ("string", "Words"),
    "organization": ("string", "The name of an agency"),
    "theme": ("string", "The name of a theme"),
    "format": ("string", "A format"),
    "year": ("string", "A year that the data are about"),
}

SITE: Final = (
    Door("/api/3", "The version of the API", of_json(record({"version": {"const": 3}})), errors=(), conditional=False,
         limited=True),
    Door("/api/openapi.json", "This document", of_json(record({"openapi": TEXT, "paths": mapped(ANYTHING)})),
         errors=("503",)),
    Door("/catalog", "Leads to DCAT in the form that is accepted; people to the search", at="303", errors=(),
         conditional=False, limited=True),
    Door("/catalog.{form}", "The catalogue in DCAT, a page of it (Hydra)", _DCAT, _PAGE, limited=True),
    Door("/catalog.datapackages.json", "The Data Packages of all current versions", of_json(_PACKAGES),
         errors=("503",), limited=True),
    Door("/feeds/dataset.atom", "What changed last", _ATOM, _PAGE, limited=True),
    Door("/feeds/baru.atom", "What came last", _ATOM, _PAGE, limited=True),
    Door("/feeds/organization/{organization}.atom", "The datasets of an agency", _ATOM, _PAGE, limited=True),
    Door("/feeds/group/{theme}.atom", "The datasets of a theme", _ATOM, _PAGE, limited=True),
    Door("/feeds/tag/{tag}.atom", "The datasets with a tag", _ATOM, _PAGE, limited=True),
    Door("/feeds/custom.atom", "What a search finds, by the arguments of the search page", _ATOM, _SEARCH,
         errors=("503",), limited=True),
    Door("/oai", "OAI-PMH 2.0; what is wrong with a request is told in the protocol's words", of_media("text/xml"),
         _OAI, errors=("413", "503"), conditional=False, limited=True, methods=("get", "post"),
         posted={_FORM: record({}, dict.fromkeys(_OAI, TEXT))}),
    Door("/mcp", "The Model Context Protocol: streamable HTTP without a session, one message a request",
         of_json(ref("RpcAnswer")), errors=("202", "400", "503"), fault="Rpc", limited=True, methods=("post",),
         posted={JSON: _MESSAGE}),
    Door("/oembed", "What to put into a page for a chart", {JSON: _OEMBED, "text/xml": {}},
         {"url": ("string", "The address of a chart's page"), "format": ("string", "json or xml"),
          "maxwidth": ("integer", "Pixels"), "maxheight": ("integer", "Pixels")},
         errors=("404", "501", "503"), conditional=False, limited=True),
    Door("/opensearch.xml", "How a browser searches here", of_media("application/opensearchdescription+xml"),
         errors=()),
    Door("/robots.txt", "What programs that walk through need not read", of_media("text/plain"), errors=()),
    Door("/sitemap.xml", "The list of sitemaps", _XML, errors=("503",)),
    Door("/sitemap-halaman.xml", "The pages that are no datasets", _XML, errors=("503",)),
    Door("/sitemap-dataset-{number}.xml", "Datasets, ten thousand at a time", _XML),
    Door("/.well-known/api-catalog", "The interfaces (RFC 9727)",
         {"application/linkset+json": record({"linkset": listed(record({"anchor": TEXT}))})}, errors=()),
    Door("/.well-known/security.txt", "Where holes in security are reported (RFC 9116)", of_media("text/plain"),
         errors=("404",)),
    Door("/.well-known/void", "Leads to the catalogue in DCAT", at="303", errors=(), conditional=False),
    Door("/healthz", "200 while pages can be served",
         of_json(record({"status": {"const": "ok"}, "search": record({"documents": WHOLE})})),
         errors=("503",), conditional=False),
    Door("/datastore/dump/{resource}", "A table, or the rows asked for, as one file",
         {**of_media("text/csv", "text/tab-separated-values", "text/xml"),
          JSON: record({"fields": listed(ref("Field")), "records": listed(listed(ANYTHING))})},
         _DUMP, errors=("400", "404", "409", "503"), fault="", limited=True),
)  # fmt: skip
