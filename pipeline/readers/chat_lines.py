"""What stands behind the head of a chat line: a name, a text, a file, words of the service."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from pipeline.readers.base import Attachment
from pipeline.readers.chat_dates import MARKS, Head
from schemas.kinds import RecordKind

_MARK = re.compile(f"[{MARKS}]+")
_GAP = " \t\xa0\u2007\u2009\u202f"
_LINE_BREAK = re.compile(r"[\r\n]")
_NAME_ROOM = 160
"""Code points in which a name must end: names of contacts and groups are shorter."""
_SPLITS = 4
"""Colons in a heading that are looked at."""

_LABELS = re.compile(
    r"(?:live )?location|ubicaci[oó]n|https?|note|nota|update|re|fwd?|ps|p\.s\.|poll|address|addy|"
    r"code|phone|number|call|name|time|price|room|total|cashapp|cash app|venmo|zelle|rate|date|day",
    re.IGNORECASE,
)
"""Words before a colon that begin a text rather than end a name."""

_SERVICE = re.compile(
    r"\b(?:end-to-end encrypted|security code|changed (?:the|this|their|to)|created (?:the |this )?"
    r"group|joined (?:using|from|via)|was added|were added|added |removed |left\b|"
    r"deleted this group|turned (?:on|off)|pinned a message|is a contact|blocked this|unblocked|"
    r"now an admin|no longer an admin|started a (?:video |voice )?call|group settings|"
    r"disappearing messages|community|cifrad[oa]s? de extremo a extremo|c[oó]digo de seguridad|"
    r"cambi[oó] (?:el|la|su|de)|cre[oó] (?:el )?grupo|a[nñ]adi[oó]|agreg[oó]|elimin[oó] a|"
    r"sali[oó] del|se uni[oó]|mensajes temporales)",
    re.IGNORECASE,
)
"""What the service says of a chat, in English and Spanish."""
_SERVICE_ON = re.compile(
    r"\w (?:changed (?:the|this|their)|created (?:the |this )?group|added|removed|"
    r"deleted this group|cambi[oó] (?:el|la|su|de)|cre[oó] (?:el )?grupo|a[nñ]adi[oó]|agreg[oó]|"
    r"elimin[oó] a) ",
    re.IGNORECASE,
)
"""The same before a colon, where it might be taken for a name."""
_CALLED = re.compile(
    r"(?:missed |silenced |no answer )?(?:group )?(?:voice|video|audio) call\b"
    r"|(?:video)?llamada (?:de voz |de video |grupal )?(?:perdida|sin respuesta)?",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"(?:this message was deleted|you deleted this message|se elimin[oó] este mensaje|"
    r"eliminaste este mensaje|this message was deleted by admin [^\r\n]{1,100}?)\.?\s*",
    re.IGNORECASE,
)
_EDITED = re.compile(
    rf"[{MARKS}]*<[{MARKS}]*(?:this message was edited|se edit[oó] este mensaje\.?)>\s*\Z",
    re.IGNORECASE,
)
_NOT_SERVICE = re.compile(
    r"<|(?:live )?location|ubicaci[oó]n|poll|encuesta|contact card|waiting for this message|"
    r"[\w ]{3,20} (?:omitted|omitid[oa])|https?:|view once",
    re.IGNORECASE,
)
"""What a person sent and iOS words, with a direction mark before it, as it words its own lines."""

_OMITTED = re.compile(
    r"<(?:media omitted|multimedia omitido|archivo omitido|m[ií]dia oculta)>"
    r"|(?:image|video|audio|gif|sticker|document|photo|video note|contact card|imagen|documento) "
    r"(?:omitted|omitid[oa])",
    re.IGNORECASE,
)
_FILE = r"[^\r\n<>:*?\"|/\\]{1,180}?\.[A-Za-z0-9]{2,5}"
_ATTACHED = re.compile(
    rf"<[{MARKS}]*(?:attached|adjunto|anexado|archivo adjunto|pi[eè]ce jointe|anhang|allegato)"
    rf"[ \xa0]?: ?(?P<ios>{_FILE})>"
    rf"|^[{MARKS}]*(?P<android>{_FILE})[ \xa0]\((?:file attached|archivo adjunto|arquivo anexado|"
    r"fichier joint|datei angeh[aä]ngt|file allegato)\)"
    rf"|^[{MARKS}]*(?P<other>(?:IMG|VID|PTT|AUD|DOC|STK)-\d{{8}}-WA\d{{4,6}}\.[A-Za-z0-9]{{2,5}})"
    r"[ \xa0]\([^()\r\n]{1,40}\)"
    rf"|^[{MARKS}]*(?P<old>{_FILE})[ \xa0][{MARKS}]*<[{MARKS}]*attached>",
    re.IGNORECASE | re.MULTILINE,
)
_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "gif": "image/gif", "heic": "image/heic", "mp4": "video/mp4", "mov": "video/quicktime",
    "3gp": "video/3gpp", "opus": "audio/opus", "ogg": "audio/ogg", "m4a": "audio/mp4",
    "mp3": "audio/mpeg", "aac": "audio/aac", "amr": "audio/amr", "pdf": "application/pdf",
    "vcf": "text/vcard", "txt": "text/plain", "zip": "application/zip",
}  # fmt: skip


class Line:
    """A message as it stands: its head, its first line behind that, its end."""

    __slots__ = ("end", "head", "heading", "kind", "name", "text_end", "text_start")

    def __init__(self, text: str, head: Head, end: int) -> None:
        """Measure the message between a head and the start of the next."""
        self.head = head
        self.end = end
        """Start of the next head."""
        self.text_end = end
        if end > head.end and text[end - 1] in "\r\n":
            pair = end - 2 >= head.end and text[end - 2 : end] == "\r\n"
            self.text_end = end - 1 - pair
        limit = min(self.text_end, head.end + _NAME_ROOM)
        stop = _LINE_BREAK.search(text, head.end, limit)
        self.heading = text[head.end : stop.start() if stop else limit]
        """The beginning of its first line, where a name may stand."""
        self.name: str | None = None
        """Without direction marks; None: it is of the service."""
        self.text_start = head.end
        self.kind = RecordKind.SYSTEM

    def settle(self, text: str, names: Names) -> None:
        """Find name, kind and where the text begins, with all names of the file known."""
        self.name, inside = names.split(self.heading)
        self.text_start = self.head.end + inside
        body = text[self.text_start : self.text_end]
        self.kind = kind_of(self.name, body, bracketed=self.head.style[0])


def lines_of(text: str, found: list[Head]) -> list[Line]:
    """Return what stands behind each head, up to the next."""
    ends = [head.start for head in found[1:]] + [len(text)]
    lines = [Line(text, head, end) for head, end in zip(found, ends, strict=True)]
    names = Names(line.heading for line in lines)
    for line in lines:
        line.settle(text, names)
    return lines


class Names:
    """Finds the name in headings; a name that holds a colon is known by coming again."""

    def __init__(self, headings: Iterable[str]) -> None:
        """Count what stands before each colon of a file's headings."""
        self._counts: Counter[str] = Counter()
        for heading in headings:
            self._counts.update(name for name, _ in _prefixes(heading))

    def split(self, heading: str) -> tuple[str | None, int]:
        """Return the name without direction marks, and where in the heading the text begins.

        No name and 0 for a line of the service.
        """
        found = _prefixes(heading)
        if not found:
            return None, 0
        counts = self._counts
        chosen = found[0]
        if counts[chosen[0]] < 2 and _reads_as_service(chosen[0]):
            return None, 0
        for longer in found[1:]:
            added = longer[0][len(chosen[0]) + 1 :].strip()
            # all that this name wrote goes on alike, more than once or up to the mark that iOS puts
            # before words of the service: the colon is the name's own
            least = 1 if heading.startswith("\u200e", longer[1]) else 2
            if counts[longer[0]] < max(least, counts[chosen[0]]) or _LABELS.fullmatch(added):
                break
            chosen = longer
        return chosen


def unmarked(text: str) -> str:
    """Return a name without direction marks and blanks at its ends."""
    return _MARK.sub("", text).strip(_GAP)


@lru_cache(maxsize=8192)
def _prefixes(heading: str) -> tuple[tuple[str, int], ...]:
    """Return what may be the name, shortest first, each with the start of the text behind it."""
    found: list[tuple[str, int]] = []
    at = -1
    while len(found) < _SPLITS and (at := heading.find(":", at + 1)) > 0:
        rest = heading[at + 1 : at + 2]
        if rest not in ("", " ", "\xa0", "\u202f") or (not rest and found):
            continue
        if name := unmarked(heading[:at]):
            found.append((name, at + 1 + len(rest)))
    return tuple(found)


def _reads_as_service(name: str) -> bool:
    odd = name.count('"') % 2 or name.count("“") != name.count("”")
    return bool(odd or _SERVICE_ON.search(name))


def kind_of(name: str | None, text: str, *, bracketed: bool) -> RecordKind:
    """Say what a line is: a message, a call, or a line of the service.

    Args:
        name: who it stands under; None: nobody.
        text: what it says.
        bracketed: whether it is of iOS, which puts lines of the service under a name and a
            direction mark before them.
    """
    if name is None:
        return RecordKind.SYSTEM
    bare = text.lstrip("\u200e")
    if len(bare) < 120 and _CALLED.match(bare) and (bare != text or _CALLED.fullmatch(bare)):
        return RecordKind.CALL
    if not bracketed or bare == text or _DELETED.match(bare) or _NOT_SERVICE.match(bare):
        return RecordKind.MESSAGE
    # a file's caption, pages or name may come first, with the mark before it
    if _ATTACHED.search(text) or not _SERVICE.search(bare[:400]):
        return RecordKind.MESSAGE
    return RecordKind.SYSTEM


def marks_of(text: str) -> list[tuple[str, str]]:
    """Return what the line says of its own message: edited, deleted, media left out."""
    bare = text.lstrip("\u200e")
    marks = []
    if _DELETED.fullmatch(bare):
        marks.append(("Deleted", "true"))
    if "<" in text and _EDITED.search(text[-120:]):
        marks.append(("Edited", "true"))
    if _OMITTED.match(bare):
        marks.append(("Media", "left out of the export"))
    return marks


def attachments(text: str) -> list[Attachment]:
    """Return the files that a message names, and one without name for media left out."""
    found: list[Attachment] = []
    if "." in text and ("<" in text or "(" in text):
        found = [
            _attachment(unmarked(next(filter(None, match.groups()))))
            for match in _ATTACHED.finditer(text)
        ]
    if not found and _OMITTED.match(text.lstrip("\u200e")):
        return [Attachment(None, None, None, None, None, None)]
    return found


def _attachment(name: str) -> Attachment:
    kind = _TYPES.get(name.rpartition(".")[2].lower())
    return Attachment(name, None, kind, None, None, name)
