"""Columns of ticket lists: the guide's ten first and in its order, then those switched on by request; with their headings."""

from __future__ import annotations

from core.i18n import _, n_

GUIDE_COLUMNS = ("number", "status", "destination", "calls", "station_code", "short_name", "requester_name",
                 "category_path", "owner_name", "priority")
MORE_COLUMNS = ("type", "channel", "subject", "created_at", "updated_at", "due_at", "done_at")
COLUMNS = (*GUIDE_COLUMNS, *MORE_COLUMNS)
CUSTOMER_COLUMNS = ("number", "status", "station_code", "short_name", "requester_name", "category_path", "priority", "type",
                    "subject", "created_at", "done_at")
NARROW_COLUMNS = ("number", "status", "station_code", "priority")
TIMES = ("created_at", "updated_at", "due_at", "done_at")
NUMBERS = ("number", "calls")

_HEADINGS = {
    "number": n_("Ticket no."), "status": n_("Status"), "destination": n_("Destination"), "calls": n_("Calls"),
    "station_code": n_("Service station"), "short_name": n_("Short name"), "requester_name": n_("Requester name"),
    "category_path": n_("Category"), "owner_name": n_("Owner"), "priority": n_("Priority"), "type": n_("Type"),
    "channel": n_("Channel"), "subject": n_("Subject"), "created_at": n_("Created"), "updated_at": n_("Updated"),
    "due_at": n_("Due"), "done_at": n_("Finished"),
}


def heading(column: str) -> str:
    """Heading of a column of COLUMNS in the present language (in Spanish exactly the guide's)."""
    return _(_HEADINGS[column])
