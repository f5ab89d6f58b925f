"""Table of subscriptions to reports by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.db import Base, Instant


class ReportSubscription(Base):
    """A person's wish for a report: `report` attended, received, missed or `view` (then `view_id`, which may be gone).

    `day`: of a week (1 Monday) or month (1 to 28); `hour` in the desk's zone. `next_at`: when it is due next. `outcome`: what
    became of the last one ('' before the first), see `subscriptions.sending`.
    """

    __tablename__ = "report_subscriptions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    report: Mapped[str] = mapped_column(String(10))
    view_id: Mapped[int | None] = mapped_column(BigInteger)
    format: Mapped[str] = mapped_column(String(5), default="xlsx")
    every: Mapped[str] = mapped_column(String(10))
    day: Mapped[int] = mapped_column(SmallInteger, default=1)
    hour: Mapped[int] = mapped_column(SmallInteger)
    paused: Mapped[bool] = mapped_column(default=False)
    next_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}
    __table_args__ = (Index("ix_report_subscriptions_next_at", "paused", "next_at"),)
