"""Tables of the desk's clients and catalogues: companies, stations, telephones, contacts, categories."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.audit import BigId
from core.db import Base

PATH_SEPARATOR = " - "


class Company(Base):
    """A client: the owner of one or more stations."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}


class Station(Base):
    """A petrol station. `search` is the folded text behind the look-up as one types."""

    __tablename__ = "stations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    short_name: Mapped[str] = mapped_column(String(80))
    destination: Mapped[str | None] = mapped_column(String(20), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    legal_name: Mapped[str | None] = mapped_column(String(200))
    street: Mapped[str | None] = mapped_column(String(200))
    colonia: Mapped[str | None] = mapped_column(String(120))
    locality: Mapped[str | None] = mapped_column(String(120))
    municipality: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(60))
    postcode: Mapped[str | None] = mapped_column(String(10))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    active: Mapped[bool] = mapped_column(default=True)
    search: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_stations_short_name", "short_name"),)


class StationPhone(Base):
    """A telephone of a station, in E.164 (`+524421234567`)."""

    __tablename__ = "station_phones"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"))
    number: Mapped[str] = mapped_column(String(20), index=True)

    __table_args__ = (UniqueConstraint("station_id", "number"),)


class Contact(Base):
    """Somebody who calls from a station; remembered from the tickets filed for them."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    email: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("station_id", "name"),)


class Category(Base):
    """A category in two levels; `path` is what people read: `Administración - Cobranza`."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(170), unique=True)
    path_folded: Mapped[str] = mapped_column(String(170), index=True)
    default_owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}


class BusinessCalendar(Base):
    """When the desk works: `week` is seven lists of blocks of minutes, `days_off` maps a day (`20261224`) to why.

    One of them is the desk's own (`is_default`); companies may be served by another one, and people work by another one.
    """

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    week: Mapped[Any] = mapped_column(JSON)
    public_holidays: Mapped[bool] = mapped_column(default=True)
    days_off: Mapped[Any] = mapped_column(JSON)
    is_default: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class CompanyCalendar(Base):
    """A company that is served by another calendar than the desk's own."""

    __tablename__ = "company_calendars"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), index=True)


class UserCalendar(Base):
    """A person of the desk whose shift is another calendar than the desk's own."""

    __tablename__ = "user_calendars"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"), index=True)
