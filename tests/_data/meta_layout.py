"""Writes a business record in any of its four generations, with page breaks wherever asked.

Nothing here comes from the reader under test: tokens in, bytes out. A token is a tuple:
``("section", key)``, ``("end",)``, ``("open", label)``, ``("close",)``, ``("text", text)``,
``("line",)`` between two lines of a value, ``("done",)`` after its last, ``("blank",)`` between
records, ``("raw", html)``.
"""

from __future__ import annotations

from html import escape

OPEN = {
    "g1": ("<table><tr><th>", "</th><td>"),
    "g2": (
        '<div class="div_table" style="font-weight: bold;">'
        '<div class="div_table" style="font-weight: bold; display:table;">',
        '<div style="font-weight: normal; display:table-cell; padding: 2px; '
        'word-break: break-word; word-wrap: break-word !important;"><div>',
    ),
    "g2b": (
        '<div class="div_table outer"><div class="div_table inner">',
        '<div class="most_inner"><div>',
    ),
    "g3": ('<div class="t o"><div class="t i">', '<div class="m"><div>'),
}
CLOSE = {"g1": "</td></tr></table>", "g2": "</div>" * 4, "g2b": "</div>" * 4, "g3": "</div>" * 4}
LINE = {"g1": "<br/>", "g2": "<br />", "g2b": "<br>", "g3": '<div class="p"></div>'}
TITLE = {
    "g1": "Facebook Business Record", "g2": "Facebook Legal Request ", "g2b": "Meta Legal Request",
    "g3": "Meta Platforms Business Record",
}  # fmt: skip
BARS = (
    '<div id="page_{n}" class="pageBreak">Meta Platforms Business Record Page {n}</div>',
    '<div class="pageBreak" id="page_{n}">Facebook Business Record Page {n}</div>',
    "<div style='x:y' class='pageBreak' id='page_{n}'>Instagram Business Record Page {n}</div>",
    '<div class="pageBreak">WhatsApp Business Record Page {n}</div>',
    '<DIV CLASS="pageBreak" ID="page_{n}">Meta Platforms Business Record<br>Page {n}</DIV>',
)
HEAD = (
    '<html><head><meta charset="UTF-8" /><title>{title}</title><style type="text/css" nonce="zz">'
    ".o{{font-weight:bold}}.pageBreak{{color:white}}</style></head><body>"
    '<div id="home" class="content-pane visible-content"><div class="sticky_side_bar"><div>'
    '<p>Properties</p><ul><li><a href="#property-name">Name</a></li></ul></div></div></div>'
    '<div class="records_output" id="records">'
)
FOOT = "</div></body></html>"


def leaf(label, *lines):
    """A field whose value is lines of text."""
    tokens = [("open", label)]
    for number, line in enumerate(lines):
        tokens += [("line",)] if number else []
        tokens += [("text", line)] if line else []
    return [*tokens, ("done",), ("close",)]


def group(label, *children):
    """A field that holds further fields, or lines (strings) and further fields."""
    tokens = [("open", label)]
    for child in children:
        tokens += [("text", child), ("line",)] if isinstance(child, str) else child
    return [*tokens, ("done",), ("close",)]


def records(label, *entries):
    """A field that holds records with a blank between two of them."""
    tokens = [("open", label)]
    for number, entry in enumerate(entries):
        tokens += [("blank",)] if number else []
        for field in entry:
            tokens += field
    return [*tokens, ("done",), ("close",)]


def section(key, *fields, definition=True):
    """A section with its definition."""
    tokens = [("section", key), ("blank",)]
    if definition:
        title = key.replace("_", " ").title()
        tokens += [
            *leaf(f"{title} Definition", f"{title}: a definition.", "Time: of it."),
            ("blank",),
        ]
    for field in fields:
        tokens += field
    return [*tokens, ("blank",), ("end",)]


class Writer:
    """Renders tokens; ``cuts`` are (token, code point of its text) before which a page begins."""

    def __init__(
        self,
        tokens,
        gen="g3",
        *,
        cuts=(),
        bar=BARS[0],
        sections="reopen",
        head=None,
        glue="",
        start=1,
    ):
        self.gen, self.bar, self.sections, self.glue = gen, bar, sections, glue
        self.page = start - 1
        self.open = []
        self.out = [HEAD.format(title=TITLE[gen]) if head is None else head]
        cuts = set(cuts)
        self._bar()
        for number, token in enumerate(tokens):
            if (number, 0) in cuts:
                self._cut()
            self._write(token, sorted(at for n, at in cuts if n == number and at))
        self.out.append(FOOT if head is None else "")
        self.html = glue.join(part for part in self.out if part)

    def _write(self, token, cuts):
        kind, out = token[0], self.out
        if kind == "section":
            self.open.append(token)
            out.append(f'<div id="property-{token[1]}" class="content-pane">')
        elif kind == "end":
            if self.open and self.open[-1][0] == "section":
                self.open.pop()
                out.append("</div>")
        elif kind == "open":
            self.open.append(token)
            out += [OPEN[self.gen][0] + token[1], OPEN[self.gen][1]]
        elif kind == "close":
            self.open.pop()
            out.append(CLOSE[self.gen])
        elif kind == "text":
            begin = 0
            for cut in [*cuts, len(token[1])]:
                out.append(escape(token[1][begin:cut], quote=True))
                if cut < len(token[1]):
                    self._cut()
                begin = cut
        elif kind == "line" or (kind in ("done", "blank") and self.gen != "g1"):
            out.append(LINE[self.gen])
        elif kind == "raw":
            out.append(token[1])

    def _bar(self):
        self.page += 1
        self.out.append(self.bar.format(n=self.page))

    def _cut(self):
        fields = [token for token in self.open if token[0] == "open"]
        keys = [token for token in self.open if token[0] == "section"]
        closing = self.sections != "stay"
        self.out += [CLOSE[self.gen]] * len(fields) + ["</div>"] * (closing * len(keys))
        self._bar()
        if self.sections == "reopen":
            self.out += [f'<div id="property-{key}" class="content-pane">' for _, key in keys]
        elif self.sections == "anonymous":
            self.out += ["<div>"] * len(keys)
        elif self.sections == "drop":
            self.open = fields
        self.out += [OPEN[self.gen][0] + OPEN[self.gen][1]] * len(fields)


def write(tokens, gen="g3", **options):
    """Return the bytes of a return."""
    return Writer(tokens, gen, **options).html.encode()


def positions(tokens, step=1):
    """Every place where a page may break: before each token, and in each text."""
    for number, token in enumerate(tokens):
        if number and token[0] != "section" and tokens[number - 1][0] != "end":
            yield number, 0
        if token[0] == "text":
            for at in range(1, len(token[1]), step):
                yield number, at


ANNA, BEN, CY = (
    "Anna (West) 😎 (Facebook: 900000000000101)",
    "Ben 21 (Facebook: 900000000000202)",
    "(Facebook: 900000000000303)",
)


def message(author, sent, *fields, body=None):
    """The fields of one message; ``body`` is a text, lines, or None for a message without."""
    tokens = [leaf("Author", author)] if author is not None else []
    tokens += [leaf("Sent", sent)] if sent is not None else []
    if body is not None:
        tokens.append(leaf("Body", *([body] if isinstance(body, str) else body)))
    return [*tokens, *fields]


def attachment(number, kind="image/jpeg", name="image"):
    """One file as an attachments field lists it."""
    path = f"linked_media/unified_message_{number}.jpg"
    return [
        ("text", f"{name}-{number} ({number})"), ("line",),
        *leaf("Type", kind), *leaf("Size", "966381"),
        *leaf("URL", f"https://cdn.example.com/v/{number}_n.png?ccb=1-7&_nc_sid=0"),
        ("open", ""), ("blank",), ("raw", f'<img src="{path}"/>'), ("blank",),
        *leaf("Linked Media File:", path), ("close",),
    ]  # fmt: skip


def thread(head, entries, *more, people=(ANNA, BEN, CY)):
    """A conversation."""
    tokens = [("open", "Thread"), ("text", head), ("line",)]
    tokens += leaf("Current Participants", "2024-04-02 17:03:11 UTC", *people)
    for field in more:
        tokens += field
    for entry in entries:
        tokens += [("blank",)]
        for field in entry:
            tokens += field
    return [*tokens, ("done",), ("close",)]


def full(person=True):
    """Sections of every sort, and two threads with everything a message can hold."""
    one = [
        message(BEN, "2024-03-02 14:00:00 UTC", body="ok"),
        message(ANNA, "2024-03-02 14:00:00 UTC", leaf("Removed by Sender", "true"), body="Author"),
        message(BEN, "2024-03-01 02:09:30 UTC",
                body=("first line & <b>more</b>", "", "Sent: 555-0117 \u2068Ben\u2069", "last 👍🏽 one")),
        message(CY, "2024-03-01 02:09:31 UTC", body=""),
        message(CY, "2024-03-01 02:09:32 UTC"),
        message(CY, None, body="no time"),
        message(ANNA, "2024-03-01 01:55:00 UTC",
                [("open", "Attachments"), *attachment("900000000000777"),
                 *attachment("900000000000778"), ("done",), ("close",)],
                body="Anna (West) 😎 sent 2 photos."),
        message(BEN, "2024-02-29 23:10:44 UTC",
                group("Call Record", leaf("Type", "audio"), leaf("Missed", "false"), leaf("Duration", "61")),
                body="You started an audio call"),
        message(ANNA, "2024-02-14 04:01:02 UTC",
                group("Share", leaf("Date Created", "2024-02-14 04:01:02 UTC"), leaf("Text", "Rose Inn"),
                      leaf("Url", "http://maps.example.com/?q=41.5868,-93.6250&z=1"))),
        message(BEN, "2024-02-14 03:59:40 UTC", group("Share", leaf("Date Created", "Unknown")), body=""),
        message(ANNA, "2024-02-13 22:22:22 UTC",
                group("Subscription Event", leaf("Type", "subscribe"), leaf("Users", CY)),
                body="Anna (West) 😎 added Cy to the group."),
        message(BEN, "2024-02-13 22:22:21 UTC", body="Reacted 😂 to your message"),
    ]  # fmt: skip
    two = [
        message(CY, "2024-02-01 00:00:01 UTC", body="hola " * 30),
        message(ANNA, "2024-02-01 00:00:02 UTC",
                [("open", "Attachments"), *attachment("900000000000779", "video/mp4", "video"),
                 ("done",), ("close",)]),
    ]  # fmt: skip
    return [
        *section(
            "request_parameters", leaf("Service", "Facebook"), leaf("Internal Ticket Number", "90001"),
            leaf("Target", "900000000000101"), leaf("Account Identifier", "https://www.facebook.com/anna.w"),
            leaf("Date Range", "2024-01-01 00:00:00 UTC to 2024-04-01 00:00:00 UTC"), definition=False,
        ),
        *section("ncmec_reports", leaf("NCMEC CyberTip Numbers", "No responsive records located", "")),
        *section("name", group("Name", leaf("First", "Anna"), leaf("Middle"), leaf("Last", "West"))),
        *section("emails", leaf("Registered Email Addresses", "anna@example.com", "aw@example.net")),
        *section("phone_numbers",
                 leaf("Phone Numbers", "+13125550143 Cell Verified on 2019-08-04 12:00:01 UTC",
                      "+13125550177 Cell")),
        *section("ip_addresses", records(
            "Ip Addresses",
            [leaf("IP Address", "198.51.100.23:51234"), leaf("Time", "2024-03-01 02:14:09 UTC")],
            [leaf("IP Address", "[2001:db8:41::7f]:49771"), leaf("Time", "2024-02-27 23:58:41 UTC")],
            [leaf("IP Address", "192.0.2.77"), leaf("Time", "2024-02-20 05:00:00 UTC")],
        )),
        *section("last_location", group(
            "Last Location", leaf("Time", "2024-03-01 01:59:59 UTC"), leaf("Lat.", "41.600512"),
            leaf("Lon.", "-93.609107"),
        )),
        *section("wallposts", records(
            "Wallposts",
            [leaf("To", "Anna West (900000000000101)"), leaf("From", "Ben 21 (900000000000202)"),
             leaf("Id", "900000000000001"), leaf("Time", "2024-02-20 06:00:00 UTC"),
             leaf("Text", "see u at 5", "bring 20"), leaf("Wallposts Attachments")],
            [leaf("To", "Anna West (900000000000101)"), leaf("From", "Ben 21 (900000000000202)"),
             leaf("Id", "900000000000002"), leaf("Time", "2024-02-20 07:00:00 UTC"), leaf("Text", "ok")],
        )),
        *section("moon_phases", records(
            "Moon Phases",
            [leaf("Phase", "full"), group("Seen", leaf("Where", "Fridley"), leaf("By", BEN))],
            [leaf("Phase", "new"), leaf("Note")],
        )),
        *section("unified_messages", [
            ("open", "Unified Messages"),
            *thread("(900000000000555)", one, leaf("Past Participants", "Wren (Facebook: 900000000000404)"),
                    leaf("Nickname", "queen bee")),
            ("blank",), *thread("Weekend (crew) 7 (900000000000556)", two, leaf("Read Receipts", "Enabled")),
            ("done",), ("close",), ("blank",), ("open", ""),
            ("raw", '<div class="mvm uiP fsm"><u>Legend.</u> Not a value.</div>'), ("close",),
        ]),
        *section("credit_cards", leaf("Credit Cards", "No responsive records located", "")),
    ]  # fmt: skip
