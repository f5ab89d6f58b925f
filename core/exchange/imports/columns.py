"""Which column of a table of calls is what: headers in Spanish, English and Portuguese -> fields of a call."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from core.exchange.imports.moments import DateOrder

FIELDS = ("id", "started_at", "date", "time", "outcome", "wait", "talk", "operator", "caller", "dialled", "queue", "topic",
          "direction", "satisfaction")

# Phrases of each field, folded; the first field that knows the whole header wins, else the longest phrase within it.
_PHRASES: dict[str, tuple[str, ...]] = {
    "id": ("call id", "id", "id call", "id llamada", "id de llamada", "id de la llamada", "folio", "uniqueid", "unique id",
           "numero de llamada", "no llamada", "call number", "call reference", "id chamada", "id da chamada", "protocolo"),
    "started_at": ("started at", "start time", "start datetime", "call start", "datetime", "date time", "date and time",
                   "timestamp", "fecha y hora", "fecha hora", "fechahora", "inicio", "inicio llamada", "inicio de llamada",
                   "fecha inicio", "fecha de inicio", "calldate", "call date time", "data hora", "data e hora", "start"),
    "date": ("date", "call date", "fecha", "fecha llamada", "fecha de llamada", "fecha de la llamada", "dia", "day", "data",
             "data da chamada", "end date", "fecha fin", "fecha de fin", "start date"),
    "time": ("time", "call time", "hora", "hora llamada", "hora de llamada", "hora de la llamada", "hora inicio",
             "hora de inicio", "hour", "time of day", "horario"),
    "outcome": ("answered", "answered y n", "status", "call status", "outcome", "result", "disposition", "estado",
                "estatus", "resultado", "atendida", "contestada", "estado llamada", "estado de la llamada", "atendida s n",
                "atendida si no", "contestada si no", "tipo de resultado", "situacao", "status da chamada", "atendido",
                "call outcome", "respondida"),
    "wait": ("wait", "wait time", "waiting time", "queue time", "hold time", "speed of answer", "speed of answer in seconds",
             "time to answer", "ring time", "espera", "tiempo espera", "tiempo de espera", "segundos de espera",
             "tiempo en cola", "tiempo de respuesta", "tempo de espera", "wait seconds", "wait s", "espera s"),
    "talk": ("talk", "talk time", "talk duration", "avgtalkduration", "avg talk duration", "conversation time", "billsec",
             "duration", "call duration", "duracion", "duracion llamada", "duracion de la llamada", "tiempo de conversacion",
             "tiempo conversacion", "tiempo hablado", "conversacion", "duracao", "tempo de conversa", "tempo de conversacao",
             "talk seconds", "talk s"),
    "operator": ("operator", "agent", "agent name", "operador", "operadora", "agente", "nombre agente", "nombre del agente",
                 "atendio", "atendido por", "contestado por", "ejecutivo", "usuario", "user", "answered by", "asesor",
                 "atendente", "extension", "agent id"),
    "caller": ("caller", "caller id", "caller number", "calling number", "phone", "phone number", "telefono", "from", "source",
               "src", "origen", "numero origen", "numero de origen", "llamante", "quien llama", "numero", "telefono origen",
               "numero cliente", "telefono cliente", "ani", "clid", "telefone", "numero de telefono", "origem", "de"),
    "dialled": ("dialled", "dialed", "dialled number", "dialed number", "called number", "to", "destination", "destino", "dst",
                "numero marcado", "marcado", "numero destino", "numero de destino", "dnis", "did", "numero discado"),
    "queue": ("queue", "queue name", "cola", "nombre de cola", "grupo", "campaign", "campana", "skill", "fila", "department",
              "departamento"),
    "topic": ("topic", "subject", "motivo", "tema", "asunto", "reason", "category", "categoria", "tipificacion", "assunto",
              "motivo de llamada", "motivo de la llamada", "call reason"),
    "direction": ("direction", "call direction", "direccion", "sentido", "call type", "tipo de llamada", "tipo llamada",
                  "direcao", "tipo"),
    "satisfaction": ("satisfaction", "satisfaction rating", "rating", "csat", "satisfaccion", "calificacion", "satisfacao"),
}
_WORDS = {phrase: field for field, phrases in _PHRASES.items() for phrase in phrases}
_LOOSE = sorted((phrase for phrase in _WORDS if len(phrase) >= 4), key=len, reverse=True)
_NOT_A_FIELD = re.compile(r"\b(resolved|resuelt[oa]|resolvid[oa]|fin|end|hasta|until|colgo|hangup|total|promedio|rate|tasa)\b")
_TOTALS = (re.compile(r"\b(incoming|received|offered|recibid[ao]s|entrantes|ofrecidas|recebidas|calls|llamadas|total)\b"),
           re.compile(r"\b(answered|atendid[ao]s|contestad[ao]s|respondidas|handled)\b"),
           re.compile(r"\b(abandon(ed|adas|os)?|missed|lost|perdid[ao]s|no contestadas)\b"))
_MEASURE = re.compile(r"\b(time|tiempo|tempo|seconds?|segundos?|seg|secs?|s|wait|waiting|espera|speed|rate|tasa|avg|duration|"
                      r"duracion|at|by|por|after)\b")


@dataclass(frozen=True, slots=True)
class CallMapping:
    """Which column (its position from 0; None: absent) holds which field, and how its dates are ordered.

    `order` None: decided from the whole column when the file is read.
    """

    id: int | None = None
    started_at: int | None = None
    date: int | None = None
    time: int | None = None
    outcome: int | None = None
    wait: int | None = None
    talk: int | None = None
    operator: int | None = None
    caller: int | None = None
    dialled: int | None = None
    queue: int | None = None
    topic: int | None = None
    direction: int | None = None
    satisfaction: int | None = None
    order: DateOrder | None = None

    def to_dict(self) -> dict[str, Any]:
        """Only what is set, fit for JSON."""
        return {name: str(value) if name == "order" else value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], columns: Sequence[str] = ()) -> CallMapping:
        """From `to_dict`, or from a file a person wrote: a column may be given by its header (`columns`).

        Raises ValueError for an unknown field, a column that is not there or an unknown order.
        """
        known = {each.name for each in fields(cls)}
        headers = [fold(column) for column in columns]
        values: dict[str, Any] = {}
        for name, value in stored.items():
            if name not in known:
                raise ValueError(name)
            if value is None:
                continue
            if name == "order" and value in {str(each) for each in DateOrder}:
                values[name] = DateOrder(value)
            elif name != "order" and isinstance(value, str) and fold(value) in headers:
                values[name] = headers.index(fold(value))
            elif name != "order" and type(value) is int and 0 <= value < (len(columns) or 1000):
                values[name] = value
            else:
                raise ValueError(f"{name}: {value}")
        return cls(**values)


def fold(text: str) -> str:
    """Lower case, no accents, `camelCase` apart, runs of anything but letters and digits as one space."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def signature(header: Sequence[str]) -> str:
    """SHA-256 of the folded header: the same table exported again has the same one."""
    return sha256("\x1f".join(fold(column) for column in header).encode()).hexdigest()


def propose(header: Sequence[str]) -> CallMapping:
    """The likely mapping of a header; each column serves one field, each field has one column."""
    folded = [fold(column) for column in header]
    found: dict[str, int] = {}
    for place, name in enumerate(folded):
        field = _WORDS.get(name)
        if field:
            found.setdefault(field, place)
    taken = set(found.values())
    for place, name in enumerate(folded):
        if place in taken or _NOT_A_FIELD.search(name):
            continue
        for phrase in _LOOSE:
            if re.search(rf"\b{phrase}\b", name) and _WORDS[phrase] not in found:
                found[_WORDS[phrase]] = place
                break
    return CallMapping.from_dict(found)


def totals_columns(header: Sequence[str]) -> list[tuple[int, int]]:
    """(group, position) of the columns that may be counts: 0 received, 1 answered, 2 abandoned."""
    result = []
    for place, name in enumerate(fold(column) for column in header):
        if _MEASURE.search(name):
            continue
        for group in (2, 1, 0):
            if _TOTALS[group].search(name):
                result.append((group, place))
                break
    return result
