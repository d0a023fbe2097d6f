"""Prints a business record to PDF as a browser lays it out, without a browser.

Takes the tokens of ``meta_layout`` and sets them in Courier, whose letters are all of one width.
Every line of a cell is one text object, as writers other than Chromium's make them. Measures are
those of a print at full size: lines 14.25 points apart, 1.5 of padding, 7.5 after a line.
"""

from __future__ import annotations

import re

from tests._data.pdf_writer import LETTER, write_pdf

LINE, PAD, PARAGRAPH = 14.25, 1.5, 7.5
LEFT, TOP, BOTTOM = 33.75, 747.0, 45.0
POINTS = 12
LETTER_WIDTH = 0.6
BRAND = "Meta Platforms Business Record"


def plain(tokens):
    """Tokens with nothing that the standard fonts lack."""

    def kept(text):
        return re.sub(r"  +", " ", text.encode("cp1252", "ignore").decode("cp1252"))

    return [
        (token[0], kept(token[1])) if token[0] in ("open", "text") else token for token in tokens
    ]


class Press:
    """Sets tokens; ``cuts`` as for ``meta_layout.Writer``."""

    def __init__(self, tokens, *, cuts=(), header=False, size=LETTER, scale=1.0, bold=True):
        self.size, self.scale, self.header, self.bold = size, scale, header, bold
        self.right = size[0] / scale - LEFT
        self.height = size[1] / scale
        self.sheets = []
        self.number = 0
        self.open = []  # [label x, value x, anything printed in it]
        self.same_line = False  # whether a label was just set and its value may stand beside it
        self.gap = LINE
        self.gaps = []
        self._bar()
        cuts = set(cuts)
        for number, token in enumerate(tokens):
            if (number, 0) in cuts:
                self._bar()
            self._set(token, sorted(at for n, at in cuts if n == number and at))
        self._furnish()

    def pdf(self, **options):
        """The bytes of the print."""
        options.setdefault("title", BRAND)
        return write_pdf(self.sheets, size=self.size, fonts=("Courier", "Courier-Bold"), **options)

    def _set(self, token, cuts):
        kind = token[0]
        if kind == "open":
            self._open(token[1])
        elif kind == "close":
            self._close()
        elif kind == "text":
            begin = 0
            for cut in [*cuts, len(token[1])]:
                self._text(token[1][begin:cut])
                if cut < len(token[1]):
                    self._bar()
                begin = cut
        elif kind in ("line", "done", "blank"):
            if kind == "done" and self.open and not self.open[-1][2]:
                return
            self.gap += PARAGRAPH
            self.same_line = False

    def _open(self, label):
        x = self.open[-1][1] if self.open else LEFT
        self.gaps.append(self.gap)
        if not label:
            self.open.append([x, x + PAD, False])
            return
        self._advance()
        self._print(x, label, self.bold)
        for level in self.open:
            level[2] = True
        self.open.append([x, x + self._width(label) + PAD, False])
        self.same_line = True
        self.gaps[-1] = LINE

    def _close(self):
        _, _, used = self.open.pop()
        before = self.gaps.pop()
        self.gap = self.gap + PAD if used else before
        self.same_line = False

    def _text(self, text):
        room = int((self.right - self.open[-1][1] if self.open else 500) / (POINTS * 0.6))
        for line in wrapped(text.strip(" "), room):
            self._advance()
            self._print(self.open[-1][1], line, False)
            for level in self.open:
                level[2] = True
            self.gap = LINE

    def _advance(self):
        """Go to the next line, or stay on that of the label, one padding lower."""
        if self.same_line:
            self.y -= PAD
            self.same_line = False
        else:
            self.y -= self.gap
            if self.y < BOTTOM:
                self._furnish()
                self.sheets.append([])
                self.y = self.height - (792 - TOP)
        self.gap = LINE

    def _print(self, x, text, bold):
        k = self.scale
        self.sheets[-1].append((x * k, self.y * k, text, bold, POINTS * k))

    def _bar(self):
        if self.sheets:
            self._furnish()
        self.sheets.append([])
        self.number += 1
        self.y = self.height - (792 - TOP)
        text = f"{BRAND} Page {self.number}"
        self._print((LEFT + self.right - self._width(text)) / 2, text, False)
        for depth, level in enumerate(self.open):
            level[0], level[1] = LEFT + depth * PAD, LEFT + (depth + 1) * PAD
        self.gap, self.same_line = 2 * LINE, False

    def _furnish(self):
        """Header and footer, in smaller type that no scale changes."""
        if not self.header:
            return
        width, height = self.size
        count = len(self.sheets)
        self.sheets[-1] += [
            (24, height - 22, "11/22/26, 1:07 AM", False, 8),
            (250, height - 22, BRAND, False, 8),
            (24, 17, "http://192.0.2.1/records.html", False, 8),
            (width - 60, 17, f"{count}/99", False, 8),
        ]

    def _width(self, text):
        return POINTS * LETTER_WIDTH * len(text)


def wrapped(text, room):
    """Lines of at most ``room`` letters: at blanks, inside a word only where it is longer."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if len(joined) <= room:
            line = joined
            continue
        lines += [line] if line else []
        while len(word) > room:
            lines.append(word[:room])
            word = word[room:]
        line = word
    return [*lines, line] if line else lines
