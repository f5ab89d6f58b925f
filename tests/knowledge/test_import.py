"""Folders of Markdown: front matter in all its states, importing again, files that cannot be taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import Forbidden, ImportRefused
from core.exchange.imports.articles import ArticlesReport, import_articles
from core.knowledge import queries
from tests.databases import Desk
from tests.factories import PDF

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "kb_es"
GOOD = ("---\ntitle: Cómo medir el tanque\ncategory: Tanques\nvisibility: internal\nsummary: Con la vara.\n---\n\n"
        "Baje la **vara**.\n")


@pytest.fixture(autouse=True)
def _empty_shelves(desk: Desk) -> None:
    """Without the articles of the cast: these tests count."""
    for table in ("article_files", "articles", "article_categories", "article_text"):
        desk.run(f"DELETE FROM {table}")


def lay(folder: Path, **texts: str) -> Path:
    """A folder with files `name.md` of these texts."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def take(desk: Desk, folder: Path, who: str = "system") -> ArticlesReport:
    """Import a folder."""
    with desk.begin(who) as work:
        return import_articles(work, folder)


def test_an_article_comes_in_with_what_its_front_matter_says(desk: Desk, tmp_path: Path) -> None:
    report = take(desk, lay(tmp_path / "kb", tanque=GOOD))
    assert (report.rows_read, report.articles_new, report.articles_known, report.rows_rejected) == (1, 1, 0, [])
    with desk.reading("operator") as work:
        found = queries.article(work, "como-medir-el-tanque")
    assert (found.card.title, found.card.shelf, found.card.visibility, found.card.summary, found.body) == (
        "Cómo medir el tanque", "Tanques", "internal", "Con la vara.", "Baje la **vara**.")


def test_a_second_import_adds_nothing_and_a_changed_file_changes_its_article(desk: Desk, tmp_path: Path) -> None:
    folder = lay(tmp_path / "kb", tanque=GOOD, bomba="# La bomba\n\nNo despacha.")
    take(desk, folder)
    content = desk.rows("SELECT * FROM articles ORDER BY id")
    again = take(desk, folder)
    assert (again.articles_new, again.articles_known, again.articles_changed) == (0, 2, 0)
    assert desk.rows("SELECT * FROM articles ORDER BY id") == content
    lay(folder, tanque=GOOD.replace("Baje", "Suba"))
    third = take(desk, folder)
    assert (third.articles_new, third.articles_known, third.articles_changed) == (0, 2, 1)
    with desk.reading("operator") as work:
        assert queries.article(work, "como-medir-el-tanque").body == "Suba la **vara**."


@pytest.mark.parametrize("text", [
    "---\ntitle: [sin cerrar\n---\n\nTexto.", "---\ntitle: Sin fin\n\nTexto.", "---\n- lista\n- de cosas\n---\nTexto.",
    "---\ntitle: X\nvisibility: secret\n---\nTexto.", "---\ntitle: {a: b}\n---\nTexto.", "---\ntitle: X\n---\n\n", "",
    "---\ntitle: !!python/object/apply:os.system ['true']\n---\nTexto.", "---\ntitle: 2021-99-99\n---\nTexto.",
    "---\ntitle: " + "[" * 5_000 + "\n---\nTexto.", "---\ntitle: " + "x" * 201 + "\n---\nTexto.",
    "---\nfiles: [../../etc/passwd]\ntitle: X\n---\nTexto.", "---\nfiles: nada\ntitle: X\n---\nTexto.",
    "---\nsummary: " + "x" * 30_000 + "\n---\nTexto.", "---\n? [a, b]\n: c\nx: *nadie\n---\nTexto."])
def test_a_file_that_cannot_be_taken_is_a_rejected_row_and_the_others_come_in(desk: Desk, tmp_path: Path, text: str) -> None:
    report = take(desk, lay(tmp_path / "kb", malo=text, tanque=GOOD))
    assert [row["row"] for row in report.rows_rejected] == ["malo.md"]
    assert report.rows_rejected[0]["reason"]
    assert (report.rows_read, report.articles_new) == (2, 1)
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]


@pytest.mark.sqlite_only
def test_what_is_not_text_is_a_rejected_row(desk: Desk, tmp_path: Path) -> None:
    folder = lay(tmp_path / "kb", tanque=GOOD)
    (folder / "latin.md").write_bytes("Año".encode("latin-1"))
    (folder / "grande.md").write_text("a" * 1_000_001)
    report = take(desk, folder)
    assert sorted(row["row"] for row in report.rows_rejected) == ["grande.md", "latin.md"]


@pytest.mark.sqlite_only
def test_a_link_out_of_the_folder_is_none_of_its_articles(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secreto.md").write_text("Secreto.")
    folder = lay(tmp_path / "kb", tanque=GOOD)
    (folder / "liga.md").symlink_to(tmp_path / "secreto.md")
    assert take(desk, folder).rows_read == 1


@pytest.mark.sqlite_only
def test_a_file_without_front_matter_is_named_by_its_heading_and_is_public_and_that_is_told(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "kb"
    lay(folder, uno="# La **bomba**\n\nNo despacha.")
    lay(folder / "punto-de-venta", dos="\ufeffNo cierra el turno.")
    report = take(desk, folder)
    assert report.assumptions == ["2 artículos no dicen quién los lee; se toman como públicos."]
    with desk.reading("customer") as work:
        assert {(card.title, card.shelf, card.summary) for card in queries.articles(work)} == {
            ("La bomba", "General", "No despacha."), ("dos", "Punto de venta", "No cierra el turno.")}


@pytest.mark.sqlite_only
def test_documents_that_the_front_matter_names_are_attached_once(desk: Desk, tmp_path: Path) -> None:
    folder = lay(tmp_path / "kb", alta="---\ntitle: Alta\nfiles: [formatos/alta.pdf]\n---\nLlene el formato.")
    (folder / "formatos").mkdir()
    (folder / "formatos" / "alta.pdf").write_bytes(PDF)
    for _time in range(2):
        assert take(desk, folder).rows_rejected == []
    with desk.reading("customer") as work:
        assert [document.name for document in queries.documents(work)] == ["alta.pdf"]


@pytest.mark.sqlite_only
def test_only_who_may_import_imports(desk: Desk, tmp_path: Path) -> None:
    folder = lay(tmp_path / "kb", tanque=GOOD)
    for who in ("manager", "operator", "agent", "analyst", "customer"):
        with pytest.raises(Forbidden):
            take(desk, folder, who)
    assert take(desk, folder, "admin").articles_new == 1


@pytest.mark.sqlite_only
def test_a_folder_without_articles_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        take(desk, tmp_path / "no")
    (tmp_path / "vacia").mkdir()
    with pytest.raises(ImportRefused):
        take(desk, tmp_path / "vacia")


def test_the_samples_of_the_house_come_in_whole(desk: Desk) -> None:
    folder = ROOT / "data" / "samples" / "articles"
    report = take(desk, folder)
    assert report.rows_rejected == []
    assert report.articles_new == report.rows_read == len(list(folder.rglob("*.md")))
    with desk.reading("customer") as work:
        assert [card.title for card in queries.pinned(work)] == ["Guía rápida de la mesa de ayuda"]
        assert any(each.is_faq for each in queries.shelves(work))


def test_forty_real_articles_come_in_and_are_known_the_second_time(desk: Desk) -> None:
    if not REAL.is_dir():
        pytest.skip("the real articles are not on this machine")
    first, second = take(desk, REAL), take(desk, REAL)
    assert (first.rows_read, first.articles_new, first.rows_rejected) == (40, 40, [])
    assert (second.articles_new, second.articles_known, second.articles_changed) == (0, 40, 0)
