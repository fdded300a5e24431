"""Addresses as names: stable, readable, harmless."""

from __future__ import annotations

import pytest

from harvesters.archives import safe_path
from harvesters.protocols.links import filename_of, key_of, may_follow, title_of_link

BASE = "https://opd.test/data/"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://opd.test/data/a.csv", "data/a.csv"),
        ("https://OPD.test:443/data/a.csv#x", "data/a.csv"),
        ("https://opd.test/unduh?id=3&token=abc", "unduh?id=3&token=***"),
        ("https://opd.test/Luas%20panen.csv", "Luas panen.csv"),
        ("https://lain.test/a.csv", "https://lain.test/a.csv"),
        ("https://u:p@opd.test/", "https://opd.test/"),
    ],
)
def test_a_file_is_known_by_its_path_and_never_by_a_secret(url: str, key: str) -> None:
    assert key_of(url, BASE) == key


def test_a_long_address_has_a_key_that_fits_and_is_its_own() -> None:
    keys = {key_of(f"{BASE}{'a' * 2_000}{n}", BASE) for n in range(3)}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {500}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Panjang  jalan\n2023", "Panjang jalan 2023"),
        ("Unduh", "Ruas jalan"),
        ("download CSV", "Ruas jalan"),
        ("di sini", "Ruas jalan"),
        ("XLSX (2 MB)", "Ruas jalan"),
        ("ruas_jalan.csv", "Ruas jalan"),
        ("ruas_ja..>", "Ruas jalan"),
        ("", "Ruas jalan"),
        ("Data Pokok Pendidikan", "Data Pokok Pendidikan"),
    ],
)
def test_words_that_say_nothing_are_no_title(text: str, title: str) -> None:
    assert title_of_link(text, "ruas_jalan.csv") == title


@pytest.mark.parametrize(
    ("url", "name", "declared", "filename"),
    [
        ("https://x/a%20b.csv?v=1", "", "", "a b.csv"),
        ("https://x/unduh?id=3", "ruas.xlsx", "", "ruas.xlsx"),
        ("https://x/unduh", "Ruas jalan", "csv", "Ruas jalan.csv"),
        ("https://x/", "", "", ""),
        ("https://x/..%2f..%2fetc%2fpasswd.csv", "", "", "../../etc/passwd.csv"),  # `free_name` takes its last part
    ],
)
def test_a_file_has_a_name_with_an_ending_where_there_is_one(url: str, name: str, declared: str, filename: str) -> None:
    assert filename_of(url, name, declared) == filename


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://opd.test/x", True),
        ("https://cdn.opd.test/x", True),
        ("http://opd.test/x", False),
        ("https://opd.test:8443/x", False),
        ("https://opd.test.jahat.test/x", False),
        ("https://opd.test@jahat.test/x", False),
        ("//jahat.test/x", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
    ],
)
def test_only_links_to_the_own_origin_or_to_allowed_hosts_are_followed(url: str, followed: bool) -> None:
    assert may_follow(url, BASE, ("*.opd.test",)) is followed


@pytest.mark.parametrize("name", ["", "/a", "../a", "a/../../b", "C:\\a", "C:a", "\\\\server\\a", "a\0b"])
def test_a_path_that_leads_out_is_none(name: str) -> None:
    assert safe_path(name) is None


def test_a_path_that_leads_down_is_itself() -> None:
    assert [safe_path(name) for name in ("a/b.csv", "./a.csv", "a\\b.csv", "a//b.csv")] == [
        "a/b.csv", "a.csv", "a/b.csv", "a/b.csv",
    ]  # fmt: skip
