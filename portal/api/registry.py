"""The actions there are, by name; `help_show` gives the docstring of each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from portal.api.parameters import Parameters

Action = Callable[[Parameters], Any]

_ACTIONS: dict[str, Action] = {}
_WRITES: set[str] = set()


def action(function: Action) -> Action:
    """Make a function an action under its own name."""
    _ACTIONS[function.__name__] = function
    return function


def write(function: Action) -> Action:
    """Make a function an action that changes something: by POST, with a token."""
    _WRITES.add(function.__name__)
    return action(function)


def writes(name: str) -> bool:
    """Whether the action of that name changes something."""
    return name in _WRITES


def find(name: str) -> Action | None:
    """The action of that name."""
    return _ACTIONS.get(name)


def names() -> list[str]:
    """Every action, in alphabetical order."""
    return sorted(_ACTIONS)


def explained(name: str) -> str | None:
    """What an action does, in the words of its docstring."""
    found = _ACTIONS.get(name)
    return inspect.getdoc(found) if found else None
