"""Everything of a return that is not a message: menu, profile sections, logs, the closing legend.

Section ids, labels and their order: FORMATS 2.3 and 2.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from pipeline.sample.chat import Chat
from pipeline.sample.markup import CLOSE, P, PageWriter, group, leaf, opening
from pipeline.sample.people import Cast, Person
from pipeline.sample.records import linked, stamp

_NONE = "No responsive records located"
_HEAD = (
    '<html><head><meta charset="UTF-8" /><title>Meta Platforms Business Record</title>'
    '<style type="text/css" nonce="zzEXAMPLE">.o{font-weight:bold}'
    ".i{font-weight:bold;display:table}"
    ".m{font-weight:normal;display:table-cell;padding:2px;word-break:break-word}.p{padding:5px}"
    ".pageBreak{background-color:rgb(66,103,178);color:white;padding:20px;text-align:center}"
    "@media print{.pageBreak{page-break-before:always}}</style></head><body>"
)
_SECTIONS = (
    "request_parameters", "ncmec_reports", "name", "emails", "vanity", "registration_date",
    "registration_ip", "account_end_date", "phone_numbers", "logins", "ip_addresses", "devices",
    "about_me", "last_location", "photos", "videos", "wallposts", "comments", "searches",
    "privacy_settings", "saved_collections", "profile_transfer_log", "unified_messages",
    "credit_cards",
)  # fmt: skip
"""In the order of the file. Two ids are in no published list: readers take them generically."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of the return."""

    title: str
    name: str
    begin: int
    end: int
    generated: int


@dataclass(slots=True)
class Profile:
    """What the account itself is made of; the same in every file."""

    ticket: str
    vanity: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    registered: int
    addresses: list[tuple[str, int]]
    """The log: address and time, newest first."""
    photos: list[tuple[int, list[str]]]
    """Time and tokens of each, as in the next three."""
    posts: list[tuple[int, list[str]]]
    comments: list[tuple[int, list[str]]]
    searches: list[tuple[int, list[str]]]
    media: list[str]
    """Names of the photos' files in ``linked_media``."""
    tips: tuple[str, ...]
    """Numbers of reports; none in half of the samples."""
    latitude: float
    longitude: float


def _title(key: str) -> str:
    return key.replace("_", " ").title()


def make_profile(rng: Random, chat: Chat, cast: Cast, span: tuple[int, int], pages: int) -> Profile:
    """Invent the account's sections, larger for a larger return."""
    target = cast.target
    times = sorted((rng.randrange(*span) for _ in range(min(6000, 6 + pages // 3))), reverse=True)
    homes = [_address(rng) for _ in range(9)]
    media: list[str] = []
    return Profile(
        ticket=f"9{rng.randrange(10**7):07}",
        vanity=f"{target.user}.{rng.randrange(100)}",
        emails=(f"{target.user}@example.com", f"{target.user}{rng.randrange(99)}@example.net"),
        phones=(
            f"+1{target.digits} Cell Verified on {stamp(span[0] - rng.randrange(10**8))}",
            f"+1{cast.outsiders[0].digits} Cell",
        ),
        registered=span[0] - rng.randrange(10**8, 3 * 10**8),
        addresses=[
            (rng.choice(homes) if rng.random() < 0.7 else _address(rng), when) for when in times
        ],
        photos=[_photo(rng, chat, target, span, media) for _ in range(min(300, 2 + pages // 60))],
        posts=[_post(rng, chat, cast, span) for _ in range(min(800, 2 + pages // 30))],
        comments=[_comment(rng, chat, cast, span) for _ in range(min(800, 2 + pages // 30))],
        searches=[_search(rng, chat, cast, span) for _ in range(min(400, 3 + pages // 60))],
        media=media,
        tips=tuple(f"9{rng.randrange(10**8):08}" for _ in range(rng.choice((0, 0, 1, 2)))),
        latitude=round(rng.uniform(43.6, 46.9), 6),
        longitude=round(-rng.uniform(92.1, 96.4), 6),
    )


def _address(rng: Random) -> str:
    """An address of the ranges reserved for documentation, sometimes with a port."""
    port = f":{rng.randrange(1025, 65536)}" if rng.random() < 0.4 else ""
    if rng.random() < 0.3:
        net = f"2001:db8:{rng.randrange(65536):x}:{rng.randrange(65536):x}"
        six = f"{net}::{rng.randrange(1, 9999):x}"
        return f"[{six}]{port}" if port else six
    net = rng.choice(("192.0.2", "198.51.100", "203.0.113"))
    return f"{net}.{rng.randrange(1, 255)}{port}"


def _photo(
    rng: Random, chat: Chat, target: Person, span: tuple[int, int], media: list[str]
) -> tuple[int, list[str]]:
    number = f"9{rng.randrange(10**14):014}"
    name = f"photos_{number}.jpg"
    taken = rng.randrange(*span)
    fields = [
        [opening("Image"), *linked(f"linked_media/{name}", "image/jpeg")[1:-1], CLOSE],
        leaf("Id", number),
        leaf("Title", chat.line("caption", target, target)[0]),
        leaf("Upload Ip", _address(rng).split("]")[0].lstrip("[")),
        leaf("Album Name", "Mobile uploads"),
        leaf("Uploaded", stamp(taken)),
        leaf("Author", f"{target.name_at(taken)} ({target.account})"),
        leaf("Tags"),
    ]
    if rng.random() < 0.4:
        place = chat.line("photo_place", target, target)[0]
        where, _, street = place.partition(";")
        fields.insert(
            4, group("Location", leaf("Name", where.strip()), leaf("Address", street.strip()))
        )
    media.append(name)
    return taken, _flat(fields)


def _post(rng: Random, chat: Chat, cast: Cast, span: tuple[int, int]) -> tuple[int, list[str]]:
    author = rng.choice(cast.counterparts)
    when = rng.randrange(*span)
    to = f"{cast.target.name_at(when)} ({cast.target.account})"
    text = chat.message(author, cast.target, rng.choice(chat.topics))[0]
    fields = (
        leaf("To", to),
        leaf("From", f"{author.name_at(when)} ({author.account})"),
        leaf("Id", f"9{rng.randrange(10**14):014}"),
        leaf("Time", stamp(when)),
        leaf("Text", text),
        leaf("Wallposts Attachments"),
    )
    return when, _flat(fields)


def _comment(rng: Random, chat: Chat, cast: Cast, span: tuple[int, int]) -> tuple[int, list[str]]:
    when = rng.randrange(*span)
    text = chat.message(cast.target, rng.choice(cast.counterparts), rng.choice(chat.topics))[0]
    fields = (
        leaf("Date Created", stamp(when)),
        leaf("Id", f"9{rng.randrange(10**14):014}"),
        leaf("Status", "Active"),
        leaf("Text", text),
    )
    return when, _flat(fields)


def _search(rng: Random, chat: Chat, cast: Cast, span: tuple[int, int]) -> tuple[int, list[str]]:
    when = rng.randrange(*span)
    term = chat.line("search_term", cast.target, rng.choice(cast.counterparts))[0]
    fields = (
        leaf("Time", stamp(when)),
        leaf("Term", term),
        leaf("Type", rng.choice(("people", "posts", "places", "all"))),
    )
    return when, _flat(fields)


def _flat(fields: Sequence[Sequence[str]]) -> list[str]:
    return [token for tokens in fields for token in tokens]


def begin_file(pages: PageWriter, paper: Paper, papers: Sequence[Paper]) -> None:
    """Write head, menu and the first page bar."""
    menu = "".join(f'<li><a href="#property-{key}">{_title(key)}</a></li>' for key in _SECTIONS)
    links = "".join(
        f'<li><a href="{other.name}">{other.title} (Date Range: {stamp(other.begin)} to '
        f"{stamp(other.end)}) (Date Generated: {stamp(other.generated)})</a></li>"
        for other in papers
    )
    pages.raw(
        f'{_HEAD}<div id="home" class="content-pane visible-content"><div class="sticky_side_bar">'
        f"<div><p>Properties</p><ul>{menu}</ul></div><div><p>Links to Records</p>"
        f'<ul>{links}</ul></div></div></div><div class="records_output" id="records">'
    )
    pages.new_page()


def profile_sections(pages: PageWriter, paper: Paper, profile: Profile, chat: Chat) -> None:
    """Write all sections before the messages; logs keep to the file's range of dates."""
    target = chat.cast.target

    def within(timed: Sequence[tuple[int, list[str]]]) -> list[list[str]]:
        return [tokens for when, tokens in timed if paper.begin <= when <= paper.end]

    _pane(
        pages,
        "request_parameters",
        [
            leaf("Service", "Facebook"),
            leaf("Internal Ticket Number", profile.ticket),
            leaf("Target", target.account),
            leaf("Account Identifier", f"https://www.facebook.com/{profile.vanity}"),
            leaf("Account Type", "User"),
            leaf("Generated", stamp(paper.generated)),
            leaf("Date Range", f"{stamp(paper.begin)} to {stamp(paper.end)}"),
        ],
    )
    tips = leaf("NCMEC CyberTip Numbers", *profile.tips) if profile.tips else None
    _section(pages, "ncmec_reports", "NCMEC CyberTip Numbers", tips)
    named = group(
        "Name", leaf("First", target.given), leaf("Middle", ""), leaf("Last", target.surname)
    )
    _section(pages, "name", "Name", named)
    _section(pages, "emails", "", leaf("Registered Email Addresses", *profile.emails))
    _section(pages, "vanity", "", leaf("Vanity Name", profile.vanity))
    _section(pages, "registration_date", "", leaf("Registration Date", stamp(profile.registered)))
    _section(pages, "registration_ip", "", leaf("Registration Ip", "203.0.113.24"))
    still = (leaf("Account Still Active", "true"), leaf("Time", stamp(paper.generated)))
    _pane(pages, "account_end_date", [group("Account Closure Date", *still)])
    _section(pages, "phone_numbers", "", leaf("Phone Numbers", *profile.phones))
    _section(pages, "logins", "Logins", None)
    _listed(
        pages,
        "ip_addresses",
        "Ip Addresses",
        within(
            [
                (when, [*leaf("IP Address", address), *leaf("Time", stamp(when))])
                for address, when in profile.addresses
            ]
        ),
    )
    devices = [
        [*leaf("Type", kind), *leaf("Id", number), *leaf("Active", active), *leaf("User", user)]
        for kind, number, active, user in (
            ("iPhone 13", "9F3A0C52-0000-4D1E-9A10-EXAMPLE00001", "true", target.account),
            ("SM-A146U", "a9c100000000e001", "false", target.account),
        )
    ]
    _listed(pages, "devices", "Devices", devices)
    _section(pages, "about_me", "About Me", None)
    place = (
        leaf("Time", stamp(paper.end - 7261)),
        leaf("Latitude", f"{profile.latitude:.6f}"),
        leaf("Longitude", f"{profile.longitude:.6f}"),
    )
    _pane(pages, "last_location", [group("Last Location", *place)])
    _photos(pages, within(profile.photos))
    _section(pages, "videos", "Videos", None)
    _listed(pages, "wallposts", "Wallposts", within(profile.posts))
    _listed(pages, "comments", "Comments", within(profile.comments))
    _listed(pages, "searches", "Searches", within(profile.searches))
    _section(pages, "privacy_settings", "Privacy Settings", None)
    saved = [
        [*leaf("Collection", name), *leaf("Items", count), *leaf("Created", stamp(paper.begin))]
        for name, count in (("Recipes", "14"), ("Apartments & rooms", "3"))
    ]
    _listed(pages, "saved_collections", "Saved Collections", saved)
    transfer = group("Profile Transfer Log", leaf("State", "none"), leaf("Notes", "n/a", "n/a"))
    _section(pages, "profile_transfer_log", "", transfer)


def begin_messages(pages: PageWriter) -> None:
    """Open the section of messages; it stays open until :func:`end_file`."""
    pages.raw(f'<div id="property-unified_messages" class="content-pane">{P}')
    pages.write(
        leaf(
            "Unified Messages Definition",
            "Thread: Number of a conversation and, where it has one, its name.",
            "Current Participants: People in the conversation when the record was made.",
            "Author: Account that sent the message. Sent: Date and time it was sent.",
            "Body: Text of the message. Share: A shared link or item.",
            "Nickname: A name that a participant gave the account holder in one thread.",
        )
    )
    pages.raw(P)
    pages.write([opening("Unified Messages")])


def end_file(pages: PageWriter) -> None:
    """Close the messages with their unlabelled legend, then the last section and the file."""
    pages.write([P, CLOSE])
    pages.raw(P)
    legend = (
        "<u>Legend.</u> A message that its sender removed is marked. <i>Author</i> is the account, "
        "not the person who used it. Messages sent with end-to-end encryption are not in this "
        "record."
    )
    pages.write([opening(""), f'<div class="mvm uiP fsm">{legend}</div>', CLOSE])
    pages.raw("</div>")
    _pane(pages, "credit_cards", [leaf("Credit Cards", _NONE, ""), [P]])
    pages.raw("</div></body></html>")
    pages.flush()


def _pane(pages: PageWriter, key: str, blocks: Sequence[Sequence[str]]) -> None:
    pages.raw(f'<div id="property-{key}" class="content-pane">')
    for block in blocks:
        pages.write(block)
    pages.raw("</div>")


def _section(pages: PageWriter, key: str, label: str, block: Sequence[str] | None) -> None:
    """A section with its definition; ``None`` makes the empty one."""
    if block is None:
        block = leaf(label, _NONE, "")
    title = _title(key)
    definition = leaf(f"{title} Definition", f"{title}: {_DEFINITIONS.get(key, _DEFINED)}")
    _pane(pages, key, [[P], definition, [P], block, [P]])


_DEFINED = "Information of this kind that the account holder gave or that was logged."
_DEFINITIONS = {
    "ncmec_reports": "CyberTip reports associated with the account.",
    "name": "Name provided by the account holder.",
    "emails": "Email addresses on the account.",
    "vanity": "Part of the profile address that the account holder chose.",
    "registration_date": "Date the account was created.",
    "registration_ip": "IP address used at registration.",
    "phone_numbers": "Telephone numbers associated with the account.",
    "ip_addresses": "IP addresses and, where logged, source port numbers, with date and time.",
    "photos": "Photographs uploaded by the account holder.",
}


def _listed(pages: PageWriter, key: str, label: str, entries: Sequence[Sequence[str]]) -> None:
    if not entries:
        _section(pages, key, label, None)
        return
    tokens = [opening(label)]
    for at, entry in enumerate(entries):
        if at:
            tokens.append(P)
        tokens += entry
    tokens += (P, CLOSE)
    _section(pages, key, label, tokens)


def _photos(pages: PageWriter, photos: Sequence[Sequence[str]]) -> None:
    if not photos:
        _section(pages, "photos", "Photos", None)
        return
    tokens = [opening("Album: Mobile uploads")]
    for at, entry in enumerate(photos):
        if at:
            tokens.append(P)
        tokens += entry
    tokens.append(CLOSE)
    _section(pages, "photos", "Photos", group("Photos", tokens))
