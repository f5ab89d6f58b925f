"""The pages of promised times and calendars, and what a ticket's page tells of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import work as clockwork
from core.directory import calendars
from core.tickets import service, targets
from core.tickets.lifecycle import Channel, Priority
from tests.databases import Desk
from tests.factories import new_ticket
from tests.hours import standard_week
from tests.pages.opening import checked, open_page, words

PAGE = "admin/automation.py"


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    [button for button in app.button if button.label == label][place].click()
    return checked(app.run())


def box(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.text_input if each.label == label)  # type: ignore[return-value]


def test_the_times_for_everybody_are_changed_and_an_example_follows(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    box(app, "Crítica: solución").set_value("2:30")
    box(app, "Crítica: primera respuesta").set_value("15 min")
    app = press(app, "Guardar los plazos", 1)
    with file_desk.reading("admin") as work:
        assert targets.promises(work)[0].times[Priority.CRITICAL] == (900, 9000)
    assert box(app, "Crítica: solución").value == "2:30"


def test_what_is_no_time_is_told_beside_its_box_and_stays(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    box(app, "Alta: solución").set_value("mañana")
    app = press(app, "Guardar los plazos", 1)
    assert "Escriba horas y minutos como 4:30, o 30 min." in words(app)
    assert box(app, "Alta: solución").value == "mañana"
    box(app, "Alta: solución").set_value("0:10")
    app = press(app, "Guardar los plazos", 1)
    assert "La primera respuesta no puede vencer después de la solución." in words(app)
    with file_desk.reading("admin") as work:
        assert targets.promises(work)[0].times[Priority.HIGH] == (3600, 8 * 3600)


def test_a_company_gets_times_of_its_own_and_loses_them(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    [chosen, *_rest] = [each for each in app.selectbox if each.label == "Empresa"]
    chosen.set_value(file_desk.cast.companies["north"])
    app = checked(app.run())
    [each for each in app.text_input if each.label == "Media: solución"][-1].set_value("6")
    app = press(app, "Agregar estos tiempos")
    with file_desk.reading("admin") as work:
        _desk, own = targets.promises(work)
        assert (own.company, own.times) == ("Grupo Norte", {Priority.MEDIUM: (None, 6 * 3600)})
    app = press(app, "Quitar estos tiempos")
    with file_desk.reading("admin") as work:
        assert len(targets.promises(work)) == 1


def test_a_warning_may_come_some_minutes_before_the_end(file_desk: Desk) -> None:
    app = open_page(file_desk, "admin", PAGE)
    next(each for each in app.radio if each.label == "Cuándo avisar").set_value(True)
    app = checked(app.run())
    next(each for each in app.number_input if each.label == "Minutos laborales antes de vencer").set_value(45)
    press(app, "Guardar el aviso")
    with file_desk.reading("admin") as work:
        assert targets.warning(work) == targets.Warned(80, 45)


def test_a_calendar_is_made_changed_and_removed(file_desk: Desk) -> None:
    app = press(open_page(file_desk, "admin", PAGE), "Nuevo calendario")
    assert "Navidad" in words(app)
    box(app, "Nombre").set_value("Frontera")
    next(each for each in app.selectbox if each.label == "Zona horaria").set_value("America/Tijuana")
    box(app, "Sábado").set_value("9 a 13")
    next(each for each in app.text_area if each.label == "Días inhábiles propios").set_value("24/12/2026 Nochebuena")
    next(each for each in app.multiselect if each.label == "Empresas que atiende").set_value([file_desk.cast.companies["south"]])
    next(each for each in app.multiselect if each.label == "Personas con este turno").set_value([file_desk.cast.users["agent"]])
    app = press(app, "Guardar el calendario")
    with file_desk.reading("admin") as work:
        _own, made = calendars.calendars(work)
    assert (made.data.name, made.data.zone, made.data.week[5]) == ("Frontera", "America/Tijuana", ((540, 780),))
    assert made.data.companies == (file_desk.cast.companies["south"],)
    assert "Sur y Compañía" in words(app)
    app = press(app, "Editar", 1)
    box(app, "Lunes").set_value("a veces")
    app = press(app, "Guardar el calendario")
    assert "Escriba los bloques de más temprano a más tarde" in words(app)
    assert box(app, "Lunes").value == "a veces"
    app = press(press(app, "Todos los calendarios"), "Eliminar el calendario")
    with file_desk.reading("admin") as work:
        assert len(calendars.calendars(work)) == 1


def test_the_standard_calendar_is_shown_before_anybody_chose(file_desk: Desk) -> None:
    standard_week(file_desk)
    app = open_page(file_desk, "admin", PAGE)
    assert "lun: 08:00-14:00, 15:00-19:00" in words(app)
    app = press(app, "Editar")
    press(app, "Guardar el calendario")
    with file_desk.reading("admin") as work:
        (kept,) = calendars.calendars(work)
    assert (kept.is_default, kept.data.zone) == (True, "America/Mexico_City")


@pytest.mark.parametrize(("hours", "status", "said"), [
    (1, "open", ("Primera respuesta", "quedan 3 h laborales", "quedan 23 h laborales", "vence el")),
    (3.5, "open", (":orange-badge[:material/hourglass_bottom: quedan 30 min laborales]",)),
    (5, "open", ("vencido hace 1 h laborales", "venció el")),
    (2, "pending", ("detenido (pendiente), quedan 22 h laborales",)),
    (2, "resolved", (":green-badge[:material/check_circle: a tiempo]",)),
    (25, "resolved", ("fuera de plazo por 1 h laborales",)),
])  # fmt: skip
def test_a_ticket_tells_how_its_terms_stand(file_desk: Desk, hours: float, status: str, said: tuple[str, ...]) -> None:
    now = clockwork.clock()
    with file_desk.begin("customer", now - timedelta(hours=hours)) as work:
        filed = service.create(work, new_ticket(file_desk.cast, channel=Channel.PORTAL))
    if status != "open":
        with file_desk.begin("agent", now) as work:
            service.set_status(work, filed.id, status)
    shown = words(open_page(file_desk, "agent", "desk/ticket.py", number=str(filed.number)))
    assert [each for each in said if each not in shown] == []


def test_a_customer_reads_nothing_of_terms(file_desk: Desk) -> None:
    shown = words(open_page(file_desk, "customer", "desk/ticket.py", number=str(file_desk.cast.numbers["own"])))
    assert "Bomba cuatro" in shown
    assert not [word for word in ("laborales", "vence", "a tiempo") if word in shown]
