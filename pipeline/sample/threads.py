"""Conversations: who writes when, and everything that a conversation holds beside typed text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from pipeline.sample import records
from pipeline.sample.chat import Chat, Spans
from pipeline.sample.people import Person

MESSAGE, CALL, REACTION, SYSTEM = "message", "call", "reaction", "system"

_CENTRAL = 6 * 3600
"""Seconds that the people's clocks are behind UTC."""


@dataclass(slots=True)
class Message:
    """A message of a thread, before it stands on a page."""

    author: Person
    sent: int
    kind: str
    text: str | None
    """None: it has no Body at all."""
    spans: Spans = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    """Tokens between Sent and Body."""
    after: list[str] = field(default_factory=list)
    """Tokens after Body."""
    media: str | None = None
    """Name of the file in ``linked_media`` that it refers to."""
    split_lines: bool = False
    """Whether line ends of the body are written as value lines instead of ``<br />``."""


@dataclass(slots=True)
class Thread:
    """A conversation and its people; ``people[0]`` is always the target."""

    number: str
    name: str
    people: list[Person]
    past: list[Person]
    newest_first: bool
    begin: int
    end: int


def make_thread(
    rng: Random,
    chat: Chat,
    people: Sequence[Person],
    *,
    size: int,
    span: tuple[int, int],
) -> Thread:
    """Plan a thread of about ``size`` messages within a span of time (Unix times)."""
    group = len(people) > 2
    name = ""
    if group and rng.random() < 0.75:
        name = chat.line("thread_name", people[0], people[1])[0]
    elif not group and rng.random() < 0.35:
        name = people[1].name_at(span[1])
    past = [people[-1]] if group and len(people) > 4 and rng.random() < 0.5 else []
    whole = span[1] - span[0]
    # long threads need room: a session of a dozen messages for every four hours at most
    length = min(whole, max(size * 1200, int(whole * rng.random() ** 1.5), 3 * 86400))
    begin = span[0] + rng.randrange(whole - length + 1)
    return Thread(
        number=f"9{rng.randrange(10 ** (15 if group else 14)):0{15 if group else 14}}",
        name=name,
        people=[*people[: len(people) - len(past)]],
        past=past,
        newest_first=rng.random() < 0.6,
        begin=begin,
        end=begin + length,
    )


def talk(rng: Random, chat: Chat, thread: Thread, size: int) -> Iterator[Message]:
    """Yield about ``size`` messages of a thread, oldest first.

    Messages come in sessions on one topic with one pair of people in front.
    """
    starts = sorted(_waking(rng, thread.begin, thread.end) for _ in range(max(1, size // 11)))
    left, now = size, thread.begin
    speakers = [*thread.people, *thread.past]
    if rng.random() < 0.3:
        left -= 1
        yield _connected(rng, chat, thread, now)
    for at, start in enumerate(starts):
        sessions = len(starts) - at
        count = left if sessions == 1 else min(left, int(rng.expovariate(sessions / left)) + 1)
        left -= count
        now = max(now + 1, start)
        topic = rng.choice(chat.topics)
        pair = [speakers[0], rng.choice(speakers[1:])]
        while count > 0:
            if len(speakers) > 2 and rng.random() < 0.15:
                pair[rng.randrange(2)] = rng.choice(speakers)
                if pair[0] is pair[1]:
                    pair = [speakers[0], speakers[1]]
            author, other = pair if rng.random() < 0.5 else reversed(pair)
            for message in _turn(rng, chat, thread, author, other, topic, now):
                count -= 1
                now = message.sent + 2 + int(rng.expovariate(1 / 38))
                yield message
            if rng.random() < 0.04:
                topic = rng.choice(chat.topics)
        if left <= 0:
            return


def _waking(rng: Random, begin: int, end: int) -> int:
    when = rng.randrange(begin, end)
    hour = (when - _CENTRAL) % 86400 // 3600
    # people sleep from two to eight; a fifth of such draws stays
    return when + rng.randrange(6, 12) * 3600 if 2 <= hour < 8 and rng.random() < 0.8 else when


def _turn(
    rng: Random, chat: Chat, thread: Thread, author: Person, other: Person, topic: str, now: int
) -> Iterator[Message]:
    draw = rng.random()
    if draw < 0.900:
        text, spans = chat.message(author, other, topic)
        edited = rng.random() < 0.012
        message = Message(
            author,
            now,
            MESSAGE,
            f"{text} (edited)" if edited else text,
            spans,
            split_lines="\n" in text and "\n\n" not in text and rng.random() < 0.5,
        )
        yield message
        if rng.random() < 0.0008:
            # two equal messages in one second: both are real
            yield Message(author, now, MESSAGE, message.text, [dict(span) for span in spans],
                          split_lines=message.split_lines)  # fmt: skip
        return
    if draw < 0.9015:
        for text, spans in chat.split(author, other):
            yield Message(author, now, MESSAGE, text, spans)
            now += rng.randrange(2, 16)
        return
    if draw < 0.926:
        yield _attachment(rng, chat, author, other, topic, now)
    elif draw < 0.938:
        yield _share(rng, chat, author, other, now)
    elif draw < 0.953:
        yield _call(rng, chat, thread, author, now)
    elif draw < 0.962:
        text, spans = chat.line("reaction", author, other)
        yield Message(author, now, REACTION, text, spans)
    elif draw < 0.967:
        yield _system(chat, author, other, now)
    elif draw < 0.971:
        yield _subscription(rng, chat, thread, author, other, now)
    elif draw < 0.981:
        text, spans = chat.message(author, other, topic)
        before = records.flag("Removed by Sender", "true")
        if rng.random() < 0.4:
            yield Message(author, now, MESSAGE, None, before=before)
        else:
            yield Message(author, now, MESSAGE, text, spans, before=before)
    else:
        after = records.empty_share() if rng.random() < 0.6 else []
        yield Message(author, now, MESSAGE, "", after=after)


def _connected(rng: Random, chat: Chat, thread: Thread, now: int) -> Message:
    author = rng.choice(thread.people[:2])
    text, spans = chat.line("connected", author, thread.people[1])
    return Message(author, now, SYSTEM, text, spans)


def _named(rng: Random, chat: Chat, rule: str, who: Person, other: Person, now: int) -> Message:
    """A line of the provider that prints the author's display name for ``<name>``."""
    text, spans = chat.line(rule, who, other)
    message = Message(who, now, SYSTEM, "", spans)
    _print_names(rng, message, text, {"<name>": who.name_at(now), "<other>": other.name_at(now)})
    return message


def _print_names(rng: Random, message: Message, text: str, names: dict[str, str]) -> None:
    """Put display names into a line; each is a span that is not scored."""
    isolate = rng.random() < 0.3
    for mark, name in names.items():
        at = text.find(mark)
        if at < 0:
            continue
        shown = f"\u2068{name}\u2069" if isolate else name
        text = text[:at] + shown + text[at + len(mark) :]
        start = at + isolate
        for span in message.spans:
            if span["start"] > at:
                span["start"] += len(shown) - len(mark)
                span["end"] += len(shown) - len(mark)
        message.spans.append(
            {
                "start": start,
                "end": start + len(name),
                "label": "alias",
                "note": "optional display name in a line of the provider",
            }
        )
    message.spans.sort(key=lambda span: int(span["start"]))
    message.text = text


def _attachment(
    rng: Random, chat: Chat, author: Person, other: Person, topic: str, now: int
) -> Message:
    draw = rng.random()
    if draw < 0.45:
        message = _named(rng, chat, "sent_file", author, other, now)
    elif draw < 0.8:
        message = Message(author, now, MESSAGE, None)
    else:
        text, spans = chat.message(author, other, topic)
        message = Message(author, now, MESSAGE, text, spans)
    message.after, message.media = records.attachment(rng, "unified_message")
    return message


def _share(rng: Random, chat: Chat, author: Person, other: Person, now: int) -> Message:
    url, spans = chat.line("share_url", author, other)
    if rng.random() < 0.6:
        message = Message(author, now, MESSAGE, url, spans)
    else:
        text, spans = chat.line("share_says", author, other)
        message = Message(author, now, MESSAGE, text, spans)
    title = chat.line("share_title", author, other)[0]
    message.after = records.share(rng, now, url, title)
    return message


def _call(rng: Random, chat: Chat, thread: Thread, author: Person, now: int) -> Message:
    missed = rng.random() < 0.4
    video = rng.random() < 0.25
    other = thread.people[1] if author is thread.people[0] else thread.people[0]
    rule = f"call_{'missed' if missed else 'started'}_{'video' if video else 'audio'}"
    message = _named(rng, chat, rule, author, other, now)
    message.kind = CALL
    duration = 0 if missed else int(rng.expovariate(1 / 200)) + 2
    message.after = records.call("video" if video else "audio", missed, duration)
    return message


def _system(chat: Chat, author: Person, other: Person, now: int) -> Message:
    return _named(chat.rng, chat, "system", author, other, now)


def _subscription(
    rng: Random, chat: Chat, thread: Thread, author: Person, other: Person, now: int
) -> Message:
    if len(thread.people) <= 2:
        return _system(chat, author, other, now)
    joins = rng.random() < 0.6
    message = _named(rng, chat, "joined" if joins else "left", author, other, now)
    who = other if "<other>" in (message.text or "") or joins else author
    message.after = records.subscription("subscribe" if joins else "unsubscribe", who.printed(now))
    return message
