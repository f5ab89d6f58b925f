"""`python -m core.i18n.extract`: finds the sentences in the code, writes the English catalogue, names what Spanish lacks."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from core.config import ROOT
from core.i18n.catalogue import FOLDER, po_files, read_catalogue

MARKS = {"_", "n_", "ngettext"}
_NOISE = ('"POT-Creation', '"PO-Revision', '"Last-Translator', '"Generated-By', "# FIRST", "# Copyright")
Sentence = str | tuple[str, str]


def sources() -> list[Path]:
    """Files whose sentences are shown to people."""
    return [ROOT / "app.py", *sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]


def sentences(path: Path) -> Iterator[tuple[Sentence, int]]:
    """(sentence or (singular, plural), line) for every marked text of a file. Raises ValueError for a computed one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in MARKS:
            continue
        wanted = 2 if node.func.id == "ngettext" else 1
        texts = [argument.value for argument in node.args[:wanted] if isinstance(argument, ast.Constant)]
        if len(texts) == wanted and all(isinstance(text, str) for text in texts):
            yield (texts[0] if wanted == 1 else (texts[0], texts[1])), node.lineno  # type: ignore[misc]


def extract() -> dict[Sentence, list[tuple[str, int]]]:
    """Every sentence of the code with the places where it stands."""
    found: dict[Sentence, list[tuple[str, int]]] = {}
    for path in sources():
        if path.exists():
            for sentence, line in sentences(path):
                found.setdefault(sentence, []).append((str(path.relative_to(ROOT)), line))
    return found


def missing(locale: str = "es") -> list[Sentence]:
    """Sentences without a translation in a language."""
    known = {message.id for path in po_files(locale) for message in read_catalogue(path, locale)
             if message.id and message.string and all(message.string) and not message.fuzzy}
    singular = {identity[0] if isinstance(identity, tuple) else identity for identity in known}
    return [sentence for sentence in extract() if (sentence[0] if isinstance(sentence, tuple) else sentence) not in singular]


def write_english() -> Path:
    """The English catalogue: the sentences themselves."""
    catalogue = Catalog(locale="en", project="Mesa", charset="utf-8", fuzzy=False)
    for sentence in sorted(extract(), key=str):
        catalogue.add(sentence, sentence)
    path = FOLDER / "en" / "LC_MESSAGES" / "mesa.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, omit_header=False, no_location=True, width=120)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines()
             if not line.startswith(_NOISE)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def main() -> int:
    """Write the English catalogue and name the sentences that Spanish lacks."""
    write_english()
    lacking = missing()
    for sentence in lacking:
        sys.stdout.write(f"es lacks: {sentence!r}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
