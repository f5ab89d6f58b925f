"""Every sentence of the command line stands in the one catalogue that it reads."""

from __future__ import annotations

import ast
from pathlib import Path

from core.cli.words import _spanish

HERE = Path(__file__).resolve().parents[2] / "core" / "cli"


def said(path: Path) -> set[str]:
    """Sentences that a module takes from the command line's own catalogue."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = any(isinstance(node, ast.ImportFrom) and node.module == "core.cli.words" for node in ast.walk(tree))
    return {node.args[0].value for node in ast.walk(tree) if own and isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ("_", "n_", "ngettext") and isinstance(node.args[0], ast.Constant)}


def test_every_sentence_of_the_command_line_is_in_its_catalogue() -> None:
    wanted = set().union(*(said(path) for path in HERE.glob("*.py")))
    assert len(wanted) > 50
    assert wanted - set(_spanish()) == set()
