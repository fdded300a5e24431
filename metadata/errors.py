"""The one tree of errors: a class for each thing that a person can do something about."""

from __future__ import annotations

from typing import ClassVar

from metadata.notices import Notice, Param, Place, declare
from metadata.terms import Bilingual


class LumbungError(Exception):
    """An error with a stable `code`, an HTTP `status`, a place and words in both languages.

    A subclass names a state (`HeaderMissing`, `NotFound`), sets `code`, `status` and `text`, whose `{params}` are the
    keyword arguments given when it is raised. The web maps `status` once, the command line maps exit codes once.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    text: ClassVar[Bilingual] = Bilingual(id="Terjadi kesalahan.", en="Something went wrong.")

    def __init_subclass__(cls) -> None:
        declare(cls.code, id=cls.text.id, en=cls.text.en)

    def __init__(self, *, place: Place | None = None, **params: Param) -> None:
        self.notice = Notice(code=self.code, place=place or Place(), params=params)
        super().__init__(self.notice.say("id"))

    def say(self, language: str) -> str:
        """The error in words for a person, without a traceback."""
        return self.notice.say(language)


class BadInput(LumbungError):
    """Something that was given cannot be used; the person who gave it can mend it."""

    code = "input.bad"
    status = 422
    text = Bilingual(id="Masukan tidak dapat dipakai: {reason}.", en="The input cannot be used: {reason}.")


class NotFound(LumbungError):
    """Unknown or hidden: from outside the two are the same."""

    code = "not_found"
    status = 404
    text = Bilingual(id="{what} tidak ditemukan.", en="{what} was not found.")


declare(LumbungError.code, id=LumbungError.text.id, en=LumbungError.text.en)
