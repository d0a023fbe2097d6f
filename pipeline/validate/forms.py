"""Lines written by hand: forms that must be found, and look-alikes that must not.

A line is a text and what is to be found in it: surface and value of each mention of the kind, in
order. Numbers are those reserved for fiction (555-01xx), names and places of business invented.
"""

from __future__ import annotations

Line = tuple[str, tuple[tuple[str, str | None], ...]]

N = "+16515550117"

PHONES: tuple[Line, ...] = (
    ("651-555-0117", (("651-555-0117", N),)),
    ("call (651) 555-0117 tonight", (("(651) 555-0117", N),)),
    ("its 651.555.0117 now", (("651.555.0117", N),)),
    ("+1 651 555 0117", (("+1 651 555 0117", N),)),
    ("text 6515550117 ok", (("6515550117", N),)),
    ("😀 651 555 0117", (("651 555 0117", N),)),
    ("651-555-0117\n612-555-0134", (("651-555-0117", N), ("612-555-0134", "+16125550134"))),
    ("six five one five five five zero one one seven",
     (("six five one five five five zero one one seven", N),)),
    ("call me 555-0117", (("555-0117", None),)),
    ("marca al 651 555 0117 porfa", (("651 555 0117", N),)),
)  # fmt: skip
NOT_PHONES = (
    "Minn. Stat. § 609.322, subd. 1a", "case 24-0117 page 1,204", "4111 1111 1111 1111",
    "meet 2024-02-01 10:00:00", "rm 214 at 7:30pm", "its 150 or 200", "198.51.100.23", "",
    "order #20240117-0001", "45.380153,-95.162990",
)  # fmt: skip

ALIASES: tuple[Line, ...] = (
    ("they call me Lil Juno", (("Lil Juno", "lil juno"),)),
    ("ask Deja Okafor about it", (("Deja Okafor", "deja okafor"),)),
    ("this is marcus", (("marcus", "marcus"),)),
    ("my name is Teresa", (("Teresa", "teresa"),)),
    ("tell Big Ro I said hi", (("Big Ro", "big ro"),)),
    ("me llamo Rosario", (("Rosario", "rosario"),)),
)
NOT_ALIASES = (
    "i want a cookie", "its sunny today", "happy birthday papa", "will you come", "may i ask",
    "", "the grace period ends", "so the thing is", "ok", "rm 214",
)  # fmt: skip

PLACES: tuple[Line, ...] = (
    ("im in Fridley MN", (("Fridley MN", "Fridley, MN, US"),)),
    ("drop me at 1420 Alder Street, Duluth, MN",
     (("1420 Alder Street, Duluth, MN", None),)),
    ("on my way to Minneapolis", (("Minneapolis", "Minneapolis, MN, US"),)),
    ("44.9778,-93.2650", (("44.9778,-93.2650", "44.9778,-93.265"),)),
    ("picked her up in St. Paul", (("St. Paul", "Saint Paul, MN, US"),)),
    ("the hotel on I-94", (("I-94", None),)),
)  # fmt: skip
NOT_PLACES = (
    "see you there", "its 150 or 200", "call 651-555-0117", "in a minute", "", "at 7:30pm",
    "on the way", "nice to meet you", "not in the mood", "at home",
)  # fmt: skip

AMOUNTS: tuple[Line, ...] = (
    ("$150", (("$150", "150 USD"),)),
    ("bring 200 bucks", (("200 bucks", "200 USD"),)),
    ("he owes me 1.5k", (("1.5k", "1500 USD"),)),
    ("she paid $1,250.50", (("$1,250.50", "1250.50 USD"),)),
    ("two hundred dollars", (("two hundred dollars", "200 USD"),)),
    ("between $100-$150", (("$100-$150", "100 USD"),)),
    ("3 racks", (("3 racks", "3000 USD"),)),
    ("€75 please", (("€75", "75 EUR"),)),
)  # fmt: skip
NOT_AMOUNTS = (
    "Minn. Stat. § 609.324", "rm 214", "at 7:30", "call 651-555-0117", "shes 16", "",
    "2 min away", "100% sure", "on 2024-02-01", "exit 42",
)  # fmt: skip

HANDLES: tuple[Line, ...] = (
    ("send it to $junocash", (("$junocash", "cashapp:$junocash"),)),
    ("my ig is @juno.example", (("@juno.example", "instagram:juno.example"),)),
    ("add me on snap: junoexample", (("junoexample", "snapchat:junoexample"),)),
    ("follow @juno_example", (("@juno_example", "juno_example"),)),
)
NOT_HANDLES = (
    "$150", "see you @ 7", "write to a@example.com", "@", "", "meet me @ the corner", "$$$",
    "100% @ once", "no cash", "i am on my phone",
)  # fmt: skip
