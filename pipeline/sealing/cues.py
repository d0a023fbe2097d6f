"""Words by which a text speaks of counsel or of an advocate: flagged for a person, nothing more."""

from __future__ import annotations

import re

from extractors.gate import Memo, holds

PARTS = (
    "law", "lwyr", "attor", "attn", "atty", "aty", "advoc", "couns", "defen", "legal", "privil",
    "abog", "licenc",
)  # fmt: skip
GATE = Memo(lambda piece: any(part in piece.lower() for part in PARTS))
"""Whether a piece between blanks holds one of the parts of words of which each cue has one."""
_OURS = r"(?:my|our|ur|your|his|her|their|mi|mis|su|tu|nuestr[oa])"
_PERSON = (
    r"(?:law+[yi]?[ei]?r|lawyer|lwyr|att+orn(?:e?y|ie)|at+y|at+ny|advocate|counsell?or|counsel"
    r"|public\s{1,3}defend[eo]r|defense\s{1,3}attorney|abogad[oa]|licenciad[oa]|defensora?)"
)
CUE = re.compile(
    rf"\b(?:{_OURS}\s{{1,3}}(?:[^\W\d_]{{1,12}}\s{{1,3}})?{_PERSON}s?"
    rf"|(?:public|federal)\s{{1,3}}defend[eo]rs?|defensora?\s{{1,3}}p[uú]blic[oa]"
    rf"|(?:attorney|lawyer|counsel)[\s\-]{{1,3}}client|client[\s\-]{{1,3}}privilege"
    rf"|privileged\s{{1,3}}(?:and|&)\s{{1,3}}confidential|legal\s{{1,3}}aid"
    rf"|(?:victims?|survivors?|court|legal|crisis|rape|trafficking)(?:['’]s?)?\s{{1,3}}"
    rf"(?:advocate|counsell?or)s?)\b",
    re.IGNORECASE,
)  # fmt: skip
"""Whose lawyer it is, in English and Spanish, as people write it; and the words of privilege."""


def is_cue(text: str) -> bool:
    """Whether a text speaks of somebody's lawyer, of an advocate, or of privilege."""
    return may_be_cue(text) and CUE.search(text) is not None


def may_be_cue(text: str) -> bool:
    """Whether a text has what each cue has."""
    return holds(GATE, text)
