"""One sentence that says what a dataset holds: how much, of when, of where, how fresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasets.models import Dataset, Region, Resource, Version
from metadata import frequencies
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _

_LEVELS = ("provinsi", "kabupaten", "kota", "kecamatan", "desa", "kelurahan")
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said of the dataset, with its icon."""

    icon: str
    text: str


def facts(dataset: Dataset, version: Version, regions: Mapping[str, Region]) -> tuple[Fact, ...]:
    """What stands under the title, each a few words."""
    said = [("rows-3", size_in_words(version.resources))]
    said.append(("calendar", figures.span(dataset.year_from, dataset.year_to)))
    said.append(("map-pin", regions_in_words(regions)))
    said.append(("clock", freshness(dataset, version)))
    return tuple(Fact(icon, text) for icon, text in said if text)


def sentence(dataset: Dataset, version: Version, regions: Mapping[str, Region]) -> str:
    """The facts as one sentence, for search engines and for who is read to."""
    words = [fact.text for fact in facts(dataset, version, regions)]
    text = ", ".join(words)
    return f"{dataset.title}: {text}."


def size_in_words(resources: Sequence[Resource]) -> str:
    """ "1.372 baris, 6 kolom", for several tables their number and all their rows, for files theirs."""
    tables = [resource for resource in resources if resource.rows is not None]
    if not tables:
        return ngettext("%(count)s file", "%(count)s files", len(resources))
    rows = ngettext("%(count)s row", "%(count)s rows", sum(resource.rows or 0 for resource in tables))
    if len(tables) > 1:
        many = ngettext("%(count)s table", "%(count)s tables", len(tables))
        return f"{many}, {rows}"
    width = len(tables[0].schema.get("fields", []))
    columns = ngettext("%(count)s column", "%(count)s columns", width)
    return f"{rows}, {columns}" if width else rows


def regions_in_words(regions: Mapping[str, Region]) -> str:
    """A few regions by name, many by their number at the finest level."""
    if not regions:
        return ""
    if len(regions) <= _NAMED:
        return ", ".join(sorted(_named(region) for region in regions.values()))
    counts = Counter(region.kind for region in regions.values())
    ordered = [kind for kind in _LEVELS if counts[kind]]
    return ", ".join(f"{figures.number(counts[kind])} {kind}" for kind in ordered[-2:])


def freshness(dataset: Dataset, version: Version) -> str:
    """When the figures were last renewed, and how often they should be."""
    day = figures.day(version.published_at)
    rhythm = frequencies.match(dataset.frequency)
    if rhythm is None:
        return _("updated %(day)s", day=day)
    return _("updated %(day)s, renewed %(rhythm)s", day=day, rhythm=rhythm.title.say(current_language()).lower())


def _named(region: Region) -> str:
    prefix = {"kabupaten": "Kab. ", "kota": "Kota ", "kecamatan": "Kec. ", "desa": "Desa ", "kelurahan": "Kel. "}
    name = region.name
    return (
        name
        if region.kind == "provinsi" or name.lower().startswith(region.kind)
        else prefix.get(region.kind, "") + name
    )
