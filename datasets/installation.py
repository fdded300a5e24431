"""One installation put together: settings, database, blobs and search, made once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from datasets.bell import hang
from datasets.blobs import BlobStore, LocalBlobs
from datasets.db import Database
from datasets.search.index import SearchIndex
from datasets.settings import Settings
from datasets.standing import VersionsKept


@dataclass
class Installation:
    """Opens its parts when they are first asked for; make it after a fork and `close()` it."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        """The catalogue's database."""
        return Database(self.settings.url, bell=hang(self.settings.redis_url))

    @cached_property
    def blobs(self) -> BlobStore:
        """The content-addressed store under `home/blobs`."""
        return LocalBlobs(self.settings.home / "blobs")

    @cached_property
    def search(self) -> SearchIndex:
        """The search index under `home/search`, with the words of this office in `home/lexicon.toml`, if it has any."""
        from datasets.search.lexicon import Lexicon
        from datasets.search.whoosh_index import WhooshIndex

        lexicon = Lexicon.load_or_shipped(self.settings.home / "lexicon.toml")
        return WhooshIndex(self.settings.home / "search", lexicon=lexicon)

    @cached_property
    def versions(self) -> VersionsKept:
        """The versions that this process has read."""
        return VersionsKept()

    def close(self) -> None:
        """Give back what was opened."""
        if "database" in self.__dict__:
            self.database.close()
