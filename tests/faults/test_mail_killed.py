"""App and worker are killed at random moments while mail flows: nothing is lost, and each kill repeats one mail at most."""

from __future__ import annotations

import os
from pathlib import Path

from core.config import get_settings
from tests.databases import Desk
from tests.faults.mail_flow import Flow, mail_server
from tests.notifications.servers import Mailbox

KILLS = int(os.environ.get("MESA_KILLS", "100"))


def test_kill_9_at_random_moments_loses_no_mail_and_repeats_one_at_most(file_desk: Desk, tmp_path: Path) -> None:
    cast, box, told = file_desk.cast, Mailbox(), tmp_path / "told"
    file_desk.engine.dispose()
    with mail_server(box) as url:
        environment = {"SMTP_URL": url, "MESA_DATA_DIR": str(get_settings().data_dir)}
        place = {"station": cast.stations["north"], "category": cast.categories["invoicing"]}
        flow = Flow(environment, place, box, told, seed=17)
        flow.kills(KILLS)
        flow.rest()
    toll = flow.toll
    assert toll.killed >= KILLS
    assert file_desk.rows("PRAGMA integrity_check") == [("ok",)]
    happened = {(number, kind) for number, kind in file_desk.rows(
        "SELECT t.number, CASE e.action WHEN 'ticket_created' THEN 'created' WHEN 'ticket_replied' THEN 'answered' "
        "ELSE 'resolved' END "
        "FROM events e JOIN tickets t ON t.id = e.ticket_id WHERE t.requester_email LIKE 'rosa%' "
        "AND e.action IN ('ticket_created', 'ticket_replied', 'ticket_status')")}
    confirmed = {(int(line.split()[0]), line.split()[1]) for line in told.read_text().splitlines()}
    assert len(confirmed) > KILLS // 4, "the app did work between the kills"
    assert confirmed <= happened
    mailed = file_desk.rows("SELECT t.number, o.kind, o.message_id, o.state FROM outbox o JOIN tickets t ON t.id = o.ticket_id "
                            "WHERE o.address LIKE 'rosa%'")
    assert {(number, kind) for number, kind, _name, _state in mailed} == happened, "each event is told"
    assert len(mailed) == len(happened), "and told once"
    assert {state for _number, _kind, _name, state in mailed} == {4}, "all of it left"
    assert {name for _number, _kind, name, _state in mailed} <= set(toll.seen)
    assert toll.most_in_a_life <= 1, "a worker's death repeats the one mail that it held"
    assert toll.repeated <= toll.killed
    assert toll.in_danger > KILLS // 4, "mail flowed while workers were killed"
    print(f"{toll.killed} kills, {len(happened)} events, {sum(toll.seen.values())} mails taken ({toll.in_danger} of workers "  # noqa: T201
          f"that were killed), {toll.repeated} repeated, "
          f"{toll.most_in_a_life} at most after one kill")
