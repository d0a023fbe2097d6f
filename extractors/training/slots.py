"""What each slot of a template means (``{P}``, ``{C}``, …)."""

from __future__ import annotations

from collections.abc import Callable

from extractors.training.draws import HEADS, TAILS, Draws, title

PERSONS: dict[str, Callable[[Draws, str], str]] = {
    "P": lambda draws, kind: draws.person(kind),
    "G": lambda draws, _: draws.given_name(),
    "F": lambda draws, _: draws.full_name(),
    "M": lambda draws, _: draws.moniker(),
    "Z": lambda draws, _: draws.surname(),
}
"""Any name, given name, full name, moniker, family name."""

PLACES: dict[str, Callable[[Draws, str], str]] = {
    "L": lambda draws, _: _anywhere(draws),
    "C": lambda draws, kind: draws.area(kind),
    "H": lambda draws, _: title(draws.pick("lodging")),
    "V": lambda draws, _: title(draws.pick("venue")),
    "A": lambda draws, _: draws.address(),
    "O": lambda draws, _: draws.full_address(),
    "X": lambda draws, _: draws.crossing(),
    "R": lambda draws, _: draws.pick("road").title(),
    "Y": lambda draws, _: draws.street(),
    "S": lambda draws, _: draws.random.choice(draws.states),
    "c": lambda draws, _: draws.area("").replace(" ", ""),
}
"""Anywhere, city or land, lodging, venue, street address, whole address, crossing, road, street,
state, hashtag."""

SHARES = {"C": 34, "H": 18, "V": 18, "A": 8, "O": 2, "X": 8, "R": 6}
"""How often each is where somebody is."""

ROLES = (
    "my mom", "my dad", "mama", "mom", "daddy", "papi", "mami", "grandma", "granny", "my sister",
    "my brother", "his cousin", "her man", "my man", "my girl", "ur girl", "ya boy", "the homie",
    "the driver", "front desk", "the front desk", "the manager", "the landlord", "my landlord",
    "the plumber", "the nurse", "my lawyer", "my po", "the judge", "the police", "the cops", "12",
    "auntie", "unc", "my uncle", "boss", "the boss", "boss man", "the baby", "the kids", "the dog",
    "my boo", "bae", "wifey", "hubby", "the girls", "the new girl", "everyone", "my roommate",
    "the neighbor", "that dude", "ol boy", "shorty", "my client", "the guy", "a trick", "the buyer",
    "the house", "the motel", "the room", "the car", "the whole block", "uncle sam", "santa", "god",
)  # fmt: skip
"""Who is no name: kin, roles and things, with the same verbs as names (DOMAIN R13)."""
MONTHS = (
    "January February March April May June July August September October November December".split()
)
DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday fri sat sun mon tmrw tonight".split()
)
DIAS = "lunes martes miercoles jueves viernes sabado domingo".split()
TIMES = ("{h}", "{h}pm", "{h} am", "{h}:30", "{h}:15pm", "midnight", "noon")
SUMS = (
    "${n}", "{n}", "{n} bucks", "${n}", "{n} dollars", "a band", "2 bands", "1.5k", "a rack",
    "{n} roses", "half",
)  # fmt: skip
AMOUNTS = (20, 40, 60, 80, 100, 120, 150, 200, 250, 300, 500, 800)
SHOWS = "The Lost City Dark House Last Good Big Night Love Game Star Iron Hope".split()
TOOLS = (
    "apt dpkg chown chmod fdisk nohup mkfs lilo grub fstab xorg ndiswrapper iwconfig alsa pulse "
    "jack esd gedit nano vim emacs kate bash zsh perl ruby python java gcc make automake lvm raid "
    "ldap samba nfs cups sane hal dbus udev upstart cron screen tmux wget curl rsync tar gzip nx "
    "vnc xdmcp v4l acpi ufw iptables sshd httpd squid bind postfix exim mutt pine irssi xchat "
    "banshee amarok xine mplayer vlc totem gimp inkscape blender ooo lts ppa repo deb rpm iso usb "
    "pci agp irq dma ntfs ext3 reiser swap"
).split()
REMARKS = (
    "yes", "no", "ok", "i dont think so", "that did it", "what version", "it should just work",
    "hm", "same problem here", "sorry, wrong window", "check the topic", "did you reboot",
    "do not paste here", "it is a known bug", "no idea", "works for me", "which card is it",
    "you need root for that", "what does the log say", "i was afk", "lol", "see the wiki",
    "thats for the old release", "logging on", "remove it and install it again",
    "ask in the other channel", "read the manual", "its in main now",
    "have you updated recently", "try without the quotes", "what text editor do you use",
    "good luck",
)  # fmt: skip

OTHERS: dict[str, Callable[[Draws], str]] = {
    "K": lambda draws: _number(draws, 1, 45),
    "T": lambda draws: draws.random.choice(TIMES).replace("{h}", _number(draws, 1, 12)),
    "D": lambda draws: draws.random.choice(DAYS),
    "D2": lambda draws: draws.random.choice(DIAS),
    "d": lambda draws: f"{draws.random.choice(MONTHS)} {_number(draws, 1, 30)}",
    "y": lambda draws: _number(draws, 1950, 2025),
    "z": lambda draws: _number(draws, 10_000, 99_999),
    "r": lambda draws: _number(draws, 101, 520),
    "$": lambda draws: draws.random.choice(SUMS).replace("{n}", str(draws.random.choice(AMOUNTS))),
    "N": lambda draws: draws.number(),
    "U": lambda draws: draws.company(),
    "B": lambda draws: draws.pick("term"),
    "does": lambda draws: draws.pick("does"),
    "do": lambda draws: draws.pick("do"),
    "R0": lambda draws: draws.random.choice(ROLES),
    "E": lambda draws: draws.pick("emoji"),
    "W": lambda draws: draws.pick("thing"),
    "w": lambda draws: _made_up(draws) + draws.random.choice(("", "1", "_x", "88")),
    "k": lambda draws: _tool(draws),
    "q": lambda draws: draws.random.choice(REMARKS),
    "n": lambda draws: _nick(draws),
    "n2": lambda draws: _show(draws),
    "v": lambda draws: f"{_number(draws, 4, 12)}.{draws.random.choice(('04', '10'))}",
}
"""What is no name: numbers, times, days, sums, firms, terms of address, verbs, things, nicks."""


def _anywhere(draws: Draws) -> str:
    kind = draws.random.choices(list(SHARES), list(SHARES.values()))[0]
    return PLACES[kind](draws, "")


def _number(draws: Draws, low: int, high: int) -> str:
    return str(draws.random.randint(low, high))


def _made_up(draws: Draws) -> str:
    return draws.random.choice(HEADS) + draws.random.choice(TAILS)


def _show(draws: Draws) -> str:
    """Return the title of a show."""
    return " ".join(draws.random.choice(SHOWS) for _ in range(draws.random.randint(2, 3)))


def _tool(draws: Draws) -> str:
    """Return a name of software: no person, however it sounds."""
    made = draws.random.choice(("g", "k", "x", "lib", "open", "py", "v", "mk"))
    made += draws.random.choice(HEADS + TAILS)
    return draws.random.choice(
        (draws.random.choice(TOOLS), draws.random.choice(TOOLS).upper(), made, made + "-utils")
    )


def _nick(draws: Draws) -> str:
    """Return a nick of a technical channel; it is a handle, so no span."""
    nick = draws.random.choice(
        (
            draws.random.choice(HEADS) + draws.random.choice(TAILS),
            draws.random.choice(draws.given[2])
            + draws.random.choice(("", "", "_", "|away", "-work")),
            draws.random.choice(draws.given[1]),
            draws.random.choice(HEADS).capitalize() + draws.random.choice(HEADS).capitalize(),
            draws.random.choice("abcdefghjklmnprstvw") + draws.random.choice(draws.last[1]),
            draws.random.choice(draws.lists["thing"]).replace(" ", "") + draws.random.choice(TAILS),
            "".join(draws.random.choice(HEADS) for _ in range(draws.random.randint(2, 4))),
            draws.random.choice(draws.given[2]) + str(draws.random.randint(1, 99)),
            draws.random.choice(HEADS)
            + draws.random.choice(("_", "-", "|"))
            + draws.random.choice(TAILS),
            draws.random.choice(TAILS)
            + draws.random.choice(HEADS)
            + draws.random.choice(("", "`", "_", "bot", "2k")),
            draws.random.choice(draws.lists["thing"]).replace(" ", ""),
            draws.random.choice(draws.lists["moniker"]).replace(" ", "_"),
        )
    )
    return nick.capitalize() if draws.chance(0.25) else nick
