"""A column's distribution can be seen at a glance."""

from __future__ import annotations

from portal.web.sparkline import sparkline


def test_the_highest_bar_fills_the_box_and_the_rarest_can_still_be_seen() -> None:
    drawn = sparkline([1, 0, 10_000])
    assert drawn
    assert drawn.path == "M0 24v-1h31v1zM64 24v-24h31v24z"


def test_what_has_no_shape_is_not_drawn() -> None:
    assert sparkline([]) is None
    assert sparkline([5]) is None
    assert sparkline([0, 0]) is None
