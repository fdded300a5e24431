"""Sets of document numbers as Python integers, one bit each: a filter is `&`, a count is `bit_count()`."""

from __future__ import annotations

from collections.abc import Iterable

_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def bitmap(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers, all below `size`."""
    filled = bytearray(size // 8 + 1)
    for number in numbers:
        filled[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(filled, "little")


def members(bits: int) -> list[int]:
    """The numbers in the set, ascending."""
    if not bits:
        return []
    found: list[int] = []
    for place, byte in enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        if byte:
            base = place << 3
            found.extend([base + bit for bit in _BITS[byte]])
    return found


def pick(order: Iterable[int], bits: int, start: int, stop: int) -> list[int]:
    """Of the numbers in `order` those in the set, from the `start`th up to but without the `stop`th."""
    if not bits or stop <= start:
        return []
    filled = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    end = len(filled)
    picked: list[int] = []
    met = 0
    for number in order:
        place = number >> 3
        if place < end and filled[place] >> (number & 7) & 1:
            if met >= start:
                picked.append(number)
            met += 1
            if met >= stop:
                break
    return picked
