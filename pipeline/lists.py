"""Lists that people bring to a case: whom to watch for, whose threads to seal, whom to protect.

A list is a CSV with a header. Columns: ``value`` (any writing), and, where it is known, ``kind``
(one of :data:`KINDS`), ``label`` (whom the entries stand for; entries of one label belong together)
and ``note``. A file without a header, or without ``kind``, is taken too: what a value is, is seen
from its writing. Lists hold names that must not leak: nothing here writes them anywhere.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import RunConfig
from pipeline.errors import ConfigError

KINDS = ("phone", "name", "handle", "email", "domain", "account", "address")
"""What an entry can be. ``account``: a provider's number; ``address``: a postal address."""

OTHER_WORDS = {
    "number": "phone", "telephone": "phone", "mobile": "phone", "alias": "name", "moniker": "name",
    "nickname": "name", "person": "name", "firm": "name", "username": "handle", "user": "handle",
    "mail": "email", "e-mail": "email", "account_id": "account", "id": "account",
    "street": "address", "location": "address",
}  # fmt: skip
COLUMNS = {
    "value": "value", "entry": "value", "identifier": "value", "kind": "kind", "type": "kind",
    "label": "label", "designator": "label", "group": "label", "who": "label", "note": "note",
    "notes": "note", "comment": "note", "reason": "note",
}  # fmt: skip
"""What people head the columns with."""

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DOMAIN = re.compile(r"@?(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
HANDLE = re.compile(r"[@$]\S+|[a-z]{2,12}:\S+", re.IGNORECASE)
STREET = re.compile(r"\d{1,6} \S.*[^\W\d_]{2}")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A line of a list, made comparable."""

    kind: str
    value: str
    """phone: E.164, or digits where it cannot be completed; name, address: folded, single blanks;
    handle: ``service:name`` or name, lower case, without @; email, domain: lower case; account:
    as it stands."""
    written: str = ""
    """As the list has it."""
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a run; an empty one was not given."""

    watch: tuple[Entry, ...] = ()
    counsel: tuple[Entry, ...] = ()
    advocates: tuple[Entry, ...] = ()
    protected: tuple[Entry, ...] = ()


def read_lists(config: RunConfig) -> Lists:
    """Read the lists that the options name.

    Raises:
        ConfigError: see :func:`read_list`.
    """
    given = {name: getattr(config, name) for name in Lists.__dataclass_fields__}
    return Lists(**{
        name: read_list(Path(path), config.region) for name, path in given.items() if path
    })  # fmt: skip


def read_list(path: Path, region: str) -> tuple[Entry, ...]:
    """Read a list.

    Args:
        path: a CSV (comma, semicolon or tab).
        region: country of phone numbers without one.

    Returns:
        Distinct entries, sorted.

    Raises:
        ConfigError: unreadable, empty, an unknown kind, or a value that is not of its kind; names
            the line, never the value.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{path}: the list cannot be read ({reason})") from error
    entries = {entry(path, line, row, region) for line, row in _rows(path, text)}
    if not entries:
        raise ConfigError(f"{path}: the list is empty; leave the option out, or add a line")
    return tuple(sorted(entries))


def _rows(path: Path, text: str) -> list[tuple[int, dict[str, str]]]:
    """Lines of a list by number, as columns; blank lines and lines that begin with # apart."""
    first = text.lstrip().split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    rows, names = [], None
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if names is None:
                names = [COLUMNS.get(cell.lower(), "") for cell in cells]
                if "value" in names:
                    continue
                names = ["value", "label", "note"]
            row = dict(zip(names, cells, strict=False))
            row.pop("", None)
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise ConfigError(f"{path}, line {reader.line_num}: not CSV ({error})") from error
    return rows


def entry(path: Path, line: int, row: dict[str, str], region: str) -> Entry:
    """Make an entry of a line.

    Raises:
        ConfigError: see :func:`read_list`.
    """
    written = row.get("value", "")
    given = row.get("kind", "").lower()
    kind = OTHER_WORDS.get(given, given) or _kind_of(written, region)
    if kind not in KINDS:
        raise ConfigError(f"{path}, line {line}: unknown kind; known are {', '.join(KINDS)}")
    value = canonical(kind, written, region)
    if not value:
        raise ConfigError(f"{path}, line {line}: the value is no {kind}")
    return Entry(kind, value, written, row.get("label", ""), row.get("note", ""))


def _kind_of(written: str, region: str) -> str:
    if EMAIL.fullmatch(written):
        return "email"
    if DOMAIN.fullmatch(written):
        return "domain"
    if HANDLE.fullmatch(written):
        return "handle"
    if STREET.fullmatch(written):
        return "address"
    digits = sum(map(str.isdigit, written))
    if digits > 15 or (written.isdigit() and digits > 11):
        return "account"
    return "phone" if digits >= 7 and not re.search(r"[^\W\d_]{4}", written) else "name"


def canonical(kind: str, written: str, region: str) -> str:
    """Return a value in the form in which lists are compared; "" where it is not of its kind."""
    text = folded(written)
    if kind == "phone":
        return _number(written, region)
    if kind == "handle":
        service, mark, name = text.rpartition(":")
        return f"{service}{mark}{name.lstrip('@')}".replace(" ", "")
    if kind == "email":
        return text if EMAIL.fullmatch(text) else ""
    if kind == "domain":
        return text.lstrip("@") if DOMAIN.fullmatch(text) else ""
    if kind == "account":
        return written.strip()
    return text


def folded(text: str) -> str:
    """Compatibility forms composed, case folded, blanks single: how names are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number(written: str, region: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return ""
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE:  # not without its area code
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    digits = "".join(sign for sign in written if sign.isdecimal())
    return digits if len(digits) >= 7 else ""
