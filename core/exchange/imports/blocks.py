"""The text of a file in blocks of whole lines, in UTF-8 with line feeds: a file of any size is read in the same memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from core.errors import ImportRefused
from core.i18n import _, ngettext

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp850", "mac-roman")
BLOCK = 8 * 1024**2
_LONGEST = 128 * 1024**2  # of a line; more cannot be a row of the cells that are read
_SAMPLE = 20_000

Source = bytes | Path


def pieces(source: Source, size: int = BLOCK) -> Iterator[bytes]:
    """The bytes of a file, or bytes that are here already, piece by piece."""
    if isinstance(source, bytes):
        for begin in range(0, len(source), size):
            yield source[begin:begin + size]
        return
    with source.open("rb") as file:
        while piece := file.read(size):
            yield piece


def beginning(source: Source, size: int = 4096) -> bytes:
    """The first bytes of a file."""
    return next(pieces(source, size), b"")


class Text:
    """A text in blocks: each ends with a line, the last one where the file ends.

    `encoding` and `notes` say how it was read; they are true of the whole file once it was read to its end. A line that is
    not UTF-8 is read as Windows-1252, the others stay. `named`: the encoding somebody chose, '' finds it out.
    """

    def __init__(self, source: Source, file_name: str, named: str = "", size: int = BLOCK) -> None:
        if named and named not in ENCODINGS:
            raise ImportRefused(_("The encoding {name} is not known. It can be: {known}.").format(
                name=named, known=", ".join(ENCODINGS)))
        self._source, self._file_name, self._named, self._size = source, file_name, named, size
        self._wide = not named and beginning(source)[:2] in (b"\xff\xfe", b"\xfe\xff")
        self._sample, self._foreign, self._native = "", 0, False

    @property
    def encoding(self) -> str:
        """The encoding that was named or found."""
        if self._named or self._wide:
            return self._named or "utf-16"
        return "cp1252" if self._foreign and not self._native else "utf-8"

    @property
    def notes(self) -> list[str]:
        """What was assumed of the encoding."""
        if self._wide:
            return [_("Encoding: UTF-16.")]
        return [ngettext("{count} line is not UTF-8 and was read as Windows-1252.",
                         "{count} lines are not UTF-8 and were read as Windows-1252.", self._foreign).format(
                             count=self._foreign)] if self._foreign else []

    def __iter__(self) -> Iterator[bytes]:
        self._sample, self._foreign, self._native = "", 0, False
        decoded = self._decoded() if self._named or self._wide else _unmarked(pieces(self._source, self._size))
        for block in _whole_lines(decoded):
            known = block if self._named or self._wide else self._utf8(block)
            yield known.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in known else known

    def _decoded(self) -> Iterator[bytes]:
        name = {"utf-8": "utf-8-sig"}.get(self.encoding, self.encoding)
        decoder = codecs.getincrementaldecoder(name)("replace" if self._wide else "strict")
        done = 0
        for piece in self._with_end():
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(piece or b"", final=piece is None)
            except UnicodeError as error:  # UTF-16 without its mark is one that knows no place
                begin = error.start if isinstance(error, UnicodeDecodeError) else 0
                raise ImportRefused(_(
                    "The file {name} is not written in {encoding}: byte {place} does not fit. Choose another encoding; "
                    "nothing was saved.").format(name=self._file_name, encoding=self._named,
                                                 place=done - held + begin + 1)) from error
            if not done and self._named:
                _refuse_noise(text[:_SAMPLE], self._file_name)
            done += len(piece or b"")
            yield text.encode("utf-8", "replace")

    def _with_end(self) -> Iterator[bytes | None]:
        yield from pieces(self._source, self._size)
        yield None

    def _utf8(self, block: bytes) -> bytes:
        if b"\x00" in block:
            raise ImportRefused(_("The file {name} is binary. Expected: a CSV or XLSX table.").format(name=self._file_name))
        plain = block.isascii()
        if not plain and not _is_utf8(block):
            block, foreign, native = _line_by_line(block)
            self._foreign, self._native = self._foreign + foreign, self._native or native
            _refuse_noise(self._sample or block[:4 * _SAMPLE].decode("utf-8", "replace")[:_SAMPLE], self._file_name)
        else:
            self._native = self._native or not plain
        self._sample = self._sample or block[:4 * _SAMPLE].decode("utf-8", "replace")[:_SAMPLE]
        return block


def _unmarked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    for place, block in enumerate(blocks):
        yield block if place else block.removeprefix(b"\xef\xbb\xbf")


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for block in blocks:
        cut = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, -1) + 1
        if cut:
            yield b"".join([*held, block[:cut]])
            held, size = [], 0
        if size < _LONGEST:
            held.append(block[cut:])
        size += len(block) - cut
    if size:
        yield b"".join(held)


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(block: bytes) -> tuple[bytes, int, bool]:
    """(the block in UTF-8, lines that were not, whether another line has letters beyond ASCII)."""
    lines, foreign, native = [], 0, False
    for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", block):
        if _is_utf8(line):
            lines.append(line)
            native = native or not line.isascii()
        else:
            lines.append(_windows(line).encode("utf-8"))
            foreign += 1
    return b"".join(lines), foreign, native


def _windows(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _refuse_noise(sample: str, file_name: str) -> None:
    controls = sum(1 for character in sample if character < " " and character not in "\t\n\r")
    if controls > len(sample) * 0.02:
        raise ImportRefused(_("The file {name} is binary. Expected: a CSV or XLSX table.").format(name=file_name))
