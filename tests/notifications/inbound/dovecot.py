"""A real IMAP server (Dovecot from the system's packages) on this machine, and a line to it that can be cut."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.config import get_settings
from tests.databases import DID_NOT_RUN
from tests.notifications.servers import certificate, free_port

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
needs_dovecot = pytest.mark.skipif(DOVECOT is None, reason=f"THE TESTS OF THE MAILBOX {DID_NOT_RUN}: Dovecot is not installed")
USER, PASSWORD = "soporte@mesa.example", "clave-secreta"
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {owner}
default_login_user = {owner}
default_internal_group = {group}
first_valid_uid = 0
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox Procesados {{
    auto = create
  }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server; every test empties its mailbox before it begins."""

    port: int
    tls_port: int
    trusted: Path

    def url(self, port: int = 0, rest: str = "") -> str:
        """What IMAP_URL says."""
        return f"imap://soporte%40mesa.example:{PASSWORD}@127.0.0.1:{port or self.port}/INBOX{rest}"

    @contextmanager
    def line(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """A line of the test's own."""
        with imaplib.IMAP4("127.0.0.1", self.port) as line:
            line.login(USER, PASSWORD)
            line.select(folder)
            yield line

    def put(self, *raw: bytes, seen: bool = False) -> None:
        """Deliver messages."""
        with self.line() as line:
            for each in raw:
                said, _text = line.append("INBOX", "(\\Seen)" if seen else None, None, each)  # type: ignore[arg-type]
                assert said == "OK"

    def flags(self, folder: str = "INBOX") -> list[bool]:
        """Of each message whether it is marked as seen."""
        with self.line(folder) as line:
            found = line.fetch("1:*", "(FLAGS)")[1] if line.search(None, "ALL")[1] != [b""] else []
        return [b"\\Seen" in each for each in found if isinstance(each, bytes)]

    def empty(self) -> None:
        """Delete everything."""
        for folder in ("INBOX", "Procesados"):
            with self.line(folder) as line:
                if line.search(None, "ALL")[1] != [b""]:
                    line.store("1:*", "+FLAGS", "\\Deleted")
                    line.expunge()


@contextmanager
def running() -> Iterator[Server]:
    """A server in a short folder of its own (its sockets have long names)."""
    assert DOVECOT is not None
    folder = Path(tempfile.mkdtemp(prefix="mesa-imap-"))
    owner = pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    import grp

    server = Server(free_port(), free_port(), certificate(folder)[1])
    for name in ("run", "mail", "home"):
        (folder / name).mkdir()
        if os.getuid() == 0:
            os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o755)
    configuration = folder / "dovecot.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, owner=owner.pw_name, group=grp.getgrgid(owner.pw_gid).gr_name,
                                                   password=PASSWORD, port=server.port, tls_port=server.tls_port))
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(server, folder)
        yield server
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server, folder: Path) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with suppress(OSError, imaplib.IMAP4.error), server.line():
            return
        time.sleep(0.05)
    log = folder / "log"
    raise AssertionError(f"Dovecot does not answer: {log.read_text() if log.is_file() else 'no log'}")


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """IMAP_URL of the code under test."""
    monkeypatch.setenv("IMAP_URL", url)
    get_settings.cache_clear()


@contextmanager
def cutting(port: int, after: int) -> Iterator[int]:
    """A line to a server that is cut when `after` bytes have come back over it; gives its port. The next line is cut as well."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            up = threading.Thread(target=_pump, args=(client, server, None), daemon=True)
            up.start()
            _pump(server, client, after)
            for each in (client, server):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            up.join()

    def accept() -> None:
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            threads.append(threading.Thread(target=carry, args=(client,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for each in [accepting, *threads]:
            each.join()


def _pump(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    left = limit
    while left is None or left > 0:
        try:
            data = source.recv(65536 if left is None else min(left, 65536))
            if not data:
                return
            target.sendall(data)
        except OSError:
            return
        left = None if left is None else left - len(data)
