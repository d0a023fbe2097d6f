"""Statements that give a name (``they call me X``) or join two (``X aka Y``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.base import STRONG
from extractors.name_chunks import chunk_at, joined
from extractors.name_cues import NOT_EXPLICIT
from extractors.name_lists import COMMON, FAMILY, GIVEN, MONIKER, OTHER
from extractors.name_rules import CLAUSE_END, Name
from extractors.name_tokens import LOWER, Sentence

GATE = re.compile(
    r"name|nickn|\bcall|\bby\b|\baka\b|a\.k|a/k|known|alias|dic?en\b|llam|nombre|apod|apellido"
    r"|conocid|sav(?:e|ed)\b|listed|under\b|from:|to:|contact|driver|guest|\bfor:|attn|signed"
    r"|digo\b|decimos\b|person:|member|user:|author|sender",
    re.IGNORECASE,
)
"""A superset of what every pattern below needs."""

_OWNER = r"(?:real|full|govt|gov|government|legal|birth|true|first|last|middle|street|stage|work|" \
         r"screen|nick|other|whole|actual|given|road)"
_WHOM = r"(?:me|him|her|them|us|dat|this|that|el|ella)"
_THEY = r"(?:they|everyone|everybody|erbody|people|ppl|we|i|folks|friends|u|you|everyone|just)"

EXPLICIT = re.compile(
    r"(?<![\w@$#])(?:"
    rf"(?:{_OWNER}[ ]{{0,2}})?(?:nick)?names?(?:[ ]?['’]s|[ ]is|[ ]was|[ ]iz|[ ]?[:=]|[ ]be)[ ]{{1,2}}"
    rf"|{_OWNER}[ ]{{0,2}}names?[ ]"
    rf"|(?:{_THEY}[ ](?:all[ ]|jus[t]?[ ]|usually[ ])?)call(?:s|ed|in)?[ ]{_WHOM}[ ]"
    rf"|call(?:ed|s|in)[ ]{_WHOM}[ ]"
    r"|(?:is|was|get|gets|am|im|i['’]m|be)[ ](?:also[ ])?called[ ]"
    r"|\bcall[ ]me[ ](?=[^\W\d_]{2,20}(?:[ ]?[.,!\n]|$))"
    r"|(?:go|goes|went|going|goin|known)[ ]by[ ](?:the[ ]name[ ](?:of[ ])?)?"
    r"|(?:also|better|otherwise|formerly|only|jus|just)[ ]known[ ]as[ ]|known[ ]as[ ]"
    r"|a[.]?k[.]?a[.]?:?[ ]|a/k/a[ ]"
    r"|nicknamed?[ ]|(?:street|nick)[ ]?name[ ]"
    r"|alias(?:es)?[ ]?(?:is[ ]|:[ ]?)?(?<=[ :])"
    r"|sav(?:e|ed)(?:[ ](?:me|him|her|them|it|this|my|number|num|his|in|ur|your|contacts?|phone|"
    r"the|as|under)){0,6}[ ](?:as|under)[ ]"
    r"|(?:listed|reserved|booked|registered|contact|lease|room|rm|is|its|it['’]s|order|name)[ ]"
    r"(?:is[ ])?(?:as|under)[ ](?:the[ ]name[ ])?"
    r"|under[ ]the[ ]name[ ](?:of[ ])?"
    r"|(?:me|te|se)[ ]llam(?:o|as|a|an|aba)[ ]"
    r"|(?:mi|su|tu|el|de)[ ](?:verdadero[ ]|real[ ])?(?:nombre|apodo|apellido)(?:[ ](?:real|verdadero))?"
    r"(?:[ ]es|:)?[ ]"
    r"|(?:me|le|les|lo|la|te)[ ](?:dicen|llaman|dice|digo|decimos|conocen[ ]como|apodan)[ ]"
    r"|(?:apodad|conocid|llamad)[oa](?:[ ]como)?[ ]"
    r")(?:(?:el|la|los|the|a|[\"'“‘])[ ]?(?<=[ \"'“‘]))?",
    re.IGNORECASE,
)
"""What is followed by a name, whatever the word is."""

LABEL = re.compile(
    r"(?m)^[ \t>*-]{0,4}(?:(?:full|first|last|user|contact|guest|account|patient|driver|given|"
    r"family|middle|sur|display|profile|sender|card[ -]?holder)[ _]?names?|name|nombre(?:[ ]y[ ]apellidos?)?|apellidos?|from|to|"
    r"cc|bcc|attn|attention|contact|driver|guest|sender|author|member|patient|paciente|m[eé]dico|"
    r"remitido[ ]por|recipient|signed|participants?|dra?|responsable)[ \t]?:[ \t]{0,3}",
    re.IGNORECASE,
)
"""A form's label before a name."""

INLINE_LABEL = re.compile(r"(?:M[eé]dico|Remitido por|Nombre|Apellidos?|Paciente)[ ]?:[ ]{0,3}(?:Dra?\.?[ ]{0,2})?")

WEAK_CALL = frozenset({"called", "calls", "callin"})


def stated_names(sentence: Sentence) -> Iterator[Name]:
    """Yield the names that a statement or a form's label gives, whatever word they are."""
    text = sentence.text
    if GATE.search(text) is None:
        return
    starts = {token.start: index for index, token in enumerate(sentence.tokens)}
    for match in EXPLICIT.finditer(text):
        index = starts.get(match.end())
        if index is not None:
            name = _after(sentence, index, "alias:stated", match.group().lower())
            if name is not None:
                yield name
                yield from _further(sentence, name)
    for pattern in (LABEL, INLINE_LABEL):
        for match in pattern.finditer(text):
            index = starts.get(match.end())
            if index is not None and (name := _labelled(sentence, index)):
                yield name


def _after(sentence: Sentence, index: int, rule: str, cue: str) -> Name | None:
    token = sentence.tokens[index]
    if token.word in NOT_EXPLICIT or token.word[0].isdigit():
        return None
    chunk = chunk_at(sentence, index)
    if chunk is not None and chunk.last > index:
        return Name(index, chunk.last, chunk.shape, rule, STRONG)
    flags = token.flags
    bare = flags & (COMMON | OTHER) and not flags & (GIVEN | MONIKER | FAMILY)
    if bare and ("under" in cue or "llam" in cue and "me llam" not in cue and "se llam" not in cue):
        return None
    if bare and token.shape == LOWER:
        follows = sentence.tokens[index + 1] if index + 1 < len(sentence.tokens) else None
        ends = follows is None or CLAUSE_END.search(follows.gap) or follows.word in {
            "but", "cuz", "bc", "and", "n", "now", "at", "in", "on", "too", "y", "pero", "lol", "for",
            "from", "real", "because", "when", "since",
        }  # fmt: skip
        if not ends or token.word.endswith(("in", "ing", "ed", "ly")) and len(token.word) > 4:
            return None
    last = index
    while (
        last - index < 2
        and joined(sentence, last)
        and (nxt := sentence.tokens[last + 1]).word not in NOT_EXPLICIT
        and (
            nxt.shape > LOWER and sentence.cased
            or nxt.flags & (GIVEN | FAMILY) and not nxt.flags & COMMON
        )
        and not (nxt.flags & (COMMON | OTHER) and nxt.shape == LOWER)
    ):
        last += 1
    shape = "given" if flags & GIVEN else "moniker"
    return Name(index, last, "full" if last > index else shape, rule, STRONG)


def _further(sentence: Sentence, name: Name) -> Iterator[Name]:
    """Yield the second name of ``goes by mal or mally``."""
    index = name.last + 1
    tokens = sentence.tokens
    if (
        index + 1 < len(tokens)
        and joined(sentence, name.last)
        and tokens[index].word in {"or", "o", "sometimes"}
        and tokens[index + 1].word not in NOT_EXPLICIT
        and not (tokens[index + 1].flags & COMMON and not tokens[index + 1].flags & (GIVEN | MONIKER))
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
        if token.gap == ", " and position > index and not (
            token.flags & GIVEN and token.shape > LOWER
        ):
            break
        if token.word[0].isdigit():
            break
        if token.shape > LOWER and (
            token.flags & (GIVEN | FAMILY | MONIKER) or not token.flags & (COMMON | OTHER)
        ) or position == index and token.flags & GIVEN and not token.flags & COMMON:
            last = position
        elif token.word not in {"de", "la", "del", "los", "las", "van", "von", "y", "der", "e"}:
            break
        position += 1
    if last < index or tokens[index].shape == LOWER and not tokens[index].flags & GIVEN:
        return None
    return Name(index, last, "full" if last > index else "given", "alias:label", STRONG)


_GLUE = r"(?:[\s,;:()\"“”'’.…*~|-]|\b(?:is|was|he|she|who|but|n|and|or|so|her|his|my|their|es|pero|y|" \
        r"su|mi|that|thats|dats|also|just|jus|real|now|cuz|bc|o|x|ella|real)\b){0,8}?"

BETWEEN = re.compile(
    rf"(?:['’]?s)?{_GLUE}(?:"
    r"a[.]?k[.]?a[.]?:?|a/k/a|(?:also|better|otherwise|formerly|only|just)?\s?known as|"
    r"go(?:es)? by(?: the name(?: of)?)?|alias|nicknamed?(?: is|['’]s|:)?|"
    r"apodad[oa]|conocid[oa] como|mejor conocid[oa] como|se hace llamar|"
    rf"(?:{_OWNER}\s?)?(?:nick)?names?(?:\s?['’]s|\s?is|\s?was|:|\s?=)?|"
    rf"(?:{_THEY}\s(?:all\s)?)?call(?:s|ed)? {_WHOM}|is called|"
    r"(?:me|le|lo|la|les)\s(?:dicen|llaman|dice|digo)|"
    r"(?:nombre|apodo|apellido)(?:\s(?:real|verdadero))?(?:\ses|:)?|se llama|me llamo|"
    r"(?:is |got |i got |i have |have )?(?:him |her |it )?(?:is )?(?:saved|listed)(?: (?:in|my|the|phone|contacts|me|her|him)){0,4} (?:as|under)"
    r")\s?[\"“'(]?(?:\s?(?:the|el|la|los|a))?\s?[\"“'(]?\s?",
    re.IGNORECASE,
)
"""What may stand between two names of one person; it must match the whole space between."""

CALLS_FIRST = re.compile(
    rf"(?:\b{_THEY}\s(?:all\s)?(?:just\s)?call(?:s|ed)?|\b(?:saved|got|have)|\bcalled)\s$", re.IGNORECASE
)
"""Before two names side by side: ``they call Marcus Slim``."""

AFTER_BOTH = re.compile(r"['’]?s?\s(?:real |street |nick |other |full |work )?(?:nick)?name\b", re.IGNORECASE)
"""After the second: ``Nova is Tanisha's street name``."""

SAVED_AS = re.compile(r"\s(?:is |was )?(?:saved |listed )?(?:in (?:my|his|her) (?:phone|contacts) )?as\s[\"“']?", re.IGNORECASE)
IS = re.compile(r"\s(?:is|iz|was|=|es)\s[\"“']?", re.IGNORECASE)
QUOTED = re.compile(r"\s?[(]?[\"“'‘]\s?")
CALLED_GATE = re.compile(
    r"name|nick|call|aka|a\.k|a/k|known|\bby\b|alias|dicen?\b|llam|nombre|apod|conocid|sav|listed"
    r"|[\"“‘]|digo",
    re.IGNORECASE,
)


def joins(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indexes into the spans of names that a statement joins.

    Args:
        text: the record's text.
        spans: start and end of every name, sorted, without overlap.

    Yields:
        Index of the left and of the right name.
    """
    if len(spans) < 2 or CALLED_GATE.search(text) is None:
        return
    for left in range(len(spans) - 1):
        start, end = spans[left]
        right_start, right_end = spans[left + 1]
        if right_start - end > 80:
            continue
        between = text[end:right_start]
        if BETWEEN.fullmatch(between):
            yield left, left + 1
        elif SAVED_AS.fullmatch(between) and re.search(r"sav|listed|phone|contact", text[:right_start], re.IGNORECASE):
            yield left, left + 1
        elif IS.fullmatch(between) and AFTER_BOTH.match(text, right_end):
            yield left, left + 1
        elif between in {" ", ' "', " “"} and CALLS_FIRST.search(text[max(0, start - 40) : start]):
            yield left, left + 1
        elif QUOTED.fullmatch(between) and text[right_end : right_end + 1] in {'"', "”", "'", "’"}:
            yield left, left + 1
