"""Articles are written in Markdown by many hands: this module rewrites them so that nothing but text can come of them.

An article is parsed (CommonMark, tables, strikethrough) and *written anew* from the parse tree. What the tree can
become is listed here: headings, paragraphs, lists, quotes, tables, code, emphasis, links to http, https and mailto.
Every character of text that Markdown could read as markup is escaped, so neither Streamlit's own directives
(`:red[...]`, `:material/...:`) nor formulas, nor HTML, nor an image (which the browser would fetch: a tracking pixel)
survives. HTML inside an article is reduced to its text by nh3, scripts and styles with their content. The result is
given to `st.markdown` without any unsafe option.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

SCHEMES = frozenset({"http", "https", "mailto"})
MAX_BODY = 200_000
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_URL_SAFE = "-._~:/?#@!'()*+,;=%&"
_parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table", "strikethrough"])


def safe(body: str) -> str:
    """An article's Markdown, written anew with safe parts only (see above); at most MAX_BODY characters of it are read."""
    try:
        return "\n\n".join(_blocks(_tree(body).children)).strip()
    except RecursionError:  # emphasis within emphasis without end
        return _escaped(_cleaned(body)).strip()


def text_of(body: str) -> str:
    """The words of an article without its markup, for the index and for excerpts."""
    try:
        words = [_words(child) for child in _tree(body).children]
    except RecursionError:
        return _cleaned(body)
    return "\n".join(part for part in words if part)


def _tree(body: str) -> SyntaxTreeNode:
    return SyntaxTreeNode(_parser.parse(_cleaned(body)))


def _cleaned(body: str) -> str:
    return _CONTROL.sub("", body[:MAX_BODY].replace("\r\n", "\n"))


def _escaped(text: str) -> str:
    """Each mark behind a backslash, so that it stands for itself (CommonMark 2.4)."""
    return _MARKUP.sub(r"\\\1", text)


def _without_tags(fragment: str) -> str:
    """Text of an HTML fragment: no tags, no comments, no content of scripts and styles."""
    return html.unescape(nh3.clean(fragment, tags=set())).strip()


def _words(node: SyntaxTreeNode) -> str:
    if node.type in {"text", "code_inline", "code_block", "fence"}:
        return node.content
    if node.type == "html_block":
        return _without_tags(node.content)
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    glue = "" if node.type in {"inline", "em", "strong", "s", "link", "image"} else " "
    return glue.join(part for child in node.children if (part := _words(child)))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[str]:
    return [text for node in nodes if (text := _block(node)).strip()]


def _block(node: SyntaxTreeNode) -> str:
    kind = node.type
    if kind == "heading":
        # The page's own title is the first level.
        return "#" * min(int(node.tag[1]) + 1, 6) + " " + " ".join(_inline(node.children).split())
    if kind in {"paragraph", "inline"}:
        # No line may begin with spaces: four of them would make it code.
        return "\n".join(line.strip() for line in _inline(node.children).split("\n") if line.strip())
    if kind in {"fence", "code_block"}:
        return _fenced(node.content)
    if kind == "blockquote":
        return _prefixed("\n\n".join(_blocks(node.children)), "> ", "> ")
    if kind in {"bullet_list", "ordered_list"}:
        return _list(node)
    if kind == "table":
        return _table(node)
    if kind == "hr":
        return "---"
    return " ".join(_escaped(_without_tags(node.content)).split()) if kind == "html_block" else ""


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join((first if number == 0 else rest) + line for number, line in enumerate(lines)).rstrip()


def _list(node: SyntaxTreeNode) -> str:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    items = []
    for item in node.children:
        mark = "- " if number is None else f"{number}. "
        tight = any(child.hidden for child in item.children) and not any(child.attrs.get("start") for child in item.children)
        items.append(_prefixed(("\n" if tight else "\n\n").join(_blocks(item.children)), mark, " " * len(mark)))
        number = None if number is None else number + 1
    return "\n".join(items)


def _fenced(content: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", content)), default=0))
    return f"{fence}\n{content.rstrip()}\n{fence}"


def _table(node: SyntaxTreeNode) -> str:
    rows = [[" ".join(_inline(cell.children, in_table=True).split()) for cell in row.children]
            for part in node.children for row in part.children]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)


_AROUND = {"em": "*", "strong": "**", "s": "~~"}


def _inline(nodes: Sequence[SyntaxTreeNode], in_table: bool = False) -> str:
    return "".join(_span(node, in_table) for node in nodes)


def _span(node: SyntaxTreeNode, in_table: bool) -> str:
    kind = node.type
    if kind == "text":
        return _escaped(node.content)
    if kind == "code_inline":
        return _code(node.content, in_table)
    if kind in {"softbreak", "hardbreak"}:
        return "\\\n" if kind == "hardbreak" and not in_table else "\n"
    inner = _inline(node.children, in_table)
    if kind in _AROUND:
        return f"{_AROUND[kind]}{inner}{_AROUND[kind]}" if inner.strip() else ""
    if kind == "link":
        return _link(str(node.attrs.get("href", "")), inner)
    if kind == "html_inline":  # tags are dropped, a line break stays one
        return "\n" if node.content.lower().startswith("<br") else ""
    return inner if kind in {"inline", "image"} else ""  # an image is its description


def _code(content: str, in_table: bool) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", content)), default=0))
    shown = content.replace("|", r"\|") if in_table else content
    return f"`{shown}`" if fence == "`" else f"{fence} {shown} {fence}"


def _link(target: str, inner: str) -> str:
    """A link to one of SCHEMES; any other address leaves its text only."""
    try:
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return inner
    if scheme not in SCHEMES or not inner.strip():
        return inner
    return f"[{inner}](<{quote(target, safe=_URL_SAFE).replace('&', '&amp;')}>)"
