"""Answers kept in memory: bounded by weight, the longest not asked for goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Answers(Generic[Answer]):
    """A thread-safe cache. Tables are immutable, so an answer about one stays right for ever."""

    def __init__(self, weight: int) -> None:
        self._most = weight
        self._weight = 0
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Answer | None:
        """The answer kept under `key`."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, answer: Answer, weight: int) -> Answer:
        """Keep an answer (unless it weighs more than an eighth of all) and give it back."""
        with self._lock:
            if key in self._kept or weight > self._most // 8:
                return answer
            self._kept[key] = (answer, weight)
            self._weight += weight
            while self._weight > self._most:
                _, (_, freed) = self._kept.popitem(last=False)
                self._weight -= freed
        return answer
