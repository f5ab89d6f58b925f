"""What can go wrong on purpose: every refusal is a DeskError whose text a person can act on."""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import _


class DeskError(Exception):
    """A refusal. `str(error)` is a translated sentence: what was wrong, what was not saved, what to do."""

    code = "refused"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.default())

    def default(self) -> str:
        """The sentence used when the raiser has nothing more precise to say."""
        return _("That could not be done. Nothing was saved.")


class SignedOut(DeskError):
    """There is no valid session behind this request."""

    code = "signed_out"

    def default(self) -> str:
        return _("Your session has ended. Sign in again; nothing was saved.")


class Forbidden(DeskError):
    """The role lacks the permission for this command."""

    code = "forbidden"

    def default(self) -> str:
        return _("Your role does not allow this. Nothing was saved.")


class NotFound(DeskError):
    """The record does not exist or is not visible for this person: one and the same answer."""

    code = "not_found"

    def default(self) -> str:
        return _("It does not exist or you cannot see it.")


class Invalid(DeskError):
    """Input that was refused. `fields` maps a field's code name to its own sentence."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()) + " " + _("Nothing was saved."))


class Conflict(DeskError):
    """Somebody changed the record since it was read (optimistic lock)."""

    code = "conflict"

    def default(self) -> str:
        return _("Somebody else changed this in the meantime. Your change was not saved; look at the new state and repeat it.")


class IllegalMove(DeskError):
    """A status change that the ticket's life does not know; the sentence names the possible ones."""

    code = "illegal_move"


class Merged(DeskError):
    """The ticket is a pointer to another one now: what is to be said or done belongs there."""

    code = "merged"


class Archived(DeskError):
    """The ticket is read-only for good: it was closed and untouched for long."""

    code = "archived"


class TooLate(DeskError):
    """A step can no longer be taken back: its time is over, or the ticket went on."""

    code = "too_late"


class SignInRefused(DeskError):
    """Wrong user name or password, or too many attempts: one text for all."""

    code = "sign_in_refused"

    def default(self) -> str:
        return _("User name or password is incorrect, or there were too many attempts. Try again in a few minutes.")


class ImportRefused(DeskError):
    """A file that cannot be imported; nothing of it was saved, and the text says so. `row` is the physical row, if one is."""

    code = "import_refused"

    def __init__(self, message: str, row: int | None = None) -> None:
        self.row = row
        nothing = _("Nothing was saved.")
        super().__init__(message if nothing.casefold() in message.casefold() else f"{message} {nothing}")


class FileRefused(DeskError):
    """An attachment that was refused (size, kind, count); the rest of the form stays."""

    code = "file_refused"


class NotReady(DeskError):
    """The database is missing or of another version; `python -m core doctor` tells how to mend it."""

    code = "not_ready"

    def default(self) -> str:
        return _("The database is not ready. Run: python -m core init")
