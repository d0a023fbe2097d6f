"""Files that a field of a Meta record refers to."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.readers.base import Attachment
from pipeline.readers.fields import BREAK, Field, Piece
from pipeline.readers.meta_parts import walk
from pipeline.readers.meta_sections import PERSON

LINKED = "linked media file"


def shows_files(item: Field) -> bool:
    """Whether a field names or shows a file of the return."""
    return any(part.media or _key(part) == LINKED for part in walk(item))


def attachments_of(item: Field) -> list[Attachment]:
    """Files of one field: a line ``image-9 (9)`` opens each, further fields describe it.

    A label that comes again opens a file, too.
    """
    if _key(item) == LINKED:
        return [_attachment({LINKED: item.text()})] if item.text() else []
    drafts: list[dict[str, str]] = []
    for part in _flat(item):
        if isinstance(part, str):
            match = PERSON.match(part)
            name = match["name"] if match else part
            drafts.append({"name": name.strip(), "id": match["id"] if match else ""})
            continue
        key, text = _key(part), part.text()
        if not drafts or (key and text and drafts[-1].get(key)):
            drafts.append({})
        if text:
            drafts[-1].setdefault(key, text)
        _show(part.media, drafts)
    _show(item.media, drafts)
    return [_attachment(draft) for draft in drafts if any(draft.values())]


def _key(item: Field) -> str:
    return item.label.rstrip(": ").casefold()


def _show(media: list[str], drafts: list[dict[str, str]]) -> None:
    """Note paths of pictures shown; one more than a file has is a file of its own."""
    for path in media:
        name = path.rpartition("/")[2]
        shown = (draft.get(key, "") for draft in drafts for key in ("media", LINKED))
        if any(other.rpartition("/")[2] == name for other in shown):
            continue
        if not drafts or "media" in drafts[-1]:
            drafts.append({})
        drafts[-1]["media"] = path


def _flat(item: Field) -> Iterator[str | Field]:
    """Yield printed lines of a field and the fields beneath it, nameless ones opened, in order."""
    line = ""
    for part in [*item.items, BREAK]:
        if isinstance(part, Piece):
            line += part.text
            continue
        if line.strip():
            yield line.strip()
        line = ""
        if isinstance(part, Field):
            yield part
            yield from (child for child in _flat(part) if isinstance(child, Field))


def _attachment(draft: dict[str, str]) -> Attachment:
    size = draft.get("size", "").strip()
    path = draft.get(LINKED) or draft.get("media")
    name = draft.get("name") or (path.rsplit("/", 1)[-1] if path else None)
    return Attachment(
        name=name or None,
        provider_id=draft.get("id") or None,
        media_type=draft.get("type") or None,
        size_bytes=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else None,
        url=draft.get("url") or None,
        path=path or None,
    )
