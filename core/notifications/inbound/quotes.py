"""What a person wrote in a mail, apart from what their program quoted below or above it. Pure.

Each line gets a letter (text, empty, quote, introduction, header, delimiter, signature of a telephone), and the letters
say where the person's words end: the way of Discourse's email_reply_trimmer, whose public examples are a test. What is
cut off is not lost: it is given back as the quoted part. Where nothing would remain, everything is the person's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.notifications.inbound import quote_marks

TEXT, EMPTY, QUOTE, INTRODUCTION, HEADER, DELIMITER, MOBILE = "teqbhds"
MOST_LINES = 2_000  # that are looked at; what is below them is folded away
SPAN = 6  # lines over which a program breaks its introduction
LONG_SIGNATURE = 15  # lines of text: what is longer below two dashes is no signature
_AFTERTHOUGHT = 7  # lines of text below a quote that are a footer of the quoted mail rather than an answer
_FENCE = re.compile(r"^\s*```")


@dataclass(frozen=True, slots=True)
class Parts:
    """`said`: the person's own words; `quoted`: everything else of the text, in its order ('' when there is nothing)."""

    said: str
    quoted: str


def split(text: str) -> Parts:
    """Take the words of a reply apart from what it quotes and from signatures."""
    everything = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines, below = everything[:MOST_LINES], everything[MOST_LINES:]
    letters = _letters(lines)
    kept = _kept(letters, lines)
    said = "\n".join(line for line, keep in zip(lines, kept, strict=True) if keep)
    said = said.strip("\n").rstrip()
    if not said.strip():
        return Parts(text.strip(), "")
    quoted = "\n".join(line for line, keep in zip(lines, kept, strict=True) if not keep)
    quoted = "\n".join([quoted, *below]).strip("\n").rstrip()
    return Parts(said, quoted)


def _letters(lines: list[str]) -> str:
    found = [_letter(line) for line in lines]
    fenced = False
    for position, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
            found[position] = TEXT
        elif fenced:
            found[position] = TEXT
    _broken_introductions(lines, found)
    _header_blocks(lines, found)
    _mobile(found)
    return "".join(found)


def _letter(line: str) -> str:
    if not line.strip(" \t\xa0\u200b\ufeff"):
        return EMPTY
    if quote_marks.DELIMITER.match(line):
        return DELIMITER
    if quote_marks.MOBILE.match(line):
        return MOBILE
    if quote_marks.QUOTE.match(line):
        return QUOTE
    if quote_marks.introduces(line):
        return INTRODUCTION
    return HEADER if quote_marks.HEADER.match(line) else TEXT


def _broken_introductions(lines: list[str], found: list[str]) -> None:
    """Introductions that a program broke into several lines ("On Monday ... <\\nana@x.mx> wrote:")."""
    for first, line in enumerate(lines):
        if found[first] not in (TEXT, HEADER) or not quote_marks.may_continue(line):
            continue
        for last in range(first + 1, min(first + SPAN, len(lines))):
            known = found[last] == INTRODUCTION
            if found[last] == EMPTY and not _is_open(lines[first]):
                break
            joined = " ".join(each.strip() for each in lines[first:last + 1] if each.strip())
            if quote_marks.ends(lines[last]) and quote_marks.introduces(joined) and (not known or _is_open(lines[first])):
                found[first:last + 1] = [INTRODUCTION] * (last + 1 - first)
            if known or found[first] == INTRODUCTION:
                break
    _endings(lines, found)


def _endings(lines: list[str], found: list[str]) -> None:
    """What is left of an introduction in the line below it ("... wrote on 28\nApr. 2017 at 11:53:")."""
    for position in range(1, len(lines)):
        if found[position - 1] == INTRODUCTION and found[position] == TEXT and not lines[position - 1].rstrip().endswith(":"):
            below = found[position + 1] if position + 1 < len(found) else EMPTY
            if len(lines[position]) < 60 and lines[position].rstrip().endswith(":") and below in (EMPTY, QUOTE):
                found[position] = INTRODUCTION


def _is_open(line: str) -> bool:
    """Whether a line is the beginning of an introduction beyond doubt: it has a time of day."""
    return bool(re.search(r"\b\d{1,2}[:.]\d{2}\b", line))


def _header_blocks(lines: list[str], found: list[str]) -> None:
    """Three header lines together (two with the sender first) introduce a mail; a lone one is text."""
    position = 0
    while position < len(found):
        if found[position] != HEADER:
            position += 1
            continue
        last, count = _block_end(found, position)
        if count >= 3 or (count == 2 and quote_marks.names_sender(lines[position]) and "@" in lines[position]):
            found[position:last + 1] = [INTRODUCTION] * (last + 1 - position)
        else:
            found[position:last + 1] = [each if each == EMPTY else TEXT for each in found[position:last + 1]]
        position = last + 1


def _block_end(found: list[str], first: int) -> tuple[int, int]:
    """Last line of a block of headers, and how many there are; one may go on in the next lines, empty lines may be between."""
    last, count, other = first, 1, 0
    for position in range(first + 1, len(found)):
        if found[position] == HEADER:
            last, count, other = position, count + 1, 0
            continue
        other += 1
        if other > 2 or found[position] not in (TEXT, EMPTY):
            break
    return last, count


def _mobile(found: list[str]) -> None:
    """A telephone's signature stands at the end or before the quoted part; elsewhere such a line is text."""
    for position in range(len(found) - 1, -1, -1):
        if found[position] == MOBILE:
            below = next((each for each in found[position + 1:] if each != EMPTY), "")
            if below in (TEXT, HEADER):
                found[position] = TEXT


def _kept(letters: str, lines: list[str]) -> list[bool]:
    """Which lines are the person's own."""
    keep = [True] * len(letters)
    end = _signature(letters, lines)
    for position in range(end, len(letters)):
        keep[position] = False
    for position in range(end):
        keep[position] = letters[position] != MOBILE
    rest = "".join(letter if kept else EMPTY for letter, kept in zip(letters, keep, strict=True))
    first, last = _range(rest)
    for position, letter in enumerate(rest):
        if not first <= position < last or letter == INTRODUCTION:
            keep[position] = False
    _trim_rules(letters, keep)
    return keep


def _signature(letters: str, lines: list[str]) -> int:
    """Where the signature below two dashes begins; the end of the text without one."""
    for position, letter in enumerate(letters):
        if letter != DELIMITER or TEXT not in letters[:position] + ("" if QUOTE not in letters[:position] else TEXT):
            continue
        below = letters[position + 1:]
        own = re.split(f"[{INTRODUCTION}{QUOTE}]", below, maxsplit=1)[0]
        if quote_marks.SIGNATURE_MARK.match(lines[position]) and own.count(TEXT) <= LONG_SIGNATURE and not _answers_below(below):
            return position
        if re.match(f"{EMPTY}*(?:{INTRODUCTION}|$)", below):
            return position
    return len(letters)


def _answers_below(below: str) -> bool:
    return bool(re.search(f"{QUOTE}{EMPTY}*{TEXT}", below))


def _range(rest: str) -> tuple[int, int]:
    """First line of the person's words, and the one after their last, by the letters of the lines."""
    if (below := re.search(f"^{EMPTY}*{INTRODUCTION}[^{TEXT}]*({TEXT}[{EMPTY}{TEXT}{DELIMITER}]*)$", rest)) is not None:
        return below.start(1), len(rest)
    # Text, an introduction, a long quote, and a few lines at most: the footer of what is quoted.
    quoted = f"[{EMPTY}{QUOTE}{INTRODUCTION}{DELIMITER}]*"
    ended = re.search(f"{TEXT}[{EMPTY}{DELIMITER}]*{INTRODUCTION}{quoted}{QUOTE}{quoted}([{TEXT}{EMPTY}{DELIMITER}]*)$", rest)
    if ended is not None and ended[1].count(TEXT) < _AFTERTHOUGHT:
        return 0, ended.start() + 1
    # Text and an introduction without quote marks below: everything below is the quoted mail.
    bare = re.search(f"{TEXT}[{EMPTY}{DELIMITER}]*{INTRODUCTION}[^{QUOTE}]*$", rest)
    if bare is not None:
        first = re.search(f"{TEXT}[{EMPTY}{DELIMITER}]*{INTRODUCTION}", rest)
        assert first is not None
        return 0, (first if QUOTE not in rest[first.start():] else bare).start() + 1
    ending = re.search(f"{TEXT}[{EMPTY}{DELIMITER}]*[{QUOTE}{INTRODUCTION}{EMPTY}{DELIMITER}]+$", rest)
    if ending is not None and (QUOTE in ending[0] or INTRODUCTION in ending[0]):
        return 0, ending.start() + 1
    return 0, len(rest)


def _trim_rules(letters: str, keep: list[bool]) -> None:
    """Lines of dashes that separated the words from what was cut off go with it."""
    for position in range(len(letters) - 1, -1, -1):
        if not keep[position]:
            continue
        if letters[position] not in (DELIMITER, EMPTY) or all(keep):
            return
        keep[position] = False
