"""The ground every test stands on: a desk on a fresh database, twice (SQLite and PostgreSQL), and no network.

`desk` gives each test its own copy of a database that the real migration made once, with the cast of
`tests.factories` in it. A test marked `sqlite_only` runs on SQLite alone; `file_desk` has its database in a file, for
threads and processes.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Before anything of ours or of others is imported: they read these once.
_HOME = tempfile.mkdtemp(prefix="mesa-test-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ.setdefault("XDG_RUNTIME_DIR", _HOME)  # the test PostgreSQL warns when it has to guess
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(_HOME) / "hypothesis")

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from core import db, i18n, migrations  # noqa: E402
from core.calls import missed  # noqa: E402
from core.config import get_settings  # noqa: E402
from tests import databases, factories  # noqa: E402
from tests.databases import Desk, Template  # noqa: E402

_QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("steady", derandomize=True, **_QUIET)  # type: ignore[arg-type]
settings.register_profile("fuzz", max_examples=2_000, **_QUIET)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("MESA_TEST_PROFILE", "steady"))

# A developer's own environment or .env must not reach the tests.
_ENVIRONMENT = {
    "DATABASE_URL": "",
    "SMTP_URL": "",
    "IMAP_URL": "",
    "MESA_ATTACHMENTS_URL": "",
    "MESA_SECRET_KEY": "",
    "MESA_OPENID_URL": "",
    "MESA_TIMEZONE": "America/Mexico_City",
    "MESA_LOCALE": "es",
    "MESA_BASE_URL": "http://localhost:8501",
}


def pytest_configure(config: pytest.Config) -> None:
    """The markers of the house."""
    config.addinivalue_line("markers", "sqlite_only: the test says nothing about the kind of database and runs on SQLite alone")
    config.addinivalue_line("markers", "postgresql_only: the test needs several connections, which a database in memory has not")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a desk runs on both databases, unless it is marked."""
    if "desk" in metafunc.fixturenames:
        names = [name for name in ("sqlite", "postgresql") if metafunc.definition.get_closest_marker(f"{name}_only")]
        metafunc.parametrize("desk", names or ["sqlite", "postgresql"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: its driver keeps an event loop and greenlets in the process from then on."""
    items.sort(key=lambda item: "browser" in item.path.parts)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly when tests did not run because a server is missing."""
    reasons = {
        str(report.longrepr[2])
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and databases.DID_NOT_RUN in str(report.longrepr[2])
    }
    for reason in sorted(reasons):
        terminalreporter.write_line("#" * 78, red=True)
        terminalreporter.write_line(f"# {reason}", red=True)
        terminalreporter.write_line("#" * 78, red=True)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection and look-up that would leave this machine."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_here(address[0]):
                raise AssertionError(f"a test tried to reach {address!r}")
            return call(self, address)

        return attempt

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_here(host):
            raise AssertionError(f"a test tried to look up {host!r}")
        return lookup(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    patch.undo()


def _is_here(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in (None, "", "localhost", "::1", "0.0.0.0", "::", socket.gethostname()) or str(name).startswith("127.")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The house's defaults, with a data folder of the test's own; gives that folder."""
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "data"
    monkeypatch.setenv("MESA_DATA_DIR", str(folder))
    get_settings.cache_clear()
    i18n.use(None)
    yield folder
    i18n.use(None)
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Template]]:
    """The prepared databases, each made at the first test that needs it."""
    made: dict[str, Template] = {}

    def template(name: str) -> Template:
        if name not in made:
            made[name] = databases.prepare(name, tmp_path_factory.mktemp(name), migrations.upgrade, factories.furnish)
        return made[name]

    yield template
    for each in made.values():
        each.close()


@pytest.fixture
def desk(request: pytest.FixtureRequest, templates: Callable[[str], Template], own_settings: Path) -> Iterator[Desk]:
    """A furnished desk on the database that the test runs on; `desk.reset()` gives the beginning again."""
    template = templates(request.param)
    template.reset()
    missed.forget()
    template.lay_files(own_settings)
    db.use_engine(template.engine)
    yield Desk(template)
    db.use_engine(None)


@pytest.fixture
def file_desk(templates: Callable[[str], Template], own_settings: Path) -> Iterator[Desk]:
    """A furnished desk on a SQLite file `mesa.db` in the data folder, as on a real machine."""
    template = templates("sqlite").in_file(own_settings / "mesa.db")
    db.use_engine(template.engine)
    yield Desk(template)
    db.use_engine(None)
    template.close()


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, templates: Callable[[str], Template], tmp_path: Path) -> Iterator[Any]:
    """An engine on a database without any table."""
    engine = templates(request.param).empty(tmp_path / "empty.db")
    yield engine
    engine.dispose()
