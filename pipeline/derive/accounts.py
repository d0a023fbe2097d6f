"""Accounts, from what authors, participant lists and profile sections state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from extractors.registry import find_kind
from extractors.stated import in_full
from pipeline.derive.order import Positions, codes, moments, spans_of, values_of
from pipeline.derive.work import ShardOutput
from schemas.ids import stable_id
from schemas.kinds import MentionKind

Wrote = tuple[str | None, int, datetime | None, datetime | None]
"""Name under which an account wrote, how many records, the first and the last time (UTC)."""


@dataclass(slots=True)
class _Account:
    provider: str
    number: str | None
    source: int
    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    is_target: bool = False

    @property
    def account_id(self) -> str:
        if self.number is None:
            return stable_id("account", self.provider, None, self.source)
        return stable_id("account", self.provider, self.number)


def account_rows(
    narrow: pa.Table, canonical: Positions, shards: list[ShardOutput], region: str
) -> Iterator[dict[str, Any]]:
    """Yield rows of ``accounts`` by provider and number.

    A fact about "the account this file is about" goes to the account that the file's request
    parameters name; without one the file's account stands alone, without a number.

    Args:
        narrow: of all records author_account_id, author_name, sent_at.
        canonical: of :func:`pipeline.derive.order.canonical_positions`.
        shards: what they say of accounts.
        region: country of numbers without one.
    """
    found: dict[tuple[str, str | None, int], _Account] = {}
    targets: dict[int, str] = {}
    facts = [(shard.source, row) for shard in shards for row in shard.table("accounts").to_pylist()]
    for source, row in facts:
        value = (row["value"] or "").strip()
        if row["field"] == "Target" and value.isdigit():
            targets.setdefault(source, value)
    for source, row in facts:
        number = row["provider_account_id"] or targets.get(source)
        key = (row["provider"], number, source if number is None else -1)
        account = found.setdefault(key, _Account(row["provider"], number, source))
        account.is_target |= row["provider_account_id"] is None
        if row["value"]:
            account.values[row["field"]].add(row["value"].strip())
    wrote = _wrote(narrow, canonical)
    for key in sorted(found, key=lambda item: (item[0], item[1] or "", item[2])):
        yield _row(found[key], wrote.get(found[key].account_id, []), region)


def _wrote(narrow: pa.Table, canonical: Positions) -> dict[str, list[Wrote]]:
    authors, names = codes(narrow["author_account_id"]), codes(narrow["author_name"])
    rows = np.flatnonzero((canonical < 0) & (authors >= 0))
    numbers, called = values_of(narrow["author_account_id"]), values_of(narrow["author_name"])
    pairs, of, counts = np.unique(
        authors[rows] * np.int64(len(called) + 1) + names[rows] + 1,
        return_inverse=True, return_counts=True,
    )  # fmt: skip
    firsts, lasts = spans_of(of, moments(narrow["sent_at"])[rows], len(pairs))
    found: dict[str, list[Wrote]] = defaultdict(list)
    for pair, count, first, last in zip(
        pairs.tolist(), counts.tolist(), firsts.to_pylist(), lasts.to_pylist(), strict=True
    ):
        author, name = divmod(pair, len(called) + 1)
        found[numbers[author]].append((called[name - 1] if name else None, count, first, last))
    return found


def _row(account: _Account, wrote: list[Wrote], region: str) -> dict[str, Any]:
    values = account.values
    names = values["name"] | values["alias"] | {name for name, *_ in wrote if name}
    used = sorted(((-count, name) for name, count, *_ in wrote if name))
    phones = {
        hit.value or raw
        for raw in values["phone"]
        for hit in find_kind(MentionKind.PHONE, in_full(raw, account.provider), region)[:1]
    }
    vanity = sorted(values["handle"])
    return {
        "account_id": account.account_id,
        "provider": account.provider,
        "provider_account_id": account.number,
        "display_name": used[0][1] if used else min(names, default=None),
        "names": sorted(names),
        "vanity": vanity[0] if vanity else None,
        "emails": sorted(value.lower() for value in values["email"]),
        "phones": sorted(phones),
        "is_target": account.is_target,
        "first_at": min((first for *_, first, _ in wrote if first), default=None),
        "last_at": max((last for *_, last in wrote if last), default=None),
        "record_count": sum(count for _, count, *_ in wrote),
    }
