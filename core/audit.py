"""Events: what happened, by whom, when, before and after. Append-only; this module is the one writer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access import Actor
from core.db import Base, Instant, insert_rows

BigId = BigInteger().with_variant(Integer, "sqlite")


class Action(StrEnum):
    """Vocabulary of events; core/i18n/labels.py has the sentence of each."""

    TICKET_CREATED = "ticket_created"
    TICKET_IMPORTED = "ticket_imported"
    TICKET_REPLIED = "ticket_replied"
    TICKET_NOTED = "ticket_noted"
    TICKET_STATUS = "ticket_status"
    TICKET_REOPENED = "ticket_reopened"
    TICKET_OWNER = "ticket_owner"
    TICKET_PRIORITY = "ticket_priority"
    TICKET_CATEGORY = "ticket_category"
    TICKET_FACTS = "ticket_facts"
    TICKET_FILE = "ticket_file"
    TICKET_FILES = "ticket_files"
    TICKET_RATED = "ticket_rated"
    TICKET_TAGS = "ticket_tags"
    TICKET_LINKED = "ticket_linked"
    TICKET_UNLINKED = "ticket_unlinked"
    TICKET_WATCHED = "ticket_watched"
    TICKET_UNWATCHED = "ticket_unwatched"
    TICKET_MERGED = "ticket_merged"
    TICKET_ABSORBED = "ticket_absorbed"
    TICKET_UNMERGED = "ticket_unmerged"
    TICKET_RELEASED = "ticket_released"
    TICKET_WITHDRAWN = "ticket_withdrawn"
    TICKET_UNDONE = "ticket_undone"
    TICKET_SPLIT = "ticket_split"
    TICKET_SPLIT_OFF = "ticket_split_off"
    TICKET_SNOOZED = "ticket_snoozed"
    TICKET_WOKEN = "ticket_woken"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    SLA_SAVED = "sla_saved"
    CALENDAR_SAVED = "calendar_saved"
    CALENDAR_DELETED = "calendar_deleted"
    TICKET_ARCHIVED = "ticket_archived"
    RULE_STOPPED = "rule_stopped"
    RULE_SAVED = "rule_saved"
    RULE_DELETED = "rule_deleted"
    RULES_ORDERED = "rules_ordered"
    TIMES_CHANGED = "times_changed"
    TIME_BOOKED = "time_booked"
    TIME_REMOVED = "time_removed"
    CANNED_SAVED = "canned_saved"
    CANNED_DELETED = "canned_deleted"
    CALL_LINKED = "call_linked"
    CALL_UNLINKED = "call_unlinked"
    CALL_DOCUMENTED = "call_documented"
    CALL_RETURNED = "call_returned"
    CALL_NOT_RETURNED = "call_not_returned"
    CALL_RECORDED = "call_recorded"
    CALLS_IMPORTED = "calls_imported"
    CALLS_FORMED = "calls_formed"
    COUNTING_CHANGED = "counting_changed"
    CALL_REFORMED = "call_reformed"
    CALL_CUT = "call_cut"
    CALL_TOKEN_MADE = "call_token_made"
    CALL_TOKEN_REVOKED = "call_token_revoked"
    STATION_SAVED = "station_saved"
    STATIONS_IMPORTED = "stations_imported"
    CATEGORY_SAVED = "category_saved"
    COMPANY_SAVED = "company_saved"
    ARTICLE_SAVED = "article_saved"
    ARTICLES_IMPORTED = "articles_imported"
    TICKETS_IMPORTED = "tickets_imported"
    VIEW_SAVED = "view_saved"
    VIEW_DELETED = "view_deleted"
    EXPORTED = "exported"
    USERS_IMPORTED = "users_imported"
    USER_CREATED = "user_created"
    USER_CHANGED = "user_changed"
    USER_ROLE = "user_role"
    USER_PLACE = "user_place"
    USER_DEACTIVATED = "user_deactivated"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_RESET = "password_reset"
    LINK_SENT = "link_sent"
    PROFILE_CHANGED = "profile_changed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SESSIONS_ENDED = "sessions_ended"
    FACTOR_ENROLLED = "factor_enrolled"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_RESET = "factor_reset"
    FACTOR_REQUIRED = "factor_required"
    RECOVERY_CODES = "recovery_codes"
    RECOVERY_CODE_USED = "recovery_code_used"
    DATABASE_CREATED = "database_created"
    REMINDER_DUE = "reminder_due"
    RULE_APPLIED = "rule_applied"
    SURVEY_DUE = "survey_due"
    SURVEY_CHANGED = "survey_changed"
    SUBSCRIPTION_SAVED = "subscription_saved"
    SUBSCRIPTION_DELETED = "subscription_deleted"
    REPORT_SENT = "report_sent"
    MAIL_RESENT = "mail_resent"
    MAIL_REFUSED = "mail_refused"
    MAIL_DISCARDED = "mail_discarded"
    MAIL_TEMPLATE_SAVED = "mail_template_saved"
    MAIL_TEMPLATE_RESET = "mail_template_reset"
    MAIL_SETTINGS = "mail_settings"
    MAIL_TESTED = "mail_tested"
    ADDRESS_CLEARED = "address_cleared"
    ADDRESS_FAILED = "address_failed"
    INBOUND_RELEASED = "inbound_released"
    INBOUND_DISCARDED = "inbound_discarded"


# What an admin's rules are asked about.
FOR_RULES = frozenset({Action.TICKET_CREATED, Action.TICKET_REPLIED, Action.TICKET_NOTED, Action.TICKET_FILES,
                       Action.TICKET_STATUS, Action.TICKET_REOPENED, Action.TICKET_OWNER, Action.TICKET_PRIORITY,
                       Action.TICKET_CATEGORY, Action.TICKET_FACTS, Action.TICKET_TAGS, Action.TICKET_RATED,
                       Action.SLA_WARNED, Action.SLA_BREACHED})


# Whatever changes calls is recorded under one of these; so the latest says whether what was read of calls still holds.
OF_CALLS = "action >= 'call' AND action < 'calm'"


class Event(Base):
    """One thing that happened. `handled_at` is set by the mail job; `for_rules` until the admin's rules were asked about it."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    action: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(120))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(64))
    before: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    handled_at: Mapped[datetime | None] = mapped_column(Instant)
    for_rules: Mapped[bool | None] = mapped_column(default=None)

    __table_args__ = (
        Index("ix_events_ticket_id_id", "ticket_id", "id"),
        Index("ix_events_at", "at"),
        Index("ix_events_unhandled", "id", sqlite_where=text("handled_at IS NULL"),
              postgresql_where=text("handled_at IS NULL")),
        Index("ix_events_calls", "id", sqlite_where=text(OF_CALLS), postgresql_where=text(OF_CALLS)),
        Index("ix_events_for_rules", "id", sqlite_where=text("for_rules IS NOT NULL"),
              postgresql_where=text("for_rules IS NOT NULL")),
    )


class IdempotencyKey(Base):
    """A form key that has been used, with what came of it."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    result: Mapped[Any] = mapped_column(JSON)


class DeskSetting(Base):
    """A setting of this database (`demo`, thresholds): name and JSON value."""

    __tablename__ = "desk_settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


def record(session: Session, actor: Actor, now: datetime, action: Action, *, object_kind: str, object_id: object,
           ticket_id: int | None = None, before: Any = None, after: Any = None, handled: bool = False) -> None:
    """Append one event in the present transaction. `before`/`after` are JSON maps of the changed fields.

    `handled`: nobody is to be mailed about it.
    """
    insert_rows(session, Event, [{
        "at": now, "action": action.value, "actor_id": actor.user_id, "actor_name": actor.name, "ticket_id": ticket_id,
        "object_kind": object_kind, "object_id": str(object_id), "before": before, "after": after,
        "handled_at": now if handled else None,
        "for_rules": True if ticket_id is not None and action in FOR_RULES else None}])
