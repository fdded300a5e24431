"""What SQL of strangers may be: one SELECT over the given tables, with functions that only compute.

The statement is judged as DuckDB itself parses it (`json_serialize_sql`), never as text. What is not known here is
refused, so that a new DuckDB can bring no new way out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from datasets.sql.errors import FunctionNotAllowed, NotASelect, SyntaxWrong, TableNotThere

MOST_SQL = 20_000  # characters

NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
SOURCES = {"BASE_TABLE", "JOIN", "SUBQUERY", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT"}
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_COMPUTING = """
abs acos add age any_value approx_count_distinct approx_quantile arbitrary arg_max arg_min argmax argmin array_agg
array_length array_to_string ascii asin atan atan2 avg bar between bit_and bit_or bool_and bool_or cbrt ceil ceiling
century chr coalesce concat concat_ws contains corr cos cot count count_if count_star countif covar_pop covar_samp
cume_dist current_date damerau_levenshtein date_add date_diff date_part date_sub date_trunc datediff datepart datesub
datetrunc day dayname dayofmonth dayofweek dayofyear decade degrees dense_rank divide ends_with entropy epoch even exp
factorial favg first first_value floor fmod format fsum gcd greatest grouping grouping_id hamming hash histogram hour if
ifnull ilike_escape instr isfinite isinf isnan isodow isoyear jaccard jaro_similarity jaro_winkler_similarity kahan_sum
kurtosis kurtosis_pop lag last last_day last_value lcase lcm lead least left len length levenshtein like_escape list
list_aggregate list_avg list_contains list_count list_distinct list_element list_extract list_filter list_max list_min
list_pack list_position list_reverse list_slice list_sort list_sum list_transform list_unique list_value ln log log10
log2 lower lpad ltrim mad make_date make_time make_timestamp max max_by md5 mean median millennium min min_by minute mod
mode month monthname multiply not_ilike_escape not_like_escape now nth_value ntile nullif percent_rank pi position pow
power prefix printf product quantile quantile_cont quantile_disc quarter radians rank regexp_escape regexp_extract
regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array regr_avgx regr_avgy regr_count
regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reservoir_quantile reverse right round
round_even row row_number rpad rtrim second sem sign sin skewness split split_part sqrt starts_with stddev stddev_pop
stddev_samp str_split strftime string_agg string_split strip_accents strlen strpos strptime struct_extract struct_pack
substr substring subtract suffix sum tan time_bucket to_days to_hours to_minutes to_months to_seconds to_weeks to_years
today translate trim trunc try_strptime typeof ucase unicode unnest upper var_pop var_samp variance wavg week weekday
weekofyear weighted_avg xor year yearweek
"""
FUNCTIONS = frozenset(_COMPUTING.split())
"""The functions that may be called; operators and casts are not named and always may."""


def check(connection: Any, sql: str, tables: Collection[str]) -> str:
    """The one statement of `sql`, without what follows it. Raises a `SqlRefused` that says what would be allowed."""
    import duckdb

    if len(sql) > MOST_SQL:
        raise SyntaxWrong(reason=f"> {MOST_SQL}")
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise SyntaxWrong(reason=str(error).split("\n\n")[0][:500]) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT or statements[0].named_parameters:
        raise NotASelect
    text = _without_end(statements[0].query)
    parsed = json.loads(connection.execute("SELECT json_serialize_sql(?)", [text]).fetchone()[0])
    if parsed.get("error") or len(parsed["statements"]) != 1:
        raise NotASelect
    nodes = list(_nodes(parsed["statements"][0]))
    known = {name.lower() for name in tables} | {name.lower() for node in nodes for name in _named(node)}
    for node in nodes:
        _judge(node, known, tables)
    return text


def _without_end(statement: str) -> str:
    """The statement up to its semicolon, as DuckDB's own tokens show where that is."""
    import duckdb

    data = statement.encode()
    ends = [place for place, _ in duckdb.tokenize(statement) if data[place : place + 1] == b";"]
    return data[: ends[0]].decode() if ends else statement


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the tree; without recursion, since its depth is a stranger's choice."""
    left = [tree]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield item
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)


def _named(node: dict[str, Any]) -> Iterator[str]:
    """The names that WITH gives."""
    named = node.get("cte_map")
    if isinstance(named, dict):
        yield from (str(entry.get("key")) for entry in named.get("map", []))
    if "cte_name" in node or "ctename" in node:
        yield str(node.get("cte_name") or node.get("ctename"))


def _judge(node: dict[str, Any], known: Collection[str], tables: Collection[str]) -> None:
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and "modifiers" in node and kind not in NODES:
        raise NotASelect
    if "sample" in node and "query_location" in node and "class" not in node:  # a source of rows
        if kind not in SOURCES:
            raise NotASelect
        if kind == "BASE_TABLE":
            plain = not node.get("schema_name") and not node.get("catalog_name") and not node.get("at_clause")
            name = str(node.get("table_name", ""))
            if not plain or name.lower() not in known:
                raise TableNotThere(table=name[:100], valid=tuple(tables))
        if kind == "TABLE_FUNCTION":
            _function(node.get("function", {}), TABLE_FUNCTIONS)
            return
    if "function_name" in node and not _is_table_function(node):
        _function(node, FUNCTIONS)
    if node.get("class") == "PARAMETER":
        raise NotASelect


def _is_table_function(node: dict[str, Any]) -> bool:
    """A table function's call is judged with its table; here it may only be one of those names again."""
    return str(node.get("function_name", "")).lower() in TABLE_FUNCTIONS


def _function(node: dict[str, Any], allowed: Collection[str]) -> None:
    name = str(node.get("function_name", "")).lower()
    if node.get("schema") or node.get("catalog"):
        raise FunctionNotAllowed(function=name[:100])
    if name not in allowed and any(letter.isalnum() or letter == "_" for letter in name):
        raise FunctionNotAllowed(function=name[:100])
