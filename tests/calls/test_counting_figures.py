"""The figures over calls, undefined where there is nothing to divide by."""

from __future__ import annotations

import pytest

from core.calls.counting import abandonment, aht, asa, asterisk_sl, asterisk_sl2, service_level


def test_service_level_divides_by_answered_and_abandoned() -> None:
    assert service_level(within=80, answered=90, abandoned=10) == pytest.approx(0.8)


def test_asterisks_two_variants_stand_beside_it() -> None:
    assert asterisk_sl(within=80, answered=90) == pytest.approx(80 / 90)
    assert asterisk_sl2(within=80, abandoned_within=4, answered=90, abandoned=10) == pytest.approx(0.84)


def test_abandonment_is_a_share_of_answered_and_abandoned() -> None:
    assert abandonment(abandoned=10, answered=90) == pytest.approx(0.1)


def test_asa_and_aht_are_means_over_answered_calls() -> None:
    assert asa(wait_s=900, answered=90) == pytest.approx(10)
    assert aht(talk_s=9000, hold_s=900, documentation_s=900, answered=90) == pytest.approx(120)


def test_every_figure_is_undefined_without_calls() -> None:
    assert service_level(0, 0, 0) is None
    assert asterisk_sl(0, 0) is None
    assert asterisk_sl2(0, 0, 0, 0) is None
    assert abandonment(0, 0) is None
    assert asa(0, 0) is None
    assert aht(0, 0, 0, 0) is None
