"""Whether a value in the tables is the one asked for; one comparison a kind.

Each ``…_matcher`` reads what a person gives once and returns a test of one row of values (the
columns that :mod:`pipeline.search.values` names, "" for null).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from pipeline.errors import ConfigError
from pipeline.search.fold import phrase

Matcher = Callable[[Sequence[str]], bool]


def name_matcher(asked: str) -> Matcher:
    """Compare names as keys, without case, accents, decoration and emoji; ``*`` may end one."""
    test = _same(asked)
    return lambda row: any(test(value) for value in row if value)


def word_matcher(asked: str) -> Matcher:
    """Find what is asked for as whole words in the value or the surface; ``*`` as above."""
    if asked.endswith("*"):
        return name_matcher(asked)
    _same(asked)  # refuses what holds no letter or digit
    wanted = f" {_plain(asked)} "
    return lambda row: any(wanted in f" {_plain(value)} " for value in row)


def place_matcher(asked: str) -> Matcher:
    """Compare places: by the name itself or what it lies in; of an address any words in a row.

    ``fridley`` finds ``Fridley, MN, US`` and what lies in Fridley; ``york`` does not find New York,
    ``new york`` does.
    """
    test = _same(asked)
    wanted = _plain(asked)

    def matches(row: Sequence[str]) -> bool:
        place_kind, *named = row
        if any(test(name) for name in named if name):
            return True
        whole = [_plain(name) for name in named[-3:]]  # place_name, value, surface
        if place_kind in {"address", "venue", "crossing", "road"}:
            return any(f" {wanted} " in f" {name} " for name in whole)
        return any(f"{name} ".startswith(f"{wanted} ") for name in whole)

    return matches


_SERVICE = re.compile(r"(?P<service>[A-Za-z]{2,20}):(?P<name>.+)", re.DOTALL)
_SIGILS = "@$"


def handle_matcher(asked: str) -> Matcher:
    """Compare handles without ``@`` and ``$``; service and sigil only where both sides have one."""
    service, sigil, name = _handle(asked)
    if not name:
        raise ConfigError(f"handle:{asked}: no name in it")
    prefix = name.endswith("*")
    name = name.rstrip("*")

    def matches(row: Sequence[str]) -> bool:
        value, surface = row
        its_service, its_sigil, its_name = _handle(value or surface)
        its_sigil = its_sigil or _handle(surface)[1]
        same = its_name.startswith(name) if prefix else its_name == name
        return (
            same
            and (not service or not its_service or service == its_service)
            and (not sigil or not its_sigil or sigil == its_sigil)
        )

    return matches


def _handle(text: str) -> tuple[str, str, str]:
    match = _SERVICE.fullmatch(text.strip())
    service, name = (match["service"], match["name"]) if match else ("", text.strip())
    sigil = name[0] if name and name[0] in _SIGILS else ""
    return service.casefold(), sigil, name.lstrip(_SIGILS).casefold()


def email_matcher(asked: str) -> Matcher:
    """Find an address, or a part of one: ``@example.com``."""
    wanted = asked.casefold().removeprefix("mailto:")
    return lambda row: any(wanted in value.casefold() for value in row)


def url_matcher(asked: str) -> Matcher:
    """Find an address or a part of one; scheme, ``www.`` and a slash at the end do not count."""
    wanted = _bare(asked)
    return lambda row: any(wanted in _bare(value) for value in row)


def _bare(url: str) -> str:
    return re.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", url.casefold().strip()).rstrip("/")


def address_matcher(asked: str) -> Matcher:
    """Compare IP addresses as numbers; a network (``203.0.113.0/24``) finds those in it.

    Raises:
        ConfigError: neither an address nor a network, and no ``*`` at the end.
    """
    if asked.endswith("*"):
        start = asked.rstrip("*").casefold()
        return lambda row: row[0].casefold().startswith(start)
    try:
        network = ipaddress.ip_network(asked, strict=False)
    except ValueError as error:
        raise ConfigError(
            f"ip:{asked}: write an address (203.0.113.7), a network (203.0.113.0/24) or a "
            "beginning (203.0.113.*)"
        ) from error

    def matches(row: Sequence[str]) -> bool:
        try:
            return ipaddress.ip_address(row[0]) in network
        except ValueError:
            return False

    return matches


def _same(asked: str) -> Callable[[str], bool]:
    prefix = asked.endswith("*")
    wanted = _plain(asked)
    if not wanted:
        raise ConfigError(f"nothing to compare in {asked!r}: no letter, digit or emoji")
    if prefix:
        return lambda value: _plain(value).startswith(wanted)
    return lambda value: _plain(value) == wanted


@lru_cache(maxsize=1 << 17)
def _plain(text: str) -> str:
    """Fold a name; emoji are decoration unless there is nothing else."""
    parts = phrase(text).split()
    return " ".join([part for part in parts if any(map(str.isalnum, part))] or parts)
