"""Making a desk: the database at this version, and either its first administrator or the demo company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core import db, migrations, schema, work
from core.access import SYSTEM, Role
from core.accounts import service as accounts
from core.accounts.models import User
from core.accounts.service import NewUser
from core.audit import Action
from core.config import get_settings
from core.i18n import _, labels

ADMIN = "admin"
Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Founded:
    """What came of `init`. `password` is set only when the first administrator was made just now."""

    version: str
    upgraded: bool
    admin: str | None
    password: str | None
    demo_users: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: `version`, `upgraded`, `admin`, `password` (null unless made now), `demo_users` (role -> user name)."""
        return {"version": self.version, "upgraded": self.upgraded, "admin": self.admin, "password": self.password,
                "demo_users": self.demo_users}

    def lines(self) -> list[str]:
        """For people."""
        told = [_("Database ready (version {version}).").format(version=self.version)]
        if self.password is not None:
            told += [_("First administrator: {name}. Temporary password, shown only this once: {password}").format(
                name=self.admin, password=self.password), _("It must be changed at the first sign-in.")]
        elif self.admin is not None and not self.demo_users:
            told.append(_("The administrator {name} exists already.").format(name=self.admin))
        if self.demo_users:
            told.append(_("Demo company ready. Start the desk and choose a role on the sign-in page at {url}:").format(
                url=get_settings().base_url))
            told += [f"  {labels.role(role)}: {name}" for role, name in self.demo_users.items()]
        return told


def _private_file() -> None:
    """A new SQLite database is its owner's alone: SQLite itself would let everybody on the machine read it."""
    engine = db.engine()
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        Path(str(engine.url.database)).touch(mode=0o600)


def found(*, demo: bool = False, tell: Tell | None = None) -> Founded:
    """Create or upgrade the database. Raises DeskError when a demo is asked for and the desk is somebody's."""
    settings = get_settings()
    schema.import_models()
    settings.signing_key()
    _private_file()
    new = migrations.current(db.engine()) is None
    upgraded = migrations.upgrade(db.engine())
    settings.attachments_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if demo:
        from core.demo import fill

        fill(tell)
    with work.begin(SYSTEM) as opened:
        if new:
            opened.record(Action.DATABASE_CREATED, object_kind="database", object_id=migrations.head())
        users = dict(opened.setting("demo_users", {})) if opened.setting("demo", False) is True else {}
        name = opened.session.scalar(select(User.username).where(User.role == Role.ADMIN).order_by(User.id).limit(1))
        password = None
        if name is None and not users:
            made = accounts.create_user(opened, NewUser(username=ADMIN, name=_("Administrator"), role=Role.ADMIN))
            name, password = made.username, made.temporary_password
    return Founded(migrations.head(), upgraded, name, password, users)
