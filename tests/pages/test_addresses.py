"""An address that somebody mangled opens its page all the same."""

from __future__ import annotations

import pytest

from tests.databases import Desk
from tests.pages.opening import open_page

MANGLED = {"tag": "\x00", "number": "9" * 5_000, "text": "\x00", "page": "9" * 5_000, "station": "²", "order": "\x00",
           "created_from": "0001-01-01", "asc": "²"}


@pytest.mark.parametrize(("who", "file"), [("agent", "desk/tickets.py"), ("agent", "desk/new_ticket.py"),
                                           ("customer", "portal/my_tickets.py"), ("agent", "dashboard/calls.py")])
def test_a_mangled_address_opens_the_page(file_desk: Desk, who: str, file: str) -> None:
    open_page(file_desk, who, file, **MANGLED)


def test_a_station_number_that_no_database_has_is_no_station(file_desk: Desk) -> None:
    open_page(file_desk, "agent", "desk/new_ticket.py", station="9" * 40)
