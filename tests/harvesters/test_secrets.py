"""Secrets of sources stand in the environment and nowhere else."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from harvesters.secrets import Headers, SecretMissing, SecretText, fill


class Options(BaseModel):
    password: SecretText = "${SOURCE_SANDI}"
    headers: Headers = {}


def test_a_reference_becomes_its_value_only_when_it_is_needed() -> None:
    assert fill("Bearer ${SOURCE_TOKEN}", {"SOURCE_TOKEN": "abc\n"}) == "Bearer abc"


def test_a_secret_that_is_not_set_is_told_by_its_name() -> None:
    with pytest.raises(SecretMissing, match="SOURCE_TOKEN"):
        fill("${SOURCE_TOKEN}", {"SOURCE_TOKEN": ""})


def test_the_installations_own_secrets_cannot_be_named() -> None:
    assert fill("${LUMBUNG_SECRET_KEY}", {"LUMBUNG_SECRET_KEY": "x"}) == "${LUMBUNG_SECRET_KEY}"
    with pytest.raises(ValidationError):
        Options(headers={"X-Data": "${LUMBUNG_SECRET_KEY}"})


@pytest.mark.parametrize(
    "options",
    [
        {"password": "rahasia"},
        {"headers": {"Authorization": "Bearer rahasia"}},
        {"headers": {"X-API-Key": "rahasia"}},
        {"headers": {"X-Baris": "a\r\nHost: lain"}},
        {"headers": {"X Baris": "a"}},
    ],
)
def test_a_secret_written_into_the_options_is_refused_with_advice(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate(options)


def test_harmless_headers_are_taken_as_they_are() -> None:
    assert Options(headers={"Accept-Language": "id"}).headers == {"Accept-Language": "id"}
