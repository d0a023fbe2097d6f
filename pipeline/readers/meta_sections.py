"""What the sections of a Meta business record hold: which label is text, time, author, or a value.

Source of every name: FORMATS 2.6 and 8.1 (ids and labels seen by independent parsers). A section
that is not listed is read all the same, as generic records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import groupby

from pipeline.readers.fields import Field, Section
from schemas.kinds import MentionKind, RecordKind

TIMES = (
    "time", "timestamp", "date created", "taken", "posted", "uploaded", "like timestamp",
    "creation date", "created", "sent", "date",
)  # fmt: skip
NO_TEXT = frozenset({
    "id", "type", "status", "mobile", "active", "user", "url", "source", "filter", "owner", "size",
    "tags", "ai", "to", "media id", "photo id", "timeline owner", "is published", "album name",
    "privacy setting", "like count", "carousel id", "display date", "linked media file:",
})  # fmt: skip
"""Labels, case folded, whose values nobody wrote: numbers, flags, settings, addresses of files."""


class Form(Enum):
    """How the fields of a section are laid out."""

    FIELDS = "fields"
    """Records of fields, or lines."""
    MESSAGES = "messages"
    """A log of messages without their content."""
    CALLS = "calls"
    NUMBERS = "numbers"
    """Lists of telephone numbers."""
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class SectionRule:
    """How records of a section are read. All labels are case folded."""

    kind: RecordKind
    text: tuple[str, ...] = ()
    """Labels whose values are the record's text, one line each; () = all values. Where a record has
    none of them, all values but those of :data:`NO_TEXT`, times and persons are its text."""
    time: tuple[str, ...] = TIMES
    """Labels of the record's time; where it has none of them, any value that is a time. () = a
    state when the record was made, not an event: times in it are attributes only, and no scope of
    dates leaves it out."""
    author: tuple[str, ...] = ("author", "from", "sender")
    stated: dict[str, MentionKind] = field(default_factory=dict)
    """Labels whose values the provider states: a record of their own, with a stated mention."""
    line_kind: MentionKind | None = None
    """Kind stated by each line of a field that has no further fields."""
    persons: bool = False
    """Whether lines name persons: the name of one that has a number is a stated alias."""
    form: Form = Form.FIELDS


_TITLES = ("title", "text", "post", "summary", "url", "caption")
_IP_STATED = {"upload ip": MentionKind.IP}
_POST = SectionRule(RecordKind.POST, _TITLES, stated=_IP_STATED)
_PICTURE = SectionRule(
    RecordKind.PHOTO,
    ("title", "text", "caption"),
    stated={**_IP_STATED, "location": MentionKind.LOCATION},
)
_NAME = SectionRule(RecordKind.PROFILE, ("name", "alternate name"), line_kind=MentionKind.ALIAS)
_PHONE = SectionRule(RecordKind.PROFILE, line_kind=MentionKind.PHONE)
_IP = SectionRule(RecordKind.PROFILE, line_kind=MentionKind.IP)
_LOGIN = SectionRule(RecordKind.LOGIN, ("ip address", "ip"), line_kind=MentionKind.IP)
_SHARE = SectionRule(RecordKind.SHARE, ("title", "summary", "text", "url", "link"))
_NOTE = SectionRule(RecordKind.POST, ("note", "body", *_TITLES))
_PERSONS = SectionRule(RecordKind.GENERIC, persons=True)
_REPORTED = SectionRule(
    RecordKind.MESSAGE, ("message", "body", "text"), ("sent", "time", "time reported")
)

_MESSAGE_LOG = SectionRule(RecordKind.MESSAGE, form=Form.MESSAGES)
_CALL_LOG = SectionRule(RecordKind.CALL, form=Form.CALLS)
_CONTACTS = SectionRule(RecordKind.PROFILE, time=(), form=Form.NUMBERS)
_MEMBERS = SectionRule(RecordKind.PARTICIPANT, time=(), form=Form.NUMBERS)
_GROUPS = SectionRule(RecordKind.PROFILE, ("subject", "description"), time=(), form=Form.GROUPS)
_CONNECTION = SectionRule(
    RecordKind.DEVICE,
    time=(),
    stated={"connected from": MentionKind.IP, "push name": MentionKind.ALIAS},
)
_BUSINESS = SectionRule(
    RecordKind.PROFILE,
    ("description", "about"),
    time=(),
    stated={
        "name": MentionKind.ALIAS,
        "email": MentionKind.EMAIL,
        "address": MentionKind.LOCATION,
    },
)

WHATSAPP: dict[str, SectionRule] = {
    "message_log": _MESSAGE_LOG,
    "message_logs": _MESSAGE_LOG,
    "call_log": _CALL_LOG,
    "call_logs": _CALL_LOG,
    "address_book_info": _CONTACTS,
    "symmetric_contacts": _CONTACTS,
    "asymmetric_contacts": _CONTACTS,
    "group_participants": _MEMBERS,
    "group_administrators": _MEMBERS,
    "groups": _GROUPS,
    "group_info": _GROUPS,
    "groups_info": _GROUPS,
    "connection_info": _CONNECTION,
    "device_info": _CONNECTION,
    "web_info": _CONNECTION,
    "small_medium_business": _BUSINESS,
    "small_medium_business_info": _BUSINESS,
}
"""Sections of WhatsApp (FORMATS 8.1). Their ids are not confirmed, their labels are: each is known
by either, the label being the id with blanks."""

RULES: dict[str, SectionRule] = {
    "request_parameters": SectionRule(RecordKind.PARAMETER),
    "name": _NAME,
    "alternate_names": _NAME,
    "emails": SectionRule(RecordKind.PROFILE, line_kind=MentionKind.EMAIL),
    "vanity": SectionRule(RecordKind.PROFILE, line_kind=MentionKind.HANDLE),
    "phone_numbers": _PHONE,
    "registration_ip": _IP,
    "registration_date": SectionRule(RecordKind.PROFILE),
    "account_end_date": SectionRule(RecordKind.PROFILE),
    "about_me": SectionRule(RecordKind.PROFILE),
    "bio": SectionRule(RecordKind.PROFILE),
    "website": SectionRule(RecordKind.PROFILE),
    "gender": SectionRule(RecordKind.PROFILE),
    "date_of_birth": SectionRule(RecordKind.PROFILE),
    "privacy_settings": SectionRule(RecordKind.PROFILE),
    "popular_block": SectionRule(RecordKind.PROFILE),
    "notes": _POST,
    "ip_addresses": _LOGIN,
    "logins": _LOGIN,
    "devices": SectionRule(RecordKind.DEVICE),
    "last_location": SectionRule(RecordKind.LOCATION_FIX),
    "last_location_area": SectionRule(RecordKind.LOCATION_FIX),
    "photos": _PICTURE,
    "profile_picture": _PICTURE,
    "threads_profile_picture": _PICTURE,
    "videos": _PICTURE,
    "live_videos": _PICTURE,
    "archived_live_videos": _PICTURE,
    "archived_stories": _PICTURE,
    "unarchived_stories": _PICTURE,
    "threads_archived_stories": _PICTURE,
    "archived_quicksnap": _PICTURE,
    "direct_stories": _PICTURE,
    "wallposts": _POST,
    "posts_to_other_walls": _POST,
    "status_updates": SectionRule(RecordKind.POST, ("status", *_TITLES)),
    "threads_posts_and_replies": _POST,
    "shares": _SHARE,
    "direct_shares": _SHARE,
    "comments": SectionRule(RecordKind.COMMENT, ("text",)),
    "searches": SectionRule(RecordKind.SEARCH, ("term", "search term", "search", "query", "text")),
    "likes": SectionRule(RecordKind.GENERIC, time=("like timestamp", *TIMES), stated=_IP_STATED),
    "followers": _PERSONS,
    "following": _PERSONS,
    "threads_followers": _PERSONS,
    "threads_following": _PERSONS,
    "threads_registration_date": SectionRule(RecordKind.PROFILE),
    "threads_community_notes": _NOTE,
    "incoming_follow_requests": _PERSONS,
    "community_notes": _NOTE,
    "shared_access": SectionRule(RecordKind.GENERIC),
    "account_owner_shared_access": SectionRule(RecordKind.GENERIC),
    "encrypted_groups_info": SectionRule(RecordKind.GENERIC),
    "credit_cards": SectionRule(RecordKind.PROFILE),
    "ncmec_reports": SectionRule(RecordKind.REPORT),
    "unified_messages": SectionRule(RecordKind.GENERIC),
    "threads_unified_messages": SectionRule(RecordKind.GENERIC),
    "reported_conversations": _REPORTED,
    "reported_disappearing_messages": _REPORTED,
    **WHATSAPP,
}
GENERIC = SectionRule(RecordKind.GENERIC)


@lru_cache(4096)
def plain(label: str) -> str:
    """Letters and digits of a label, folded: ``GroupParticipants`` is ``Group Participants``."""
    return "".join(c for c in label.casefold() if c.isalnum())


TITLED: dict[str, SectionRule] = {
    **{plain(key): rule for key, rule in WHATSAPP.items()},
    "registeredemailaddresses": RULES["emails"],
    "ipaddresses": RULES["ip_addresses"],
}
"""Rules of sections with an unknown id, by the label of their field."""
ENTRIES = {
    "message": (_MESSAGE_LOG, frozenset({"messageid"})),
    "call": (_CALL_LOG, frozenset({"callid", "callcreator"})),
}
"""Fields that are rows of a log by what is in them, whatever stands around them."""


def rules_of(section: Section) -> Iterator[tuple[SectionRule, list[Field]]]:
    """Yield the fields of a section in runs, each with its rule; definitions are left out.

    The id decides; where it is not known, the label of each field.
    """
    tops = [top for top in section.fields if not top.label.endswith(" Definition")]
    rule = RULES.get(section.key)
    if rule is not None:
        yield rule, tops
        return
    for titled, run in groupby(tops, key=_titled):
        yield titled, list(run)


def is_known(section: Section) -> bool:
    """Whether every field of a section is read by a rule of its own."""
    if section.key in RULES or not section.fields:
        return True
    runs = list(rules_of(section))
    return bool(runs) and all(rule is not GENERIC for rule, _ in runs)


def _titled(top: Field) -> SectionRule:
    label = plain(top.label)
    rule = TITLED.get(label, GENERIC)
    if label in ENTRIES:
        entry, marks = ENTRIES[label]
        rule = entry if any(plain(child.label) in marks for child in top.fields) else rule
    return rule


EMPTY = "no responsive records"
"""Beginning, case folded, of what an empty section reads (two parsers match the beginning)."""

PERSON = re.compile(
    r"^(?P<name>.*?)\s?\((?:(?P<platform>[A-Za-z][A-Za-z ]{1,24}):\s?)?(?P<id>\d{3,20})\)\s*$",
    re.DOTALL,
)
"""``Name (Facebook: 123)``, ``name (instagram: 123)``, ``Name (123)``, ``(123)``."""

REACTION = re.compile(
    r"(?:Reacted|reacted) \S{1,16} to (?:your|a|the|his|her|their|this) |"
    r"(?:Liked|Loved|Laughed at|Emphasized|Questioned|Disliked|liked|loved|laughed at|disliked)"
    r" a message\b|(?:Removed|removed) (?:a|their|his|her|your) reaction\b"
)
SYSTEM = re.compile(
    r"(?:^You are now connected on (?:Messenger|Instagram)"
    r"|^You can now (?:message and )?call each other"
    r"|^Say hi to your new (?:Facebook|Instagram|Messenger) friend"
    r"|^A payment request was auto-detected"
    r"|^This (?:message was unsent|poll is no longer available)"
    r"|^Missed messages were deleted"
    r"|^(?:The )?(?:video|audio|group) (?:call|chat) ended"
    r"|\b(?:sent|shared) (?:an?|the|\d{1,3}|your|their|his|her) (?:\w{1,12} ){0,2}"
    r"(?:photo|video|picture|attachment|sticker|GIF|gif|location|file|link|message|audio|clip"
    r"|post|story|reel|contact)s?\.?$"
    r"|\b(?:started|called) (?:(?:an?|the) (?:\w{1,12} )?(?:call|chat)\b|you\.$)"
    r"|\b(?:missed|joined|left|ended) (?:an?|your|the) (?:\w{1,12} )?(?:call|chat|group|room)\b"
    r"|\b(?:named|left|created|joined) the group\b"
    r"|\bcreated a poll\b"
    r"|\bmade .{1,200} a group admin\b"
    r"|\b(?:added|removed) .{1,200} (?:to|from) the group\b"
    r"|\b(?:changed|set|cleared|removed) the (?:\w{1,12} )?(?:nickname|theme|color|colour|emoji|"
    r"photo|name|group photo)\b"
    r"|\bset (?:your|his|her|their|own|.{1,80}'s|the nickname for) .{0,80}nickname\b"
    r"|\b(?:removed|unsent|deleted|pinned|unpinned) a message\.?$"
    r"|\btook a screenshot\b"
    r"|\bturned (?:on|off) (?:vanish mode|disappearing messages|end-to-end encryption)\b"
    r"|\bwaved at (?:you|each other)\b)"
)
"""Lines that the service writes itself (FORMATS 2.7); they count only when they begin as it begins
them: with a participant's name, with You, or with what was done."""
LONGEST_SYSTEM = 600
"""Characters; a name and what was done take a line or two."""
OPENINGS = re.compile(
    r"(?:You |A payment|Say hi to your new|The |This |Missed messages|[Vv]ideo |[Aa]udio |"
    r"(?:sent|shared|named|left|joined|created|removed|took|changed|added|missed|started) )"
)
ISOLATES = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def kind_of_body(text: str, names: Iterable[str | None]) -> RecordKind:
    """Tell a body that a person typed from a reaction and from a line that the service wrote.

    Args:
        text: the body.
        names: of the author and of the other participants.
    """
    if len(text) > LONGEST_SYSTEM:
        return RecordKind.MESSAGE
    plain = text if text.isascii() else text.translate(ISOLATES)
    by_name = plain.startswith(_firsts(tuple(names)))
    opened = by_name or OPENINGS.match(plain) is not None
    reacted = REACTION.match(plain) is not None
    if not (opened or reacted):  # few messages begin so, and that is the cheaper question
        return RecordKind.MESSAGE
    if REACTION.search(text) is not None:
        is_it = reacted or by_name or plain.startswith("You ")
        return RecordKind.REACTION if is_it else RecordKind.MESSAGE
    return RecordKind.SYSTEM if opened and SYSTEM.search(text) else RecordKind.MESSAGE


@lru_cache(maxsize=4_096)
def _firsts(names: tuple[str | None, ...]) -> tuple[str, ...]:
    """Return the beginnings of names, whole and first word, without marks of direction."""
    plain = [name.translate(ISOLATES) for name in names if name]
    return tuple(sorted({part for name in plain for part in (name, name.split(" ")[0]) if part}))
