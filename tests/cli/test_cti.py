"""`cti token add|list|revoke`: who may send call events, from the command line."""

from __future__ import annotations

import pytest

from core.calls import tokens
from tests.cli.test_command_line import refused, run
from tests.databases import Desk


@pytest.mark.sqlite_only
def test_tokens_are_made_listed_and_revoked(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    made = run(capsys, "cti", "token", "add", "FreePBX", "--days", "30")
    assert set(made) == {"id", "name", "token"}
    with desk.reading("system") as work:
        assert tokens.accepted(work, made["token"]) == (made["id"], "FreePBX")
    [listed] = run(capsys, "cti", "token", "list")
    assert (listed["id"], listed["name"], listed["valid"], listed["used_at"]) == (made["id"], "FreePBX", True, None)
    assert made["token"] not in repr(listed)
    assert run(capsys, "cti", "token", "revoke", str(made["id"])) == {"id": made["id"], "valid": False}
    with desk.reading("system") as work:
        assert tokens.accepted(work, made["token"]) is None


@pytest.mark.sqlite_only
def test_what_cannot_be_is_refused_in_one_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No existe la llave 9" in refused(capsys, "cti", "token", "revoke", "9")
    assert "1 a 3650 días" in refused(capsys, "cti", "token", "add", "x", "--days", "9999")
    assert "rol no permite" in refused(capsys, "cti", "token", "add", "x", "--as", "operator")
