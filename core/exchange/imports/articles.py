"""A folder of Markdown articles with YAML front matter between two lines of `---`.

Read from the front matter: `title`, `category` (or `shelf`), `visibility` (public, internal, draft), `summary` (or
`description`), `pinned`, `files` (documents of the same folder to attach). Everything else there is left alone. YAML
is read with its safe loader only, which makes plain values and never objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # comes with streamlit-authenticator

from core.access import Permission
from core.audit import Action
from core.errors import DeskError, ImportRefused
from core.i18n import _, ngettext
from core.knowledge import markdown, service
from core.knowledge.models import Visibility
from core.knowledge.service import ArticleData, Stored
from core.work import Work

MAX_FILES = 5_000
MAX_BYTES = 1_000_000
MAX_FRONT = 20_000
DEFAULT_SHELF = "General"
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(.+)$", re.MULTILINE)
Progress = Callable[[int, int], None]


@dataclass
class ArticlesReport:
    """What an import did. rows_read = articles_new + articles_known + rejected; changed ones are among the known.

    `rows_rejected`: maps of `row` (path of the file within the folder) and `reason` (a sentence).
    """

    source: str = "markdown"
    rows_read: int = 0
    articles_new: int = 0
    articles_known: int = 0
    articles_changed: int = 0
    rows_rejected: list[dict[str, str]] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self)


class _Rejected(Exception):
    """A file that cannot be taken, with its reason."""


def import_articles(work: Work, folder: Path, progress: Progress | None = None) -> ArticlesReport:
    """Load the articles of a folder and its sub-folders. The same file again is known; a changed one changes its article.

    A file that says nothing of its visibility is public: it was written to be published; the report tells how many.
    Raises Forbidden, ImportRefused when there is no such folder or it holds no Markdown.
    """
    work.require(Permission.IMPORT)
    paths = _paths(folder)
    report = ArticlesReport(rows_read=len(paths))
    silent = 0
    for place, path in enumerate(paths, 1):
        try:
            front, body = _split(_text(path))
            silent += "visibility" not in front
            _count(report, _store(work, folder, path, front, body))
        except (_Rejected, DeskError) as refusal:
            reason = str(refusal).removesuffix(" " + _("Nothing was saved."))
            report.rows_rejected.append({"row": path.relative_to(folder).as_posix(), "reason": reason})
        if progress is not None:
            progress(place, len(paths))
    if silent:
        report.assumptions.append(ngettext("{count} article does not say who reads it; it is taken as public.",
                                           "{count} articles do not say who reads them; they are taken as public.",
                                           silent).format(count=silent))
    work.record(Action.ARTICLES_IMPORTED, object_kind="articles", object_id=folder.name[:64],
                after={"new": report.articles_new, "known": report.articles_known, "changed": report.articles_changed,
                       "rejected": len(report.rows_rejected)})
    return report


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ImportRefused(_("There is no folder {name}. Nothing was saved.").format(name=folder))
    root = folder.resolve()
    # A link that leads out of the folder is none of its articles.
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".md", ".markdown"}
                   and path.is_file() and path.resolve().is_relative_to(root))
    if not found:
        raise ImportRefused(_("The folder {name} holds no Markdown files (.md). Nothing was saved.").format(name=folder))
    if len(found) > MAX_FILES:
        raise ImportRefused(_("The folder holds more than {limit} articles; import it in parts. Nothing was saved.").format(
            limit=MAX_FILES))
    return found


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise _Rejected(_("The file is larger than {limit} MB.").format(limit=MAX_BYTES // 1_000_000))
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise _Rejected(_("The file is not UTF-8 text.")) from None


def _split(text: str) -> tuple[dict[str, Any], str]:
    """Front matter (empty when there is none) and body."""
    if not text.startswith("---\n"):
        return {}, text
    parts = _FRONT.match(text)
    if parts is None:
        raise _Rejected(_("The front matter is not closed by a line of three hyphens."))
    if len(parts[1]) > MAX_FRONT:
        raise _Rejected(_("The front matter is longer than {limit} characters.").format(limit=MAX_FRONT))
    try:
        front = yaml.safe_load(parts[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = _("The front matter is not readable YAML.") if line is None else _(
            "The front matter is not readable YAML (line {line} of the file).").format(line=line + 2)
        raise _Rejected(where) from None
    if front is not None and not isinstance(front, dict):
        raise _Rejected(_("The front matter is not a list of names and values."))
    return {str(name).strip().lower(): value for name, value in (front or {}).items()}, text[parts.end():]


def _word(front: dict[str, Any], *names: str) -> str:
    for name in names:
        value = front.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return " ".join(str(value).split())
        if value is not None and not isinstance(value, (str, int, float)):
            raise _Rejected(_("The value of “{name}” in the front matter is not a text.").format(name=name))
    return ""


def _store(work: Work, folder: Path, path: Path, front: dict[str, Any], body: str) -> Stored:
    relative = path.relative_to(folder)
    if len(relative.as_posix()) > 200:
        raise _Rejected(_("The path of the file is longer than {limit} characters.").format(limit=200))
    if not markdown.text_of(body).strip():
        raise _Rejected(_("The article has no text."))
    shelf = relative.parent.name.replace("-", " ").replace("_", " ").capitalize() or DEFAULT_SHELF
    documents = _documents(folder, path, front)
    with work.session.begin_nested():
        stored = service.store_article(work, ArticleData(
            title=_word(front, "title") or _heading(body) or path.stem.replace("-", " "), body=body.strip(),
            category=_word(front, "category", "shelf") or shelf, visibility=_visibility(front),
            summary=_summary(front, body), pinned=front.get("pinned") is True, source_key=relative.as_posix()))
        for document in documents:
            service.attach_file(work, stored.slug, document.name, document.read_bytes())
    return stored


def _heading(body: str) -> str:
    found = _HEADING.search(body)
    return markdown.text_of(found[1])[:200] if found else ""


def _summary(front: dict[str, Any], body: str) -> str:
    """What the front matter says, else the beginning of the text after its heading."""
    if given := _word(front, "summary", "description"):
        return given
    text = " ".join(markdown.text_of(_HEADING.sub("", body, count=1)).split())
    return text if len(text) <= 160 else text[:160].rsplit(" ", 1)[0] + "…"


def _visibility(front: dict[str, Any]) -> str:
    value = _word(front, "visibility").lower() or Visibility.PUBLIC.value
    if value not in set(Visibility):
        raise _Rejected(_("The visibility “{value}” is none of public, internal, draft.").format(value=value[:40]))
    return value


def _documents(folder: Path, path: Path, front: dict[str, Any]) -> list[Path]:
    named = front.get("files") or []
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise _Rejected(_("The value of “{name}” in the front matter is not a list of files.").format(name="files"))
    found = [(path.parent / name).resolve() for name in named]
    for name, document in zip(named, found, strict=True):
        if not document.is_relative_to(folder.resolve()) or not document.is_file():
            raise _Rejected(_("The file {name} that the article names is not in the folder.").format(name=name[:120]))
    return found


def _count(report: ArticlesReport, stored: Stored) -> None:
    report.articles_new += stored.new
    report.articles_known += not stored.new
    report.articles_changed += stored.changed
