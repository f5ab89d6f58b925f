"""Attachment store: files by random id in a local folder, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from core.config import get_settings
from core.errors import FileRefused, NotFound
from core.i18n import _

MAX_FILE = 25 * 1024 * 1024
MAX_FILES = 10
MAX_TICKET = 50 * 1024 * 1024
MAX_HOURLY_FILES, MAX_HOURLY_SIZE = 60, 300 * 1024 * 1024  # of one person
DOWNLOAD_ONLY = {"html", "htm", "svg", "xml", "js"}
# Extension -> how such a file begins; () means text or a format without a fixed beginning.
KINDS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",), "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"), "webp": (b"WEBP",), "heic": (b"ftyp",), "txt": (), "csv": (), "log": (), "md": (),
    "docx": (b"PK\x03\x04",), "xlsx": (b"PK\x03\x04",), "pptx": (b"PK\x03\x04",), "odt": (b"PK\x03\x04",),
    "ods": (b"PK\x03\x04",), "zip": (b"PK\x03\x04", b"PK\x05\x06"), "doc": (b"\xd0\xcf\x11\xe0",),
    "xls": (b"\xd0\xcf\x11\xe0",), "msg": (b"\xd0\xcf\x11\xe0",), "eml": (), "wav": (b"WAVE",), "ogg": (b"OggS",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2"),
    "mp4": (b"ftyp",), "xml": (), "html": (), "htm": (), "svg": (), "json": (),
}
# Kinds whose mark lies behind a length or a container's name.
_MARKED_AT = {"heic": 4, "mp4": 4, "webp": 8, "wav": 8}
_TEXT = {"txt", "csv", "log", "md", "xml", "html", "htm", "svg", "json", "eml"}
_ID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the store: `id` is its random name there."""

    id: str
    name: str
    size: int
    sha256: str


def clean_name(name: str) -> str:
    """A label for people: NFC, no path, no control, zero-width or bidi characters, at most 120 characters."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in base if unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
    kept = kept.strip().strip(".") or "archivo"
    stem, dot, extension = kept.rpartition(".")
    return kept if len(kept) <= 120 else f"{stem[: 119 - len(extension)]}{dot}{extension}"[:120]


def check(name: str, content: bytes) -> str:
    """The cleaned name of a file that may be stored.

    Raises FileRefused naming the file: too large, empty, a kind that is not accepted, or another kind than its
    name says.
    """
    label = clean_name(name)
    extension = label.rpartition(".")[2].lower()
    if len(content) > MAX_FILE:
        raise FileRefused(_("The file {name} is larger than {limit} MB. It was not attached; the rest of the form is kept.")
                          .format(name=label, limit=MAX_FILE // 2**20))
    if not content:
        raise FileRefused(_("The file {name} is empty. It was not attached; the rest of the form is kept.").format(name=label))
    if "." not in label or extension not in KINDS:
        raise FileRefused(_("Files of the kind of {name} are not accepted. It was not attached; the rest of the form is kept.")
                          .format(name=label))
    if not _is_of_kind(extension, content):
        raise FileRefused(_("The content of {name} is not what its name says. It was not attached; the rest of the form is kept.")
                          .format(name=label))
    return label


def _is_of_kind(extension: str, content: bytes) -> bool:
    """Whether the content begins as such files do; a text has no NUL, unless it says that it is UTF-16."""
    if extension in _TEXT:
        return b"\x00" not in content[:4096] or content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return not KINDS[extension] or content.startswith(KINDS[extension], _MARKED_AT.get(extension, 0))


def store(name: str, content: bytes) -> StoredFile:
    """Check and write a file; then the caller writes the row. A row that never comes leaves an orphan, swept after a day.

    Raises FileRefused.
    """
    return keep(check(name, content), content)


def keep(label: str, content: bytes) -> StoredFile:
    """Write a file as it is: temporary file, fsync, rename, fsync of the folder. For what the desk keeps for itself."""
    identity = secrets.token_urlsafe(16)
    target = path(identity)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return StoredFile(id=identity, name=label, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def path(identity: str) -> Path:
    """Where a stored file lies. Raises NotFound for anything but a random id of ours."""
    if not _ID.fullmatch(identity):
        raise NotFound()
    return get_settings().attachments_dir / identity[:2] / identity


def read(identity: str) -> bytes:
    """Content of a stored file. Raises NotFound."""
    try:
        return path(identity).read_bytes()
    except FileNotFoundError:
        raise NotFound() from None
