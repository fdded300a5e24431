"""What a source says about a dataset beside the data themselves: the input of every description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from metadata.disclosure.rules import Microdata


class ColumnAbout(BaseModel):
    """What is declared of one column, by its canonical name or its printed title."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = None
    description: str | None = None
    unit: str | None = None
    type: str | None = None
    constraints: dict[str, Any] = Field(default_factory=dict)


class Contact(BaseModel):
    """An office, never a private person: the name of the unit and how to reach it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    email: str | None = None
    path: str | None = None
    role: str = "contact"


class About(BaseModel):
    """The metadata as far as the source gives them; None and empty mean that it does not say.

    The Satu Data Indonesia members (`concept` … `measure`) are those of Perpres 39/2019 and the BPS forms MS-Ind and
    MS-Var; see `metadata.profiles.sdi`. `microdata` says that the rows are persons or households, of which only the
    tables declared there are published; see `metadata.disclosure`. `extras` keeps what the source says under names of
    its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    license: str | None = None
    homepage: str | None = None
    version: str | None = None
    frequency: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    regions: tuple[str, ...] = ()
    source_title: str | None = None
    source_path: str | None = None
    contacts: tuple[Contact, ...] = ()
    concept: str | None = None
    definition: str | None = None
    classification: str | None = None
    method: str | None = None
    unit: str | None = None
    measure: str | None = None
    reference_code: str | None = None
    microdata: Microdata | None = None
    columns: Mapping[str, ColumnAbout] = Field(default_factory=dict)
    extras: Mapping[str, str] = Field(default_factory=dict)

    def over(self, defaults: About) -> About:
        """This with the gaps filled from `defaults`; keywords, themes and extras are joined, own first."""
        mine = {key: value for key, value in self.model_dump().items() if value not in (None, (), {}, "")}
        merged = defaults.model_dump() | mine
        merged["keywords"] = tuple(dict.fromkeys((*self.keywords, *defaults.keywords)))
        merged["themes"] = tuple(dict.fromkeys((*self.themes, *defaults.themes)))
        merged["extras"] = {**defaults.extras, **self.extras}
        merged["columns"] = {**defaults.model_dump()["columns"], **self.model_dump()["columns"]}
        return About.model_validate(merged)
