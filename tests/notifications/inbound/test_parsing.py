"""A message is taken apart whatever it looks like, and what is outside the limits is not read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notifications.inbound import parsing
from core.notifications.inbound.parsing import Refused, parse
from tests.notifications.inbound.letters import letter, parts


def refusal(raw: bytes) -> str:
    with pytest.raises(Refused) as refused:
        parse(raw)
    return str(refused.value)


def nested(depth: int) -> bytes:
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth))
    return b"From: a@x.example\n" + head + b"Content-Type: text/plain\n\nfondo\n"


def test_a_message_may_be_ten_deep_and_no_deeper() -> None:
    assert parse(nested(9)).text == "fondo"
    assert refusal(nested(10)) == "too_deep"
    assert refusal(nested(400)) == "too_deep"
    assert refusal(nested(5_000)) == "too_deep"


def test_a_message_has_at_most_fifty_parts() -> None:
    def of(count: int) -> bytes:
        return parts('From: a@x.example\nContent-Type: multipart/mixed; boundary="b"\n\n', *["--b\n\nhola\n"] * count, "--b--\n")

    assert parse(of(49)).text.count("hola") == 49
    assert refusal(of(50)) == "too_many_parts"


def test_a_message_over_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "LARGEST", 1_000)
    assert parse(letter("x" * 100)).text
    assert refusal(letter("x" * 1_000)) == "too_large"


def test_a_head_without_end_is_not_read() -> None:
    assert refusal(b"X-Largo: " + b"a" * parsing.LONGEST_HEAD + b"\n") == "too_large"


@pytest.mark.parametrize(("head", "body", "text"), [
    ("text/plain; charset=utf-8", "ñandú".encode(), "ñandú"),
    ("text/plain; charset=iso-8859-1", "“ñandú”".encode("cp1252"), "“ñandú”"),
    ("text/plain; charset=us-ascii", "ñandú".encode(), "ñandú"),
    ("text/plain", "ñandú".encode("cp1252"), "ñandú"),
    ("text/plain; charset=klingon", "ñandú".encode(), "ñandú"),
    ("text/plain; charset=utf-8", "ñandú".encode("cp1252"), "ñandú"),
    ("text/plain; charset=zip", b"hola", "hola"),
    ("text/plain; charset=idna", b"hola", "hola"),
    ("text/plain; charset", b"hola", "hola"),
    ("text/html; charset=utf-8", "<p>ñandú &amp; más</p>".encode(), "ñandú & más"),
    ("text; plain", b"hola", "hola"),
    ("", b"hola", "hola"),
])
def test_broken_charsets_are_survived(head: str, body: bytes, text: str) -> None:
    assert parse(parts(f"From: a@x.example\nContent-Type: {head}\n\n", body)).text == text


@pytest.mark.parametrize(("subject", "read"), [
    ("=?utf-8?q?Impresora_sin_se=C3=B1al?=", "Impresora sin señal"),
    ("=?utf-8?b?SW1wcmVzb3JhIHNpbiBzZcOxYWw=?=", "Impresora sin señal"),
    ("=?iso-8859-1?q?se=F1al?= =?utf-8?q?_fuerte?=", "señal fuerte"),
    ("=?klingon?q?hola?=", "hola"),
    ("=?utf-8?b?rota", "=?utf-8?b?rota"),
    ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
    ("hola\n  mundo", "hola mundo"),
    ("hola\u202emundo\x07", "hola mundo"),
])
def test_subjects_are_read_in_one_line(subject: str, read: str) -> None:
    assert parse(f"From: a@x.example\nSubject: {subject}\n\nx".encode()).subject == read


def test_bytes_in_headers_are_read() -> None:
    assert parse("From: Peña <a@x.example>\nSubject: señal\n\nx".encode()).subject == "señal"
    assert parse("From: Peña <a@x.example>\nSubject: señal\n\nx".encode("cp1252")).sender_name == "Peña"


@pytest.mark.parametrize(("sender", "address"), [
    ("Ana Ruiz <Ana@X.Example>", "ana@x.example"),
    ("ana@x.example (Ana Ruiz)", "ana@x.example"),
    ("Ruiz, Ana <ana@x.example>", "ana@x.example"),
    ('"malo@otra.example" <ana@x.example>', "ana@x.example"),
    ("=?utf-8?q?Ana?= <ana@x.example>", "ana@x.example"),
    ("nadie", ""), ("", ""), ("<>", ""),
])
def test_senders_are_found(sender: str, address: str) -> None:
    assert parse(f"From: {sender}\n\nx".encode()).sender == address


def test_of_two_forms_of_a_text_the_plain_one_is_read_and_an_empty_one_is_not() -> None:
    def of(plain: str) -> bytes:
        return parts('From: a@x.example\nContent-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: '
                     'text/plain\n\n', plain,
                     "\n--b\nContent-Type: text/html\n\n<b>html</b>\n--b--\n")

    assert parse(of("texto")).text == "texto"
    assert parse(of("  ")).text == "html"


def test_files_pictures_and_forwarded_mails_are_files() -> None:
    raw = parts('From: a@x.example\nContent-Type: multipart/mixed; boundary="b"\n\n'
                "--b\nContent-Type: text/plain\n\nvea\n"
                "--b\nContent-Type: image/png\nContent-ID: <1>\n\nlogo\n"
                "--b\nContent-Type: image/png\nContent-ID: <2>\n\n", b"g" * 50_000, "\n"
                "--b\nContent-Type: application/pdf; name*=utf-8''se%C3%B1al.pdf\n\n%PDF-1\n"
                '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/passwd"\n\nx\n'
                "--b\nContent-Type: application/pgp-signature\n\nfirma\n"
                "--b\nContent-Type: message/rfc822\n\nSubject: Reenviado\n\nviejo\n--b--\n")
    mail = parse(raw)
    assert mail.text == "vea"
    assert [(each.name, each.is_decoration) for each in mail.files] == [
        ("image.png", True), ("image.png", False), ("señal.pdf", False), ("../../etc/passwd.txt", False),
        ("Reenviado.eml", False)]


def test_soft_line_breaks_are_joined() -> None:
    text = "Una línea que \nsigue aquí.\n> citada \n> también\n-- \nAna\n"
    mail = parse(f"From: a@x.example\nContent-Type: text/plain; format=flowed; charset=utf-8\n\n{text}".encode())
    assert mail.text == "Una línea que sigue aquí.\n> citada también\n-- \nAna"


def test_what_a_mail_says_is_known_whichever_way_it_came() -> None:
    raw = letter()
    assert parsing.digest(raw) == parsing.digest(b"Received: x\r\nX-Spam: 1\r\n" + raw.replace(b"\n", b"\r\n"))
    assert parsing.digest(raw) != parsing.digest(letter("otra"))
    assert parsing.digest(raw) != parsing.digest(letter(subject="otro"))


@given(st.binary(max_size=400))
def test_no_bytes_raise(raw: bytes) -> None:
    assert isinstance(parse(raw).text, str)


_PIECES = st.sampled_from([
    b"From: a@x.example\n", b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: multipart/alternative; boundary=\"b\"\n",
    b"Content-Type: message/rfc822\n", b"Content-Type: text/html; charset=utf-16\n",
    b"Content-Type: multipart/report; report-type=x\n",
    b"Content-Type: message/delivery-status\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Disposition: attachment; filename*0*=x''%; filename*1=b\n",
    b"Content-Type: text/plain; name*99999999999=a; name*=b\n",
    b"\n", b"--b\n", b"--b--\n", b"\xff\xfe", b"<p>hola<blockquote>", b"begin 644 x\n", b"=?utf-8?b?", b"Subject: =?x?q?=FF?=\n",
])


@given(st.lists(_PIECES, max_size=30))
def test_no_order_of_pieces_raises(pieces: list[bytes]) -> None:
    mail = parse(b"".join(pieces))
    assert isinstance(mail.subject + mail.text + mail.sender + mail.first("subject"), str)
