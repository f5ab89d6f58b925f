"""Every sentence on screen is there in Spanish and in English, once, with the same places to fill."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from core import i18n
from core.config import ROOT
from core.i18n import extract, ngettext
from core.i18n.catalogue import LOCALES, _, po_files, read_catalogue

_TAG = re.compile(r"<[^>]+>|:material/\w+:|\{\w+\}|·")


def messages(locale: str) -> Iterator[tuple[str, Message]]:
    for path in po_files(locale):
        for message in read_catalogue(path, locale):
            if message.id:
                yield path.name, message


def nothing(found: set[str]) -> None:
    """Fail with the first of the sentences that should not be here (a comparison of hundreds takes minutes to print)."""
    if found:
        pytest.fail(f"{len(found)} sentences:\n" + "\n".join(sorted(found)[:15]), pytrace=False)


def singular(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def spoken() -> set[str]:
    return {singular(sentence) for sentence in extract.extract()}


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_the_code_has_sentences() -> None:
    assert len(spoken()) > 300


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_translated(locale: str) -> None:
    whole = {
        singular(message.id)
        for _file, message in messages(locale)
        if not message.fuzzy and all(message.string if isinstance(message.string, list | tuple) else [message.string])
    }
    nothing(spoken() - whole)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_kept_that_nobody_says(locale: str) -> None:
    said = spoken()
    nothing({f"{file}: {message.id}" for file, message in messages(locale) if singular(message.id) not in said})


def test_no_sentence_stands_in_two_files() -> None:
    # Babel reads a file into a map, so the lines themselves are counted. In English one file words some sentences otherwise.
    found = Counter(line for path in po_files("es") for line in _identities(path.read_text(encoding="utf-8")))
    nothing({line for line, count in found.items() if count > 1})


def test_a_later_file_words_a_sentence_otherwise() -> None:
    i18n.use("en")
    assert (_("Attended tickets"), _("Open")) == ("Attended", "Open")


def _identities(text: str) -> Iterator[str]:
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        identity = ""
        for line in lines:
            if line.startswith("msgid "):
                identity = line.removeprefix("msgid ").strip('"')
            elif line.startswith('"'):
                identity += line.strip('"')
            else:
                break
        if identity:
            yield identity


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_fills_the_same_places(locale: str) -> None:
    wrong = []
    for file, message in messages(locale):
        texts = message.string if isinstance(message.string, list | tuple) else [message.string]
        expected = fields(singular(message.id)) if isinstance(message.id, str) else fields(message.id[-1])
        for text in texts:
            # The singular of a plural may say "one" in words instead of the number.
            found = fields(text) | ({"count"} & expected if len(texts) > 1 and text == texts[0] else set())
            if found != expected:
                wrong.append(f"{file}: {message.id}")
    nothing({str(identity) for identity in wrong})


@pytest.mark.parametrize("locale", LOCALES)
def test_a_plural_has_as_many_forms_as_the_language(locale: str) -> None:
    wrong = [
        message.id for _file, message in messages(locale) if isinstance(message.id, list | tuple) and len(message.string) != 2
    ]
    nothing({str(identity) for identity in wrong})


def test_spanish_is_not_english() -> None:
    same = {singular(message.id) for _file, message in messages("es") if message.string == message.id}
    shown = {text for text in same if len(_TAG.sub("", text).split()) > 3}
    nothing(shown)


def test_marks_in_a_sentence_are_kept() -> None:
    """Badges, bold, code, line ends: a lost asterisk shows on screen."""
    marks = ("**", "`", ":material/", "\n")
    wrong = [
        message.id
        for _file, message in messages("es")
        if isinstance(message.id, str) and any(message.id.count(mark) != message.string.count(mark) for mark in marks)
    ]
    nothing({str(identity) for identity in wrong})


def test_the_english_file_is_the_one_that_make_messages_writes() -> None:
    path = ROOT / "core" / "i18n" / "locale" / "en" / "LC_MESSAGES" / "mesa.po"
    before = path.read_text(encoding="utf-8")
    try:
        same = extract.write_english().read_text(encoding="utf-8") == before
    finally:
        path.write_text(before, encoding="utf-8")
    assert same, "run `make messages`"


def test_the_language_of_the_person_is_served_and_an_unknown_one_is_the_desks() -> None:
    for locale, expected in (("es", "Abierto"), ("en", "Open"), (None, "Abierto"), ("fr", "Abierto")):
        i18n.use(locale)
        assert _("Open") == expected


def test_counts_choose_their_sentence() -> None:
    plural = next(message for _file, message in messages("es") if not isinstance(message.id, str))
    one, many = plural.id[0], plural.id[1]
    assert [ngettext(one, many, count) for count in (0, 1, 2)] == [plural.string[1], plural.string[0], plural.string[1]]
