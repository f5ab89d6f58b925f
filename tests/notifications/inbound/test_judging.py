"""Machines are known by what they say of themselves, or by what they are known for; people are not taken for machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.notifications.inbound.judging import Author, judge
from core.notifications.inbound.parsing import parse
from core.notifications.sender import Sender
from tests.notifications.inbound.letters import letter, report

OWN = Sender("Mesa", "soporte@mesa.example")
CORPUS = Path(__file__).parents[4] / "shared/data/mail"


def judged(**values: str) -> tuple[Author, str]:
    found = judge(parse(letter(**values)), OWN)  # type: ignore[arg-type]
    return found.author, found.reason


@pytest.mark.parametrize("subject", [
    "Terminal sin papel", "Re: Terminal", "Factura devuelta por el SAT", "No puedo entrar: código incorrecto",
    "Auto atorado en la isla 2",
    "Fuera de servicio la bomba 3", "Error de lectura", "Ausente el técnico", "Verificación de la bomba", "Reporte mensual",
])
def test_people_are_people(subject: str) -> None:
    assert judged(subject=subject) == (Author.PERSON, "")


@pytest.mark.parametrize(("headers", "reason"), [
    ({"auto_submitted": "auto-replied"}, "auto_reply"), ({"auto_submitted": "auto-generated (vacation)"}, "auto_reply"),
    ({"x_autoreply": "yes"}, "auto_reply"), ({"precedence": "auto_reply"}, "auto_reply"), ({"return_path": "<>"}, "auto_reply"),
    ({"subject": "Automatic reply: x"}, "auto_reply"), ({"subject": "Re: Fuera de la oficina"}, "auto_reply"),
    ({"subject": "Resposta automática: x"}, "auto_reply"), ({"subject": "Out of Office: x"}, "auto_reply"),
    ({"list_id": "<x.example>"}, "list"), ({"precedence": "bulk"}, "list"), ({"precedence": "junk"}, "list"),
    ({"subject": "Email Feedback Report for IP 192.0.2.1"}, "report"),
])
def test_machines_are_machines(headers: dict[str, str], reason: str) -> None:
    assert judged(**headers) == (Author.MACHINE, reason)


def test_what_says_that_a_person_sent_it_is_believed() -> None:
    assert judged(auto_submitted="no") == (Author.PERSON, "")


@pytest.mark.parametrize("headers", [
    {"sender": "soporte@mesa.example"}, {"sender": "Mesa <SOPORTE+abc@mesa.example>"},
    {"message_id": f"<t.{'a' * 52}.12@mesa.example>"}, {"message_id": "<m.12@mesa.example>"},
])
def test_the_desks_own_mails_are_known(headers: dict[str, str]) -> None:
    assert judged(**headers) == (Author.DESK, "own")


@pytest.mark.parametrize("headers", [
    {"sender": "MAILER-DAEMON@mx.example"}, {"sender": "postmaster@mx.example", "subject": "Undeliverable: x"},
    {"x_failed_recipients": "ana@x.example"}, {"return_path": "<>", "subject": "No se pudo entregar: x"},
    {"return_path": "<>", "subject": "Correo devuelto"}, {"sender": "postmaster@mx.example", "subject": "Falha na entrega"},
])
def test_returned_mails_are_known(headers: dict[str, str]) -> None:
    assert judged(**headers) == (Author.MAIL_SERVER, "bounce")
    assert judge(parse(report("<x@y.example>")), OWN).author is Author.MAIL_SERVER


@pytest.mark.parametrize(("headers", "reason"), [
    ({"sender": "no-reply@x.example"}, "machine"), ({"sender": "avisos-noreply@x.example"}, "machine"),
    ({"sender": "postmaster@x.example"}, "machine"), ({"subject": "Your verification code"}, "verification"),
    ({"subject": "Confirme su cuenta"}, "verification"), ({"subject": "Ana has invited you to join X"}, "verification"),
])
def test_services_are_known(headers: dict[str, str], reason: str) -> None:
    assert judged(**headers) == (Author.SERVICE, reason)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared data are not here")
def test_no_returned_mail_or_automatic_answer_of_the_public_ones_is_a_person() -> None:
    people = [path.name for path in sorted((CORPUS / "sisimai").iterdir())
              if judge(parse(path.read_bytes()), OWN).author is Author.PERSON]
    assert people == ["not__is-not-bounce-01.eml"]  # which is none, as its name says
