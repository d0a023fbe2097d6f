"""What extractors share to leave a text early: cut texts and remembered judgements."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractors import gate


def test_a_memo_asks_once() -> None:
    asked = []
    memo = gate.Memo(lambda piece: bool(asked.append(piece)) or piece.isdecimal())
    assert [memo["12"], memo["a"], memo["12"]] == [True, False, True]
    assert asked == ["12", "a"]


def test_a_memo_is_bounded() -> None:
    memo = gate.Memo(len)
    for number in range(gate.MOST + 10):
        assert memo[str(number)] == len(str(number))
    assert len(memo) <= gate.MOST
    long = "a" * (gate.LONGEST + 1)
    assert memo[long] == len(long)
    assert long not in memo


@given(st.text())
def test_pieces_are_what_stands_between_blanks(text: str) -> None:
    assert gate.pieces(text) == tuple(text.split())
    assert "".join(gate.pieces(text)) == "".join(char for char in text if not char.isspace())
    assert gate.has_digit(text) == any(char.isdecimal() for char in text)


@given(st.lists(st.sampled_from(["a", "b", "7", "x7"]), max_size=8).map(" ".join))
def test_holds_if_a_piece_does(text: str) -> None:
    memo = gate.Memo(lambda piece: "7" in piece)
    assert gate.holds(memo, text) == ("7" in text)
