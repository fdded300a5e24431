"""The rules of OAI-PMH 2.0, http://www.openarchives.org/OAI/openarchivesprotocol.html: arguments, dates, tokens."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

FORMATS = ("oai_dc", "dcat")
_LIST = ({"metadataPrefix"}, {"from", "until", "set"})
VERBS: dict[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}
"""Each verb with the arguments that it must and may have."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_SET = re.compile(r"(organization|theme)(?::([a-z0-9-]+))?", re.ASCII)
_LONGEST_TOKEN = 1_000


class OaiFault(Exception):
    """An error of the protocol: its code, and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list holds, and the record behind which this part begins: its stamp (microseconds since 1970) and id."""

    prefix: str
    first: str = ""
    until: str = ""
    set: str = ""
    stamp: int = -1
    id: int = 0
    cursor: int = 0

    def token(self) -> str:
        """The whole as a resumption token: nothing is kept here between requests."""
        return base64.urlsafe_b64encode(json.dumps(list(asdict(self).values())).encode()).decode().rstrip("=")

    def range(self) -> tuple[datetime | None, datetime | None]:
        """The first moment, and the first one behind. Raises `OaiFault`."""
        if self.first and self.until and len(self.first) != len(self.until):
            raise OaiFault("badArgument", "from and until must have the same granularity")
        first, last = _moment(self.first), _moment(self.until)
        if first and last and first > last:
            raise OaiFault("badArgument", "from must not be later than until")
        if last is not None:
            last += timedelta(days=1) if len(self.until) == 10 else timedelta(seconds=1)
        return first, last

    def chosen(self) -> tuple[str, str] | None:
        """The kind and slug of the set; None for everything. Raises `OaiFault`."""
        if not self.set:
            return None
        found = _SET.fullmatch(self.set)
        if found is None:
            raise OaiFault("noRecordsMatch", "There is no such set")
        return found[1], found[2] or ""


def arguments(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The arguments of a request, with its verb. Raises `OaiFault` for what the verb does not take."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise OaiFault("badVerb" if name == "verb" else "badArgument", f"{name[:50]} is repeated")
        given[name] = value
    verb = given.get("verb", "")
    if verb not in VERBS:
        raise OaiFault("badVerb", f"Use one of: {', '.join(VERBS)}")
    required, optional = VERBS[verb]
    names = set(given) - {"verb"}
    if "resumptionToken" in names and verb.startswith("List") and verb != "ListMetadataFormats":
        if names != {"resumptionToken"}:
            raise OaiFault("badArgument", "resumptionToken stands alone")
        return given
    if unknown := names - required - optional:
        raise OaiFault("badArgument", f"{verb} does not take {', '.join(sorted(name[:50] for name in unknown))}")
    if lacking := [name for name in sorted(required) if not given.get(name)]:
        raise OaiFault("badArgument", f"{verb} needs {', '.join(lacking)}")
    if "metadataPrefix" in names and given["metadataPrefix"] not in FORMATS:
        raise OaiFault("cannotDisseminateFormat", f"Use one of: {', '.join(FORMATS)}")
    return given


def selection(given: dict[str, str]) -> Selection:
    """What a list verb asks for, anew or by its token. Raises `OaiFault`."""
    token = given.get("resumptionToken")
    if token is None:
        return Selection(given["metadataPrefix"], given.get("from", ""), given.get("until", ""), given.get("set", ""))
    try:
        if len(token) > _LONGEST_TOKEN:
            raise ValueError(token[:10])
        prefix, first, until, chosen, stamp, number, cursor = json.loads(
            base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        )
        texts, figures = (prefix, first, until, chosen), (stamp, number, cursor)
        fine = prefix in FORMATS and all(isinstance(text, str) for text in texts)
        if not fine or any(type(figure) is not int or not 0 <= figure < 2**53 for figure in figures):
            raise ValueError(token)
        found = Selection(*texts, *figures)
        found.range()
        found.chosen()
    except (ValueError, TypeError, RecursionError, binascii.Error, OaiFault) as error:
        raise OaiFault("badResumptionToken", "This token is not one of ours") from error
    return found


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text) or _SECOND.fullmatch(text):
            found = datetime.fromisoformat(text)
            if found.year < 9999:
                return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        pass
    raise OaiFault("badArgument", "Dates are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
