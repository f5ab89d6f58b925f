"""The page of what the desk does by itself: rules with their form and trial, times, the timed work; late replies and archive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs, work
from core.tickets import service
from core.tickets.rules import keeping
from core.tickets.rules.matching import Condition, Deed, Does, Field, Occasion, Op, Rule
from tests.databases import Desk
from tests.pages.opening import checked, open_page, words

PAGE = "admin/automation.py"
TO_PENDING = Rule("Espera", Occasion.CHANGED, True, (Condition(Field.STATUS, Op.IS, ("open",)),), (Deed(Does.STATUS, "pending"),))
TO_OPEN = Rule("Sigue", Occasion.CHANGED, True, (Condition(Field.STATUS, Op.IS, ("pending",)),), (Deed(Does.STATUS, "open"),))


def saved(desk: Desk, rule: Rule, *, active: bool = True) -> int:
    with desk.begin("admin") as opened:
        return keeping.save_rule(opened, rule, active=active)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return checked(app.run())


def test_a_rule_is_written_tried_and_saved(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "admin", PAGE), "Nueva regla")
    app.text_input[0].set_value("Impresoras")
    app = press(app, "Agregar una condición")
    next(box for box in app.selectbox if box.label == "Condición 1").set_value("words")
    app = checked(app.run())
    next(box for box in app.text_input if box.label == "Valor 1").set_value("terminal")
    next(box for box in app.selectbox if box.label == "Acción 1").set_value("set_priority")
    app = checked(app.run())
    next(box for box in app.selectbox if box.label == "Qué, en la acción 1").set_value("critical")
    app = press(app, "Probar con los últimos 90 días")
    count = len(file_desk.rows("SELECT 1 FROM tickets WHERE description LIKE '%terminal%'"))
    assert f"Habría actuado sobre **{count}** tickets." in words(app)
    assert "según el historial" in words(app)
    assert len(app.dataframe[0].value) == count
    next(box for box in app.toggle if box.label == "La regla está activa").set_value(True)
    app = press(app, "Guardar la regla")
    assert "1. Impresoras" in words(app)
    with file_desk.reading("admin") as opened:
        (kept,) = keeping.rules(opened)
    assert (kept.active, kept.rule.conditions, kept.rule.deeds) == (
        True, (Condition(Field.WORDS, Op.IS, ("terminal",)),), (Deed(Does.PRIORITY, "critical"),))


def test_a_loop_is_shown_and_what_was_typed_stays(file_desk: Desk) -> None:
    saved(file_desk, TO_PENDING)
    number = saved(file_desk, TO_OPEN, active=False)
    app = open_page(file_desk, "admin", PAGE, rule=str(number))
    assert app.text_input[0].value == "Sigue"
    next(box for box in app.toggle if box.label == "La regla está activa").set_value(True)
    app = press(app, "Guardar la regla")
    assert "“Sigue” → “Espera” → “Sigue”" in words(app)
    assert app.text_input[0].value == "Sigue"


def test_something_missing_is_said_where_it_is(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE, rule="new")
    app = press(app, "Agregar una condición")
    app = press(app, "Guardar la regla")
    assert "Escriba un nombre" in words(app)
    assert "Elija un valor para cada condición." in words(app)
    app = press(app, "Quitar 1")
    assert not [box for box in app.selectbox if box.label == "Condición 1"]


ALL_FIELDS = (
    Condition(Field.STATUS, Op.IS, ("open",)), Condition(Field.CATEGORY, Op.IS_NOT, (1,)), Condition(Field.OWNER, Op.IS, (0,)),
    Condition(Field.STATION, Op.IS, (1,)), Condition(Field.COMPANY, Op.IS, (1,)), Condition(Field.TAG, Op.IS_NOT, ("vip",)),
    Condition(Field.WORDS, Op.IS, ("bomba", "isla 2")), Condition(Field.IDLE, Op.AT_LEAST, (24,)),
    Condition(Field.EVENT, Op.IS, ("customer_reply",)),
)  # fmt: skip


def test_every_field_and_deed_is_opened_and_saved_as_it_was(file_desk: Desk) -> None:
    cast = file_desk.cast
    conditions = tuple(
        Condition(each.field, each.op, (getattr(cast, f"{'stations' if each.field is Field.STATION else 'companies'}")["north"],))
        if each.field in (Field.STATION, Field.COMPANY)
        else Condition(each.field, each.op, (cast.categories["invoicing"],)) if each.field is Field.CATEGORY else each
        for each in ALL_FIELDS
    )
    deeds = (Deed(Does.STATUS, "pending"), Deed(Does.PRIORITY, "high"), Deed(Does.CATEGORY, cast.categories["invoicing"]),
             Deed(Does.ASSIGN, -1), Deed(Does.TAG, "visto"), Deed(Does.NOTE, "Ojo"),
             Deed(Does.NOTIFY, "Va", (cast.users["manager"],)))
    whole = Rule("Todo", Occasion.CHANGED, False, conditions, deeds)
    number = saved(file_desk, whole, active=False)
    app = press(open_page(file_desk, "admin", PAGE, rule=str(number)), "Guardar la regla")
    with file_desk.reading("admin") as opened:
        assert keeping.rules(opened)[0].rule == whole
    assert "La persona en turno con menos carga" in words(app)


def test_rules_are_switched_moved_and_deleted_in_the_list(file_desk: Desk) -> None:
    saved(file_desk, TO_PENDING)
    second = saved(file_desk, TO_OPEN, active=False)
    app = open_page(file_desk, "admin", PAGE)
    [box for box in app.toggle if box.label == "Activa"][1].set_value(True)
    app = checked(app.run())
    assert "sin fin" in words(app)
    assert [box.value for box in app.toggle if box.label == "Activa"] == [True, False]
    [button for button in app.button if button.label == "Subir"][1].click()
    app = checked(app.run())
    assert "1. Sigue" in words(app)
    next(button for button in app.button if button.label == "Eliminar la regla").click()
    app = checked(app.run())
    assert file_desk.rows("SELECT name FROM automation_rules WHERE id = :r", r=second) == []


def test_times_are_saved_or_refused_at_their_field(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    box = next(box for box in app.number_input if box.label.startswith("Cerrar lo atendido"))
    assert box.value == 48
    box.set_value(24)
    app = press(app, "Guardar los plazos")
    rows = file_desk.rows("SELECT value FROM desk_settings WHERE name = 'automation_times'")
    assert '"close_hours": 24' in str(rows)
    next(box for box in app.number_input if box.label.startswith("Dar por atendido")).set_value(3)
    app = press(app, "Guardar los plazos")
    assert "elija más días que para este" in words(app)


def test_the_timed_work_shows_its_heartbeat_and_its_failures(file_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "aún no se ejecutan" in words(open_page(file_desk, "admin", PAGE))

    def broken(_work: work.Work) -> int:
        raise RuntimeError

    failing = jobs.Job("rules", broken)
    jobs.once((*[each for each in jobs.JOBS if each.name != "rules"], failing))
    app = open_page(file_desk, "admin", PAGE)
    assert "1 tarea falló" in words(app)
    (row,) = [row for row in app.dataframe[0].value.to_dict("records") if row["Tarea"] == "Reglas de tickets nuevos y cambiados"]
    assert (row["Resultado"], row["Fallas"]) == ("Falló", 1)
    assert row["Última falla"].endswith("RuntimeError")
    jobs.once((), now=work.clock() - timedelta(hours=1))
    app = open_page(file_desk, "admin", PAGE)
    assert "se ejecutaron por última vez" in app.error[0].value


def test_a_rule_that_does_not_exist_is_refused_and_others_have_no_page(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE, rule="99")
    assert "no existe" in words(app).lower()
    assert not [box for box in app.text_input if box.label == "Nombre"]
    for who in ("manager", "agent", "customer"):
        assert not open_page(file_desk, who, PAGE).tabs


def close(desk: Desk, days: int) -> str:
    at = work.clock() - timedelta(days=days)
    with desk.begin("agent", at) as opened:
        service.set_status(opened, desk.cast.tickets["own"], "resolved")
        service.set_status(opened, desk.cast.tickets["own"], "closed")
    return str(desk.cast.numbers["own"])


def test_a_customer_is_told_that_a_late_reply_becomes_a_new_request(file_desk: Desk) -> None:
    number = close(file_desk, 31)
    app = open_page(file_desk, "customer", "desk/ticket.py", number=number)
    assert "será una solicitud nueva" in words(app)
    assert "Reabrir" not in words(app)
    app.text_area[0].set_value("Volvió a fallar.")
    app = press(app, "Responder")
    ((new,),) = file_desk.rows("SELECT number FROM tickets WHERE description = 'Volvió a fallar.'")
    assert f"solicitud nueva, la {new}" in app.success[0].value
    assert f"Abrir la solicitud {new}" in words(app)


def test_before_that_the_reply_opens_the_ticket_again(file_desk: Desk) -> None:
    number = close(file_desk, 5)
    app = open_page(file_desk, "customer", "desk/ticket.py", number=number)
    assert any("vuelve a abrir" in each.value for each in app.caption)
    app.text_area[0].set_value("Sigue igual.")
    press(app, "Responder")
    assert file_desk.rows("SELECT status FROM tickets WHERE id = :t", t=file_desk.cast.tickets["own"]) == [(1,)]


def test_staff_read_an_archived_ticket(file_desk: Desk) -> None:
    number = close(file_desk, 130)
    jobs.once(tuple(each for each in jobs.JOBS if each.name == "archive_closed"))
    app = open_page(file_desk, "agent", "desk/ticket.py", number=number)
    assert "se consulta, no se cambia" in words(app)
    assert not app.text_area
    assert not [box for box in app.selectbox if box.label == "Estatus"]
