"""What BPS says of its variables and static tables, as the description of a dataset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from harvesters.bps.decoding import labels_of, plain_text, rhythm
from harvesters.bps.windows import unit_of, variable_of
from metadata.about import About, ColumnAbout

_WIB = timezone(timedelta(hours=7))
_BPS = "Badan Pusat Statistik (BPS)"
MOST_KINDS = 20
"""Kinds of a table (turvar) that are told by name in its description."""


def about_variable(
    item: Mapping[str, Any], newest: Mapping[str, Any], years: Sequence[int], *, domain: str, category: str = ""
) -> About:
    """A variable's description, from its item in the list and the answer for its newest year (empty if too large).

    Of BPS' form MS-Ind the API gives the name, the definition, the unit, how the indicator is presented (by what, and
    in which kinds) and whether it may be seen; concept, interpretation and method stand in the note if anywhere.
    `category` is that of its subject.
    """
    said = variable_of(newest)
    subjects = tuple(map(plain_text, (item.get("subcsa_name"), item.get("sub_name"), said.get("subj"), category)))
    return About(
        title=plain_text(item.get("title") or said.get("label")) or f"Variabel BPS {item.get('var_id')}",
        description=plain_text(said.get("note") or item.get("notes")) or None,
        definition=plain_text(said.get("def") or item.get("def")) or None,
        unit=unit_of(newest) or plain_text(item.get("unit")) or None,
        classification=_presented(newest),
        keywords=tuple(dict.fromkeys(filter(None, subjects))),
        themes=tuple(dict.fromkeys(filter(None, subjects))),
        frequency=rhythm(labels_of(newest.get("turtahun"))),
        period_start=str(1900 + years[0]),
        period_end=str(1900 + years[-1]),
        columns={"kategori": ColumnAbout(title=" ".join(plain_text(newest.get("labelvervar")).split()) or None)},
        source_title=_BPS,
        regions=regions_of(domain),
    )


def _presented(newest: Mapping[str, Any]) -> str | None:
    """MS-Ind's "klasifikasi penyajian": what the figures are given by, then the kinds, if there are any."""
    by = " ".join(plain_text(newest.get("labelvervar")).split())
    kinds = [label for code, label in labels_of(newest.get("turvar")).items() if code != "0" and label]
    told = ", ".join(kinds[:MOST_KINDS]) + (", …" if len(kinds) > MOST_KINDS else "")
    return "; ".join(filter(None, (by, told))) or None


def about_other(title: str, subject: Any = None, *, domain: str, category: str = "") -> About:
    """The description of a static table or a list: not more than its title and subject."""
    keywords = tuple(filter(None, [plain_text(subject), category]))
    return About(title=title, keywords=keywords, themes=keywords, source_title=_BPS, regions=regions_of(domain))


def regions_of(domain: str) -> tuple[str, ...]:
    """The region of a domain: at the level of regencies the codes of BPS and Kemendagri agree; none for the nation."""
    if domain == "0000":
        return ()
    return (domain[:2] if domain.endswith("00") else f"{domain[:2]}.{domain[2:]}",)


def number_of(item: Mapping[str, Any], member: str) -> int | None:
    """A number that may be written as text."""
    text = str(item.get(member)).strip()
    return int(text) if text.isdecimal() and len(text) < 12 else None


def moment_of(stamp: str) -> datetime | None:
    """BPS writes western Indonesian time without saying so."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment.replace(tzinfo=_WIB) if moment.tzinfo is None else moment


def mark_of(state: Any) -> str:
    """A short name for a state."""
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()
