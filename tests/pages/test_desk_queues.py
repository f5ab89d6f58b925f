"""The queues page: numbers of the desk, each a way into its tickets."""

from __future__ import annotations

import pytest

from core.tickets import service
from tests.databases import Desk
from tests.factories import new_ticket
from tests.pages.opening import open_page, words


def test_the_queues_and_loads_are_shown_with_their_links(file_desk: Desk) -> None:
    with file_desk.begin("operator") as work:
        service.create(work, new_ticket(file_desk.cast, owner_id=file_desk.cast.users["agent"]))
    app = open_page(file_desk, "agent", "desk/queues.py")
    shown = {metric.label.rpartition("] ")[2]: metric.value for metric in app.metric}
    assert shown["Mis tickets"] == "1"
    assert shown["Sin asignar"] == "4"
    assert next(str(table.value.iloc[0, 0]) for table in app.table).startswith("[Sin asignar](tickets?")
    assert "Carga por tema" in words(app)


@pytest.mark.parametrize("who", ["customer"])
def test_customers_have_no_queues(file_desk: Desk, who: str) -> None:
    app = open_page(file_desk, who, "desk/queues.py")
    assert not app.metric
    assert "No existe o usted no puede verlo" in words(app)
