"""What is stated of accounts, as far as records that were kept show it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline.readers.base import AccountFact, Record
from pipeline.sealing.names import digits_of

NUMBER = re.compile(r"\d{3,20}")


def shown_facts(facts: Iterable[AccountFact], records: list[Record]) -> Iterator[AccountFact]:
    """Yield the facts that can be read off records that were neither sealed nor out of scope.

    A fact about the account of the file: where its value stands in one of them. A fact about
    another: where number and value stand in the same one, or it is their author or recipient.

    Args:
        facts: as the reader gathered them, from all records of the shard.
        records: those that were kept.
    """
    facts = list(facts)
    if not facts:
        return
    people: set[tuple[str | None, str | None]] = set()
    crowds: set[int] = set()
    texts: list[str] = []
    stated: dict[str, list[str]] = defaultdict(list)
    for record in records:
        text = record.text or ""
        texts += [text, *(value for _, value in record.attributes)]
        for span in record.stated:  # a number in any writing: "+1 312-555-0143"
            stated[digits_of(text[span.start : span.end])].append(text)
        if record.author is not None:
            people.add((record.author.provider_account_id, record.author.name))
        if id(record.recipients) not in crowds:
            crowds.add(id(record.recipients))
            people |= {(one.provider_account_id, one.name) for one in record.recipients}
    numbers = {number for number, _ in people}
    wanted = {fact.account.provider_account_id for fact in facts}
    where = defaultdict(list, {number: found for number, found in stated.items() if number})
    for text in texts:
        for number in NUMBER.findall(text):
            if number in wanted:
                where[number].append(text)
    whole = "\n".join(texts)
    for fact in facts:
        number, value = fact.account.provider_account_id, fact.value
        if number is None:
            is_shown = value in whole
        elif value == number:
            is_shown = number in numbers or number in where
        else:
            is_shown = (number, value) in people or any(value in text for text in where[number])
        if is_shown:
            yield fact
