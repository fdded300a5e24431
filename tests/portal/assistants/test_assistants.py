"""Assistants find a dataset, look at it and get figures that they can cite, through the protocol's own client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mcp import Client
from shown_tables import POPULATION, Shown

from harvesters.wire.own_loop import OwnLoop

CALL = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": %s}'


def talk(address: str, *calls: tuple[str, dict[str, Any]], mode: str = "auto") -> list[Any]:
    """Answers to calls of tools, by the official client."""

    async def conversation() -> list[Any]:
        async with Client(f"{address}/mcp", mode=mode) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    with OwnLoop() as loop:
        return loop.run(conversation())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_from_a_question_to_a_cited_figure(listening: str, mode: str) -> None:
    found, looked, asked = talk(
        listening,
        ("search_datasets", {"query": "jumlah penduduk kecamatan"}),
        ("show_dataset", {"dataset": POPULATION}),
        (
            "query_table",
            {
                "dataset": POPULATION,
                "question": {"kecamatan": ["Balen", "Kapas"], "tahun": 2023, "_columns": "kecamatan,laki_laki_jiwa"},
            },
        ),
        mode=mode,
    )
    assert POPULATION in [each["dataset"] for each in found.structured_content["datasets"]]
    tables = looked.structured_content["tables"]
    assert "kecamatan" in [field["name"] for field in tables[0]["schema"]["fields"]]
    assert not asked.is_error, asked.content[0].text
    told = asked.structured_content
    assert [row["kecamatan"] for row in told["rows"]] == ["Balen", "Kapas"]
    assert "/v/2" in told["citation"]

    assert json.loads(asked.content[0].text) == told


def test_tools_describe_themselves(listening: str) -> None:
    async def listed() -> Any:
        async with Client(f"{listening}/mcp") as client:
            return await client.list_tools()

    with OwnLoop() as loop:
        tools = {tool.name: tool for tool in loop.run(listed()).tools}
    assert set(tools) == {"search_datasets", "show_dataset", "query_table", "list_published_answers"}
    assert tools["query_table"].input_schema["required"] == ["dataset"]
    assert all(tool.annotations.read_only_hint for tool in tools.values())


@pytest.mark.parametrize(
    ("name", "arguments", "word"),
    [
        ("show_dataset", {"dataset": "tidak-ada"}, "tidak-ada"),
        ("query_table", {"dataset": POPULATION, "table": "lain"}, "lain"),
        ("query_table", {"dataset": POPULATION, "question": {"harga": "1"}}, "harga"),
        ("query_table", {"dataset": POPULATION, "question": {"_size": "5000"}}, "_size"),
    ],
)
def test_what_a_reader_can_mend_is_told_in_words(
    listening: str, name: str, arguments: dict[str, Any], word: str
) -> None:
    (told,) = talk(listening, (name, arguments))
    assert told.is_error
    assert word in told.content[0].text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, -32700),
        (b"[]", 400, -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "sampling/createMessage"}', 200, -32601),
        (CALL % b'{"name": "rm"}', 200, -32602),
        (CALL % b'{"name": "show_dataset", "arguments": {"x": 1}}', 200, -32602),
        (CALL % b"[]", 200, -32602),
        (b" " * 200_000, 400, -32700),
        (b"[" * 90_000, 400, -32700),
    ],
)
def test_messages_that_are_none_are_refused_by_their_code(shown: Shown, body: bytes, status: int, code: int) -> None:
    response = shown.public.post("/mcp", data=body, content_type="application/json")
    assert response.status_code == status
    assert response.get_json()["error"]["code"] == code


def test_a_notification_is_only_taken_note_of(shown: Shown) -> None:
    response = shown.public.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (response.status_code, response.data) == (202, b"")
    assert shown.public.get("/mcp").status_code == 405
