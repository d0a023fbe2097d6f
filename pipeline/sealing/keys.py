"""The key of a case's sealed material: an age identity, of which a run holds the public half.

``sealed/key.json`` has the public half and a salt. The identity lies in ``sealed/key.age`` under a
password, or, without one, in the key folder of the user who made it, outside the case.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import write_private
from pipeline.password import read_password

KEY, LOCKED, README = "key.json", "key.age", "README.txt"
WITH_PASSWORD, OUTSIDE = "password", "outside"

TEXT = """\
Sealed material of this case: conversations with listed counsel and advocates, and what else names
them. Nobody who works on the case may open it; a court, or a filter team, may.

records/*.age  for each part of a source JSON lines, encrypted with age (age-encryption.org)
index.json     which conversations are sealed, by id, with pages and counts; no content
key.json       the public half of the key
protected.json which protected person has which designator, by keyed hashes
protected.age  who they are, encrypted to the same key; the key of those hashes is in
               protected-key.age under the password, or in the key folder
key.age        the key itself, if a password was given: age -d key.age > key.txt
               Without key.age the key lies with the user who made it, in
               $XDG_CONFIG_HOME/triage/keys (or ~/.config/triage/keys; on Windows
               %APPDATA%\\triage\\keys), named after key_id in key.json.

To open a file:           age -d -i key.txt records/NAME.age > name.jsonl
To release a conversation to the investigation: triage release CASE THREAD --name NAME --reason TEXT
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What a run may know of the key."""

    recipient: str
    """Public half (``age1…``): encrypts, opens nothing."""
    salt: bytes
    """Makes ids of conversations that nobody can guess from a name."""
    key_id: str
    kept: str
    """Where the identity is: ``password`` or ``outside``."""

    def id_of(self, *parts: str) -> str:
        """Id of something sealed: the same in each run of the case, and of this case alone."""
        return keyed(self.salt, *parts)


def keyed(salt: bytes, *parts: str) -> str:
    """Hash parts under a salt into 20 hexadecimal digits."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, key=salt, digest_size=10).hexdigest()


def sealed_folder(case: Path) -> Path:
    """Folder of sealed material of a case."""
    return case / "sealed"


def load_key(case: Path) -> Key | None:
    """Return the case's key; None if it has none yet.

    Raises:
        IntegrityError: its file is damaged.
    """
    path = sealed_folder(case) / KEY
    try:
        row = json.loads(path.read_text("utf-8"))
        return Key(row["recipient"], bytes.fromhex(row["salt"]), row["key_id"], row["kept"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            f"{path}: the key of the sealed material cannot be read; put the file back"
        ) from error


def make_key(case: Path, password_file: str | None) -> Key:
    """Return the case's key; make one if it has none.

    Args:
        case: the case folder.
        password_file: file whose first line is the password that the identity is kept under.

    Raises:
        ConfigError: the password or the key folder cannot be used.
    """
    from pyrage import passphrase, x25519

    found = load_key(case)
    folder = sealed_folder(case)
    if found is not None:
        if found.kept == OUTSIDE and password_file:
            return _move_in(folder, found, password_file)
        return found
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    key_id = hashlib.sha256(recipient.encode()).hexdigest()[:16]
    kept = WITH_PASSWORD if password_file else OUTSIDE
    key = Key(recipient, secrets.token_bytes(16), key_id, kept)
    folder.mkdir(mode=0o700, exist_ok=True)
    if password_file:
        locked = passphrase.encrypt(str(identity).encode(), read_password(Path(password_file)))
        write_private(folder / LOCKED, locked)
    else:
        _keep_outside(key_id, str(identity))
    write_private(folder / README, TEXT.encode())
    _note(folder, key)  # last: a key that is noted is kept
    return key


def _note(folder: Path, key: Key) -> None:
    row = {"recipient": key.recipient, "salt": key.salt.hex(), "key_id": key.key_id,
           "kept": key.kept}  # fmt: skip
    write_private(folder / KEY, json.dumps(row, indent=1, sort_keys=True).encode() + b"\n")


def _move_in(folder: Path, key: Key, password_file: str) -> Key:
    """Take a key that lay outside into the case, under a password; as it was if it is not there."""
    from pyrage import passphrase

    path = outside_path(key.key_id)
    try:
        identity = path.read_bytes().strip()
    except OSError:
        return key
    write_private(folder / LOCKED, passphrase.encrypt(identity, read_password(Path(password_file))))
    moved = Key(key.recipient, key.salt, key.key_id, WITH_PASSWORD)
    _note(folder, moved)
    path.unlink(missing_ok=True)
    return moved


def outside_path(key_id: str) -> Path:
    """Path of a key in the key folder of this user."""
    if sys.platform == "win32":
        root = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    else:
        given = os.environ.get("XDG_CONFIG_HOME", "")
        root = Path(given) if given.startswith("/") else Path.home() / ".config"
    return root / "triage" / "keys" / f"{key_id}.txt"


def _keep_outside(key_id: str, identity: str) -> None:
    path = outside_path(key_id)
    try:
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        write_private(path, identity.encode() + b"\n")
    except OSError as error:
        raise ConfigError(
            f"{path}: the key of the sealed material cannot be kept there ({error.strerror}); give "
            "--password-file, and it is kept in the case"
        ) from error


def identity_of(case: Path, key: Key, password_file: str | None) -> str:
    """Return the identity that opens the sealed material.

    Raises:
        ConfigError: the password is missing or wrong, or the key is not in this user's key folder.
        IntegrityError: the key is not that of the case.
    """
    from pyrage import DecryptError, passphrase, x25519

    if key.kept == WITH_PASSWORD:
        if not password_file:
            raise ConfigError(f"{case}: the key is under a password: give --password-file")
        try:
            locked = (sealed_folder(case) / LOCKED).read_bytes()
            text = str(passphrase.decrypt(locked, read_password(Path(password_file))), "ascii")
        except DecryptError as error:
            raise ConfigError(f"{case}: the password does not open sealed/{LOCKED}") from error
        except OSError as error:
            raise IntegrityError(f"{case}: sealed/{LOCKED} is missing; put it back") from error
    else:
        try:
            text = outside_path(key.key_id).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigError(
                f"{case}: key {key.key_id} is not in this user's key folder; the user who sealed "
                "the material has it"
            ) from error
    if str(x25519.Identity.from_str(text).to_public()) != key.recipient:
        raise IntegrityError(f"{case}: the key found is not the key of the sealed material")
    return text
