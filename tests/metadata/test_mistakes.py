"""What libraries object to is told in our words, in the language that is asked for."""

from __future__ import annotations

import json
import tomllib

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metadata.errors import BadInput
from metadata.mistakes import first_mistake, syntax_mistake
from metadata.notices import Notice
from metadata.terms import Bilingual


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = ""
    rows: int = Field(default=1, ge=1)
    open: bool = False
    tags: tuple[str, ...] = ()
    kind: Bilingual | None = None


@pytest.mark.parametrize(
    ("given", "where", "words"),
    [
        ({"title": 3}, ("title",), "harus teks dalam tanda kutip"),
        ({"rows": "banyak"}, ("rows",), "harus bilangan bulat"),
        ({"rows": 0}, ("rows",), "paling sedikit 1"),
        ({"open": "mungkin"}, ("open",), "harus true atau false"),
        ({"tags": "a"}, ("tags",), "harus daftar dalam kurung siku"),
        ({"judul": "x"}, ("judul",), "tidak dikenal"),
    ],
)
def test_a_member_of_a_wrong_kind(given: dict[str, object], where: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Given.model_validate(given)
    at, said = first_mistake(caught.value)
    assert at == where
    assert said.id == words
    assert said.en not in (said.id, "")


def test_a_text_that_does_not_parse_is_told_with_its_place() -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as toml:
        tomllib.loads('a = 1\nb = "x')
    assert syntax_mistake(toml.value, "TOML").id == "bukan TOML yang lengkap"
    with pytest.raises(tomllib.TOMLDecodeError) as toml:
        tomllib.loads("a = 1\nb = = 2")
    assert syntax_mistake(toml.value, "TOML").id == "penulisan TOML keliru pada baris 2, kolom 5"
    with pytest.raises(json.JSONDecodeError) as found:
        json.loads('{"a": 1,\n}')
    assert "line 2" in syntax_mistake(found.value, "JSON").en


def test_a_reason_in_both_languages_is_said_in_the_one_asked_for_and_kept_in_both() -> None:
    notice = BadInput(reason=Bilingual("isinya kosong", "it is empty")).notice
    assert "isinya kosong" in notice.say("id")
    assert "it is empty" in notice.say("en")
    assert "empty" not in notice.say("id")
    again = Notice.from_dict(json.loads(json.dumps(notice.as_dict())))
    assert again == notice
