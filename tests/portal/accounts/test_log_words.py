"""The audit log says in words whatever the code writes into it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from datasets import kept
from portal.accounts.log_words import action_words

PORTAL = Path(__file__).parents[3] / "portal"
COMPOSED = {
    "{kind}.{verb}": [f"{kind}.{verb}" for kind in ("organization", "theme") for verb in ("create", "update", "patch")],
    "{kind}.remove": ["organization.remove", "theme.remove"],
    "settings.{name}": [f"settings.{name}" for name in (kept.SETTINGS, kept.OFFICE)],
}
"""The codes that are put together where they are written."""


def test_each_code_that_is_written_has_its_words_in_both_languages(app: Flask) -> None:
    codes = {code for path in sorted(PORTAL.rglob("*.py")) for code in recorded(ast.parse(path.read_text()))}
    assert len(codes) > 60
    with app.test_request_context():
        for language in ("id", "en"):
            with force_locale(language):
                assert [code for code in sorted(codes) if action_words(code) == code] == []


def recorded(tree: ast.Module) -> Iterator[str]:
    """The codes that a module hands to `audit.record`, also over a name or a function of its own."""
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                yield from said(call.args[2], function, tree)


def said(code: ast.expr, function: ast.FunctionDef, tree: ast.Module) -> list[str]:
    """What an argument may be."""
    if isinstance(code, ast.JoinedStr):
        return COMPOSED[ast.unparse(code)[2:-1]]
    if not isinstance(code, ast.Name):
        return constants(code)
    given = [argument.arg for argument in function.args.args]
    if code.id in given:
        place = given.index(code.id)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        values = [node.args[place] for node in calls if ast.unparse(node.func) == function.name]
    else:
        nodes = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
        values = [node.value for node in nodes if ast.unparse(node.targets[0]) == code.id]
    found = [text for value in values for text in constants(value)]
    assert found, f"{function.name} writes {code.id}, and this test does not know what that may be"
    return found


def constants(code: ast.expr) -> list[str]:
    """The texts of a text, or of `one if so else another`."""
    if isinstance(code, ast.IfExp):
        return [*constants(code.body), *constants(code.orelse)]
    return [code.value] if isinstance(code, ast.Constant) and isinstance(code.value, str) else []
