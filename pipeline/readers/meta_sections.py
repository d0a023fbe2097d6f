"""What the sections of a Meta business record hold: which label is text, time, author, or a value.

Source of every name: FORMATS 2.6 (ids and labels seen by independent parsers). A section that is
not listed is read all the same, as generic records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from schemas.kinds import MentionKind, RecordKind


@dataclass(frozen=True, slots=True)
class SectionRule:
    """How records of a section are read."""

    kind: RecordKind
    text: tuple[str, ...] = ()
    """Labels whose values are the record's text, one line each; () = all values."""
    time: tuple[str, ...] = (
        "Time",
        "Date Created",
        "Taken",
        "Posted",
        "Uploaded",
        "Like Timestamp",
    )
    author: tuple[str, ...] = ("Author", "From")
    stated: dict[str, MentionKind] = field(default_factory=dict)
    """Labels whose values the provider states: a record of their own, with a stated mention."""
    line_kind: MentionKind | None = None
    """Kind stated by each line of a field that has no further fields."""


_POST = SectionRule(RecordKind.POST, ("Title", "Text", "Status", "Post", "Summary", "Url"))
_PICTURE = SectionRule(
    RecordKind.PHOTO,
    ("Title", "Text", "Caption"),
    stated={"Upload Ip": MentionKind.IP, "Location": MentionKind.LOCATION},
)
_NAME = SectionRule(RecordKind.PROFILE, line_kind=MentionKind.ALIAS)
_PHONE = SectionRule(RecordKind.PROFILE, line_kind=MentionKind.PHONE)
_IP = SectionRule(RecordKind.PROFILE, line_kind=MentionKind.IP)
_LOGIN = SectionRule(RecordKind.LOGIN, ("IP Address",), stated={})

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
    "status_updates": _POST,
    "threads_posts_and_replies": _POST,
    "shares": SectionRule(RecordKind.SHARE, ("Title", "Summary", "Text", "Url", "Link")),
    "direct_shares": SectionRule(RecordKind.SHARE, ("Title", "Summary", "Text", "Url", "Link")),
    "comments": SectionRule(RecordKind.COMMENT, ("Text",)),
    "searches": SectionRule(RecordKind.SEARCH),
    "likes": SectionRule(RecordKind.GENERIC),
    "followers": SectionRule(RecordKind.GENERIC),
    "following": SectionRule(RecordKind.GENERIC),
    "threads_followers": SectionRule(RecordKind.GENERIC),
    "threads_following": SectionRule(RecordKind.GENERIC),
    "threads_registration_date": SectionRule(RecordKind.PROFILE),
    "threads_community_notes": SectionRule(RecordKind.GENERIC),
    "incoming_follow_requests": SectionRule(RecordKind.GENERIC),
    "community_notes": SectionRule(RecordKind.GENERIC),
    "shared_access": SectionRule(RecordKind.GENERIC),
    "account_owner_shared_access": SectionRule(RecordKind.GENERIC),
    "encrypted_groups_info": SectionRule(RecordKind.GENERIC),
    "credit_cards": SectionRule(RecordKind.PROFILE),
    "ncmec_reports": SectionRule(RecordKind.REPORT),
    "unified_messages": SectionRule(RecordKind.GENERIC),
    "threads_unified_messages": SectionRule(RecordKind.GENERIC),
    "reported_conversations": SectionRule(RecordKind.GENERIC),
    "reported_disappearing_messages": SectionRule(RecordKind.GENERIC),
}
GENERIC = SectionRule(RecordKind.GENERIC)

EMPTY = "No responsive records"
"""Beginning of what an empty section reads (VIPER and MCE both match the beginning)."""

PERSON = re.compile(
    r"^(?P<name>.*?)\s?\((?:(?P<platform>[A-Za-z]{2,20}):\s?)?(?P<id>\d{3,20})\)\s*$", re.DOTALL
)
"""``Name (Facebook: 123)``, ``name (instagram: 123)``, ``Name (123)``, ``(123)``."""

REACTION = re.compile(
    r"^(?:.{0,80} )?(?:Reacted|reacted) \S{1,16} to (?:your|a|the|his|her|their|this) |"
    r"^(?:.{0,80} )?(?:Liked|Loved|Laughed at|Emphasized|Questioned|Disliked) a message\b"
)
SYSTEM = re.compile(
    r"(?:^You are now connected on (?:Messenger|Instagram)"
    r"|^You can now (?:message and )?call each other"
    r"|^Say hi to your new (?:Facebook|Instagram|Messenger) friend"
    r"|^A payment request was auto-detected"
    r"|^(?:The )?(?:video|audio|group) (?:call|chat) ended"
    r"|\b(?:sent|shared) (?:an?|the|\d{1,3}|your|their|his|her) (?:\w{1,12} ){0,2}"
    r"(?:photo|video|picture|attachment|sticker|GIF|gif|location|file|link|message|audio|clip"
    r"|post|story|reel|contact)s?\.?$"
    r"|\bstarted (?:an?|the) (?:\w{1,12} )?(?:call|chat)\b"
    r"|\b(?:missed|joined|left|ended) (?:an?|your|the) (?:\w{1,12} )?(?:call|chat|group|room)\b"
    r"|\b(?:named|left|created|joined) the group\b"
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
them: with the author's name or with You."""


def is_system(text: str, author: str | None) -> bool:
    """Tell whether a body was written by the service, not typed by a person."""
    if not SYSTEM.search(text):
        return False
    opening = text.lstrip("\u2066\u2067\u2068")
    first = (author or "").split(" ")[0]
    return (
        opening.startswith(("You ", "A payment", "Say hi to your new", "The ", "video", "audio"))
        or bool(first)
        and opening.startswith(first)
    )
