"""Templates: every one can be filled, changed with a check, and brought back."""

from __future__ import annotations

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.i18n.catalogue import LOCALES
from core.notifications import blocks, templates
from core.notifications.kinds import MailKind
from core.notifications.templates import Template
from core.notifications.wording import WORDINGS
from tests.databases import Desk

A = MailKind.ANSWERED


def test_every_mail_of_the_desk_has_a_template_but_the_one_that_tries_the_server() -> None:
    assert set(MailKind) - set(WORDINGS) == {MailKind.TEST}


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("kind", WORDINGS)
def test_a_template_as_it_came_passes_its_own_check_and_fills(kind: MailKind, language: str) -> None:
    original = templates.default(kind, language)
    templates.check(kind, original.subject, original.body)
    shown = templates.preview(original)
    assert shown.subject
    assert not [text for text in (shown.subject, shown.text, shown.html) if "{" in text]
    assert "http://localhost:8501/" in shown.text


@pytest.mark.parametrize(("subject", "body", "field"), [
    ("Hola {nombre}", "{numer}", "body"), ("{secreto}", "Hola", "subject"), ("{respuesta}", "Hola", "subject"),
    ("", "Hola", "subject"), ("a\nb", "Hola", "subject"), ("Hola", " ", "body"), ("x" * 201, "Hola", "subject"),
    ("Hola", "x" * 5001, "body"), ("Hola", "{nombre.__class__}", "body"),
    ("Hola", "{propietario}", "body"), ("Hola", "{}", "body"), ("Hola", "{{nombre}}", "body"),
    ("Hola {nombre", "Hola", "subject"),
    ("Hola", "nombre}", "body"), ("Hola", "{% for x in y %}", "body"), ("Hola", "${nombre", "body"),
])
def test_a_template_that_nothing_can_fill_is_refused_at_its_field(desk: Desk, subject: str, body: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal, desk.begin("admin") as work:
        templates.save_template(work, A, "es", subject, body, version=0)
    assert list(refusal.value.fields) == [field]
    assert desk.rows("SELECT * FROM mail_templates") == []


@pytest.mark.sqlite_only
def test_an_unknown_variable_is_named_with_the_known_ones(desk: Desk) -> None:
    with pytest.raises(Invalid, match=r"\{folio\}.*\{numero\}"), desk.begin("admin") as work:
        templates.save_template(work, A, "es", "Hola", "Su folio {folio}", version=0)


@pytest.mark.sqlite_only
def test_an_invitation_without_its_link_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match=r"\{enlace\}"), desk.begin("admin") as work:
        templates.save_template(work, MailKind.INVITATION, "es", "Hola", "Bienvenido {nombre}", version=0)


@pytest.mark.parametrize(("kind", "variable"), [
    (MailKind.SURVEY, "calificacion"), (MailKind.BOUNCED, "texto"), (MailKind.REPORT_PAUSED, "texto")])
@pytest.mark.sqlite_only
def test_a_mail_that_would_say_nothing_is_refused(desk: Desk, kind: MailKind, variable: str) -> None:
    with pytest.raises(Invalid, match=rf"\{{{variable}\}}"), desk.begin("admin") as work:
        templates.save_template(work, kind, "es", "Hola", "Hola {nombre}", version=0)


def test_a_block_stands_in_both_parts_and_nothing_in_it_is_filled_again() -> None:
    chosen = Template(MailKind.REPORT, "es", "{reporte}", "<b>Cifras</b>\n{cifras}\n\n{enlace}")
    made = templates.rendered(chosen, {"reporte": "Octubre", "cifras": blocks.figures([("<i>{reporte}", "{enlace}")]),
                                       "enlace": "http://x/reports"}, stop="http://x/preferences/t")
    assert made.text.startswith("<b>Cifras</b>\n<i>{reporte}: {enlace}\n\nhttp://x/reports\n\n-- \n")
    assert made.text.endswith(":\nhttp://x/preferences/t")
    assert "&lt;b&gt;Cifras&lt;/b&gt;<br>\n<table" in made.html
    assert "&lt;i&gt;{reporte}</td>" in made.html
    assert 'href="http://x/preferences/t"' in made.html


def test_a_template_is_changed_for_one_language_and_brought_back(desk: Desk) -> None:
    with desk.begin("admin") as work:
        saved = templates.save_template(work, A, "es", "Ticket {numero}", "Hola {nombre}:\n\n{respuesta}", version=0)
    assert saved.version == 1
    with desk.begin("admin") as work:
        assert templates.template(work, A, "es") == saved
        assert templates.template(work, A, "en") == templates.default(A, "en")
        again = templates.save_template(work, A, "es", "Ticket {numero}", "Buenas:\n\n{respuesta}", version=1)
        assert again.version == 2
    for stale in (0, 1):
        with pytest.raises(Conflict), desk.begin("admin") as work:
            templates.save_template(work, A, "es", "Otro", "Otro", version=stale)
    with desk.begin("admin") as work:
        assert templates.reset_template(work, A, "es") == templates.default(A, "es")
        assert templates.template(work, A, "es") == templates.default(A, "es")
    assert [action for (action,) in desk.rows("SELECT action FROM events ORDER BY id DESC LIMIT 3")] == [
        "mail_template_reset", "mail_template_saved", "mail_template_saved"]


def test_kinds_without_templates_have_none(desk: Desk) -> None:
    with pytest.raises(NotFound), desk.reading("admin") as work:
        templates.template(work, MailKind.TEST, "es")


def test_what_is_empty_takes_its_line_or_paragraph_along() -> None:
    chosen = Template(A, "es", "{asunto}", "Hola {nombre}\nEstación: {estacion}\n\nDijo:\n{respuesta}\n\n{enlace}")
    made = templates.rendered(chosen, {"asunto": "A\n  B", "nombre": "Eva", "enlace": "http://x/ticket?number=1"})
    assert (made.subject, made.text) == ("A B", "Hola Eva\n\nhttp://x/ticket?number=1")


def test_values_are_text_in_html_and_fill_nothing_themselves() -> None:
    chosen = Template(A, "es", "{asunto}", "<b>{nombre}</b>\n\n{respuesta}")
    values = {"asunto": "{nombre}", "nombre": "<script>{respuesta}", "respuesta": "<img src=x>\n{nombre}"}
    made = templates.rendered(chosen, values)
    assert made.subject == "{nombre}"
    assert made.text == "<b><script>{respuesta}</b>\n\n> <img src=x>\n> {nombre}"
    assert "<script" not in made.html
    assert "<img" not in made.html
    assert "&lt;b&gt;&lt;script&gt;" in made.html


def test_the_example_of_a_new_ticket_quotes_the_request_and_no_answer() -> None:
    shown = templates.preview(templates.default(MailKind.CREATED, "es"))
    assert "Estatus: Abierto" in shown.text
    assert "> Desde ayer la terminal de la bomba 3 no imprime." in shown.text
