"""The words of an answer are told apart from what it quotes, in the ways of the programs that customers have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notifications.inbound import quotes, texts

CORPUS = Path(__file__).parents[4] / "shared/data/mail"
SAID = "Ya quedó, gracias.\n\nSaludos"
INTRODUCTIONS = {
    "gmail_es": "El jue, 26 nov 2026 a las 9:05, Mesa de ayuda (<mesa@x.example>) escribió:\n\n> Hola\n>\n> ¿Quedó?\n",
    "gmail_es_broken": "El jue, 26 nov 2026 a las 9:05, Mesa de ayuda y servicio a estaciones (<\nmesa@x.example>) "
                       "escribió:\n\n> Hola\n",
    "gmail_en": "On Thu, Nov 26, 2026 at 9:05 AM Help desk <mesa@x.example> wrote:\n\n> Hola\n> ¿Quedó?\n",
    "gmail_en_broken": "On Thu, Nov 26, 2026 at 9:05 AM Help desk of the stations\n<mesa@x.example> wrote:\n\n> Hola\n",
    "gmail_pt": "Em qui., 26 de nov. de 2026 às 09:05, Mesa <mesa@x.example> escreveu:\n\n> Olá\n> Funcionou?\n",
    "apple_es": "> El 26 nov 2026, a las 9:05, Mesa <mesa@x.example> escribió:\n> \n> Hola\n",
    "apple_en": "> On 26 Nov 2026, at 09:05, Mesa <mesa@x.example> wrote:\n> \n> Hola\n",
    "apple_pt": "> Em 26 de nov. de 2026, à(s) 09:05, Mesa <mesa@x.example> escreveu:\n> \n> Olá\n",
    "outlook_es": "De: Mesa <mesa@x.example>\nEnviado: jueves, 26 de noviembre de 2026 09:05\nPara: Ana <ana@x.example>\n"
                  "Asunto: [Ticket 7] Terminal\n\nHola, ¿quedó?\n",
    "outlook_es_el": "________________________________\nDe: Mesa <mesa@x.example>\nEnviado el: jueves, 26 de noviembre de "
                     "2026 09:05\n"
                     "Para: Ana\nCC: Eva\nAsunto: Terminal\n\nHola\n",
    "outlook_en": "From: Mesa <mesa@x.example>\nSent: Thursday, November 26, 2026 9:05 AM\nTo: Ana\nSubject: Ticket\n\nHola\n",
    "outlook_pt": "De: Mesa <mesa@x.example>\nEnviado: quinta-feira, 26 de novembro de 2026 09:05\nPara: Ana\nAssunto: "
                  "Ticket\n\nOlá\n",
    "outlook_old_es": "-----Mensaje original-----\nDe: Mesa [mailto:mesa@x.example]\nEnviado el: jueves\nPara: Ana\nAsunto: "
                      "x\n\nHola\n",
    "outlook_old_en": "-----Original Message-----\nFrom: Mesa\nSent: Thursday\nTo: Ana\nSubject: x\n\nHola\n",
    "outlook_old_pt": "-----Mensagem original-----\nDe: Mesa\nEnviada em: quinta\nPara: Ana\nAssunto: x\n\nOlá\n",
    "yahoo_es": "El jueves, 26 de noviembre de 2026, 09:05:00 CST, Mesa <mesa@x.example> escribió:\n\n Hola, ¿quedó?\n",
    "iphone_es": "Enviado desde mi iPhone\n\n> El 26 nov 2026, a la(s) 9:05, Mesa <mesa@x.example> escribió:\n> \n> Hola\n",
    "iphone_en": "Sent from my iPhone\n\n> On Nov 26, 2026, at 9:05 AM, Mesa <mesa@x.example> wrote:\n> \n> Hola\n",
    "iphone_pt": "Enviado do meu iPhone\n\n> Em 26 de nov de 2026, às 09:05, Mesa <mesa@x.example> escreveu:\n> \n> Olá\n",
    "samsung_es": "Enviado desde mi Galaxy\n\n-------- Mensaje original --------\nDe: Mesa <mesa@x.example>\nFecha: 26/11/26 "
                  "9:05 a.m.\n"
                  "Para: ana@x.example\nAsunto: Ticket\n\nHola\n",
    "outlook_mobile_es": "Obtener Outlook para Android<https://aka.ms/x>\n________________________________\nFrom: Mesa "
                         "<mesa@x.example>\n"
                         "Sent: Thursday, November 26, 2026 9:05:00 AM\nTo: Ana\nSubject: Ticket\n\nHola\n",
    "thunderbird_es": "El 26/11/26 a las 09:05, Mesa escribió:\n> Hola\n> ¿Quedó?\n",
    "thunderbird_pt": "Em 26/11/2026 09:05, Mesa escreveu:\n> Olá\n",
}


@pytest.mark.parametrize("program", INTRODUCTIONS)
def test_what_programs_quote_is_folded_away(program: str) -> None:
    parts = quotes.split(f"{SAID}\n\n{INTRODUCTIONS[program]}")
    assert parts.said == SAID
    assert parts.quoted.strip()[-4:].strip() in INTRODUCTIONS[program]


@pytest.mark.parametrize("text", [
    "Hola.\n\nDe: la isla 2\nno sale nada.",
    "El martes Pedro escribió:\nno sirve la terminal.",
    "Tengo tres problemas:\n- uno\n- dos\n\n--- urgente ---\nGracias",
    "Enviado desde mi casa, porque en la estación no hay internet.",
    "",
    "> solo una cita\n> de la mesa",
])
def test_a_persons_own_words_stay(text: str) -> None:
    assert quotes.split(text).said == text.strip()


def test_answers_between_the_lines_stay_with_what_they_answer() -> None:
    text = "El 26/11/26 a las 09:05, Mesa escribió:\n> ¿Cuál isla?\nLa dos.\n> ¿Desde cuándo?\nDesde ayer."
    assert "La dos." in quotes.split(text).said
    assert "¿Desde cuándo?" in quotes.split(text).said


def test_an_answer_below_the_quote_is_found() -> None:
    text = "El 26/11/26 a las 09:05, Mesa escribió:\n> ¿Cuál isla?\n> Saludos\n\nLa dos."
    assert quotes.split(text).said == "La dos."


def test_a_signature_is_folded_away() -> None:
    assert quotes.split("Ya quedó.\n-- \nAna Ruiz\nEstación 5").said == "Ya quedó."


def test_outlook_html_and_gmail_html_are_folded() -> None:
    outlook = ("<p class=MsoNormal>Ya quedó.</p><div style='border-top:solid'><p class=MsoNormal><b>De:</b> Mesa "
               "&lt;mesa@x.example&gt;<br>"
               "<b>Enviado el:</b> jueves, 26 de noviembre<br><b>Para:</b> Ana<br><b>Asunto:</b> Ticket</p></div><p>¿Quedó?</p>")
    gmail = ("<div dir=ltr>Ya quedó.</div><br><div class=gmail_quote><div>El jue, 26 nov 2026 a las 9:05, Mesa (&lt;<a "
             "href='mailto:mesa@x.example'>mesa@x.example</a>&gt;) escribió:<br></div><blockquote>¿Quedó?</blockquote></div>")
    for html in (outlook, gmail):
        assert quotes.split(texts.of_html(html)).said == "Ya quedó."


@given(st.text(alphabet="> \nDe:-_ab@.1", max_size=300))
def test_nothing_is_lost_and_nothing_raises(text: str) -> None:
    parts = quotes.split(text)
    kept = sorted(f"{parts.said}\n{parts.quoted}".split())
    assert kept == sorted(text.split())


@pytest.mark.parametrize("line", ["on " + "1" * 290, "1 a@b.c <" * 30, "x@" * 140, "El 1 escribió a " * 18, "> " * 100])
def test_what_is_below_two_thousand_lines_is_folded_away_unread(line: str) -> None:
    text = f"{line}\n" * 300 + "hola\n" * (quotes.MOST_LINES - 300) + "fin\n" * 50_000
    parts = quotes.split(text)
    assert parts.quoted.count("fin") == 50_000
    assert parts.said.count("hola") == quotes.MOST_LINES - 300


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared data are not here")
def test_the_public_examples_of_trimming_are_reached() -> None:
    examples = sorted((CORPUS / "reply_trimmer/emails").iterdir())
    missed = [each.name for each in examples
              if plain(quotes.split(each.read_text()).said) != plain((CORPUS / "reply_trimmer/trimmed" / each.name).read_text())]
    assert len(missed) <= len(examples) * 0.05, missed


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared data are not here")
@pytest.mark.parametrize("folder", ["reply_text_en", "talon_replies"])
def test_other_public_replies_are_split_without_losing_a_word(folder: str) -> None:
    for each in (path for path in (CORPUS / folder).rglob("*") if path.is_file()):
        text = each.read_bytes().decode("utf-8", "replace")
        parts = quotes.split(text)
        assert sorted(f"{parts.said}\n{parts.quoted}".split()) == sorted(text.split()), each.name


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
