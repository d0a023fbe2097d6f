"""Statements and labels that give a name: ``they call me X``, ``saved as X``, ``Name: X``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.alias_gate import NAMED, WHOM, held_in, may_be_explicit, states
from extractors.base import STRONG
from extractors.name_chunks import chunk_at
from extractors.name_contexts import CLAUSE_END
from extractors.name_cues import NOT_EXPLICIT
from extractors.name_lists import COMMON, FAMILY, GIVEN, MONIKER, OTHER
from extractors.name_parts import joined
from extractors.name_rules import Name
from extractors.name_tokens import LOWER, Sentence

OWNER = (
    r"(?:real|full|govt|gov|government|legal|birth|true|first|last|middle|street|stage|work|"
    r"screen|nick|other|whole|actual|given|road)"
)
THEY = r"(?:they|everyone|everybody|erbody|people|ppl|we|i|folks|friends|u|you|everyone|just)"

EXPLICIT = re.compile(
    r"(?<![\w@$#])(?:"
    rf"(?:{OWNER}[ ]{{0,2}})?(?:nick)?names?"
    r"(?:[ ]?['’]s|[ ]is|[ ]was|[ ]iz|[ ]?[:=]|[ ]be)[ ]{1,2}"
    rf"|{OWNER}[ ]{{0,2}}names?[ ]"
    rf"|(?:{THEY}[ ](?:all[ ]|jus[t]?[ ]|usually[ ])?)call(?:s|ed|in)?[ ]{WHOM}[ ]"
    rf"|call(?:ed|s|in)[ ]{WHOM}[ ]"
    r"|(?:is|was|get|gets|am|im|i['’]m|be)[ ](?:also[ ])?called[ ]"
    r"|\bcall[ ]me[ ](?=[^\W\d_]{2,20}(?:[ ]?[.,!\n]|$))"
    r"|(?:go|goes|went|going|goin|known)[ ]by[ ](?:the[ ]name[ ](?:of[ ])?)?"
    r"|(?:also|better|otherwise|formerly|only|jus|just)[ ]known[ ]as[ ]|known[ ]as[ ]"
    r"|a[.]?k[.]?a[.]?:?[ ]|a/k/a[ ]"
    r"|nicknamed?[ ](?:to[ ])?|(?:street|nick)[ ]?name[ ]"
    r"|alias(?:es)?[ ]?(?:is[ ]|:[ ]?)?(?<=[ :])"
    r"|sav(?:e|ed)(?:[ ](?:me|him|her|them|it|this|my|number|num|his|in|ur|your|contacts?|phone|"
    r"the|as|under)){0,6}[ ](?:as|under)[ ]"
    r"|(?:listed|reserved|booked|registered|contact|lease|room|rm|is|its|it['’]s|order|name)[ ]"
    r"(?:is[ ])?(?:as|under)[ ](?:the[ ]name[ ])?"
    r"|under[ ]the[ ]name[ ](?:of[ ])?"
    rf"|kno(?:w|ws|e|es)?[ ]{WHOM}[ ]as[ ]"
    r"|(?:he|she|they|who|that|only|also)[ ]answers?[ ]to[ ]"
    r"|yours[ ]truly[ ,]{1,2}"
    r"|but[ ](?:folks|people|ppl|everybody|everyone)[ ]say[ ]|or[ ]as[ ](?:we|they|i)[ ]say[ ]"
    r"|named[ ]after[ ](?=[^\W\d_]{2,20}(?:[ ]?[.,!\n]|[ ](?:cuz|bc|because|n|and)\b|$))"
    r"|\bl(?:ove|uv)[ ]me[ ]some[ ](?=[^\W\d_]{2,20}[ ](?:s?he|hes|shes|he's|she's|her|him)\b)"
    r"|(?:me|te|se)[ ]llam(?:o|as|a|an|aba)[ ]"
    r"|(?:mi|su|tu|el|de)[ ](?:verdadero[ ]|real[ ])?(?:nombre|apodo|apellido)"
    r"(?:[ ](?:real|verdadero))?(?:[ ]es|:)?[ ]"
    r"|(?:me|le|les|lo|la|te)[ ](?:dicen|llaman|dice|digo|decimos|conocen[ ]como|apodan)[ ]"
    r"|(?:apodad|conocid|llamad)[oa](?:[ ]como)?[ ]"
    r")(?:(?:el|la|los|the|a|[\"'“‘])[ ]?(?<=[ \"'“‘]))?",
    re.IGNORECASE,
)
"""What is followed by a name, whatever the word is."""

LABEL = re.compile(
    r"(?m)^[ \t>*-]{0,4}(?:(?:full|first|last|user|contact|guest|account|patient|driver|given|"
    r"family|middle|sur|display|profile|sender|card[ -]?holder)[ _]?names?|name|"
    r"nombre(?:[ ]y[ ]apellidos?)?|apellidos?|from|to|"
    r"cc|bcc|attn|attention|contact|driver|guest|sender|author|member|patient|paciente|m[eé]dico|"
    r"remitido[ ]por|recipient|signed|participants?|dra?|responsable)[ \t]?:[ \t]{0,3}",
    re.IGNORECASE,
)
"""A form's label before a name."""

INLINE_LABEL = re.compile(
    r"(?:M[eé]dico|Remitido por|Nombre|Apellidos?|Paciente)[ ]?:[ ]{0,3}(?:Dra?\.?[ ]{0,2})?"
)

ANSWER = re.compile(
    r"\b(?:name|surname|account holder|nombre|apellido)\b[^?\n]{0,40}\?[\"”]?[ \t\n]{1,3}"
    r"(?:(?:user|customer|client|caller|guest|me|a|answer)[ ]?:[ ]{1,2})?"
    r"(?:(?:it['’]?s|its|my name is|it is|i['’]m|im|sure,?|yes,?)[ ]){0,2}(?=[^\W\d_])",
    re.IGNORECASE,
)
"""A question for a name and what leads to its answer: ``Your last name? User: X``."""


def stated_names(sentence: Sentence) -> Iterator[Name]:
    """Yield the names that a statement or a form's label gives, whatever word they are."""
    text = sentence.text
    bits = held_in(text)
    if not states(text, bits):
        return
    if may_be_explicit(text, bits):
        yield from _explicit(sentence)
    if bits & NAMED:
        yield from _names_of(sentence)
    if "?" in text:
        yield from _answers(sentence)
    if ":" in text:
        yield from _labels(sentence)


def _places(sentence: Sentence) -> dict[int, int]:
    """Return the index of the word that begins at each place."""
    return {token.start: index for index, token in enumerate(sentence.tokens)}


def _explicit(sentence: Sentence) -> Iterator[Name]:
    text = sentence.text
    starts = _places(sentence)
    for match in EXPLICIT.finditer(text):
        index = starts.get(match.end())
        if index is not None:
            cue = match.group().lower()
            if cue.endswith((" the ", " a ")) and sentence.tokens[index].shape == LOWER:
                continue
            name = _after(sentence, index, "alias:stated", cue)
            if name is not None:
                yield name
                yield from _further(sentence, name)
                if JOINING.match(cue) or NAMING.match(cue):
                    yield from _before(
                        sentence, index, match.start(), listed=not JOINING.match(cue)
                    )


def _names_of(sentence: Sentence) -> Iterator[Name]:
    starts = _places(sentence)
    for match in IS_NAME_OF.finditer(sentence.text):
        for part in ("one", "two"):
            index = starts.get(match.start(part))
            if index is not None and (name := _after(sentence, index, "alias:stated", "")):
                yield name


def _answers(sentence: Sentence) -> Iterator[Name]:
    starts = _places(sentence)
    for match in ANSWER.finditer(sentence.text):
        index = starts.get(match.end())
        if index is None or sentence.tokens[index].shape == LOWER:
            continue
        if (name := _labelled(sentence, index)) is not None:
            yield name


def _labels(sentence: Sentence) -> Iterator[Name]:
    starts = _places(sentence)
    for pattern in (LABEL, INLINE_LABEL):
        for match in pattern.finditer(sentence.text):
            index = starts.get(match.end())
            if index is not None and (name := _labelled(sentence, index)):
                yield name


def _after(sentence: Sentence, index: int, rule: str, cue: str) -> Name | None:
    token = sentence.tokens[index]
    if token.word[0].isdigit():
        return None
    if token.word in NOT_EXPLICIT:
        return _bare(sentence, index, rule, cue)
    chunk = chunk_at(sentence, index)
    if chunk is not None and chunk.last > index:
        return Name(index, chunk.last, chunk.shape, rule, STRONG)
    flags = token.flags
    bare = flags & (COMMON | OTHER) and not flags & (GIVEN | MONIKER | FAMILY)
    if bare and (
        "under" in cue or ("llam" in cue and "me llam" not in cue and "se llam" not in cue)
    ):
        return None
    if bare and token.shape == LOWER:
        return _bare(sentence, index, rule, cue)
    last = index
    while (
        last - index < 2
        and joined(sentence, last)
        and (nxt := sentence.tokens[last + 1]).word not in NOT_EXPLICIT
        and (
            (nxt.shape > LOWER and sentence.cased)
            or (nxt.flags & (GIVEN | FAMILY) and not nxt.flags & COMMON)
        )
        and not (nxt.flags & (COMMON | OTHER) and nxt.shape == LOWER)
    ):
        last += 1
    if bare and last > index:
        return None  # "known as Operation Guardian Angel"
    shape = "given" if flags & GIVEN else "moniker"
    return Name(index, last, "full" if last > index else shape, rule, STRONG)


_STOPS = frozenset(
    [
        "but",
        "cuz",
        "bc",
        "and",
        "n",
        "now",
        "at",
        "in",
        "on",
        "too",
        "y",
        "pero",
        "lol",
        "for",
        "from",
        "real",
        "because",
        "when",
        "since",
        "wit",
        "w",
        "with",
    ]
)


def _bare(sentence: Sentence, index: int, rule: str, cue: str) -> Name | None:
    """Return one or two ordinary words in lower case that a statement gives as a name."""
    if "called" in cue or (CLAUSE_END.search(sentence.gap_after(index)) is None and "name" in cue):
        return None
    tokens = sentence.tokens
    for last in (index, index + 1):
        if last >= len(tokens) or (last > index and not joined(sentence, index)):
            return None
        word = tokens[last].word
        if word in NOT_EXPLICIT and word not in (_FIRST if last == index else _SECOND):
            return None
        if word.endswith(("in", "ing", "ed", "ly")) and len(word) > 4:
            return None
        after = tokens[last + 1] if last + 1 < len(tokens) else None
        if word in NOT_EXPLICIT and last == index:
            continue
        if after is None or after.word in _STOPS or CLAUSE_END.search(after.gap):
            return Name(index, last, "moniker", rule, STRONG)
    return None


_FIRST = frozenset(
    {"boss", "baby", "mama", "papa", "daddy", "fat", "crazy", "love", "sis", "queen"}
)
_SECOND = frozenset(
    ["daddy", "baby", "mama", "papa", "lady", "girl", "boy", "man", "dog", "bitch", "boss", "love"]
)
"""Words that end a moniker of two ordinary words (``boss lady``)."""

NAMING = re.compile(rf"{OWNER}[ ]{{0,2}}names?|(?:street|nick)[ ]?name", re.IGNORECASE)
"""A statement of a second name, whose left side is a name where it is listed as one."""

IS_NAME_OF = re.compile(
    rf"(?<![\w@$#'’])(?P<one>[^\W\d_]\w{{1,20}})[ ](?:is|iz|=)[ ](?P<two>[^\W\d_]\w{{1,20}}?)['’]?s"
    rf"[ ](?:{OWNER}[ ]?)?(?:nick)?name\b",
    re.IGNORECASE,
)
"""``nova is tanisha's street name``: both are names."""

JOINING = re.compile(
    r"a[.]?k[.]?a|a/k/a|goes by|alias|(?:also|better|otherwise) known|apodad|conocid"
)
"""Statements whose left side is a name too."""


def _before(sentence: Sentence, index: int, end: int, *, listed: bool) -> Iterator[Name]:
    """Yield the word before a joining statement (``pistol aka marquel jenkins``)."""
    tokens = sentence.tokens
    while index >= 0 and tokens[index].start >= end:
        index -= 1
    if (
        index < 0
        or sentence.text[tokens[index].tail : end].strip(" (,")
        or any(mark in sentence.text[tokens[index].tail : end] for mark in "\n.!?")
    ):
        return
    token = tokens[index]
    if token.word in NOT_EXPLICIT or token.word[0].isdigit():
        return
    if listed and not token.flags & (GIVEN | MONIKER | FAMILY):
        return
    bare = token.flags & (COMMON | OTHER) and not token.flags & (GIVEN | MONIKER | FAMILY)
    if bare and (token.shape == LOWER or index == 0):
        starts_text = index == 0 and token.flags & COMMON and token.word not in _NOT_LEFT
        if not starts_text:
            return
    for first in (index - 2, index - 1):
        chunk = chunk_at(sentence, first) if first >= 0 else None
        if chunk is not None and chunk.last == index and chunk.first < index:
            yield Name(first, index, chunk.shape, "alias:stated", STRONG)
            return
    yield Name(index, index, "given" if token.flags & GIVEN else "moniker", "alias:stated", STRONG)


_NOT_LEFT = frozenset(
    [
        "and",
        "or",
        "but",
        "also",
        "now",
        "lol",
        "then",
        "she",
        "he",
        "who",
        "which",
        "that",
        "this",
        "girl",
        "boy",
        "dude",
        "guy",
        "man",
        "lady",
        "friend",
        "time",
        "everything",
        "life",
        "stuff",
        "day",
        "night",
        "week",
        "money",
        "car",
        "party",
        "thing",
        "place",
    ]
)


def _further(sentence: Sentence, name: Name) -> Iterator[Name]:
    """Yield the second name of ``goes by mal or mally``."""
    index = name.last + 1
    tokens = sentence.tokens
    if (
        index + 1 < len(tokens)
        and joined(sentence, name.last)
        and tokens[index].word in {"or", "o", "sometimes"}
        and tokens[index + 1].word not in NOT_EXPLICIT
        and not (
            tokens[index + 1].flags & COMMON and not tokens[index + 1].flags & (GIVEN | MONIKER)
        )
    ):
        yield Name(index + 1, index + 1, "moniker", "alias:stated", STRONG)


def _labelled(sentence: Sentence, index: int) -> Name | None:
    """Return the capitalised words after a label, up to the end of the field."""
    tokens = sentence.tokens
    last = index - 1
    position = index
    while position < len(tokens) and position - index < 5:
        token = tokens[position]
        if position > index and not joined(sentence, position - 1) and token.gap not in {", "}:
            break
        if (
            token.gap == ", "
            and position > index
            and not (token.flags & GIVEN and token.shape > LOWER)
        ):
            break
        if token.word[0].isdigit():
            break
        if (
            token.shape > LOWER
            and (token.flags & (GIVEN | FAMILY | MONIKER) or not token.flags & (COMMON | OTHER))
        ) or (position == index and token.flags & GIVEN and not token.flags & COMMON):
            last = position
        elif token.word not in {"de", "la", "del", "los", "las", "van", "von", "y", "der", "e"}:
            break
        position += 1
    if last < index or (tokens[index].shape == LOWER and not tokens[index].flags & GIVEN):
        return None
    return Name(index, last, "full" if last > index else "given", "alias:label", STRONG)
