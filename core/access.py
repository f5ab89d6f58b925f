"""Who may do what: one table from role to permissions, and the actor that every command carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Roles of the people of the desk; SYSTEM is the desk itself (command line, jobs)."""

    MANAGER = "manager"
    OPERATOR = "operator"
    AGENT = "agent"
    ANALYST = "analyst"
    CUSTOMER = "customer"
    ADMIN = "admin"
    SYSTEM = "system"


class Permission(StrEnum):
    """Everything that is asked for permission; a page or command names exactly one."""

    VIEW_DASHBOARD = "view_dashboard"
    VIEW_CALLS = "view_calls"
    VIEW_ALL_TICKETS = "view_all_tickets"
    VIEW_OWN_TICKETS = "view_own_tickets"
    FILE_TICKET = "file_ticket"
    REQUEST_TICKET = "request_ticket"
    REPLY = "reply"
    WRITE_NOTE = "write_note"
    CHANGE_STATUS = "change_status"
    CHANGE_FACTS = "change_facts"
    ASSIGN = "assign"
    EXPORT = "export"
    EXPORT_OWN = "export_own"
    SAVE_VIEW = "save_view"
    SHARE_VIEW = "share_view"
    READ_PUBLIC_ARTICLES = "read_public_articles"
    READ_INTERNAL_ARTICLES = "read_internal_articles"
    EDIT_ARTICLES = "edit_articles"
    SEARCH = "search"
    IMPORT = "import"
    MANAGE_USERS = "manage_users"
    MANAGE_CATALOGUES = "manage_catalogues"
    VIEW_AUDIT = "view_audit"
    USE_PORTAL = "use_portal"
    SETTLE_OWN = "settle_own"


P = Permission
_STAFF = frozenset({P.VIEW_DASHBOARD, P.VIEW_CALLS, P.VIEW_ALL_TICKETS, P.SAVE_VIEW, P.EXPORT,
                    P.READ_PUBLIC_ARTICLES, P.READ_INTERNAL_ARTICLES, P.SEARCH})
_DESK = _STAFF | {P.FILE_TICKET, P.REPLY, P.WRITE_NOTE, P.CHANGE_STATUS, P.CHANGE_FACTS, P.ASSIGN}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MANAGER: _STAFF | {P.ASSIGN, P.SHARE_VIEW},
    Role.OPERATOR: _DESK,
    Role.AGENT: _DESK | {P.EDIT_ARTICLES},
    Role.ANALYST: _STAFF | {P.SHARE_VIEW},
    Role.CUSTOMER: frozenset({P.VIEW_OWN_TICKETS, P.REQUEST_TICKET, P.REPLY, P.READ_PUBLIC_ARTICLES,
                              P.SEARCH, P.USE_PORTAL, P.SETTLE_OWN, P.EXPORT_OWN}),
    Role.ADMIN: _DESK | {P.SHARE_VIEW, P.EDIT_ARTICLES, P.IMPORT, P.MANAGE_USERS, P.MANAGE_CATALOGUES, P.VIEW_AUDIT},
    Role.SYSTEM: frozenset(Permission) - {P.USE_PORTAL, P.SETTLE_OWN, P.EXPORT_OWN},
}

STAFF_ROLES = (Role.MANAGER, Role.OPERATOR, Role.AGENT, Role.ANALYST, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the desk itself) behind a command, as re-read from the database for it."""

    user_id: int | None
    username: str
    name: str
    role: Role
    company_id: int | None = None
    station_ids: frozenset[int] = field(default_factory=frozenset)
    sees_company: bool = False
    locale: str | None = None
    timezone: str | None = None
    must_change_password: bool = False
    must_enrol: bool = False  # the role needs a second factor, and there is none yet

    @property
    def is_ready(self) -> bool:
        """Whether nothing has to be done before anything else."""
        return not (self.must_change_password or self.must_enrol)

    def may(self, permission: Permission) -> bool:
        """Whether the role has the permission; rows are limited by scopes on top of it."""
        return permission in ROLE_PERMISSIONS[self.role]

    @property
    def is_staff(self) -> bool:
        """Everybody but customers."""
        return self.role is not Role.CUSTOMER


SYSTEM = Actor(user_id=None, username="system", name="Mesa", role=Role.SYSTEM)
