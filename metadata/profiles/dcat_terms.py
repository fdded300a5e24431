"""The namespaces of DCAT and the controlled vocabularies that DCAT-AP 3 wants values from, by their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DCAT: Final = "http://www.w3.org/ns/dcat#"
DCT: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
SPDX: Final = "http://spdx.org/rdf/terms#"
ADMS: Final = "http://www.w3.org/ns/adms#"
HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
PREFIXES: Final = {
    "dcat": DCAT,
    "dct": DCT,
    "foaf": FOAF,
    "vcard": VCARD,
    "spdx": SPDX,
    "adms": ADMS,
    "hydra": HYDRA,
    "skos": SKOS,
}

EU: Final = "http://publications.europa.eu/resource/authority/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
PUBLIC: Final = f"{EU}access-right/PUBLIC"
INDONESIAN: Final = f"{EU}language/IND"
DATA_THEMES: Final = f"{EU}data-theme"

FORMATS: Final[Mapping[str, str]] = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "xls": "XLS",
    "json": "JSON",
    "geojson": "GEOJSON",
    "pdf": "PDF",
    "parquet": "PARQUET",
    "zip": "ZIP",
    "ods": "ODS",
    "xml": "XML",
    "docx": "DOCX",
    "html": "HTML",
    "png": "PNG",
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "txt": "TXT",
    "kml": "KML",
    "tsv": "TSV",
}
"""File extensions in the EU's table of file types."""

THEMES: Final[Mapping[str, str]] = {
    "AGRI": "Agriculture, fisheries, forestry and food",
    "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport",
    "ENVI": "Environment",
    "GOVE": "Government and public sector",
    "HEAL": "Health",
    "JUST": "Justice, legal system and public safety",
    "REGI": "Regions and cities",
    "SOCI": "Population and society",
    "TRAN": "Transport",
}
"""The codes of the EU's table of data themes that ours are held against, in its own words."""
