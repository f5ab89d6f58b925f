"""`mail take`: messages from files and pipes go the way of those from the mailbox; doctor looks at the mailbox."""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import cli, doctor
from core.config import get_settings
from core.notifications.inbound import mailbox, parsing, taking
from core.work import clock
from tests.databases import Desk
from tests.notifications.inbound.letters import letter
from tests.notifications.servers import free_port


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert cli.main(["mail", "take", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_files_become_tickets_once(file_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = tmp_path / "uno.eml", tmp_path / "dos.eml"
    one.write_bytes(letter())
    other.write_bytes(letter(auto_submitted="auto-replied", message_id="<2@x.example>"))
    taken = run(capsys, str(one), str(other), str(one))
    (number,), = file_desk.rows("SELECT number FROM tickets WHERE channel = 3")
    assert [(each["state"], each["reason"], each["ticket"]) for each in taken] == [
        ("ticket", None, number), ("ignored", "auto_reply", None), ("known", None, None)]
    assert cli.main(["mail", "take", str(one)]) == 0
    assert capsys.readouterr().out == f"{one}: ya conocido\n"


def test_a_message_comes_through_a_pipe(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(letter())))
    assert run(capsys, "-")[0]["state"] == "ticket"


def test_a_message_over_the_limit_is_kept_in_quarantine(
    file_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(parsing, "LARGEST", 10_000)
    big = tmp_path / "grande.eml"
    big.write_bytes(letter("x" * 70 + "\n" + "y" * 20_000))
    assert (run(capsys, str(big))[0]["state"], run(capsys, str(big))[0]["state"]) == ("quarantined", "known")
    assert file_desk.rows("SELECT reason, size FROM inbound_mails") == [("too_large", big.stat().st_size)]


def test_a_file_that_is_not_there_is_refused(file_desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mail", "take", "nada.eml"]) == 1
    assert "nada.eml" in capsys.readouterr().err


def checked() -> doctor.Check:
    return next(check for check in doctor.examine() if check.name == "mailbox")


def test_the_doctor_looks_at_the_mailbox(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    get_settings().signing_key()
    assert (checked().ok, "IMAP_URL" in checked().found) == (True, True)
    monkeypatch.setenv("IMAP_URL", "pop3://x")
    get_settings.cache_clear()
    assert not checked().ok
    monkeypatch.setenv("IMAP_URL", f"imap://a:b@127.0.0.1:{free_port()}")
    get_settings.cache_clear()
    assert checked().ok  # not read yet
    mailbox.look(clock() - timedelta(hours=1))
    assert "no se pudo leer" in checked().found.lower()
    assert not checked().ok


def test_the_doctor_counts_what_waits(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    taking.receive(letter(sender="no-reply@x.example"))
    monkeypatch.setenv("IMAP_URL", f"imap://a:b@127.0.0.1:{free_port()}")
    get_settings.cache_clear()
    mailbox.look()
    assert (checked().ok, checked().found) == (True, "llegaron 1 correos, 1 esperan una decisión")
