"""Files from outside: a name is a label, the content decides, nothing half written is kept."""

from __future__ import annotations

import stat
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import files
from core.errors import FileRefused, NotFound

PDF = b"%PDF-1.4\n"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("foto.pdf", "foto.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\foto.pdf", "foto.pdf"),
        ("/abs/foto.pdf", "foto.pdf"),
        ("fo\x00to\n.pdf", "foto.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ("  .pdf. ", "pdf"),
        ("", "archivo"),
        ("...", "archivo"),
        ("/", "archivo"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_becomes_a_harmless_label(given_name: str, kept: str) -> None:
    assert files.clean_name(given_name) == kept


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_no_name_is_dangerous_after_cleaning(name: str) -> None:
    kept = files.clean_name(name)
    assert 0 < len(kept) <= 120
    assert not set(kept) & set("/\\\x00\n\r\u202e\u200b")
    assert kept not in (".", "..")
    assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"MZ\x90"),
        ("a.png", PDF),
        ("a.jpg", b"<script>"),
        ("a.xlsx", b"%PDF"),
        ("a", PDF),
        ("a.pdf.exe", PDF),
        ("a.txt", b"a\x00b"),
        ("a.csv", b"MZ\x00"),
        ("a.pdf", b""),
        ("pdf", PDF),
        ("a.", PDF),
        ("a.bat", b"x"),
        ("a.php", b"x"),
        ("a.mp4", b"MZ\x90\x00" * 9),
        ("a.heic", b"MZ\x90\x00" * 9),
        ("a.mp3", b"\x7fELF"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVE"),
        ("a.wav", b"RIFF\x00\x00\x00\x00WEBP"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(own_settings: Path, name: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refusal:
        files.store(name, content)
    assert files.clean_name(name) in str(refusal.value)
    assert not list(own_settings.rglob("*"))


@pytest.mark.parametrize(("name", "content"), [
    ("a.mp4", b"\x00\x00\x00\x18ftypmp42"), ("a.heic", b"\x00\x00\x00\x18ftypheic"), ("a.mp3", b"ID3\x04"),
    ("a.mp3", b"\xff\xfb\x90"), ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "), ("a.wav", b"RIFF\x00\x00\x00\x00WAVEfmt "),
    ("a.txt", "año".encode("utf-16")), ("a.csv", "a;b".encode("utf-16"))])
def test_sound_pictures_and_texts_of_other_machines_are_taken(name: str, content: bytes) -> None:
    assert files.check(name, content) == name


def test_the_limit_of_size_is_25_mb_and_not_a_byte_more(own_settings: Path) -> None:
    files.check("a.pdf", PDF + b"x" * (25 * 2**20 - len(PDF)))
    with pytest.raises(FileRefused):
        files.check("a.pdf", PDF + b"x" * (25 * 2**20 - len(PDF) + 1))


def test_a_stored_file_is_read_back_under_a_random_name(own_settings: Path) -> None:
    first, second = files.store("foto.pdf", PDF), files.store("foto.pdf", PDF)
    assert first.id != second.id
    assert first.sha256 == second.sha256
    assert (first.name, first.size, files.read(first.id)) == ("foto.pdf", len(PDF), PDF)
    lying = [path for path in own_settings.rglob("*") if path.is_file()]
    assert {path.name for path in lying} == {first.id, second.id}
    assert not any(path.stat().st_mode & stat.S_IXUSR for path in lying)


@pytest.mark.parametrize(
    "identity", ["", "../../secret.key", "x" * 21, "x" * 23, "/etc/passwd", "a/" + "b" * 20, "x" * 21 + "\n", "é" * 22]
)
def test_nothing_but_an_id_of_ours_is_opened(own_settings: Path, identity: str) -> None:
    with pytest.raises(NotFound):
        files.read(identity)


def test_a_file_that_is_gone_is_not_found() -> None:
    with pytest.raises(NotFound):
        files.read("x" * 22)


def test_a_disk_that_fails_leaves_nothing_that_looks_stored(own_settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.store("foto.pdf", PDF)
    assert [path for path in own_settings.rglob("*") if path.is_file() and path.suffix != ".part"] == []
