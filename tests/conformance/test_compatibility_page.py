"""`docs/ckan-compatibility.md` has a row for each action and each of its parameters, and for none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.api import views
from portal.api.openapi_parameters import PARAMETERS
from portal.api.registry import names

PAGE = Path(__file__).parents[2] / "docs" / "ckan-compatibility.md"
VERDICTS = {"same", "differs", "more", "absent"}
NAME = re.compile(r"`([a-zA-Z_][\w.]*)`")


def rows() -> list[tuple[str, set[str], str]]:
    """Action, parameters and verdict of each row of the tables of actions."""
    found, action, inside = [], "", False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) != 4:
            inside = False
        elif cells[0] == "action":
            inside = True
        elif inside and set(cells[0]) != {"-"}:
            action = cells[0].strip("`") or action
            found.append((action, set(NAME.findall(cells[1])), cells[2]))
    return found


@pytest.mark.parametrize("action", names())
def test_the_action_and_each_of_its_parameters_has_a_row(action: str) -> None:
    own = [row for row in rows() if row[0] == action]
    assert own, f"{action} has no row"
    assert {verdict for _, _, verdict in own} <= VERDICTS
    told = [parameter for _, parameters, verdict in own if verdict != "absent" for parameter in parameters]
    assert set(PARAMETERS.get(action, {})) - set(told) == set()


def test_no_row_is_of_an_action_that_there_is_not() -> None:
    assert len(views.ROOMS) > 10  # importing the rooms makes their actions known
    assert {action for action, _, _ in rows()} - set(names()) - {"/datastore/dump/<id>"} == set()
    gone = PAGE.read_text(encoding="utf-8").partition("## Not there")[2]
    assert set(NAME.findall(gone)) & set(names()) == set()
