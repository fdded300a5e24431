"""The address of a question."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.query.check import checked
from datasets.query.errors import (
    BadQuery,
    BadValue,
    Conflict,
    TooMuchAsked,
    UnknownArgument,
    UnknownColumn,
    UnknownFunction,
    UnknownOperator,
)
from datasets.query.question import COUNT, Filter, Function, Group, Measure, Operator, Period, Sort, TableQuery
from datasets.query.shape import TableShape, shape_of
from datasets.query.url import ARGUMENTS, arguments, canonical, parse

CASES = int(os.environ.get("FUZZ_CASES", "1000"))
SHAPE = shape_of(
    {
        "fields": [
            {"name": "kecamatan", "type": "string", "title": "Kecamatan"},
            {"name": "tahun", "type": "year"},
            {"name": "nilai", "type": "number", "unit": "juta rupiah"},
            {"name": "jumlah", "type": "integer"},
            {"name": "tanggal", "type": "date"},
            {"name": "aktif", "type": "boolean"},
        ]
    }
)


def _asked(url: str, shape: TableShape = SHAPE, **options: Any) -> TableQuery:
    return parse(parse_qsl(url, keep_blank_values=True), shape, **options)


def test_a_view_of_a_table_reads_like_a_sentence() -> None:
    query = _asked(
        "kecamatan=Kapas&tahun__ge=2015&_sort=-nilai,tahun&_page=2&_size=50&_q=jalan&_columns=kecamatan,nilai"
    )
    assert query == TableQuery(
        columns=("kecamatan", "nilai"),
        where=(Filter("kecamatan", Operator.EQ, ("Kapas",)), Filter("tahun", Operator.GE, ("2015",))),
        text="jalan",
        sort=(Sort("nilai", descending=True), Sort("tahun")),
        page=2,
        size=50,
    )


def test_groups_and_figures_have_names_of_their_own() -> None:
    query = _asked("_group=kecamatan,tanggal:month&_measure=sum:nilai,count&_sort=-sum_nilai")
    assert query.group == (Group("kecamatan"), Group("tanggal", Period.MONTH))
    assert query.measures == (Measure(Function.SUM, "nilai"), COUNT)
    assert query.labels == ("kecamatan", "tanggal", "sum_nilai", "count")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tahun=2020&kecamatan=Kapas", "kecamatan=Kapas&tahun=2020"),
        ("kecamatan=Kapas&kecamatan=Balen", "kecamatan__in=Balen,Kapas"),
        ("kecamatan=Kapas&kecamatan=Kapas", "kecamatan__eq=Kapas"),
        ("nilai__ge=1.50", "nilai__ge=1,5"),
        ("nilai__ge=1234567.5", "nilai__ge=1.234.567,5"),
        ("jumlah=1000", "jumlah=1.000"),
        ("aktif=true", "aktif=YA"),
        ("tahun=+2020", "tahun=2020"),
        ("jumlah=1e3", "jumlah=1000"),
        ("jumlah__ge=-0", "jumlah__ge=0"),
        ("nilai=1e999", "nilai=10e998"),
        ("_q=jalan++rusak", "_q= jalan rusak"),
        ("_columns=kecamatan,tahun,nilai,jumlah,tanggal,aktif", ""),
        ("_columns=tahun&_columns=nilai", "_columns=tahun,nilai"),
        ("_sort=tahun,-tahun", "_sort=tahun"),
        ("_group=tahun&_measure=count", "_group=tahun"),
        ("_page=1&_size=100", ""),
        ("kecamatan=&tahun__ge=&_q=&_sort=&_page=", ""),
    ],
)
def test_equal_questions_have_equal_addresses(one: str, other: str) -> None:
    assert canonical(_asked(one), SHAPE) == canonical(_asked(other), SHAPE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("_columns=tahun,nilai", "_columns=nilai,tahun"),
        ("_sort=tahun,nilai", "_sort=nilai,tahun"),
        ("kecamatan=Kapas", "kecamatan=kapas"),
        ("kecamatan=Kapas", "kecamatan=Kapas%20"),
        ("kecamatan__contains=a", "kecamatan__startswith=a"),
        ("nilai__ge=1", "nilai__gt=1"),
        ("jumlah=12345678901234567890123456789012345678", "jumlah=12345678901234567890123456789012345679"),
        ("tanggal=2020", "tanggal=2020-01-01"),
        ("kecamatan__in=a,b", 'kecamatan__in="a,b"'),
    ],
)
def test_different_questions_have_different_addresses(one: str, other: str) -> None:
    assert canonical(_asked(one), SHAPE) != canonical(_asked(other), SHAPE)


def test_what_means_nothing_is_refused_with_what_would_mean_something() -> None:
    with pytest.raises(UnknownColumn) as column:
        _asked("kabupaten=Kapas")
    with pytest.raises(UnknownOperator) as operator:
        _asked("aktif__ge=true")
    with pytest.raises(UnknownArgument) as argument:
        _asked("_where=1=1")
    with pytest.raises(UnknownFunction) as function:
        _asked("_measure=sum:kecamatan")
    assert "kecamatan, tahun, nilai" in column.value.say("id")
    assert "eq, ne, missing, notmissing, in" in operator.value.say("id")
    assert "_columns" in argument.value.say("id")
    assert "min, max" in function.value.say("en")
    assert {caught.value.status for caught in (column, operator, argument, function)} == {400}


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("tahun=dua", BadValue),
        ("tahun=2020;DROP TABLE t", BadValue),
        ("nilai__ge=NaN", BadValue),
        ("nilai__ge=1e999999999", BadValue),
        ("jumlah=1e9999", BadValue),
        ("nilai__ge=" + "9" * 100, BadValue),
        ("tanggal=2020-13", BadValue),
        ("tanggal=2021-02-29", BadValue),
        ("tanggal=9999", BadValue),
        ("aktif=mungkin", BadValue),
        ("tahun__missing=0", BadValue),
        ("kecamatan=" + "a" * 2_000, BadValue),
        ("_page=0", BadValue),
        ("_page=-1", BadValue),
        ("_page=9" + "9" * 40, BadValue),
        ("_page=1e3", BadValue),
        ("_size=1000000", BadValue),
        ("_row=x", BadValue),
        ('_sort="tahun', BadValue),
        ("_sort=tahun:desc", BadValue),
        ("_measure=sum", UnknownFunction),
        ("_measure=delete:nilai", UnknownFunction),
        ("_group=tahun:month", UnknownFunction),
        ("_group=tanggal:minute", UnknownFunction),
        ("_group=tahun&_sort=nilai", UnknownColumn),
        ("_group=tahun&_columns=nilai", Conflict),
        ("_after=3&_page=2", Conflict),
        ("_row=3&tahun=2020", Conflict),
        ("_sort=" + ",".join(["tahun"] * 9), TooMuchAsked),
        ("_q=" + "a+" * 9, TooMuchAsked),
        ("_q=" + "a" * 1_001, TooMuchAsked),
        ("&".join(f"kecamatan={n}" for n in range(501)), TooMuchAsked),
        ("__ge=1", UnknownArgument),
        ("=1", UnknownColumn),
        ("tahun__=1", UnknownOperator),
        ("tahun__GE=1", UnknownOperator),
        ("_column.tahun=1", UnknownColumn),
    ],
)
def test_what_cannot_be_asked_is_a_clear_refusal(url: str, error: type[BadQuery]) -> None:
    with pytest.raises(error) as caught:
        _asked(url)
    assert caught.value.status == 400
    assert len(caught.value.say("id")) < 1_000


def test_columns_with_awkward_names_have_an_address_too() -> None:
    names = ["_page", "_id", "a", "a__ge", "x,y", 'k"k', "-minus", "titik:dua", "é ü", "_column.x", "count"]
    shape = shape_of({"fields": [{"name": name, "type": "integer"} for name in names]})
    for name in names:
        query = TableQuery(
            columns=(name,),
            where=(Filter(name, Operator.GE, ("1",)), Filter(name, Operator.EQ, ("2",))),
            sort=(Sort(name),),
        )
        assert parse(arguments(query, shape), shape) == checked(query, shape)
        grouped = TableQuery(group=(Group(name),), measures=(Measure(Function.SUM, name), COUNT))
        assert parse(arguments(grouped, shape), shape) == grouped
    assert parse([("a__ge", "1")], shape).where == (Filter("a__ge", Operator.EQ, ("1",)),)


def test_the_page_size_of_the_caller_is_left_out_of_the_address() -> None:
    query = _asked("tahun=2020", size=25)
    assert query.size == 25
    assert canonical(query, SHAPE, size=25) == "tahun=2020"
    assert canonical(query, SHAPE) == "tahun=2020&_size=25"


def test_arguments_of_the_page_itself_can_be_passed_over() -> None:
    assert _asked("_lang=en&tahun=2020", ignored=("_lang",)) == _asked("tahun=2020")


NAMES = st.one_of(
    st.sampled_from([*ARGUMENTS, *(column.name for column in SHAPE.columns)]),
    st.builds(
        lambda name, operator: f"{name}__{operator}",
        st.sampled_from([column.name for column in SHAPE.columns]),
        st.sampled_from([*(operator.value for operator in Operator), "in", "like", "'"]),
    ),
    st.text(max_size=8),
)
VALUES = st.one_of(
    st.sampled_from(
        ["1", "2020", "a,b", '"', "-nilai", "sum:nilai", "true", "2020-01", "' OR 1=1 --", "\x00", "\ud800"]
    ),
    st.text(max_size=12),
)


@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5))
@settings(max_examples=CASES, deadline=None)
def test_any_address_is_a_question_or_a_clear_refusal(pairs: list[tuple[str, str]]) -> None:
    try:
        query = parse(pairs, SHAPE)
    except BadQuery as refusal:
        assert refusal.say("id").encode()
    else:
        assert parse(arguments(query, SHAPE), SHAPE) == query
