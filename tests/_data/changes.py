"""Strategies that several test files draw from: texts of a grid changed, files damaged."""

from __future__ import annotations

import re

from hypothesis import strategies as st

SIGNS = [*" .,:;-_'’\"@#/?\n", "😂", "é", "12", "a", "  ", "\u0301"]


@st.composite
def changed(draw, texts):
    """Draw a text, or two, with signs put in, letter case changed or blanks lost."""
    text = draw(st.sampled_from(texts))
    if draw(st.booleans()):
        text += draw(st.sampled_from([" ", "\n", ". ", ", ", ""])) + draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(SIGNS)) + text[at + draw(st.integers(0, 1)) :]
    return draw(st.sampled_from([str, str.lower, str.upper, str.title]))(text)


def mixed(texts):
    """Draw one of the texts, or their pieces in any order, case and company."""
    parts = sorted({part for text in texts for part in re.split(r"(\s)", text) if part})
    signs = [*parts, *map(str.upper, parts), *map(str.title, parts), *" \n.,:-/@$#(1é"]
    pieces = st.lists(st.sampled_from(signs), max_size=14)
    joined = pieces.flatmap(lambda some: st.sampled_from([" ".join(some), "".join(some)]))
    return st.one_of(st.sampled_from(list(texts)), joined)


@st.composite
def damaged(draw, data, most=6, longest=60):
    """Draw a file with up to ``most`` places cut, doubled or flipped; it may come out empty."""
    page = bytearray(data)
    for _ in range(draw(st.integers(1, most))):
        if not page:
            break
        at = draw(st.integers(0, len(page) - 1))
        what = draw(st.sampled_from(["cut", "double", "flip"]))
        if what == "cut":
            del page[at : at + draw(st.integers(1, longest))]
        elif what == "double":
            page[at:at] = page[at : at + 40]
        else:
            page[at] ^= draw(st.integers(1, 255))
    return bytes(page)
