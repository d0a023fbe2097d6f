"""Services that give user names: how chat writes them, and their profile addresses."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SPELLINGS = {
    "instagram": r"instagram|insta(?!nt|ll)|ig|i\.g\.",
    "snapchat": r"snap[ ]?chat|snap|sc|snapp",
    "cashapp": r"ca[s$]h[ ]?app|ca[s$]happ|cash[ ]?tag|cap?sh ?app|c\.app",
    "telegram": r"telegram|tele|tg|telgram",
    "kik": r"kik|kikk",
    "venmo": r"venmo",
    "zelle": r"zelle|zell",
    "paypal": r"paypal|pay[ ]pal|pp",
    "facebook": r"facebook|fb|fbook|face[ ]?book",
    "tiktok": r"tik[ ]?tok|tt",
    "twitter": r"twitter|twt",
    "whatsapp": r"whats[ ]?app|wapp",
    "discord": r"discord|disc",
    "onlyfans": r"only[ ]?fans|onlyfan",
    "chime": r"chime",
    "applepay": r"apple[ ]?pay",
    "signal": r"signal",
    "wickr": r"wickr(?:[ ]me)?",
    "threema": r"threema",
    "skype": r"skype",
    "youtube": r"youtube|yt",
    "twitch": r"twitch",
    "reddit": r"reddit",
    "tumblr": r"tumblr",
    "messenger": r"messenger",
    "xbox": r"xbox(?:[ ]live)?|gamertag",
    "psn": r"psn",
    "textnow": r"text[ ]?now",
    "line": r"line[ ]id",
    "wechat": r"we[ ]?chat",
    "meetme": r"meet[ ]?me[ ]app",
    "tinder": r"tinder",
    "plenty_of_fish": r"pof",
    "tagged": r"tagged[ ]app",
}
"""Service and its spellings."""

_ALL = "|".join(SPELLINGS.values())
SERVICE = re.compile(rf"(?<![\w@$/.])(?:{_ALL})(?![\w/]|\.\w)", re.IGNORECASE)
"""Any service by any of its names."""

_CUT = r"snap|ca[s$]h|cap?sh|pay|face|tik|whats|only|apple|wickr|xbox|text|line|we|meet|tagged"
BEGINS = re.compile(
    rf"(?<![\w@$/.])(?:(?:{_ALL})(?![\w/]|\.\w)|(?:{_CUT})\Z)",
    re.IGNORECASE,
)
"""A service, or the first word of one that is written in two: a text of which no piece between
blanks has it names no service."""

_BY_SPELLING = tuple(
    (service, re.compile(spelling, re.IGNORECASE)) for service, spelling in SPELLINGS.items()
)

SERVICE_NAME = re.compile(
    rf"(?<![\w@$/.])(?:(?P<own>my|her|his|ur|your|their|the|mi|su|add(?:[ ]me)?|on|hmu)[ ]{{1,2}})?"
    rf"(?:on[ ])?(?P<service>{_ALL})(?!\w|\.\w)"
    r"(?P<link>"
    r"(?:[ ](?:user[ ]?name|name|handle|tag|account|acct|id|user|me|it|its|it's|to|at|on|him|"
    r"her)\b){0,2}"
    r"(?:[ ]?(?:is|iz|was|es|:|=|-{1,3}>?|~|→|👉.?|➡.?|//)(?=[ @$\w]))?[ ]?[:=]?)[ ]{0,2}"
    r"(?P<sign>[@＠$])?(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.#-]{0,34}[A-Za-z0-9_])?)(?![\w@/])",
    re.IGNORECASE,
)
"""A service, what links it to a name (``is``, ``:``, ``name``), and the name."""

ON_SERVICE = re.compile(
    r"(?<![\w@#$/.])(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{1,34}[A-Za-z0-9_]))"
    rf"[ ](?:on|en|in)[ ](?:my[ ])?(?P<service>{_ALL})(?!\w|\.\w)",
    re.IGNORECASE,
)
"""A name before its service: ``kelpapi22 on snap``."""

USER_LABEL = re.compile(
    r"(?<!\w)(?:user[ ]?name|screen[ ]?name|gamer[ ]?tag|login|user)[ ]?(?:is|:|=)?[ ]"
    r"(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{1,34}[A-Za-z0-9_]))(?![\w@/])",
    re.IGNORECASE,
)
"""A user name said to be one, without its service."""

GROUPS = frozenset("everyone here all channel noon midnight home work school night nite".split())
"""What an ``@`` names that is no account."""

HOSTS = {
    "instagram.com": "instagram",
    "instagr.am": "instagram",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "fb.me": "facebook",
    "m.me": "facebook",
    "snapchat.com": "snapchat",
    "t.me": "telegram",
    "telegram.me": "telegram",
    "cash.app": "cashapp",
    "cash.me": "cashapp",
    "venmo.com": "venmo",
    "paypal.me": "paypal",
    "paypal.com": "paypal",
    "tiktok.com": "tiktok",
    "twitter.com": "twitter",
    "x.com": "twitter",
    "onlyfans.com": "onlyfans",
    "youtube.com": "youtube",
    "twitch.tv": "twitch",
    "kik.me": "kik",
    "wa.me": "whatsapp",
    "threads.net": "threads",
    "linktr.ee": "linktree",
    "reddit.com": "reddit",
    "tumblr.com": "tumblr",
    "linkedin.com": "linkedin",
    "soundcloud.com": "soundcloud",
}
SERVICE_OF_HOST = HOSTS

PROFILE = re.compile(
    r"(?<![\w@])(?:https?://)?(?:(?:www|m|mobile|web|account|l)\.)?"
    rf"(?P<host>{'|'.join(re.escape(host) for host in HOSTS)})/"
    r"(?:(?:add|u|user|in|c|paypalme|code|r|profile)/)?"
    r"(?P<name>[@$]?[A-Za-z0-9_+](?:[A-Za-z0-9_.$-]{0,58}[A-Za-z0-9_])?)",
    re.IGNORECASE,
)
"""The address of a profile and the name in it."""

LABEL_BEGINS = re.compile(r"(?<!\w)(?:user|screen|gamer|login)", re.IGNORECASE)
"""The first word of :data:`USER_LABEL`."""

HAS_SERVICE, HAS_LABEL, HAS_PROFILE, HAS_SIGN, HAS_NICK = (1 << bit for bit in range(5))
"""What a piece of text between blanks may tell of user names, or begin to tell."""


def signs_of(piece: str) -> int:
    """Return what a piece of text may tell of user names.

    Args:
        piece: letters, digits and signs without a blank between.
    """
    return (
        HAS_SERVICE * (BEGINS.search(piece) is not None)
        | HAS_LABEL * (LABEL_BEGINS.search(piece) is not None)
        | HAS_PROFILE * ("/" in piece and PROFILE.search(piece) is not None)
        | HAS_SIGN * any(sign in piece for sign in "$@＠")
        | HAS_NICK * (piece[-1] in ":,")
    )


PROFILE_PATHS = _set(
    "p reel reels tv stories explore watch profile.php groups pages events photo photo.php "
    "photos story.php permalink.php posts share sharer sharer.php login home help about hashtag "
    "search i intent status video videos playlist channel results shorts messages t marketplace "
    "directory accounts privacy terms legal company jobs feed add u user in c discover foryou "
    "live redirect settings policies media people public gaming business ads joinchat"
)
"""First steps of a path that lead to no profile."""

CASH_CONTEXT = re.compile(
    r"\b(?:cash[ ]?app|ca\$h|cash|tag|app|pay|paid|pays|send|sent|sending|deposit|zelle|venmo|"
    r"paypal|chime|transfer|money|bread|bands|drop|put|handle|manda|mandame|envia|deposita|paga|"
    r"owe|tip|tips|bail|commissary|dinero|feria)\b|\$\$",
    re.IGNORECASE,
)
"""Words of payment beside which a ``$word`` is a tag."""

NOT_A_NAME = _set(
    "me you u it him her them us my mine your ur his the a an is was are be been am no not yes "
    "and or but so if when where what who how on in at to for from by of with w up out off "
    "again back now later rn tonight today tmrw asap plz pls please too also only just already "
    "i im ill ive id he she they we that this those these there here story stories post posts "
    "pic pics video app page link links account acct name user username handle tag id code bio "
    "dm dms message messages add follow block blocked unblock money cash pay paid bill request "
    "via get got have has had gotta need want can cant cannot dont don't do did does didnt will "
    "wont would should user-name one two first last new old lol lmao haha or nah nope ok okay "
    "bro sis babe bae girl instead though tho thing stuff live streak streaks filter filters "
    "premium group chat call calls number phone fam friend friends people profile he's she's "
    "it's its whats what's isn't isnt works working down went deleted hacked banned scam limit "
    "fee fees card cards balance yet before after ever never always sometimes everyone "
    "everybody anybody same y o de la el mi tu su es en con por para si que mandame manda como "
    "cual hmu lmk wya asap screenshot saved off until but em don ya yall all any some more less "
    "right left send sent sending"
)
"""What follows a service without being a user name there."""

LONG_NAMES = _set("fire lit dead private public trash gone hot ready open closed good bad")
"""Words that follow ``is`` after a service and tell how it is."""


def service_of(spelling: str) -> str | None:
    """Return the service that a spelling means (``insta`` gives ``instagram``), or None."""
    for service, pattern in _BY_SPELLING:
        if pattern.fullmatch(spelling):
            return service
    return None
