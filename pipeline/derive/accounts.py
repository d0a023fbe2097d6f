"""Accounts, from what authors, participant lists and profile sections state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from extractors.registry import find_kind
from extractors.stated import in_full
from pipeline.derive.engine import Engine
from pipeline.derive.work import ShardOutput
from schemas.ids import stable_id
from schemas.kinds import MentionKind

WROTE = """
SELECT author_account_id, author_name, count(*) AS n,
       min(sent_at)::VARCHAR AS first_at, max(sent_at)::VARCHAR AS last_at
FROM narrow WHERE canonical < 0 AND author_account_id IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""


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
    engine: Engine, shards: list[ShardOutput], region: str
) -> Iterator[dict[str, Any]]:
    """Yield rows of ``accounts`` by provider and number; ``narrow`` is registered by the caller.

    A fact about "the account this file is about" goes to the account that the file's request
    parameters name; without one the file's account stands alone, without a number.
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
    wrote = _wrote(engine)
    for key in sorted(found, key=lambda item: (item[0], item[1] or "", item[2])):
        yield _row(found[key], wrote.get(found[key].account_id, []), region)


def _wrote(engine: Engine) -> dict[str, list[tuple[str | None, int, Any, Any]]]:
    rows = defaultdict(list)
    for account, name, count, first, last in engine.execute(WROTE).fetchall():
        rows[account].append((name, count, first, last))
    return rows


def _row(
    account: _Account, wrote: list[tuple[str | None, int, Any, Any]], region: str
) -> dict[str, Any]:
    values = account.values
    names = values["name"] | values["alias"] | {name for name, *_ in wrote if name}
    used = sorted(((-count, name) for name, count, *_ in wrote if name))
    firsts = sorted(first for *_, first, _ in wrote if first is not None)
    lasts = sorted(last for *_, last in wrote if last is not None)
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
        "first_at": datetime.fromisoformat(firsts[0]) if firsts else None,
        "last_at": datetime.fromisoformat(lasts[-1]) if lasts else None,
        "record_count": sum(count for _, count, *_ in wrote),
    }
