"""Maps: attributes as a table, geometry as tidy GeoJSON in the same order; harmful or useless ones told."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from read_tables import Reader, codes, only, rows_of, titles, types

from metadata.reading.errors import BrokenFile, DangerousFile, NoRows
from metadata.reading.table import Reading


def features(*pairs: tuple[dict[str, Any], Any], **members: Any) -> str:
    made = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in pairs]
    return json.dumps({"type": "FeatureCollection", "features": made, **members})


def point(*position: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def kml(*placemarks: str, head: str = "") -> str:
    body = "".join(f"<Placemark>{placemark}</Placemark>" for placemark in placemarks)
    return f'<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'


def shape_of(reading: Reading) -> list[Any]:
    assert reading.geojson is not None
    return json.loads(reading.geojson.read_text("utf-8"))["features"]


def test_geojson_gives_its_attributes_and_a_tidy_map(reader: Reader) -> None:
    content = features(
        ({"Nama": "Gayam", "kode": "01"}, point(111.881234567891, -7.15, 12)), ({"Nama": "Malo", "kode": "02"}, None)
    )
    reading = reader.text(content, "kecamatan.geojson")
    table = only(reading)
    assert (reading.format, titles(table), rows_of(table)) == (
        "geojson",
        ["Nama", "kode"],
        [["Gayam", "01"], ["Malo", "02"]],
    )
    first, second = shape_of(reading)
    assert first == {
        "type": "Feature",
        "id": 1,
        "properties": {"nama": "Gayam", "kode": "01"},
        "geometry": {"type": "Point", "coordinates": [111.8812346, -7.15]},
    }
    assert second["geometry"] is None


def test_features_and_rows_stay_in_step_even_for_totals_and_blanks(reader: Reader) -> None:
    content = features(({"n": "A"}, point(111, -7)), ({}, point(112, -7)), ({"n": "Jumlah"}, point(113, -7)))
    reading = reader.text(content, "a.geojson")
    assert only(reading).rows == len(shape_of(reading)) == 3


def test_latitude_first_is_turned_round_and_said(reader: Reader) -> None:
    reading = reader.text(features(({"a": 1}, point(-7.15, 111.88))), "a.geojson")
    assert shape_of(reading)[0]["geometry"]["coordinates"] == [111.88, -7.15]
    assert "read.coordinates_swapped" in codes(reading)


@pytest.mark.parametrize(
    ("geometry", "members"),
    [
        (point(600_000, 9_200_000), {}),
        (point(111, -7), {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32749"}}}),
        ({"type": "Circle", "coordinates": [1, 2]}, {}),
        ({"type": "Point", "coordinates": ["x", 2]}, {}),
        ({"type": "Polygon", "coordinates": [1, 2]}, {}),
    ],
)
def test_useless_geometry_leaves_the_table_and_is_said(reader: Reader, geometry: Any, members: dict[str, Any]) -> None:
    reading = reader.text(features(({"a": 1}, geometry), **members), "a.geojson")
    assert (reading.geojson, only(reading).rows) == (None, 1)
    assert "read.map_refused" in codes(reading)


def test_a_map_without_attributes_is_a_map_still(reader: Reader) -> None:
    reading = reader.text(json.dumps(point(111, -7)), "titik.geojson")
    assert reading.tables == ()
    assert shape_of(reading)[0]["geometry"] == point(111.0, -7.0)


def test_a_map_without_features_has_no_rows(reader: Reader) -> None:
    with pytest.raises(NoRows):
        reader.text(features(), "a.geojson")
    with pytest.raises(NoRows):
        reader.text(kml(), "a.kml")


def test_kml_gives_extended_data_and_every_kind_of_geometry(reader: Reader) -> None:
    data = '<Data name="NAMA"><value>{0}</value></Data><Data name="LEBAR"><value>{1}</value></Data>'
    data = f"<ExtendedData>{data}</ExtendedData>"
    ring = "<coordinates>111,-7,0 112,-7,0 112,-8,0 111,-7,0</coordinates>"
    content = kml(
        data.format("Jalan A", "5.000000000000000")
        + "<LineString><coordinates>111,-7 112,-7</coordinates></LineString>",
        data.format("Jalan B", "4.5")
        + "<MultiGeometry><Point><coordinates>111,-7</coordinates></Point>"
        + "<Point><coordinates>112,-7</coordinates></Point></MultiGeometry>",
        data.format("Taman", "6")
        + f"<Polygon><outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs></Polygon>",
    )
    reading = reader.text(content, "jalan.kml")
    assert rows_of(only(reading)) == [["Jalan A", "5"], ["Jalan B", "4.5"], ["Taman", "6"]]
    assert types(only(reading)) == {"nama": "string", "lebar": "number"}
    assert [item["geometry"]["type"] for item in shape_of(reading)] == ["LineString", "MultiPoint", "Polygon"]
    assert shape_of(reading)[2]["geometry"]["coordinates"][0][0] == [111.0, -7.0]


def test_kml_of_qgis_and_folders_are_understood(reader: Reader) -> None:
    schema = '<ExtendedData><SchemaData><SimpleData name="nama">Pasar {0}</SimpleData></SchemaData></ExtendedData>'
    folder = "<Folder><name>Kecamatan {0}</name><Placemark>{1}</Placemark></Folder>"
    body = "".join(folder.format(n, schema.format(n)) for n in "AB")
    content = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Peta</name>{body}</Document></kml>'
    assert rows_of(only(reader.text(content, "pasar.kml"))) == [["Kecamatan A", "Pasar A"], ["Kecamatan B", "Pasar B"]]


def test_attributes_written_into_the_description_are_taken_out_of_it(reader: Reader) -> None:
    lines = "<description><![CDATA[RUAS: Jalan {0}<br>PANJANG: {1}<br>STATUS: Kabupaten]]></description>"
    table = only(reader.text(kml(lines.format("A", 7240), lines.format("B", 500)), "a.kml"))
    assert (titles(table), rows_of(table)[0]) == (["RUAS", "PANJANG", "STATUS"], ["Jalan A", "7240", "Kabupaten"])
    cells = "<table><tr><td>RUAS</td><td>Jalan {0}</td></tr><tr><td>M</td><td>1</td></tr></table>"
    html = f"<description><![CDATA[{cells}]]></description>"
    assert titles(only(reader.text(kml(html.format("A"), html.format("B")), "b.kml"))) == ["RUAS", "M"]


def test_style_and_repetition_are_no_columns_and_said(reader: Reader) -> None:
    fields = {"stroke": "#ff0000", "styleUrl": "#a", "NAMA": "Jalan {0}", "PANJANG": "1", "STATUS": "Kab"}
    repeated = "\n".join(f"{key}: {value}" for key, value in fields.items())
    data = "".join(f'<Data name="{key}"><value>{value}</value></Data>' for key, value in fields.items())
    data += f'<Data name="deskripsi"><value>{repeated}</value></Data>'
    mark = f"<name/><ExtendedData>{data}</ExtendedData>"
    reading = reader.text(kml(mark.format("A"), mark.format("B")), "a.kml")
    assert titles(only(reading)) == ["NAMA", "PANJANG", "STATUS"]
    dropped = next(n.params["columns"] for n in reading.notices if n.code == "read.attributes_dropped")
    assert dropped == ("stroke", "styleUrl", "deskripsi")


def test_a_kmz_is_the_kml_in_it(reader: Reader) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("doc.kml", kml("<name>Taman</name><Point><coordinates>111,-7</coordinates></Point>"))
    assert rows_of(only(reader.text(out.getvalue(), "taman.kmz"))) == [["Taman"]]


def test_a_doctype_is_refused_before_its_entities_unfold(reader: Reader) -> None:
    bomb = '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(DangerousFile):
        reader.text(kml("<name>&b;</name>", head=bomb), "bom.kml")


def test_broken_kml_says_so(reader: Reader) -> None:
    with pytest.raises(BrokenFile):
        reader.text(kml("<name>A</name>")[:-20], "rusak.kml")
