"""The key of an encrypted case: an age identity, itself encrypted with a password.

``vault/key.age`` is an age file with a passphrase (C2SP age.md, the scrypt recipient) that holds an
X25519 identity; all other files of the vault are encrypted to that identity, so that the password
is stretched once per command. Any age tool opens both.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pyrage

from pipeline.errors import ConfigError, IntegrityError
from pipeline.files import write_private
from pipeline.password import read_password

KEY = "key.age"
KEY_HASH = "key.sha256"
"""Tells a damaged key from a wrong password; in the form that ``sha256sum -c`` reads."""

VARIABLE = "TRIAGE_PASSWORD_FILE"
"""Environment variable that names the password file where no option does."""

LEAST, MOST = 17, 18
"""Work factors aimed at: scrypt with N = 2**17, r = 8, p = 1 is the least that OWASP's Password
Storage Cheat Sheet asks; 2**18 takes a second on a core of 2020. age measures the machine for some
milliseconds and takes what it expects to need a second: 15 to 20 were seen on one busy machine."""

TRIES = 4
"""How often a key is made anew for a better work factor."""

QUICK = 1.2
"""Seconds in which a machine may do more work than that."""


def password_of(password_file: Path | str | None, what: str) -> str:
    """Return the password from a file, or from the one that TRIAGE_PASSWORD_FILE names.

    Args:
        password_file: the file given; None = the variable decides.
        what: what it is needed for, for the message.

    Raises:
        ConfigError: no file is named, or it holds no password.
    """
    named = password_file or os.environ.get(VARIABLE)
    if not named:
        raise ConfigError(f"{what}: give --password-file FILE, or name it by {VARIABLE}")
    return read_password(Path(named))


def make_key(vault: Path, password: str) -> Any:
    """Write a new key into a vault; return the identity."""
    identity = pyrage.x25519.Identity.generate()
    data = _protected(str(identity).encode(), password)
    write_private(vault / KEY_HASH, _hash_line(data))
    write_private(vault / KEY, data)
    return identity


def open_key(vault: Path, password: str) -> Any:
    """Return the identity of a vault.

    Raises:
        ConfigError: the password is wrong.
        IntegrityError: the key is missing or damaged.
    """
    case = vault.parent
    try:
        data = (vault / KEY).read_bytes()
    except OSError as error:
        raise IntegrityError(
            f"{case}: {vault.name}/{KEY} cannot be read ({error.strerror}); without it nobody can "
            "open the case: bring it back from a copy"
        ) from error
    whole = _whole(vault, data)
    try:
        identity = pyrage.x25519.Identity.from_str(
            unprotected(data, password).decode("ascii").strip()
        )
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError) as error:
        if whole:
            raise ConfigError(f"{case}: the password is wrong") from error
        identity = None
    if identity is None or not whole:
        raise IntegrityError(
            f"{case}: {vault.name}/{KEY} or {vault.name}/{KEY_HASH} is damaged; bring them back "
            "from a copy"
        )
    return identity


def unprotected(data: bytes, password: str) -> bytes:
    """Decrypt with a password.

    Raises:
        pyrage.DecryptError: the password is wrong, or the data are damaged.
    """
    for attempt in range(4 * TRIES):
        try:
            return bytes(pyrage.passphrase.decrypt(data, password))
        except pyrage.DecryptError as error:
            # age refuses work that it thinks takes 16 seconds here, by a measure of milliseconds
            if "xcessive work" not in str(error) or attempt == 4 * TRIES - 1:
                raise
            time.sleep(0.05 * attempt)
    raise AssertionError


def _protected(data: bytes, password: str) -> bytes:
    best = b""
    for _ in range(TRIES):
        begun = time.perf_counter()
        made = bytes(pyrage.passphrase.encrypt(data, password))
        quick = time.perf_counter() - begun < QUICK
        if _factor(made) >= LEAST and (_factor(made) <= MOST or quick):
            return made
        if not best or _distance(made) < _distance(best):
            best = made
    return best


def _factor(data: bytes) -> int:
    return int(data.split(b"\n", 2)[1].split(b" ")[-1])


def _distance(data: bytes) -> int:
    factor = _factor(data)
    return max(factor - MOST, 4 * (LEAST - factor), 0)  # too weak is worse than slow


def _whole(vault: Path, data: bytes) -> bool:
    try:
        written = (vault / KEY_HASH).read_bytes()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return written == _hash_line(data)


def _hash_line(data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {KEY}\n".encode()
