"""The rules of the house that can be read off the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import core
from core.audit import Action
from core.config import ROOT
from core.i18n import labels

CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
APP = [path for path in [ROOT / "app.py"] if path.exists()]
ALL = [*APP, *CORE, *PAGES]
CONTENT = ("core/demo_content/", "core/migrations/versions/")  # texts and generated schema, not rooms of the house
ATTICS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff", "tools"}
# Files that write another database than ours, or ours by another way than a Work, each with the reason.
MAY_COMMIT = {
    "core/work.py": "the one place",
    "core/db.py": "the sessions",
    "core/migrations/env.py": "the schema",
    "core/backups.py": "copies of the database",
    "core/bench/": "measures databases of its own",
}
# Calls of st.html on something that is put together, each with the reason why it holds no data of people.
MAY_FORMAT_HTML = {"core/ui/login.py": "name and value of our own cookie ticket, checked against its alphabet"}
# Vocabularies whose codes never stand on screen, each with the reason.
WITHOUT_WORDS = {
    "Permission": "asked by code only",
    "Reason": "kept with a call for the counting rules",
    "MessageKind": "a reply and a note are told apart by their look, and by the sentences of `Action`",
    "DateOrder": "how a file writes its days; told in a sentence of its own",
    "EventKind": "words of the telephone exchange's requests",
    "Cause": "words of the telephone exchange's requests; people read the outcome",
    "Trust": "how far a mail is trusted; people read what became of it and the reason",
    "Author": "who wrote a mail; people read what became of it and the reason",
    "Fate": "what came of one try to send; people read the state and the reason",
    "Kind": "the import page has its own table, which tests/pages opens",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_is_something_to_look_at() -> None:
    assert len(CORE) > 60
    assert len(PAGES) > 5


def test_streamlit_lives_in_the_ui_and_the_pages() -> None:
    wrong = [
        f"{name_of(path)}: {module}"
        for path in CORE
        for module in imports(path)
        if module.partition(".")[0] == "streamlit" and not name_of(path).startswith(("core/ui/", "core/http/"))
    ]
    # The benchmark speaks to the running app from outside, in the words of its websocket.
    assert all(each.startswith("core/bench/pages.py: streamlit.proto.") for each in wrong), wrong


def test_routes_use_of_streamlit_only_what_makes_them_routes() -> None:
    wrong = [
        f"{name_of(path)}: {module}"
        for path in CORE
        for module in imports(path)
        if name_of(path).startswith("core/http/")
        and module.partition(".")[0] == "streamlit"
        and not module.startswith(("streamlit.starlette", "streamlit.web"))
    ]
    assert wrong == []


def test_pages_never_see_the_database() -> None:
    wrong = [
        f"{name_of(path)}: {module}"
        for path in PAGES
        for module in imports(path)
        if module.partition(".")[0] == "sqlalchemy" or module in ("core.db", "core.work") or module.endswith(".models")
    ]
    assert wrong == []


def test_only_the_work_commits() -> None:
    wrong = [
        f"{name_of(path)}:{call.lineno}"
        for path in ALL
        for function, call in calls(path)
        if function.endswith(".commit") and not name_of(path).startswith(tuple(MAY_COMMIT))
    ]
    assert wrong == []


def test_nothing_from_outside_becomes_html() -> None:
    wrong = []
    for path in ALL:
        constants = {
            target.id
            for node in tree(path).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
        }
        for function, call in calls(path):
            names = {keyword.arg for keyword in call.keywords}
            if "unsafe_allow_html" in names:
                wrong.append(f"{name_of(path)}:{call.lineno} unsafe_allow_html")
            if function in ("st.html", "components.html", "st.components.v1.html"):
                argument = call.args[0]
                plain = isinstance(argument, ast.Constant) or (isinstance(argument, ast.Name) and argument.id in constants)
                if not plain and name_of(path) not in MAY_FORMAT_HTML:
                    wrong.append(f"{name_of(path)}:{call.lineno} {ast.unparse(call)[:60]}")
    assert wrong == []


def test_no_dangerous_way_of_reading_or_running_is_used() -> None:
    forbidden = re.compile(
        r"^(eval|exec|compile|pickle\.\w+|marshal\.\w+|yaml\.(load|unsafe_load)|os\.(system|popen)|shelve\.\w+)$"
    )
    wrong = [
        f"{name_of(path)}:{call.lineno} {function}"
        for path in ALL
        for function, call in calls(path)
        if forbidden.match(function) or any(each.arg == "shell" and ast.unparse(each.value) == "True" for each in call.keywords)
    ]
    assert wrong == []


def test_there_is_no_attic() -> None:
    assert [name_of(path) for path in ALL if path.stem in ATTICS or path.parent.name in ATTICS] == []


def test_no_page_lies_outside_a_section() -> None:
    assert [name_of(path) for path in PAGES if path.parent == ROOT / "pages"] == []


@pytest.mark.parametrize(("paths", "limit"), [(PAGES, 150), (CORE, 400)], ids=["pages", "core"])
def test_rooms_are_small(paths: list[Path], limit: int) -> None:
    sizes = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in paths
        if not name_of(path).startswith(CONTENT)
    }
    assert {name: size for name, size in sizes.items() if size > limit} == {}


def test_functions_are_short() -> None:
    long = [
        f"{name_of(path)}:{each.lineno} {each.name} {each.end_lineno - each.lineno + 1}"
        for path in ALL
        for each in functions(path)
        if not name_of(path).startswith(CONTENT) and each.end_lineno and each.end_lineno - each.lineno >= 60
    ]
    assert long == []


def test_everything_public_says_what_it_is_for() -> None:
    silent = []
    for path in CORE:
        # A sentence of an error, a column type's conversion: the class that says what it is stands in the parent.
        inherited = {"default"} if name_of(path) == "core/errors.py" else set()
        if name_of(path).startswith("core/migrations/versions/"):
            continue
        body = tree(path)
        if body.body and not ast.get_docstring(body) and path.name != "__init__.py":
            silent.append(f"{name_of(path)}: the file")
        # What is inside a function or a private class is nobody else's business.
        inner = {
            id(child)
            for node in ast.walk(body)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and (not isinstance(node, ast.ClassDef) or node.name.startswith("_"))
            for child in ast.walk(node)
            if child is not node
        }
        for node in ast.walk(body):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in inherited
                and id(node) not in inner
                and not ast.get_docstring(node)
            ):
                silent.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_nothing_is_caught_and_forgotten() -> None:
    wrong = []
    for path in ALL:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                names = ast.unparse(node.type) if node.type else "everything"
                broad = names in ("everything", "Exception", "BaseException")
                if broad and all(isinstance(step, ast.Pass | ast.Continue) for step in node.body):
                    wrong.append(f"{name_of(path)}:{node.lineno} {names}")
    assert wrong == []


def test_times_always_have_a_zone() -> None:
    wrong = [
        f"{name_of(path)}:{call.lineno} {function}"
        for path in ALL
        for function, call in calls(path)
        if function in ("datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today", "date.today")
        or (function == "datetime.now" and not call.args and not call.keywords)
    ]
    assert wrong == []


def test_every_action_has_a_word_and_is_recorded_somewhere() -> None:
    assert set(labels.ACTION) == set(Action)
    used = {
        node.attr
        for path in ALL
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("Action")
    }
    assert {action.name for action in Action} - used == set()


def vocabularies() -> dict[str, type[StrEnum]]:
    found: dict[str, type[StrEnum]] = {}
    for info in pkgutil.walk_packages(core.__path__, "core."):
        if info.name.startswith(("core.ui", "core.__main__", "core.migrations.")):
            continue
        for _name, kind in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
            if issubclass(kind, StrEnum) and kind is not StrEnum and kind.__module__.startswith("core."):
                found[kind.__name__] = kind
    return found


def test_every_code_of_every_vocabulary_has_a_word() -> None:
    tables = [table for name, table in vars(labels).items() if name.isupper() and isinstance(table, dict)]
    missing = [
        name
        for name, kind in vocabularies().items()
        if name not in WITHOUT_WORDS and {str(member) for member in kind} not in [set(table) for table in tables]
    ]
    assert missing == []


def test_words_are_there_for_every_code_in_both_languages() -> None:
    from core import i18n

    for locale in ("es", "en"):
        i18n.use(locale)
        for name, table in vars(labels).items():
            if name.isupper() and isinstance(table, dict) and hasattr(labels, name.lower()):
                assert all(getattr(labels, name.lower())(code) for code in table)
    i18n.use("es")
    assert labels.status("open") == "Abierto"


def test_the_project_speaks_of_itself_alone() -> None:
    told = re.compile(
        r"/work/|/tmp/h/|shared/(?!data)|\bissue \d|\bchatgpt\b|\bclaude\b|\bLLM\b|language model|package mirror", re.IGNORECASE
    )
    papers = [
        *ALL,
        *sorted((ROOT / "tests").rglob("*.py")),
        *ROOT.glob("*.md"),
        *(ROOT / "core").glob("*.md"),
        *ROOT.glob("*.toml"),
        ROOT / "Makefile",
    ]
    wrong = [
        f"{name_of(path)}: {match[0]}"
        for path in papers
        if path.exists() and path != Path(__file__)
        for match in told.finditer(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_no_secret_and_no_database_lies_among_the_files() -> None:
    samples = ROOT / "data" / "samples"
    assert [name_of(path) for path in samples.rglob("*") if path.suffix in (".db", ".key", ".env")] == []
