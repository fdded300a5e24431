"""What the office says about a dataset: the members of Satu Data Indonesia, and what of them is lacking."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.models import Version
from metadata.profiles import sdi
from portal.web.i18n import current_language, ngettext


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A member of the metadata: its name, what it means, and what the office says (empty when it says nothing)."""

    title: str
    meaning: str
    value: str


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """The members that are known, and those that are not; `lacking_words` counts the latter."""

    known: tuple[MemberEntry, ...]
    lacking: tuple[MemberEntry, ...]
    lacking_words: str


_SHOWN_ELSEWHERE = ("judul", "deskripsi")


def metadata_table(version: Version, *, regions: str) -> MetadataTable:
    """The members in the order of the standard, from the package as it was published; `regions` are those in words."""
    said = version.package.get("lumbung:sdi")
    known: dict[str, str] = dict(said) if isinstance(said, dict) else {}
    if regions and "cakupanWilayah" in known:
        known["cakupanWilayah"] = regions
    if "periode" in known:
        known["periode"] = known["periode"].replace("/", "–")
    lacking = set(version.lacking) | (set(sdi.lacking_in(known)) if known else set())
    return MetadataTable(
        known=tuple(
            _entry(member, str(known[member.key]))
            for member in sdi.MEMBERS
            if known.get(member.key) and member.key not in _SHOWN_ELSEWHERE
        ),
        lacking=tuple(_entry(member, "") for member in sdi.MEMBERS if member.key in lacking),
        lacking_words=ngettext("%(count)s member is lacking", "%(count)s members are lacking", len(lacking)),
    )


def _entry(member: sdi.Member, value: str) -> MemberEntry:
    language = current_language()
    return MemberEntry(title=member.title.say(language), meaning=member.meaning.say(language), value=value)
