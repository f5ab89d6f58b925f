"""Words of ticket tables: headers of each field, and what people write for states, priorities and kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from core.exchange.imports.columns import fold
from core.tickets.lifecycle import Priority, Status, TicketType

PHRASES: dict[str, tuple[str, ...]] = {
    "number": ("no ticket", "ticket", "numero de ticket", "num ticket", "no de ticket", "nro ticket", "n ticket", "ticket number",
               "ticket no", "ticket id", "id ticket", "id de ticket", "folio", "no folio", "numero", "number", "ticker", "id",
               "numero do chamado", "chamado", "incident", "incidente no"),
    "status": ("estatus", "estado", "status", "estado del ticket", "estatus del ticket", "incident state", "state", "situacao",
               "situacion", "resolvido", "resuelto"),
    "destination": ("destino", "numero de destino", "no destino", "destination"),
    "calls": ("llamadas", "no llamadas", "numero de llamadas", "calls"),
    "station": ("estacion de servicio", "estacion", "codigo de estacion", "no estacion", "clave de estacion", "station",
                "station code", "es"),
    "short_name": ("nombre corto", "short name", "nombre estacion", "nombre de la estacion", "alias"),
    "requester": ("nombre solicitante", "nombre del solicitante", "solicitante", "requester", "requester name", "nombre",
                  "caller id", "caller", "cliente", "contacto", "requerente", "requested by", "usuario"),
    "category": ("categoria", "category", "categoria del ticket", "area", "departamento", "motivo", "clasificacion"),
    "subcategory": ("subcategoria", "subcategory", "sub categoria"),
    "owner": ("propietario", "owner", "responsable", "asignado a", "asignado", "assigned to", "agente", "atendente",
              "atendido por", "tecnico"),
    "priority": ("prioridad", "priority", "criticidad", "severidad", "urgencia", "prioridade", "severity"),
    "subject": ("asunto", "subject", "titulo", "title", "tema", "resumen", "summary", "motivo de contacto", "assunto"),
    "description": ("descripcion", "description", "detalle", "detalles", "problema", "comentarios", "descricao"),
    "type": ("tipo", "tipo de ticket", "type", "ticket type", "tipo de solicitud"),
    "email": ("correo", "correo electronico", "email", "e mail", "mail"),
    "phone": ("telefono", "telefono del solicitante", "celular", "phone", "tel", "movil"),
    "created": ("fecha de creacion", "fecha creacion", "creado", "creado el", "fecha de apertura", "fecha apertura", "abierto el",
                "fecha", "fecha de alta", "fecha de registro", "created", "created at", "opened at", "opened", "data abertura",
                "fecha y hora"),
    "resolved": ("fecha de solucion", "fecha solucion", "solucionado el", "fecha de atencion", "fecha atencion", "resuelto el",
                 "fecha de resolucion", "resolved at", "resolved", "solved at", "data solucao"),
    "closed": ("fecha de cierre", "fecha cierre", "cerrado el", "closed at", "closed", "data fechamento"),
}
FIELDS = tuple(PHRASES)
_STATUS = {
    Status.OPEN: "abierto|abierta|open|nuevo|nueva|new|aberto|reabierto|sin atender|no|nao|por atender|registrado",
    Status.IN_PROGRESS: "en proceso|proceso|in progress|en progreso|en curso|asignado|assigned|active|work in progress|"
                        "em andamento|en atencion|trabajando|atendiendo|processing",
    Status.PENDING: "pendiente|pending|en espera|on hold|waiting|pendente|espera|detenido|en pausa",
    Status.RESOLVED: "atendido|atendida|resuelto|resuelta|resolved|solucionado|solucionada|solved|finalizado|terminado|resolvido|"
                     "attended|completado|concluido|sim|si|yes|done",
    Status.CLOSED: "cerrado|cerrada|closed|fechado",
    Status.CANCELLED: "cancelado|cancelada|cancelled|canceled|anulado|anulada|rechazado|rejected",
}
_PRIORITY = {
    Priority.LOW: "baja|bajo|low|minima|minor|planning|baixa|p4",
    Priority.MEDIUM: "media|medio|medium|moderate|moderada|normal|p3",
    Priority.HIGH: "alta|alto|high|major|p2",
    Priority.CRITICAL: "critica|critico|critical|urgente|urgent|muy alta|maxima|emergencia|p1",
}
_TYPE = {
    TicketType.INQUIRY: "consulta|inquiry|duda|pregunta|question|solicitud|request|requerimiento",
    TicketType.INCIDENT: "incidente en el servicio|incidente|incident|falla|incidencia|problema",
    TicketType.QUOTE: "solicitud de cotizacion|cotizacion|quote|quotation|presupuesto|quote request",
}
Member = TypeVar("Member", bound=StrEnum)


def _words(table: Mapping[Member, str]) -> dict[str, Member]:
    return {word: member for member, words in table.items() for word in words.split("|")}


STATUS, PRIORITY, TYPE = _words(_STATUS), _words(_PRIORITY), _words(_TYPE)


def read_word(cell: str, words: Mapping[str, Member]) -> Member | None:
    """The member a cell means: rank numbers (`3 - Moderate`) and slips of the pen tolerated; None when unknown."""
    text = re.sub(r"^\d+ (?=[a-z])", "", fold(cell))
    if text.startswith(("awaiting ", "en espera de")):
        text = "pending"
    if text in words:
        return words[text]
    close = get_close_matches(text, [word for word in words if len(word) > 4], 1, 0.86) if len(text) > 4 else []
    return words[close[0]] if close else None


def read_number(cell: str) -> int | None:
    """A ticket number: `11768`, `#94080`, `11768.0` (a spreadsheet) or with letters before it (`INC0000045`)."""
    found = re.fullmatch(r"#?\s*(?:[A-Za-z]{1,6}[-_ ]?)?0*([1-9]\d{0,14})(?:\.0+)?", cell)
    return int(found[1]) if found else None


def read_category(category: str, subcategory: str = "") -> tuple[str, str]:
    """(upper, lower) of `Administración - Cobranza`, `A > B > C` (then lower is `B / C`) or two columns."""
    parts = [part.strip() for part in re.split(r"\s+[-–—]\s+|\s*>\s*", category) if part.strip()]
    if subcategory:
        parts.append(subcategory)
    return (parts[0] if parts else "")[:80], " / ".join(parts[1:])[:80]
