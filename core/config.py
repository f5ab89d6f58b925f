"""Settings of the desk: environment variables or `.env`; a secret may come from a file named by `<NAME>_FILE`."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32
_FROM_FILE = ("DATABASE_URL", "SMTP_URL", "IMAP_URL", "MESA_ATTACHMENTS_URL", "MESA_SECRET_KEY", "MESA_OPENID_CLIENT_SECRET")


class BadSetting(Exception):
    """A setting that cannot be; `str(error)` is its name (never its value, which may be a secret)."""


class Settings(BaseSettings):
    """One immutable reading of the environment; names are part of the command-line contract."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default=ROOT / "data", validation_alias="MESA_DATA_DIR")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    timezone: str = Field(default="America/Mexico_City", validation_alias="MESA_TIMEZONE")
    locale: Literal["es", "en"] = Field(default="es", validation_alias="MESA_LOCALE")
    base_url: str = Field(default="http://localhost:8501", validation_alias="MESA_BASE_URL")
    smtp_url: str = Field(default="", validation_alias="SMTP_URL")
    calls_dir: Path | None = Field(default=None, validation_alias="MESA_CALLS_DIR")
    imap_url: str = Field(default="", validation_alias="IMAP_URL")
    attachments_url: str = Field(default="", validation_alias="MESA_ATTACHMENTS_URL")
    secret_key: str = Field(default="", validation_alias="MESA_SECRET_KEY", repr=False)
    openid_url: str = Field(default="", validation_alias="MESA_OPENID_URL")
    openid_name: str = Field(default="OpenID", validation_alias="MESA_OPENID_NAME")
    openid_client_id: str = Field(default="", validation_alias="MESA_OPENID_CLIENT_ID")
    openid_client_secret: str = Field(default="", validation_alias="MESA_OPENID_CLIENT_SECRET", repr=False)
    worker: Literal["child", "none"] = Field(default="child", validation_alias="MESA_WORKER")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError) as error:  # no such zone, or a folder of zones
            raise ValueError(value) from error
        return value

    @field_validator("base_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(value)
        return value

    @field_validator("attachments_url")
    @classmethod
    def _local_folder(cls, value: str) -> str:
        if "://" in value and not value.startswith("file:///"):
            raise ValueError(value)
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @property
    def zone(self) -> ZoneInfo:
        """The desk's own time zone."""
        return ZoneInfo(self.timezone)

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database; a bare `postgresql://` is read by psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'mesa.db'}"
        for prefix in ("postgres://", "postgresql://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def has_openid(self) -> bool:
        """Whether people may enter by an OpenID provider: its metadata address, our client and its secret are all set."""
        return bool(self.openid_url and self.openid_client_id and self.openid_client_secret)

    @property
    def attachments_dir(self) -> Path:
        """Local folder of attached files."""
        return Path(self.attachments_url.removeprefix("file://")) if self.attachments_url else self.data_dir / "attachments"

    def signing_key(self) -> bytes:
        """32 random bytes: from MESA_SECRET_KEY (hex), else a 0600 file made once in the data folder."""
        if self.secret_key:
            return _key(self.secret_key)
        return _key_file(self.data_dir / "secret.key")


def _key(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) < KEY_BYTES:
        raise BadSetting("MESA_SECRET_KEY", "MESA_OPENID_CLIENT_SECRET")
    return found


def _key_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once. Tests call `get_settings.cache_clear()`."""
    values: dict[str, str] = {}
    for name in _FROM_FILE:
        if (source := os.environ.get(f"{name}_FILE")) and name not in os.environ:
            values[name] = Path(source).read_text().strip()
    try:
        return Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        raise BadSetting(", ".join(str(each["loc"][0]) for each in error.errors())) from None
