"""One ticket of the demo desk: each act leaves the same rows as the service would have written."""

from __future__ import annotations

from core.audit import Action
from core.demo.founding import Person
from core.demo.moments import utc
from core.demo.writing import Row, Rows
from core.tickets.lifecycle import ACTIVE, DONE, Channel, MessageKind, Priority, Status

DESK = Person("Mesa")


class Life:
    """A ticket from its creation on. Moments are epoch seconds and must not go back."""

    def __init__(self, rows: Rows, row: Row, author: Person, owner: Person | None) -> None:
        self.rows = rows
        self.row = row
        self.owner = owner
        created = row["created_at"]
        row.update(status=Status.OPEN, owner_id=owner.id if owner else None, owner_name=owner.name if owner else "",
                   updated_at=created, due_at=None, warn_at=None, response_due_at=None, done_at=None,
                   first_response_at=None, version=1, created_by=author.name, source_key=None,
                   calls=1 if row["channel"] is Channel.PHONE else 0)
        rows.tickets.append(row)
        self._transition(created, None)
        self._record(created, author, Action.TICKET_CREATED, None,
                     {"status": "open", "priority": row["priority"].value, "owner": row["owner_name"],
                      "category": row["category_path"]})

    @property
    def status(self) -> Status:
        """The present state."""
        status: Status = self.row["status"]
        return status

    def assign(self, moment: int, actor: Person, owner: Person) -> None:
        """Give it to an owner."""
        self._record(utc(moment), actor, Action.TICKET_OWNER, {"owner": self.row["owner_name"]}, {"owner": owner.name})
        self.owner = owner
        self.row.update(owner_id=owner.id, owner_name=owner.name)
        self._touch(moment)

    def move(self, moment: int, actor: Person, target: Status, *, alone: bool = True) -> None:
        """Change the status, unless it has it already. `alone`: not a part of another act."""
        before = self.status
        if before is target:
            return
        self.row["status"] = target
        if not (target is Status.CLOSED and before is Status.RESOLVED):
            self.row["done_at"] = utc(moment) if target in DONE else None
        action = Action.TICKET_REOPENED if before in DONE and target in ACTIVE else Action.TICKET_STATUS
        self._transition(utc(moment), before)
        self._record(utc(moment), actor, action, {"status": before.value}, {"status": target.value})
        if alone:
            self._touch(moment)

    def raise_to(self, moment: int, actor: Person, priority: Priority) -> None:
        """Change the criticality of an active ticket."""
        if priority is self.row["priority"]:
            return
        self._record(utc(moment), actor, Action.TICKET_PRIORITY,
                     {"priority": self.row["priority"].value}, {"priority": priority.value})
        self.row.update(priority=priority)
        self._touch(moment)

    def say(self, moment: int, author: Person, body: str, kind: MessageKind = MessageKind.REPLY, *,
            customer: bool = False) -> None:
        """A reply or a note; a customer's reply opens a ticket that waits or is done."""
        number = len(self.rows.messages) + 1
        self.rows.messages.append({"id": number, "ticket_id": self.row["id"], "kind": kind, "author_id": author.id,
                                   "author_name": author.name, "from_customer": customer, "body": body,
                                   "created_at": utc(moment)})
        action = Action.TICKET_NOTED if kind is MessageKind.NOTE else Action.TICKET_REPLIED
        self._record(utc(moment), author, action, None, {"message": number})
        if customer and self.status in (Status.PENDING, Status.RESOLVED, Status.CLOSED):
            self.move(moment, author, Status.OPEN, alone=False)
        elif kind is MessageKind.REPLY and not customer and self.row["first_response_at"] is None:
            self.row["first_response_at"] = utc(moment)
        self._touch(moment)

    def _touch(self, moment: int) -> None:
        self.row["updated_at"] = utc(moment)
        self.row["version"] += 1

    def _transition(self, at: object, before: Status | None) -> None:
        self.rows.transitions.append({"ticket_id": self.row["id"], "at": at, "before": before, "after": self.status})

    def _record(self, at: object, actor: Person, action: Action, before: Row | None, after: Row) -> None:
        # Handled already: nobody gets mail about the past of a demo.
        self.rows.events.append({"at": at, "action": action.value, "actor_id": actor.id, "actor_name": actor.name,
                                 "ticket_id": self.row["id"], "object_kind": "ticket", "object_id": str(self.row["number"]),
                                 "before": before, "after": after, "handled_at": at})
