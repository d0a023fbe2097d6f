"""Closed lists: the words that may stand in a column."""

from __future__ import annotations

from enum import StrEnum


class MentionKind(StrEnum):
    """Kinds of mention (CONTRACT 4; add by changing the contract first)."""

    PHONE = "phone"
    ALIAS = "alias"
    HANDLE = "handle"
    LOCATION = "location"
    MONEY = "money"
    EMAIL = "email"
    URL = "url"
    IP = "ip"
    DATE = "date"
    AGE = "age"
    ROLE_TERM = "role_term"
    LEGAL_REF = "legal_ref"
    LODGING = "lodging"
    TRAVEL = "travel"
    PLATE = "plate"
    ACCOUNT = "account"


class RecordKind(StrEnum):
    """What the provider logged."""

    MESSAGE = "message"
    SHARE = "share"
    CALL = "call"
    REACTION = "reaction"
    SYSTEM = "system"
    POST = "post"
    COMMENT = "comment"
    SEARCH = "search"
    PHOTO = "photo"
    LOGIN = "login"
    DEVICE = "device"
    LOCATION_FIX = "location_fix"
    PROFILE = "profile"
    PARTICIPANT = "participant"
    REPORT = "report"
    PARAMETER = "parameter"
    DOCUMENT = "document"
    """A passage of a plain document."""
    ROW = "row"
    """A row of a table."""
    GENERIC = "generic"


class Basis(StrEnum):
    """Where a mention's value comes from."""

    STATED = "stated"
    """The provider states it in a field of its own."""
    FOUND = "found"
    """An extractor found it in text a person wrote."""


class MembershipBasis(StrEnum):
    """Why a mention belongs to an entity."""

    EXACT = "exact"
    JUDGED = "judged"


class Severity(StrEnum):
    """How bad an issue is: ``error`` means some material was not read (exit code 1)."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Scope(StrEnum):
    """Where a record stands to the legal process."""

    IN = "in"
    OUT_DATE = "out_date"
    OUT_ACCOUNT = "out_account"
    OUT_CATEGORY = "out_category"
    UNDETERMINED = "undetermined"
    """No time or account to decide by; read, and left for a person to decide."""

    @property
    def is_out(self) -> bool:
        """Whether the record's text must go nowhere."""
        return self.startswith("out_")


class Fate(StrEnum):
    """What became of a byte (columns of ``coverage``)."""

    RECORD = "record"
    FURNITURE = "furniture"
    ISSUE = "issue"
    OUT_OF_SCOPE = "out_of_scope"
    SEALED = "sealed"


class ServiceCategory(StrEnum):
    """Services whose numbers and addresses are never leads (DOMAIN 1.2)."""

    HOTLINE = "hotline"
    ADVOCATE = "advocate"
    CHILD_PROTECTION = "child_protection"
    LAW_ENFORCEMENT = "law_enforcement"
    SERVICE = "service"
    CITY = "city"
    CITY_LANGUAGE = "city_language"
    EMERGENCY = "emergency"
    COUNSEL = "counsel"


class PlaceKind(StrEnum):
    """What sort of place a location mention names."""

    CITY = "city"
    COUNTY = "county"
    STATE = "state"
    COUNTRY = "country"
    ADDRESS = "address"
    VENUE = "venue"
    CROSSING = "crossing"
    ROAD = "road"
    COORDINATE = "coordinate"
    AIRPORT = "airport"


class AliasKind(StrEnum):
    """What sort of name an alias mention is."""

    GIVEN = "given"
    FULL = "full"
    MONIKER = "moniker"
    DISPLAY = "display"
    HANDLE = "handle"
