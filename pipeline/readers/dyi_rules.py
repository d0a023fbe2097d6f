"""What the sections of a Meta download hold, in JSON: which values are text, places, numbers.

Sources: FORMATS 7 for threads; for all others the keys that public importers and donated-data
tools read (each by two or more of them, but ``payments_v2``, whose entries one alone shows, and
``admin_records_v2``, from RLEAPP's facebookArchive). A section that is not listed is read all the
same, value by value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from schemas.kinds import MentionKind, RecordKind

CONTACT = None
"""Stated kind of a value that may be an e-mail address or a telephone number: its shape says."""

Stating = tuple[tuple[re.Pattern[str], MentionKind | None], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a section is read. Paths are within an entry, keys joined by ``/``, without indexes."""

    kind: RecordKind
    by_entry: bool = True
    """Whether an entry is one record, whose other values are attributes; else every text is."""
    text: re.Pattern[str] | None = None
    """Paths of the strings that are the record's text, one line each; where an entry has none of
    them, or None: all that may be text."""
    shape: re.Pattern[str] | None = None
    """What such a string must look like; where none does, the record has no text."""
    stated: Stating = ()
    """Paths of strings that the provider states, and as what; the first that matches counts."""
    author: str = ""
    is_known: bool = True
    glue: str = "\n"
    form: str = ""
    """``payment`` or ``place``: the text is put together of several values (dyi_sections)."""


def _paths(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}", re.IGNORECASE)
DECIMAL = re.compile(r"[-+]?\d{1,3}\.\d{1,20}")
EMAIL = re.compile(r"[^\s@]{1,100}@[^\s@]{1,100}\.[^\s@.]{2,30}")
PHONE = re.compile(r"\+?[\d(][\d ().-]{5,24}\d")
LATITUDE = re.compile(r"lat|breit", re.IGNORECASE)
LONGITUDE = re.compile(r"lon|lng|l\xe4ng", re.IGNORECASE)

_MAP = r"string_map_data/[^/]{1,80}/value"
_ALL = _paths(r".*")
_LOGIN = Rule(
    RecordKind.LOGIN,
    text=_paths(rf"(?:.*/)?(?:ip|ip_address)|{_MAP}|label_values/(?:.*/)?value"),
    shape=IP,
    stated=((_ALL, MentionKind.IP),),
)
_NAMES = Rule(
    RecordKind.GENERIC,
    text=_paths(r"name|title|string_list_data/value"),
    stated=((_paths(r"name"), MentionKind.ALIAS), (_ALL, MentionKind.HANDLE)),
)
_CONTACTS = Rule(
    RecordKind.GENERIC,
    text=_paths(rf"name|first_name|last_name|details/contact_point|{_MAP}"),
    stated=(
        (_paths(r"name|(?:first|last)_name|string_map_data/(?:.*name|surname)/value"),
         MentionKind.ALIAS),
        (_ALL, CONTACT),
    ),
)  # fmt: skip
_SEARCHES = Rule(RecordKind.SEARCH, text=_paths(rf"data/text|{_MAP}|string_list_data/value"))
_COMMENTS = Rule(
    RecordKind.COMMENT,
    text=_paths(
        r"data/comment/comment|string_map_data/(?:comment|kommentar|commentaire|comentario)/value"
    ),
    author="data/comment/author",
)
_POSTS = Rule(RecordKind.POST)
_PLACES = Rule(RecordKind.LOCATION_FIX, stated=((_ALL, MentionKind.LOCATION),), glue=", ")
_FIXES = Rule(RecordKind.LOCATION_FIX, form="place")
_PROFILE = Rule(
    RecordKind.PROFILE,
    by_entry=False,
    stated=(
        (_paths(r"(?:.*/)?name/full_name"), MentionKind.ALIAS),
        (_paths(r"name|family_members/name"), MentionKind.ALIAS),
        (_paths(r"(?:.*/)?(?:other|previous|former|screen|nick)_?names?(?:/name)?"),
         MentionKind.ALIAS),
        (_paths(r"(?:.*/)?string_map_data/name/value"), MentionKind.ALIAS),
        (_paths(r"(?:.*/)?(?:username|vanity)(?:/value)?"), MentionKind.HANDLE),
        (_paths(r"(?:.*/)?\w{0,20}emails?(?: address)?(?:/value)?"), MentionKind.EMAIL),
        (_paths(r"(?:.*/)?(?:phone_numbers?|phone|phone number)(?:/phone_number|/value)?"),
         MentionKind.PHONE),
        (_paths(r"contact"), CONTACT),
        (_paths(r"(?:.*/)?(?:current_city|hometown)(?:/name)?|(?:.*/)?places_lived/place"),
         MentionKind.LOCATION),
        (_paths(r"(?:.*/)?address/(?:street|city|full_address)"), MentionKind.LOCATION),
        (_paths(r"(?:.*/)?(?:websites?/address|website(?:/value)?|profile_uri)"), MentionKind.URL),
    ),
)  # fmt: skip
THREAD = Rule(RecordKind.GENERIC, by_entry=False)
UNKNOWN = Rule(RecordKind.GENERIC, by_entry=False, is_known=False)

RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"profile(?:_v\d|_user|_information)?", _PROFILE),
        (r"account_history_registration_info|registration_information", _PROFILE),
        (r"contact_verifications(?:_v\d)?", _PROFILE),
        (r"address_book(?:_v\d)?|contacts_contact_info|contacts(?:_v\d)?", _CONTACTS),
        (r"(?:friends|(?:sent|received|rejected)_requests|deleted_friends|follow(?:ing|ers))"
         r"(?:_v\d)?", _NAMES),
        (r"relationships_\w{1,60}|following", _NAMES),
        (r"searches(?:_v\d|_\w{1,30})?", _SEARCHES),
        (r"account_accesses(?:_v\d)?|account_activity(?:_v\d)?|used_ip_address(?:_v\d)?"
         r"|active_sessions(?:_v\d)?|account_history_log(?:in|out)_history", _LOGIN),
        (r"admin_records(?:_v\d)?", Rule(
            RecordKind.LOGIN, text=_paths(r"session/ip_address|extra_info/.+"),
            stated=(
                (_paths(r"session/ip_address"), MentionKind.IP),
                (_paths(r"extra_info/.*name"), MentionKind.ALIAS),
                (_paths(r"extra_info/.*vanity"), MentionKind.HANDLE),
                (_ALL, CONTACT),
            ))),
        (r"payments(?:_v\d)?", Rule(RecordKind.GENERIC, form="payment")),
        (r"location_history(?:_v\d)?|account_history_(?:im)?precise_last_known_location"
         r"|last_known_location", _FIXES),
        (r"primary_(?:public_)?location(?:_v\d)?|locations_of_interest", _PLACES),
        (r"(?:comments|group_comments)(?:_v\d)?|comments_(?:media|reels|story)_comments"
         r"|post_comments|reels_comments", _COMMENTS),
        (r"(?:your_)?posts?|your_posts__check_ins__photos_and_videos|status_updates"
         r"|group_posts(?:_v\d)?|wall_posts_sent_to_you|your_uncategorized_photos", _POSTS),
    )
)  # fmt: skip
"""Rules by section: the key at the top of the file, or the file's name where it has none."""

NOT_TEXT = frozenset({
    "fbid", "id", "href", "datr_cookie", "cookie", "cookie name", "user_agent", "user agent",
    "ent_name", "thread_path", "session_type", "type", "media_type", "privacy", "upload_ip",
    "source_app", "backup_uri", "exif_data", "iso", "focal_length", "device_id", "device id",
})  # fmt: skip
"""Keys, lower case, of strings that nobody wrote and that mean nothing to an investigator as text;
where an entry is one record they are attributes of it."""
TRIVIAL = frozenset({"true", "false", "none", "null", "n/a"})
TIMES = (
    "timestamp", "created_timestamp", "creation_timestamp", "create_timestamp",
    "verification_time", "updated_timestamp", "update_timestamp", "start_timestamp",
    "registration_timestamp", "timestamp_ms", "timestamp_value",
)  # fmt: skip

_NUMBERED = re.compile(r"_\d{1,6}$")


@lru_cache(maxsize=256)
def rule_of(section: str) -> Rule:
    """Return how a section is read."""
    return next((rule for pattern, rule in RULES if pattern.fullmatch(section)), UNKNOWN)


def section_of_file(path: str) -> str:
    """Name the section of a file whose JSON is a list at its top: its name without number."""
    stem = path.rpartition("/")[2].rpartition(".")[0].lower()
    return _NUMBERED.sub("", stem)[:80]
