"""The ticket as a timeline: what was said, changes and calls in one order, and long ones folded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.calls import service as calls
from core.calls.counting import Outcome
from core.calls.service import NewCall
from core.tickets import documenting, service
from core.ui import timeline
from core.ui.timeline import MORE, SHOWN
from tests.databases import Desk
from tests.factories import SECRET_NOTE
from tests.pages.opening import checked, open_page, words

OWN = "1"
PAGE = "desk/ticket.py"
LATER = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)


def test_replies_notes_changes_and_calls_stand_in_one_order(file_desk: Desk) -> None:
    own = file_desk.cast.tickets["own"]
    with file_desk.begin("agent", LATER) as work:
        service.reply(work, own, "Vamos para allá")
        service.set_status(work, own, "pending")
    with file_desk.begin("agent", LATER + timedelta(hours=1)) as work:
        called = calls.record_call(work, NewCall(work.now, Outcome.ANSWERED, caller="442 100 2001", wait_s=12, talk_s=200))
        documenting.document(work, called, "existing_ticket", int(OWN))
    with file_desk.begin("customer", LATER + timedelta(hours=2)) as work:
        service.reply(work, own, "Los espero")
    app = open_page(file_desk, "operator", PAGE, number=OWN)
    checked(next(button for button in app.button if "anterior" in button.label).click().run())
    shown = words(app)
    for expected in ("**Customer** :gray[Cliente]", "**Agent** :gray[Propietario]", "**Second Agent** :gray[Propietario]",
                     "Nota interna", "Llamada (entrante, atendida) de 442 100 2001", "espera 12 s, conversación 3 min 20 s"):
        assert expected in shown, expected
    said = [each.value for each in app.text]
    assert [text for text in said if text in (SECRET_NOTE, "Vamos para allá", "Los espero")] == [
        SECRET_NOTE, "Vamos para allá", "Los espero"]
    for who in ("customer", "company_head"):
        shown = words(open_page(file_desk, who, PAGE, number=OWN))
        assert "**Agent** :gray[Mesa de ayuda]" in shown
        for hidden in ("Llamada", "Nota interna", "Propietario"):
            assert hidden not in shown, hidden


def test_what_was_said_comes_before_what_it_changed(file_desk: Desk) -> None:
    with file_desk.begin("agent") as work:
        service.reply(work, file_desk.cast.tickets["unrelated"], "La tomo yo")
    app = open_page(file_desk, "operator", PAGE, number="4")
    drawn = [element for element in app.main if element.type in ("text", "caption")]
    texts = [str(element.value) for element in drawn]
    reply = texts.index("La tomo yo")
    assert "cambió el propietario" in texts[reply + 1].replace("\\", "")


def test_of_a_long_conversation_the_latest_is_shown_and_the_rest_as_asked_for(file_desk: Desk) -> None:
    number = file_desk.cast.tickets["unrelated"]
    with file_desk.begin("operator", LATER) as work:
        for count in range(MORE + SHOWN + 10):
            service.reply(work, number, f"Mensaje {count}.")
    app = open_page(file_desk, "analyst", PAGE, number="4")

    def shown() -> set[str]:
        return {text.value for text in app.text if text.value.startswith("Mensaje")}

    last = MORE + SHOWN + 9
    assert shown() == {f"Mensaje {count}." for count in range(last - SHOWN + 1, last + 1)}
    assert "Desde ayer la terminal" in " ".join(text.value for text in app.text)
    more = next(button for button in app.button if "anteriores" in button.label)
    assert more.label.startswith(f"Mostrar {MORE} de ")
    checked(more.click().run())
    assert shown() == {f"Mensaje {count}." for count in range(last - SHOWN - MORE + 1, last + 1)}
    more = next(button for button in app.button if "anteriores" in button.label)
    checked(more.click().run())
    assert len(shown()) == last + 1
    assert not [button for button in app.button if "anterior" in button.label]


def test_the_page_has_few_elements_however_long_the_life(file_desk: Desk) -> None:
    number = file_desk.cast.tickets["unrelated"]
    with file_desk.begin("operator", LATER) as work:
        for count in range(60):
            service.set_priority(work, number, "high" if count % 2 else "low")
    app = open_page(file_desk, "analyst", PAGE, number="4")
    assert len(app.caption) <= timeline.SHOWN
