"""White space of pages: what belongs to the text, and what only lays out the file."""

from __future__ import annotations

import re

from pipeline.readers.tokens import unescaped

WHITE = b" \t\r\n\f"
"""White space of HTML; a no-break space is text."""
LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")

Run = tuple[int, bytes]
"""Offset and bytes of text within one line of the file, with its line end."""


def printed(runs: list[Run | None], *, keep: bool) -> list[list[Run]]:
    """Split runs at line breaks; white space that lays out the file is left out.

    That is: all at either end of a block, and at either end of a line what holds a line end; of
    preformatted text (``keep``) only the line ends beside its tags.
    """
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run is None:
            lines.append([])
        else:
            lines[-1].append(run)
    if not keep:
        lines = [_stripped(line, all_of_it=False) for line in lines]
    first, last = 0, len(lines)
    while first < last and _is_white(lines[first]):
        first += 1
    while first < last and _is_white(lines[last - 1]):
        last -= 1
    lines = lines[first:last]
    if lines and not keep:
        lines[0] = _stripped(lines[0], all_of_it=True, tail=len(lines) == 1)
        lines[-1] = _stripped(lines[-1], all_of_it=True, head=len(lines) == 1)
    elif lines:
        _without_line_ends(lines)
    return lines


def joined(data: bytes, encoding: str, lines: list[list[Run]]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of printed lines, and from which code point on it stands at which offset."""
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    length, before, ended = 0, -1, True
    for number, line in enumerate(lines):
        if number:
            pieces.append("\n")
            length += 1
        for offset, raw in line:
            between = data[before:offset] if before >= 0 else b""
            if ended or b"\n" in between or b"\r" in between:
                marks.append((length, offset))
            body = raw.rstrip(b"\r\n")
            ended = len(body) < len(raw)
            before = offset + len(raw)
            text = unescaped(body.decode(encoding, "replace")) + "\n" * ended
            pieces.append(text)
            length += len(text)
    if marks and marks[0][0]:
        marks[0] = (0, marks[0][1])
    return "".join(pieces), marks


def _is_white(line: list[Run]) -> bool:
    return not any(raw.strip(WHITE) for _, raw in line)


def _without_line_ends(lines: list[list[Run]]) -> None:
    """Take the line ends at either end of preformatted text away: they belong to its tags."""
    first, last = lines[0], lines[-1]
    if not first[0][1].strip(b"\r\n"):
        del first[0]
    if last[-1][1].endswith((b"\n", b"\r")):
        last[-1] = (last[-1][0], last[-1][1].rstrip(b"\r\n"))


def _stripped(
    line: list[Run], *, all_of_it: bool, head: bool = True, tail: bool = True
) -> list[Run]:
    """Leave out white space at the ends of a line: all, or what holds a line end."""
    if head:
        at = 0
        while at < len(line) and not line[at][1].strip(WHITE):
            at += 1
        if at == len(line):
            holds_end = any(_ends(raw) for _, raw in line)
            return [] if all_of_it or holds_end else line
        offset, raw = line[at]
        body = raw.lstrip(WHITE)
        if all_of_it or any(_ends(before) for _, before in line[:at]):
            line = [(offset + len(raw) - len(body), body), *line[at + 1 :]]
    if tail:
        at = len(line)
        while at and not line[at - 1][1].strip(WHITE):
            at -= 1
        if not at:
            return line
        offset, raw = line[at - 1]
        body = raw.rstrip(WHITE)
        if all_of_it or _ends(raw) or any(_ends(after) for _, after in line[at:]):
            line = [*line[: at - 1], (offset, body)]
    return line


def _ends(raw: bytes) -> bool:
    return raw.endswith((b"\n", b"\r"))
