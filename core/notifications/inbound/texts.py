"""The text of a mail as people read it: HTML becomes plain text, so nothing of it can act; soft line breaks are joined."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

LONGEST = 300_000  # characters of HTML that are read
MOST_TAGS = 10_000  # of them; the time to read one tag grows with how many are open around it
_LONGEST_LINE = 20_000  # characters, then another one begins
_SKIPPED = frozenset({"script", "style", "title", "template", "noscript", "svg", "math", "object", "select", "iframe", "xml"})
_LINES = frozenset({"div", "tr", "li", "section", "article", "header", "footer", "center", "address", "dt", "dd", "form",
                    "fieldset"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "hr"})
_READ = {*_LINES, *_PARAGRAPHS, "br", "a", "td", "th", "thead", "tbody", "tfoot", "body"}
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]{1,1000}", re.IGNORECASE)
_SEEN_NOT = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad\u034f]")


def of_html(html: str) -> str:
    """HTML as plain text: lines and paragraphs, `- ` before list entries, `> ` before what is quoted, links in brackets.

    Only texts come through, and addresses of http, https and mailto links.
    """
    reader = _Reader()
    within = "<".join(html[:LONGEST].split("<", MOST_TAGS + 1)[:MOST_TAGS + 1])
    # A browser's own parser, whose time grows with the page alone, makes it well-formed: ours would run away on what is not.
    reader.feed(nh3.clean(within, tags=_READ, clean_content_tags=set(_SKIPPED), strip_comments=True, link_rel=None,
                          attributes={"a": {"href"}, "p": {"class"}}, url_schemes={"http", "https", "mailto"}))
    reader.close()
    return reader.text()


def flowed(text: str, *, drop_space: bool = False) -> str:
    """Lines that a program broke softly (RFC 3676, `format=flowed`) joined again, within one depth of quoting."""
    lines: list[list[str]] = []  # the pieces of each
    joining, before = False, ""
    for line in text.split("\n"):
        rest = line.lstrip(">")
        depth = line[:len(line) - len(rest)]
        rest = rest[1:] if rest.startswith(" ") else rest
        joined = joining and before == depth and rest.rstrip() != "--"
        joining, before = rest.endswith(" ") and rest != "-- ", depth
        said = rest[:-1] if joining and drop_space else rest
        if joined:
            lines[-1].append(said)
        else:
            lines.append([f"{depth} {said}" if depth else said])
    return "\n".join("".join(pieces) for pieces in lines)


class _Reader(HTMLParser):
    """Collects lines: (depth of quoting, text)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, str]] = []
        self._line = ""
        self._quoted = self._pre = 0
        self._skipping = ""
        self._link, self._link_from = "", 0
        self._gap = self._tight = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            return
        if tag in _SKIPPED:
            self._skipping = tag
        elif tag == "br":
            self._end_line(always=True)
        elif tag in _LINES or tag in _PARAGRAPHS:
            self._block(tag, dict(attrs))
        elif tag in ("td", "th") and self._line:
            self._line += "  "
        elif tag == "a":
            address = (dict(attrs).get("href") or "").strip()
            self._link, self._link_from = (address if _LINK.fullmatch(address) else ""), len(self._line)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping = "" if tag == self._skipping else self._skipping
        elif tag == "blockquote":
            self._end_line()
            self._quoted = max(0, self._quoted - 1)
            self._gap = True
        elif tag == "pre":
            self._end_line()
            self._pre = max(0, self._pre - 1)
        elif tag in _LINES or tag in _PARAGRAPHS:
            self._end_line()
            self._gap = self._gap or (tag in _PARAGRAPHS and not (tag == "p" and self._tight))
        elif tag == "a" and self._link:
            self._close_link()

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        text = _SEEN_NOT.sub("", data)
        if self._pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._line += first
            for each in others:
                self._end_line(always=True)
                self._line = each
            return
        text = _SPACE.sub(" ", text).replace("\xa0", " ")
        if len(self._line) > _LONGEST_LINE:
            self._end_line()
        self._line += text.lstrip(" ") if not self._line else text

    def text(self) -> str:
        """Everything read so far."""
        self._end_line()
        lines = ["> " * depth + line if depth else line for depth, line in self._lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(each.rstrip() for each in lines)).strip("\n")

    def _block(self, tag: str, attributes: dict[str, str | None]) -> None:
        self._end_line()
        self._tight = tag == "p" and "MsoNormal" in (attributes.get("class") or "")  # Outlook's lines are paragraphs
        self._gap = self._gap or (tag in _PARAGRAPHS and not self._tight)
        if tag == "blockquote":
            self._quoted = min(self._quoted + 1, 20)
        elif tag == "pre":
            self._pre += 1
        elif tag == "li":
            self._line = "- "
        elif tag == "hr":
            self._lines.append((self._quoted, "-----"))

    def _end_line(self, *, always: bool = False) -> None:
        if self._link:
            self._close_link()
        text = self._line.rstrip()
        if text or always:
            if self._gap and self._lines and self._lines[-1][1]:
                self._lines.append((min(self._quoted, self._lines[-1][0]), ""))
            self._gap = False
            self._lines.append((self._quoted, text))
        self._line = ""

    def _close_link(self) -> None:
        said = self._line[self._link_from:].strip()
        bare = self._link.removeprefix("mailto:").removesuffix("/")
        if said and bare not in said and said not in bare:
            self._line += f" ({self._link})"
        self._link = ""
