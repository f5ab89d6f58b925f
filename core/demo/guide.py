"""The four tickets that the quick guide prints, as the last ones of the demo desk."""

from __future__ import annotations

import csv

from core.demo.founding import SAMPLES, Desk, Person
from core.demo.life import Life
from core.demo.moments import desk_minutes_before
from core.demo.stories import ticket_row
from core.demo.writing import Rows
from core.directory.models import PATH_SEPARATOR
from core.tickets.lifecycle import Channel, Priority, Status, TicketType

LAST_NUMBER = 11_768
# Number -> minutes of desk time ago, kind, subject, what was told, and how it was answered if it was.
_TOLD: dict[int, tuple[int, TicketType, str, str, str]] = {
    11_765: (170, TicketType.INQUIRY, "Duda con el cálculo de la factura del mes",
             "El total de la factura no coincide con los litros del reporte de consumo. Pide que se le explique el cálculo.",
             "Se revisó la factura con ella por teléfono: la diferencia es el IEPS, que no lleva IVA. Quedó conforme."),
    11_766: (140, TicketType.INQUIRY, "No le cuadra el desglose de impuestos",
             "Solicita el desglose de IVA e IEPS de tres facturas de diésel para cuadrar con su contabilidad.",
             "Enviamos el desglose por litro de las tres facturas. Si necesita otro mes, puede responder a este ticket."),
    11_767: (55, TicketType.INCIDENT, "El portal de facturación no encuentra los tickets de ayer",
             "Los clientes capturan el folio y el portal responde que el ticket no existe. Pasa con todas las ventas de ayer.",
             ""),
    11_768: (25, TicketType.INQUIRY, "Aclaración de un pago que aparece pendiente",
             "Tiene el comprobante de la transferencia y el estado de cuenta todavía la muestra como pendiente.", ""),
}


def moments(now: int) -> dict[int, int]:
    """When each of the four was filed."""
    return dict(zip(_TOLD, desk_minutes_before(now, [told[0] for told in _TOLD.values()]), strict=True))


def tell(rows: Rows, desk: Desk, now: int) -> None:
    """File the four tickets as printed, with what must have happened to them since."""
    with (SAMPLES / "tickets_guide.csv").open(encoding="utf-8", newline="") as file:
        printed = {int(row["No. Ticket"]): row for row in csv.DictReader(file)}
    owners = {person.name: person for person in desk.agents}
    for number, created in moments(now).items():
        row, (_ago, kind, subject, description, answer) = printed[number], _TOLD[number]
        place = desk.place(row["Estación de servicio"])
        known = next((person for person in place.contacts if person.name == row["Nombre solicitante"]), None)
        requester = known or Person(row["Nombre solicitante"], phone=place.phone)
        assert row["Categoría"].count(PATH_SEPARATOR) == 1
        facts = ticket_row(desk, number, created, place, requester, row["Categoría"], Channel.PHONE)
        facts.update(id=len(rows.tickets) + 1, type=kind, priority=Priority.HIGH, subject=subject, description=description)
        owner = owners[row["Propietario"]]
        life = Life(rows, facts, desk.operators[number % len(desk.operators)], owner)
        if row["Estatus"] == "Atendido":
            life.move(created + 480, owner, Status.IN_PROGRESS)
            life.say(created + 2_100, owner, answer)
            life.move(created + 2_160, owner, Status.RESOLVED)
