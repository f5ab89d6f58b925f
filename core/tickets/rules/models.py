"""Tables of the admin's rules: the rules in their order, and which tickets each of them has acted on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.db import Base, Instant


class AutomationRule(Base):
    """A rule as it is kept; `conditions` and `actions` are lists of maps, see `core.tickets.rules.matching`."""

    __tablename__ = "automation_rules"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(default=False)
    occasion: Mapped[str] = mapped_column(String(10))
    every: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[Any] = mapped_column(JSON)
    actions: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class RuleHit(Base):
    """A ticket that a rule acted on and that has met its conditions ever since."""

    __tablename__ = "automation_hits"

    rule_id: Mapped[int] = mapped_column(ForeignKey("automation_rules.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Instant)
