"""Secrets of sources: options name them as `${SOURCE_…}`; their values stand in the environment and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from harvesters.adapter import SourceUnavailable
from metadata.terms import Bilingual

_REFERENCE = re.compile(r"\$\{(SOURCE_[A-Z0-9_]+)\}")
_ANY_REFERENCE = re.compile(r"\$\{[^}]*\}")
_SECRET_NAME = re.compile(r"authorization|key|token|secret|passw|cookie|credential|^auth|-auth", re.IGNORECASE)
_ADVICE = (
    "tulis ${SOURCE_…} dan simpan nilainya di lingkungan (environment) / "
    "write ${SOURCE_…} and keep its value in the environment"
)


class SecretMissing(SourceUnavailable):
    """The environment lacks a secret that a source names."""

    code = "source.secret_missing"
    text = Bilingual(
        id="Rahasia {variable} yang dirujuk sumber ini tidak ada di lingkungan (environment). Minta administrator "
        "mengisinya, lalu jalankan ulang layanannya.",
        en="Secret {variable}, which this source refers to, is not in the environment. Ask the administrator to set it "
        "and to restart the service.",
    )


def refers_to_secret(text: str) -> bool:
    """Whether `text` names a secret."""
    return _REFERENCE.search(text) is not None


def fill(text: str, environ: Mapping[str, str] | None = None) -> str:
    """`text` with the values of the secrets that it names. Raises `SecretMissing`.

    Only variables that begin with `SOURCE_` can be named: who may write options must not read the installation's own.
    """
    known = os.environ if environ is None else environ

    def value(found: re.Match[str]) -> str:
        if not known.get(found[1]):
            raise SecretMissing(variable=found[1])
        return known[found[1]].strip()

    return _REFERENCE.sub(value, text)


def _only_known_references(text: str) -> str:
    if _ANY_REFERENCE.search(_REFERENCE.sub("", text)):
        raise ValueError(_ADVICE)
    return text


def _is_reference(text: str) -> str:
    if not refers_to_secret(text):
        raise ValueError(_ADVICE)
    return _only_known_references(text)


def _headers_without_secrets(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        _only_known_references(value)
        if _SECRET_NAME.search(name) and not refers_to_secret(value):
            raise ValueError(f"{name}: {_ADVICE}")
        if not re.fullmatch(r"[A-Za-z0-9-]+", name) or re.search(r"[\r\n\0]", value):
            raise ValueError(f"{name}: bukan header HTTP / not an HTTP header")
    return headers


SecretText = Annotated[str, AfterValidator(_is_reference)]
"""An option that must name a secret, e.g. `${SOURCE_LAPOR_SANDI}`: options are stored in the database, values never."""

Headers = Annotated[dict[str, str], AfterValidator(_headers_without_secrets)]
"""HTTP headers as an option; those that carry credentials must name a secret, others may."""
