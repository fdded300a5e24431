"""KML read feature by feature: attributes from extended data or from the description's text, and the geometry."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree, html

from metadata.mistakes import syntax_mistake
from metadata.notices import Notice, Place
from metadata.reading import cell_repairs
from metadata.reading.errors import BrokenFile, DangerousFile, NoRows, TooLarge
from metadata.reading.geo import Feature, MapContent, tidy_map
from metadata.terms import Bilingual

LARGEST = 256 * 1024 * 1024
"""Bytes of KML, unpacked."""
_STYLE = re.compile(
    r"(?:styleurl|(?:stroke|fill|marker|icon|label)(?:[-_](?:opacity|width|color|colour|size|symbol|scale))?"
    r"|altitudemode|tessellate|extrude|visibility|draworder|balloonstyle)",
    re.IGNORECASE,
)
_TIMES = frozenset({"begin", "end", "timestamp", "snippet"})
_BREAKS = re.compile(r"<br\s*/?>|</?(?:p|div|tr|li)[^>]*>|\n", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_PAIR = re.compile(r"\s*([^:=<>]{1,60}?)\s*[:=]\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")


def read_kml(path: Path, *, filename: str, zipped: bool = False) -> MapContent:
    """The placemarks of a KML file, or of the KML in a KMZ.

    Entities are never resolved; a DOCTYPE is refused. Raises `DangerousFile`, `BrokenFile`, `TooLarge`, `NoRows`.
    """
    place = Place(file=filename)
    try:
        if zipped:
            with zipfile.ZipFile(path) as archive, archive.open(_member(archive, place)) as stream:
                features = list(_placemarks(stream, place))
        else:
            if path.stat().st_size > LARGEST:
                raise TooLarge(place=place, what="KML", size=f"{path.stat().st_size >> 20} MB", limit="256 MB")
            with path.open("rb") as stream:
                features = list(_placemarks(stream, place))
    except (etree.XMLSyntaxError, zipfile.BadZipFile, RuntimeError) as error:
        raise BrokenFile(place=place, format="KML", reason=syntax_mistake(error, "KML")) from None
    if not features:
        raise NoRows(place=place)
    kept, dropped = _without_style(features)
    content = tidy_map(kept, place)
    if not dropped:
        return content
    notice = Notice(cell_repairs.ATTRIBUTES_DROPPED, place, {"columns": tuple(dropped)})
    return MapContent(content.features, content.usable, (*content.notices, notice))


def _member(archive: zipfile.ZipFile, place: Place) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if member.filename.lower().endswith(".kml")]
    if not members:
        raise NoRows(place=place)
    if members[0].file_size > LARGEST:
        raise TooLarge(place=place, what="KML", size=f"{members[0].file_size >> 20} MB", limit="256 MB")
    return members[0]


def _placemarks(stream: IO[bytes], place: Place) -> Iterator[Feature]:
    events = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    folders: list[str] = []
    first = True
    for event, element in events:
        if first:
            if element.getroottree().docinfo.internalDTD is not None:
                raise DangerousFile(place=place, reason=Bilingual("ada deklarasi DOCTYPE", "it declares a DOCTYPE"))
            first = False
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name == "Folder":
            _enter(folders, element, event)
        elif name == "name" and event == "end" and _is_folder(element.getparent()) and folders:
            folders[-1] = _text(element)
        elif name == "Placemark" and event == "end":
            yield _feature(element, folders)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _enter(folders: list[str], element: etree._Element, event: str) -> None:
    if event == "start":
        folders.append("")
    else:
        folders.pop()
        element.clear()


def _is_folder(element: etree._Element | None) -> bool:
    return element is not None and isinstance(element.tag, str) and etree.QName(element).localname == "Folder"


def _feature(placemark: etree._Element, folders: list[str]) -> Feature:
    attributes: dict[str, Any] = {}
    if folder := next((name for name in reversed(folders) if name), ""):
        attributes["folder"] = folder
    if name := _text(placemark.find("{*}name")):
        attributes["name"] = name
    data = _extended(placemark)
    description = _text(placemark.find("{*}description"))
    if data:
        attributes |= data
        if description:
            attributes["description"] = description
    elif description:
        attributes |= _described(description) or {"description": _TAGS.sub(" ", description).strip()}
    return Feature(attributes, _geometry(placemark))


def _extended(placemark: etree._Element) -> dict[str, str]:
    found = {}
    for item in placemark.iterfind("{*}ExtendedData//{*}Data"):
        found[item.get("name", "")] = _text(item.find("{*}value"))
    for item in placemark.iterfind("{*}ExtendedData//{*}SimpleData"):
        found[item.get("name", "")] = _text(item)
    return {str(key): value for key, value in found.items() if key}


def _described(text: str) -> dict[str, str]:
    """Attributes written into the description: a table of two columns, or lines of `key: value`."""
    if "<table" in text.lower():
        page: Any = html.fromstring(text)
        rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")] for row in page.iter("tr")]
        pairs = [row for row in rows if len(row) == 2 and row[0]]
        return {key.rstrip(" :"): value for key, value in pairs} if len(pairs) >= 2 else {}
    return _pairs(text)


def _pairs(text: str) -> dict[str, str]:
    lines = [_TAGS.sub("", line).strip() for line in _BREAKS.split(text)]
    lines = [line for line in lines if line]
    found = {match[1]: match[2].strip() for line in lines if (match := _PAIR.fullmatch(line))}
    return found if len(found) >= 2 and len(found) >= 0.5 * len(lines) else {}


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _geometry(element: etree._Element) -> dict[str, Any] | None:
    parts = [part for child in element if (part := _part(child)) is not None]
    return parts[0] if len(parts) == 1 else _collected(parts) if parts else None


def _part(element: etree._Element) -> dict[str, Any] | None:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "MultiGeometry":
        return _geometry(element)
    if name == "Point":
        positions = _positions(element.find("{*}coordinates"))
        return {"type": "Point", "coordinates": positions[0]} if positions else None
    if name in ("LineString", "LinearRing"):
        positions = _positions(element.find("{*}coordinates"))
        return {"type": "LineString", "coordinates": positions} if len(positions) > 1 else None
    if name == "Polygon":
        rings = [_positions(ring) for ring in element.iterfind("{*}outerBoundaryIs//{*}coordinates")][:1]
        rings += [_positions(ring) for ring in element.iterfind("{*}innerBoundaryIs//{*}coordinates")]
        return {"type": "Polygon", "coordinates": rings} if rings and len(rings[0]) > 2 else None
    return None


def _collected(parts: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = {part["type"] for part in parts}
    if len(kinds) == 1 and (kind := kinds.pop()) in ("Point", "LineString", "Polygon"):
        return {"type": f"Multi{kind}", "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _positions(element: etree._Element | None) -> list[list[float]]:
    text = _text(element)
    found = []
    for item in text.split():
        numbers = [float(number) for number in item.split(",") if _NUMBER.fullmatch(number)]
        if len(numbers) >= 2:
            found.append(numbers[:2])
    return found


def _without_style(features: list[Feature]) -> tuple[list[Feature], list[str]]:
    """The features without attributes of style, and without texts that only repeat their other attributes."""
    keys = list(dict.fromkeys(key for feature in features for key in feature.attributes))
    dropped = []
    for key in keys:
        values = [feature.attributes.get(key, "") for feature in features]
        empty = not any(values)
        filled = sum(map(bool, values))
        repeated = sum(_repeats(feature, key) for feature in features if feature.attributes.get(key)) >= 0.95 * filled
        if (
            _STYLE.fullmatch(key)
            or (empty and (key.lower() in _TIMES or key == "description"))
            or (repeated and not empty)
        ):
            dropped.append(key)
    kept = [
        Feature({key: value for key, value in feature.attributes.items() if key not in dropped}, feature.geometry)
        for feature in features
    ]
    return kept, dropped


def _repeats(feature: Feature, key: str) -> bool:
    """Whether the text of `key` is nothing but the other attributes once more, as `key: value` lines."""
    pairs = _pairs(str(feature.attributes[key])) if key != "name" else {}
    others = {name for name in feature.attributes if name != key}
    return len(pairs) >= 3 and len(set(pairs) & others) >= 0.6 * len(pairs)
