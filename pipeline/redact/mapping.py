"""Designators: which person of the list is PP-1. Given once, at random, and never given anew.

In ``sealed/`` of a case stand ``protected.json``, by which a run finds the numbers again (HMACs
under a key that is not in the case in the clear), and ``protected.age``, which says for people who
hold the sealed material's key whom each designator stands for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.case import Case, locked
from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import writable, write_private
from pipeline.lists import Entry, folded
from pipeline.password import read_password
from pipeline.sealing.keys import make_key, outside_path, sealed_folder

NUMBERS = "protected.json"
PEOPLE = "protected.age"
LOCKED = "protected-key.age"

KEY_BYTES = 32
VARIABLE = "TRIAGE_PASSWORD_FILE"


@dataclass(frozen=True, slots=True)
class Designated:
    """The persons of a case by number, and the key under which redacted outputs hash ids."""

    people: tuple[tuple[int, Entry], ...]
    key: bytes

    @property
    def count(self) -> int:
        """How many persons there are."""
        return len({number for number, _ in self.people})


def designate(case: Case, entries: Sequence[Entry]) -> Designated:
    """Return the number of each entry's person; persons that are new get the next ones.

    Entries of one label are one person; one without a label is a person of its own. Of persons
    that are new together the order is random.

    Args:
        case: the case; its folder ``sealed`` is written if there is somebody new.
        entries: the list.

    Raises:
        ConfigError: the key under which the numbers were noted is not here.
        IntegrityError: what is noted cannot be read.
    """
    noted = _noted(case)
    if noted is not None:
        key = _key_of(case, noted["key_id"], noted["kept"])
        if not _new(key, noted["numbers"], entries):
            return Designated(_numbered(key, noted["numbers"], entries), key)
    if not writable(case.root):
        raise ConfigError(
            f"{case.root}: designators have to be noted in sealed/, and the case may not be "
            "written; make the output once where it may"
        )
    with locked(case, wait=10):
        noted = _noted(case)
        if noted is None:
            noted, key = _make(case)
        else:
            key = _key_of(case, noted["key_id"], noted["kept"])
        numbers = _grown(key, noted["numbers"], entries)
        _tell(case, key, numbers, entries)
        _note(case, {**noted, "numbers": numbers})
    return Designated(_numbered(key, numbers, entries), key)


def is_designated(case: Case) -> bool:
    """Whether anybody has a designator in this case."""
    noted = _noted(case)
    return noted is not None and bool(noted["numbers"])


def _persons(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Gather entries by person: the label folded, or what stands for it."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries):
        label = folded(entry.label)
        found[f"label\x1f{label}" if label else _name(entry)].append(entry)
    return sorted(found.items())


def _name(entry: Entry) -> str:
    return f"entry\x1f{entry.kind}\x1f{entry.value}"


def keyed(key: bytes, text: str) -> str:
    """HMAC-SHA256 of a text under the key, in hexadecimal."""
    data = text.encode("utf-8", "surrogatepass")
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def _number_of(
    key: bytes, numbers: dict[str, int], taken: set[int], name: str, entries: list[Entry]
) -> int | None:
    """Return a person's number: by its label, else by an entry that no other label has."""
    if (number := numbers.get(keyed(key, name))) is not None:
        return number
    known = {numbers.get(keyed(key, _name(entry))) for entry in entries} - {None} - taken
    return min(known, default=None)  # type: ignore[type-var]


def _labelled(
    key: bytes, numbers: dict[str, int], persons: list[tuple[str, list[Entry]]]
) -> set[int]:
    """Numbers that belong to a person of this list by its own name."""
    return {numbers[h] for name, _ in persons if (h := keyed(key, name)) in numbers}


def _new(key: bytes, numbers: dict[str, int], entries: Sequence[Entry]) -> bool:
    """Whether anything of the list is not noted yet."""
    names = {name for name, _ in _persons(entries)} | {_name(entry) for entry in entries}
    return any(keyed(key, name) not in numbers for name in names)


def _grown(key: bytes, numbers: dict[str, int], entries: Sequence[Entry]) -> dict[str, int]:
    grown = dict(numbers)
    persons = _persons(entries)
    taken = _labelled(key, grown, persons)
    fresh = []
    for name, own in persons:
        number = _number_of(key, grown, taken, name, own)
        if number is None:
            fresh.append((name, own))
        else:
            taken.add(number)
            _put(key, grown, name, own, number)
    secrets.SystemRandom().shuffle(fresh)
    for number, (name, own) in enumerate(fresh, max(grown.values(), default=0) + 1):
        _put(key, grown, name, own, number)
    return dict(sorted(grown.items()))


def _put(key: bytes, grown: dict[str, int], name: str, own: list[Entry], number: int) -> None:
    for text in (name, *map(_name, own)):
        grown.setdefault(keyed(key, text), number)


def _numbered(
    key: bytes, numbers: dict[str, int], entries: Sequence[Entry]
) -> tuple[tuple[int, Entry], ...]:
    return tuple(
        (numbers[keyed(key, name)], entry) for name, own in _persons(entries) for entry in own
    )


def _noted(case: Case) -> dict[str, Any] | None:
    path = sealed_folder(case.root) / NUMBERS
    try:
        noted = json.loads(path.read_text("utf-8"))
        fits = all(isinstance(noted[name], str) for name in ("key_id", "kept"))
        fits = fits and all(isinstance(n, int) for n in noted["numbers"].values())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise IntegrityError(
            f"{path}: the designators of the case cannot be read; put the file back"
        )
    return dict(noted)


def _note(case: Case, noted: dict[str, Any]) -> None:
    path = sealed_folder(case.root) / NUMBERS
    write_private(path, json.dumps(noted, indent=1, sort_keys=True).encode() + b"\n")


def _make(case: Case) -> tuple[dict[str, Any], bytes]:
    """Make the key of a case, and keep it under the password or with the user."""
    from pyrage import passphrase

    folder = sealed_folder(case.root)
    folder.mkdir(mode=0o700, exist_ok=True)
    key = secrets.token_bytes(KEY_BYTES)
    key_id = secrets.token_hex(8)
    password_file = os.environ.get(VARIABLE)
    if password_file:
        locked_key = passphrase.encrypt(key.hex().encode(), read_password(Path(password_file)))
        write_private(folder / LOCKED, locked_key)
    else:
        path = outside_path(f"{key_id}-protected")
        try:
            path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            write_private(path, key.hex().encode() + b"\n")
        except OSError as error:
            raise ConfigError(
                f"{path}: the key of the designators cannot be kept there ({error.strerror}); "
                "give --password-file, and it is kept in the case"
            ) from error
    kept = "password" if password_file else "outside"
    return {"format": 1, "key_id": key_id, "kept": kept, "numbers": {}}, key


def _key_of(case: Case, key_id: str, kept: str) -> bytes:
    if kept == "password":
        return _unlocked(case)
    try:
        text = outside_path(f"{key_id}-protected").read_text("utf-8")
    except OSError as error:
        raise ConfigError(
            f"{case.root}: the key of the designators ({key_id}-protected) is not in this user's "
            "key folder; who made the first redacted output has it"
        ) from error
    return _bytes(case, text)


def _unlocked(case: Case) -> bytes:
    from pyrage import DecryptError, passphrase

    password_file = os.environ.get(VARIABLE)
    if not password_file:
        raise ConfigError(
            f"{case.root}: the designators are under a password: give --password-file"
        )
    try:
        locked_key = (sealed_folder(case.root) / LOCKED).read_bytes()
        text = passphrase.decrypt(locked_key, read_password(Path(password_file))).decode("ascii")
    except DecryptError as error:
        raise ConfigError(f"{case.root}: the password does not open sealed/{LOCKED}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IntegrityError(f"{case.root}: sealed/{LOCKED} cannot be read; put it back") from error
    return _bytes(case, text)


def _bytes(case: Case, text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise IntegrityError(f"{case.root}: the key of the designators is damaged; put it back")
    return key


def _tell(case: Case, key: bytes, numbers: dict[str, int], entries: Sequence[Entry]) -> None:
    """Write whom each designator stands for, for those who hold the sealed material's key."""
    from pyrage import encrypt, x25519

    seal = make_key(case.root, os.environ.get(VARIABLE))
    rows = [
        {"designator": f"PP-{number}", "label": entry.label, "kind": entry.kind,
         "value": entry.written or entry.value}
        for number, entry in _numbered(key, numbers, entries)
    ]  # fmt: skip
    rows.sort(key=lambda row: (int(row["designator"][3:]), row["kind"], row["value"]))
    lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
    recipient = x25519.Recipient.from_str(seal.recipient)
    data = encrypt(lines.encode("utf-8", "surrogatepass"), [recipient])
    path: Path = sealed_folder(case.root) / PEOPLE
    write_private(path, data)
