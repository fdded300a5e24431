"""Which chart tells the truth about a table, decided by its schema and statistics alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from metadata import units
from metadata.schema import KINDS, ROLE

MOST_LINES = 6
"""Lines that can be told apart by colour; more places or classes become a ranking of the latest time."""
LEAST_TIMES = 3
LEAST_BARS = 3
MOST_CLASSES = 2_000

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TOTAL = re.compile(r"(?:jumlah|total|tahunan|setahun)(?:\s+(?:total|seluruhnya|keseluruhan|semua))?", re.IGNORECASE)
_RATE = re.compile(r"rata|persen|%|indeks|rasio|laju|angka|harga|tarif|upah|produktivitas|kepadatan|skor|tingkat", re.I)
RATES = frozenset({"persen", "indeks", "rasio", "skor", "derajat", "permil"})
"""Units whose figures must not be added up; neither may a figure "per" something."""
_MEASURED = re.compile(
    r"jumlah|jml|total|banyak|luas|panjang|lebar|tinggi|nilai|anggaran|pagu|target|capai|realisasi|produksi|harga"
    r"|pendapatan|penerimaan|belanja|biaya|upah|persen|rata|indeks|rasio|penduduk|laki|perempuan|pria|wanita|siswa|murid"
    r"|guru|kasus|kunjung|tenaga|dokter|kapasitas|volume|skor|garis kemiskinan|rombel|\b(?:19|20)\d\d\b|triwulan"
    r"|\b(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """What will be drawn.

    `line`: `values` (fields) over `time`, a line for each value of `series`, or one for each field when there are
    several. `bar`: one bar for each value of `series`, the longest first, at the latest `time` when there is one.
    `years` is set when years stand in the headers: the year of each field of `values`, and `time` is None.
    `kinds` are the kinds of regions in `series`, so that a province does not stand among its regencies; `within` is the
    field with the region around each, where their names recur. `beside` are (field, title) of further dimensions: one
    value of each is shown, its total, or (`adds_up`) the sum over all.
    """

    mark: Literal["line", "bar"]
    values: tuple[str, ...]
    value_title: str
    unit: str | None = None
    time: str | None = None
    time_type: str = "year"
    time_title: str = ""
    series: str | None = None
    series_title: str = ""
    years: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    within: str | None = None
    beside: tuple[tuple[str, str], ...] = ()
    adds_up: bool = False


def view_spec(schema: Mapping[str, Any], stats: Mapping[str, Any]) -> ChartPlan | None:
    """The plan for a table; None when a chart would mislead (registers, codes, dimensions unknown, too few figures).

    `stats` is `{"rows": n, "columns": {name: {"distinct", "missing", …}}}`.
    """
    table = _Table(schema, stats)
    filled = [field for field in table.of("value") if table.distinct(field) and _is_a_measure(field)]
    wide = _years_in_headers(filled)
    if wide:
        return _over_headers(table, wide)
    measures = [field for field in filled if table.distinct(field) > 1]
    if not measures or table.rows < LEAST_BARS:
        return None
    return _by_key(table, measures, table.key() or [])


def _by_key(table: _Table, measures: Sequence[dict[str, Any]], key: Sequence[dict[str, Any]]) -> ChartPlan | None:
    times = [field for field in key if field[ROLE] in ("year", "period")]
    places = [field for field in key if field not in times]
    if not key or len(times) > 1:
        return None
    if len(places) > 1:
        return _by_several(table, measures, times[0] if times else None, places)
    within = table.within(places[0]) if places else None
    label = table.label_of(places[0]) if places else None
    if label is None and within is not None:
        label = table.names_of(places[0])
        return replace(_bars(_best(measures), label, times[0] if times else None), within=within["name"])
    if places and label is None:
        return None
    if times and table.distinct(times[0]) >= LEAST_TIMES and (label is None or table.distinct(label) <= MOST_LINES):
        return _lines(measures, times[0], label)
    return _bars(_best(measures), label, times[0] if times else None) if label and table.can_rank(label) else None


def _by_several(
    table: _Table, measures: Sequence[dict[str, Any]], time: dict[str, Any] | None, places: Sequence[dict[str, Any]]
) -> ChartPlan | None:
    """Of more dimensions than a chart has: regions ranked, else a few lines; what stands beside is fixed or added up.

    Only what can be named and counted may stand beside: two levels of regions in one key lie within each other.
    """
    labels = [table.label_of(place) for place in places]
    regions = [place for place in places if place.get(ROLE) in ("region_code", "region_name")]
    if None in labels or len(regions) > 1 or table.of("unit"):
        return None
    named = [label for label in labels if label is not None]
    overtime = time is not None and table.distinct(time) >= LEAST_TIMES
    few = [label for label in named if table.distinct(label) <= MOST_LINES]
    if overtime and few and not regions:
        shown = max(few, key=table.distinct)
    else:
        shown = named[places.index(regions[0])] if regions else max(named, key=table.distinct)
        if not table.can_rank(shown):
            return None
    measure = _best(measures)
    lines = overtime and time is not None and table.distinct(shown) <= MOST_LINES
    plan = _lines([measure], time, shown) if lines and time is not None else _bars(measure, shown, time)
    beside = tuple((label["name"], _title(label)) for label in named if label is not shown)
    return replace(plan, beside=beside, adds_up=_adds_up(measure))


class _Table:
    """The schema and the statistics together."""

    def __init__(self, schema: Mapping[str, Any], stats: Mapping[str, Any]) -> None:
        self._fields: list[dict[str, Any]] = list(schema.get("fields", []))
        self._columns: Mapping[str, Any] = stats.get("columns", {})
        self._key = schema.get("primaryKey") or []
        self.rows = int(stats.get("rows") or 0)

    def of(self, *roles: str) -> list[dict[str, Any]]:
        return [field for field in self._fields if field.get(ROLE) in roles]

    def distinct(self, field: Mapping[str, Any]) -> int:
        return int(self._columns.get(field["name"], {}).get("distinct") or 0)

    def key(self) -> list[dict[str, Any]] | None:
        """The fields by which each row is one of its kind, constant ones left out; None when that is not known."""
        names = [self._key] if isinstance(self._key, str) else list(self._key)
        key = [field for field in self._fields if field["name"] in names and self.distinct(field) > 1]
        natural = ("region_code", "region_name", "identifier", "category", "label", "year", "period")
        if key:
            return key if all(field.get(ROLE) in natural for field in key) else None
        alone = [field for field in self.of(*natural) if self.distinct(field) == self.rows]
        return alone[:1] or None

    def label_of(self, place: dict[str, Any]) -> dict[str, Any] | None:
        """The field whose words name what `place` identifies: a region's name for its code, or the field itself."""
        if place.get(ROLE) not in ("region_code", "identifier"):
            return place
        names = self.of("region_name") if place.get(ROLE) == "region_code" else self.of("category", "label")
        for field in names:
            if field.get(KINDS) == place.get(KINDS) and self.distinct(field) == self.distinct(place):
                return field
        return None

    def names_of(self, place: Mapping[str, Any]) -> dict[str, Any]:
        """The field with the names of the regions that `place` has the codes of."""
        return next(field for field in self.of("region_name") if field.get(KINDS) == place.get(KINDS))

    def within(self, place: Mapping[str, Any]) -> dict[str, Any] | None:
        """Where the names of regions recur: the field with the names of those around them."""
        if place.get(ROLE) != "region_code" or not any(
            f.get(KINDS) == place.get(KINDS) for f in self.of("region_name")
        ):
            return None
        names = self.names_of(place)
        around = [f for f in self.of("region_name") if 1 < self.distinct(f) < self.distinct(names)]
        return around[0] if around and self.distinct(names) < self.distinct(place) else None

    def can_rank(self, label: Mapping[str, Any]) -> bool:
        return LEAST_BARS <= self.distinct(label) <= MOST_CLASSES


def _lines(measures: Sequence[dict[str, Any]], time: dict[str, Any], label: dict[str, Any] | None) -> ChartPlan:
    first = _best(measures)
    together = [first]
    if label is None:
        # Several measures share one axis only when they are counted in the same unit, and are few.
        alike = [field for field in measures if field.get("unit") == first.get("unit") and first.get("unit")]
        together = alike if 1 < len(alike) <= MOST_LINES else [first]
    return ChartPlan(
        mark="line",
        values=tuple(field["name"] for field in together),
        value_title=_title(first) if len(together) == 1 else "",
        unit=first.get("unit"),
        time=time["name"],
        time_type="year" if time.get(ROLE) == "year" else time.get("type", "string"),
        time_title=_title(time),
        series=label["name"] if label else None,
        series_title=_title(label) if label else "",
        kinds=tuple(label.get(KINDS, ())) if label else (),
    )


def _bars(measure: dict[str, Any], label: dict[str, Any], time: dict[str, Any] | None) -> ChartPlan:
    return ChartPlan(
        mark="bar",
        values=(measure["name"],),
        value_title=_title(measure),
        unit=measure.get("unit"),
        time=time["name"] if time else None,
        time_type="year" if time and time.get(ROLE) == "year" else "string",
        time_title=_title(time) if time else "",
        series=label["name"],
        series_title=_title(label),
        kinds=tuple(label.get(KINDS, ())),
    )


def _over_headers(table: _Table, wide: list[tuple[int, dict[str, Any]]]) -> ChartPlan | None:
    """A table with a year a column: lines for few rows, else a ranking of the latest year."""
    labels = [field for field in table.of("region_name", "category", "label") if table.distinct(field) == table.rows]
    if not labels:
        return None
    label, last = labels[0], wide[-1][1]
    plan = _bars(last, label, None)
    unit = last.get("unit")
    common = _YEAR.sub("", _title(last)).strip(" -–/:()")
    few = table.rows <= MOST_LINES and len(wide) >= LEAST_TIMES
    if not few and not table.can_rank(label):
        return None
    return ChartPlan(
        mark="line" if few else "bar",
        values=tuple(field["name"] for _, field in wide) if few else plan.values,
        value_title=common if re.sub(r"tahun", "", common, flags=re.IGNORECASE).strip() else "",
        unit=unit,
        time_title="Tahun",
        series=label["name"],
        series_title=_title(label),
        years=tuple(year for year, _ in wide) if few else (wide[-1][0],),
        kinds=plan.kinds,
    )


def _years_in_headers(measures: Sequence[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """The measures whose titles differ by their year alone, in order of years; empty when they are fewer than three."""
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for field in measures:
        title = _title(field)
        years = _YEAR.findall(title)
        if len(years) == 1:
            groups.setdefault(_YEAR.sub("#", title).strip(" *)"), []).append((int(years[0]), field))
    widest = max(groups.values(), key=len, default=[])
    units = {field.get("unit") for _, field in widest}
    if len(widest) < LEAST_TIMES or len({year for year, _ in widest}) < len(widest) or len(units) > 1:
        return []
    return sorted(widest, key=lambda pair: pair[0])


def _is_a_measure(field: Mapping[str, Any]) -> bool:
    """A whole number without a unit is drawn only when its header says that something is counted or measured."""
    return bool(field.get("unit")) or field.get("type") == "number" or bool(_MEASURED.search(_title(field)))


def _adds_up(field: Mapping[str, Any]) -> bool:
    """Whether figures of several classes make one of all: counted and measured things do, rates and prices do not."""
    title, unit = _title(field), str(field.get("unit") or "").lower()
    rate = unit in RATES or " per " in f" {unit} {title.lower()} " or _RATE.search(title)
    return not rate and (field.get("type") == "integer" or bool(unit))


def _best(measures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The total where all are parts of one, else the first that says what it counts, else the first with a unit."""
    if len({field.get("unit") for field in measures}) == 1:
        totals = [field for field in measures if _TOTAL.fullmatch(_title(field))]
        if totals:
            return totals[-1]
    told = [field for field in measures if field.get("unit") or _MEASURED.search(_title(field))]
    return (told or list(measures))[0]


def _title(field: Mapping[str, Any]) -> str:
    """The header as a person would write it: `nilai_investasi` becomes "Nilai investasi", a unit at its end goes."""
    title = str(field.get("title") or field["name"])
    if re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", title):
        title = title.replace("_", " ")
    words = [word.lower() if word.isupper() and len(word) > 4 else word for word in title.split()]
    for length in range(min(3, len(words) - 1), 0, -1):
        if field.get("unit") and units.canonical(" ".join(words[-length:])) == field["unit"]:
            words = words[:-length]
            break
    shown = " ".join(words)
    return shown[0].upper() + shown[1:]
