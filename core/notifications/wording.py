"""What mails say as they come with the program: subject and text of each kind, and the variables that fill them.

Variables have the words of a Mexican desk, the same in both languages, as canned replies do.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import n_
from core.notifications.kinds import MailKind

K = MailKind
_TICKET = ("nombre", "numero", "asunto", "estado", "enlace", "solicitante", "estacion", "mesa")
_ABOUT = ("nombre", "numero", "asunto", "enlace", "mesa")
_INSIDE = (*_TICKET, "categoria", "prioridad", "propietario")
# Left out with their whole paragraph when they are empty; quoted in the mail.
BLOCKS = ("respuesta", "texto", "calificacion", "cifras")


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and text (English, the key of the catalogues), the variables there are, and those that must stand in it."""

    subject: str
    body: str
    variables: tuple[str, ...]
    needed: tuple[str, ...] = ()


_SUBJECT = n_("[Ticket {numero}] {asunto}")
WORDINGS: dict[MailKind, Wording] = {
    K.CREATED: Wording(_SUBJECT, n_(
        "{nombre}, we have received your request. Its number is {numero}; please mention it when you call or write to us.\n\n"
        "Station: {estacion}\nStatus: {estado}\n{enlace}\n\nYour request:\n{respuesta}"), (*_TICKET, "respuesta"), ("numero",)),
    K.ANSWERED: Wording(_SUBJECT, n_(
        "{autor} answered on your ticket {numero}:\n\n{respuesta}\n\n"
        "To answer, reply to this mail or open the ticket:\n{enlace}"),
        (*_TICKET, "autor", "respuesta")),
    K.RESOLVED: Wording(_SUBJECT, n_(
        "{nombre}, your ticket {numero} has been attended.\n\nLast answer:\n{respuesta}\n\n"
        "If something is missing, reply to this mail or open the ticket, and we take it up again:\n{enlace}"),
        (*_TICKET, "respuesta")),
    K.CLOSED: Wording(_SUBJECT, n_(
        "{nombre}, your ticket {numero} is closed now. Status: {estado}\n\nLast answer:\n{respuesta}\n\n{enlace}"),
        (*_TICKET, "respuesta")),
    K.REOPENED: Wording(_SUBJECT, n_(
        "{nombre}, your ticket {numero} is open again; we are working on it.\n\nLast answer:\n{respuesta}\n\n{enlace}"),
        (*_TICKET, "respuesta")),
    K.REMINDER: Wording(_SUBJECT, n_(
        "{nombre}, we are waiting for your answer on ticket {numero}.\n\nLast answer:\n{respuesta}\n\n"
        "Reply to this mail or open the ticket:\n{enlace}\n\nWithout an answer it will be taken as attended."),
        (*_TICKET, "respuesta")),
    K.CUSTOMER_ANSWERED: Wording(_SUBJECT, n_(
        "{autor} answered on ticket {numero} ({prioridad}):\n\n{respuesta}\n\nStatus: {estado}\nStation: {estacion}\n{enlace}"),
        (*_INSIDE, "autor", "respuesta")),
    K.ASSIGNED: Wording(_SUBJECT, n_(
        "{nombre}, ticket {numero} is yours now.\n\nRequester: {solicitante}\nStation: {estacion}\nCategory: {categoria}\n"
        "Priority: {prioridad}\n{enlace}\n\nThe request:\n{respuesta}"), (*_INSIDE, "respuesta")),
    K.SLA_WARNED: Wording(n_("[Ticket {numero}] Due soon: {asunto}"), n_(
        "Ticket {numero} is due soon.\n\nTarget: {objetivo}\nDue: {vence}\nOwner: {propietario}\nPriority: {prioridad}\n"
        "Station: {estacion}\n{enlace}"), (*_INSIDE, "objetivo", "vence")),
    K.SLA_BREACHED: Wording(n_("[Ticket {numero}] Overdue: {asunto}"), n_(
        "Ticket {numero} is overdue.\n\nTarget: {objetivo}\nDue: {vence}\nOwner: {propietario}\nPriority: {prioridad}\n"
        "Station: {estacion}\n{enlace}"), (*_INSIDE, "objetivo", "vence")),
    K.RULE: Wording(_SUBJECT, n_(
        "The rule “{regla}” concerns ticket {numero}.\n\n{texto}\n\nStatus: {estado}\nPriority: {prioridad}\n"
        "Owner: {propietario}\nStation: {estacion}\n{enlace}"), (*_INSIDE, "regla", "texto")),
    K.SURVEY: Wording(n_("How did we do? Ticket {numero}"), n_(
        "Hello {nombre},\n\nWe have resolved your ticket {numero}: {asunto}. How do you rate the attention you received?\n\n"
        "{calificacion}\n\nThe link opens a page where you can also write a comment. It works for {dias} days, and you can "
        "change your answer until then. We ask only once for each ticket."),
        ("nombre", "numero", "asunto", "calificacion", "dias", "mesa"), ("calificacion",)),
    K.REPORT: Wording(n_("{reporte}: {periodo}"), n_(
        "Hello {nombre},\n\n{reporte}: {periodo}.\n\n{cifras}\n\n{archivo}\n\nOn screen: {enlace}"),
        ("nombre", "reporte", "periodo", "cifras", "archivo", "enlace", "mesa")),
    K.REPORT_PAUSED: Wording(n_("Your report is paused: {reporte}"), n_(
        "Hello {nombre},\n\n{texto}\n\nNothing more is sent until you resume it. Your subscriptions are here:\n{enlace}"),
        ("nombre", "reporte", "texto", "enlace", "mesa"), ("texto",)),
    K.BOUNCED: Wording(n_("[Ticket {numero}] A mail could not be delivered"), n_("{texto}\n\nTicket: {asunto}\n{enlace}"),
                       (*_ABOUT, "direccion", "texto"), ("texto",)),
    K.INBOUND: Wording(n_("[Ticket {numero}] {aviso}"), n_("{texto}\n\nTicket: {asunto}\n{enlace}"),
                       (*_ABOUT, "aviso", "texto"), ("texto",)),
    K.UNDECIDED: Wording(n_("Received mails wait for a decision"), n_("{texto}\n\n{enlace}"),
                         ("nombre", "texto", "enlace", "mesa"), ("texto",)),
    K.INVITATION: Wording(n_("Your access to the help desk"), n_(
        "{nombre}, you can now enter the help desk as {usuario}. Choose your password within 72 hours:\n{enlace}"),
        ("nombre", "usuario", "enlace", "mesa"), ("enlace",)),
    K.PASSWORD: Wording(n_("Choose a new password"), n_(
        "{nombre}, somebody asked for a new password of {usuario}. If it was you, choose it within 30 minutes; "
        "if not, ignore this letter, nothing changes:\n{enlace}"), ("nombre", "usuario", "enlace", "mesa"), ("enlace",)),
}
# What a preview shows in the place of the variables.
SAMPLES = {
    "nombre": n_("Rosa Peña"), "numero": "11768", "asunto": n_("The terminal does not print"), "estado": n_("Attended"),
    "solicitante": n_("Rosa Peña"), "estacion": "E05804 Juriquilla", "categoria": n_("Systems - Point of sale"),
    "prioridad": n_("High"), "propietario": "Brenda Chavarín", "autor": "Brenda Chavarín",
    "respuesta": n_("We changed the paper sensor.\nPlease print a test ticket."), "texto": n_("Please look at it today."),
    "objetivo": n_("Resolution"), "regla": n_("Invoicing on the last day of the month"), "usuario": "rosa.pena",
    "direccion": "rosa.pena@example.mx", "aviso": n_("A mail to be reviewed"),
}
# Where the example above would not be what such a mail says.
SAMPLES_OF = {
    K.REPORT: {"nombre": "Brenda Chavarín", "reporte": n_("Report of tickets attended"), "periodo": "23/11/2026"},
    K.REPORT_PAUSED: {"nombre": "Brenda Chavarín", "reporte": n_("Report of tickets attended"),
                      "texto": n_("Your role does not allow this report any more.")},
    K.BOUNCED: {"texto": n_("Our mail to rosa.pena@example.mx has not arrived. The server said: 550 5.1.1 user unknown")},
    K.INBOUND: {"texto": n_("rosa.pena@example.mx answered a mail that was sent to somebody else. "
                            "It is an internal note on the ticket.")},
    K.UNDECIDED: {"nombre": "Brenda Chavarín", "texto": n_("3 received mails wait for your decision: they are no tickets yet.")},
}
# Of a ticket that is new nothing has been answered yet: what is quoted is the request.
NEW = {K.CREATED, K.ASSIGNED}
NEW_SAMPLES = {"estado": n_("Open"),
               "respuesta": n_("Since yesterday the terminal at pump 3 does not print.\nIt asks for paper.")}
