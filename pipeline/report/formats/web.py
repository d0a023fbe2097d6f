"""A document as one page that needs nothing else: no network, no script to be read.

What acts in the page is one script and one style, named by their hashes in the page's policy, so
that nothing that stands in a record can act, even were it not escaped.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from pipeline.report.document import Document, opening, titled
from pipeline.report.evidence import plain, visible
from pipeline.report.formats.explorer import Explorer
from pipeline.report.formats.web_blocks import Writer, anchor

POLICY = (
    "default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""Content Security Policy, level 3: hashes of section 2.3.1; ``frame-ancestors`` and ``sandbox``
cannot be said in a page."""

SCRIPTS = ("tables.js", "explorer.js", "chart.js", "moving.js")
"""What acts in the page, in order."""

PAGE = Markup("""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{above}<a class="skip" href="#content">To the content</a>
<main id="content">
<header>
<h1>{heading}</h1>
{front}</header>
{contents}{sections}</main>
{footer}{data}<script>{script}</script>
</body>
</html>
""")


def page(document: Document, explorer: Explorer | None = None) -> bytes:
    """Write a document as a page.

    Args:
        document: what it says.
        explorer: rows that the page lets people search, filter and open beside it.

    Returns:
        HTML in UTF-8; the same for the same document.
    """
    writer = Writer(document)
    style, script = Markup(_part("page.css")), Markup(_script())
    policy = POLICY.format(style=hash_of(style), script=hash_of(script))
    above, front = opening(document)
    data = ""
    if explorer is not None and explorer.data:
        data = Markup('<script type="application/json" id="explorer-data">{}</script>\n').format(
            Markup(explorer.data)
        )
    text = PAGE.format(
        language=document.language,
        policy=Markup(policy),
        title=plain(document.title),
        heading=visible(document.title),
        style=style,
        above=writer.blocks(above, 2),
        front=writer.blocks(front, 2),
        contents=_contents(document) if document.has_contents else "",
        sections=Markup("").join(
            writer.section(section, titled(document, section)) for section in document.sections
        ),
        footer=_footer(document),
        data=data,
        script=script,
    )
    return text.encode("utf-8", "replace")


def hash_of(text: str) -> str:
    """Return the hash by which a policy names a script or a style."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _contents(document: Document) -> Markup:
    links = (
        Markup('<a href="#{}">{}</a>\n').format(
            anchor(section.section_id), visible(titled(document, section))
        )
        for section in document.sections
    )
    return Markup('<nav id="contents" aria-label="Contents">\n{}</nav>\n').format(
        Markup("").join(links)
    )


def _footer(document: Document) -> Markup:
    if not document.footer:
        return Markup("")
    return Markup('<footer><p class="note">{}</p></footer>\n').format(visible(document.footer))


@cache
def _script() -> str:
    """Return the one script: its parts in order, with names of their own."""
    return '"use strict";\n(() => {\n' + "".join(map(_part, SCRIPTS)) + "})();\n"


@cache
def _part(name: str) -> str:
    return (files("pipeline.report") / "data" / "web" / name).read_text("utf-8")
