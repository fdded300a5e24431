"""`lumbung user` and `lumbung token` as whoever keeps the installation uses them."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from portal.cli import main


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    return int(exit_.value.code or 0)


def test_from_the_first_administrator_to_a_token(
    home: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    monkeypatch.setenv("LUMBUNG_HOME", str(home))
    monkeypatch.setattr("sys.stdin", io.StringIO("padi menguning di bulan maret\n"))
    assert (
        call("user", "add", "Ani@kominfo.example", "--name", "Ani", "--role", "administrator", "--password-stdin") == 0
    )
    assert call("user", "add", "ani@kominfo.example", "--no-password") == 2, "there is one with that address"
    assert call("user", "add", "nobody", "--no-password") == 2
    assert call("user", "add", "b@kominfo.example", "--no-password", "--role", "pengelola@tidak-ada") == 2
    assert call("user", "add", "b@kominfo.example", "--no-password", "--role", "pengelola") == 2, "at which agency?"
    assert call("user", "disable", "ani@kominfo.example") == 2, "nobody could manage people"
    capsys.readouterr()
    assert call("user", "list", "--json") == 0
    (ani,) = json.loads(capsys.readouterr().out)
    assert (ani["email"], ani["roles"]) == ("ani@kominfo.example", ["administrator"])
    assert oct((home / "secret.key").stat().st_mode)[-3:] == "600"
    assert call("token", "add", "ani@kominfo.example", "--name", "skrip", "--scope", "publish") == 2, "beyond the role"
    assert call("token", "add", "ani@kominfo.example", "--name", "skrip", "--scope", "manage") == 0
    secret = capsys.readouterr().out.strip()
    assert call("token", "list", "ani@kominfo.example") == 0
    listed = capsys.readouterr().out
    assert "skrip" in listed
    assert secret not in listed
    assert call("token", "revoke", "1") == 0
    assert call("token", "revoke", "2") == 2
