"""Real SMTP servers on this machine that behave as servers do: well, badly, slowly."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from core.config import get_settings

Answer = Callable[["Mailbox", str, Message], str]
OK = "250 2.0.0 taken"


@dataclass
class Mailbox:
    """What a server took, in order. `answer` decides about each mail after DATA, `recipient` about each RCPT."""

    answer: Answer = lambda _box, _to, _mail: OK
    recipient: Callable[[Mailbox, str], str] = lambda _box, _to: OK
    sender: Callable[[Mailbox], str] = lambda _box: OK
    mails: list[tuple[str, str, Message]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    signed_in: list[bool] = field(default_factory=list)
    url: str = ""

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.sender(self)
        if said.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        self.asked[address] = self.asked.get(address, 0) + 1
        said = self.recipient(self, address)
        if said == "drop":
            server.transport.abort()
            return OK
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content)
        self.seen.append(mail["Message-ID"])
        said = await asyncio.to_thread(self.answer, self, envelope.rcpt_tos[0], mail)
        self.signed_in.append(session.authenticated)
        if said == "drop":
            server.transport.abort()
            return OK
        if said.startswith("250") or said == "take and drop":
            self.mails.append((envelope.mail_from, envelope.rcpt_tos[0], mail))
        if said == "take and drop":
            server.transport.abort()
        return said


@contextmanager
def serving(
    monkeypatch: pytest.MonkeyPatch, box: Mailbox, *, scheme: str = "smtp", login: str = "", **options: Any
) -> Iterator[Mailbox]:
    """A server in front of `box`, named by SMTP_URL for the code under test."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    box.url = f"{scheme}://{login}127.0.0.1:{controller.port}"
    use(monkeypatch, box.url)
    try:
        yield box
    finally:
        controller.stop()


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """SMTP_URL of the code under test."""
    monkeypatch.setenv("SMTP_URL", url)
    get_settings.cache_clear()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """Lets one user in."""
    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

    return check


@contextmanager
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that takes connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_ones: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                open_ones.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    use(monkeypatch, f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for each in open_ones:
            each.close()


def slowly(seconds: float) -> Answer:
    """Takes its time with each mail."""
    def answer(_box: Mailbox, _to: str, _mail: Message) -> str:
        time.sleep(seconds)
        return OK

    return answer


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate made just now for 127.0.0.1, and the file by which it is trusted."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(17)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )
    public, private = folder / "server.pem", folder / "server.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
