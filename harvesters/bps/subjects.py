"""The subjects under which BPS files its variables and static tables, by number and by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harvesters.adapter import SourceUnavailable
from harvesters.bps.decoding import plain_text
from harvesters.bps.describing import number_of
from harvesters.bps.protocol import BpsApi
from metadata.terms import Bilingual


class SubjectUnknown(SourceUnavailable):
    """The domain has no subject of that name."""

    code = "bps.subject_unknown"
    text = Bilingual(
        id="Subjek BPS “{name}” tidak ada untuk wilayah ini. Yang ada: {known}.",
        en="There is no BPS subject “{name}” for this domain. There are: {known}.",
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject and the category that it belongs to ("Sosial dan Kependudukan")."""

    number: int
    title: str
    category: str


def subjects_of(api: BpsApi) -> dict[int, Subject]:
    """All subjects of the domain by their number."""
    found: dict[int, Subject] = {}
    for item in api.items("subject"):
        number = number_of(item, "sub_id")
        if number is not None:
            found.setdefault(number, Subject(number, plain_text(item.get("title")), plain_text(item.get("subcat"))))
    return found


def chosen(wanted: Iterable[int | str], known: Mapping[int, Subject]) -> tuple[int, ...]:
    """The numbers of the subjects that are wanted, by number or by name. Raises `SubjectUnknown` for another name."""
    by_name = {one.title.casefold(): one.number for one in known.values()}
    numbers: list[int] = []
    for one in wanted:
        name = str(one).strip()
        if name.isdecimal():
            numbers.append(int(name))
        elif name.casefold() in by_name:
            numbers.append(by_name[name.casefold()])
        else:
            raise SubjectUnknown(name=name, known=tuple(sorted(subject.title for subject in known.values())))
    return tuple(dict.fromkeys(numbers))
