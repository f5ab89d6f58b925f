"""The page of the audit log."""

from __future__ import annotations

import pytest

from tests.databases import Desk
from tests.pages.opening import open_page, words


def test_the_log_is_shown_and_limited_by_its_address(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/audit.py", **{"from": "2020-01-01", "action": "ticket_created"})
    table, narrow = app.dataframe[0], app.table[0]  # telephones get the same rows as sentences
    assert len(table.value) == len(narrow.value) == 4
    assert set(table.value["Objeto"]) == {"Ticket"}
    assert narrow.value["Qué pasó"].iloc[-1] == "**Customer** creó el ticket · [Ticket 1](ticket?number=1)"


def test_what_changed_is_told_in_words(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/audit.py", **{"from": "2020-01-01", "action": "ticket_created"})
    assert all("Estatus: Abierto" in told for told in app.dataframe[0].value["Qué cambió"])


def test_nothing_found_says_what_to_do(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", "admin/audit.py", **{"from": "2019-01-01", "to": "2019-01-02"})
    assert "Elija más días" in words(app)


@pytest.mark.parametrize("who", ["manager", "operator", "agent", "analyst", "customer"])
def test_the_log_is_for_administrators(file_desk: Desk, who: str) -> None:
    app = open_page(file_desk, who, "admin/audit.py")
    assert not app.dataframe
    assert "No existe o usted no puede verlo" in words(app)
