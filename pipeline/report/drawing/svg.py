"""Drawings made safe to stand in a page: known elements and attributes only, no style, no links."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markupsafe import Markup, escape

from pipeline.report.evidence import attribute, plain

ELEMENTS = frozenset(
    "g path rect circle ellipse line polyline polygon text tspan defs clipPath linearGradient "
    "radialGradient stop pattern marker use".split()
)
"""What draws. Left out with all they hold: script, foreignObject, image, style, animation."""

ATTRIBUTES = frozenset(
    "d x y x1 x2 y1 y2 cx cy r rx ry width height points transform viewBox dx dy offset fx fy "
    "gradientUnits gradientTransform patternUnits patternContentUnits patternTransform "
    "clipPathUnits refX refY markerWidth markerHeight orient preserveAspectRatio "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit opacity clip-path "
    "clip-rule font-family font-size font-weight font-style text-anchor dominant-baseline "
    "alignment-baseline paint-order baseline-shift letter-spacing stop-color stop-opacity "
    "visibility display marker-end marker-mid marker-start rotate textLength lengthAdjust".split()
)
"""Geometry and presentation; the latter are taken from ``style`` too, which the policy of the page
would not let act."""

NODE = re.compile(r"#e/([0-9A-Za-z_-]+)")
EDGE = re.compile(r"#l/([0-9A-Za-z_-]+)/([0-9A-Za-z_-]+)")
"""Links around the marks of a link chart: ``#e/ENTITY`` and ``#l/ENTITY/ENTITY``. They become
groups that say so, ``data-entity``, and ``data-a`` with ``data-b``, for the explorer."""

_LOCAL = re.compile(r"url\(\s*['\"]?#([^)'\"\s]+)['\"]?\s*\)")
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) has no place for."""
_LENGTH = re.compile(r"\s*([0-9.]+)(?:px)?\s*")


def drawing(svg: str, figure_id: str, title: str, alt: str) -> Markup:
    """Return a drawing as an element ``svg`` of a page.

    Args:
        svg: the drawing, as a plotting library gives it.
        figure_id: put before its ids, so that two drawings of a page share none.
        title: what it is called, for those who do not see it.
        alt: what it shows.

    Returns:
        The element with ``role="img"``; nothing where ``svg`` is no drawing, or declares entities.
    """
    if re.search(r"<!(?:DOCTYPE|ENTITY)", svg, re.IGNORECASE):
        return Markup("")
    try:
        root = ElementTree.fromstring(_INVALID.sub("\ufffd", svg))
    except ElementTree.ParseError:
        return Markup("")
    if _name(root.tag) != "svg":
        return Markup("")
    given = _attributes(root, figure_id)
    kept: dict[str, str] = {
        name: given[name] for name in ("fill", "stroke", "font-family") if name in given
    }
    width, height = (_length(root.get(side)) for side in ("width", "height"))
    box = root.get("viewBox") or (f"0 0 {width} {height}" if width and height else None)
    if box:
        kept["viewBox"] = box
    if width and height:
        kept |= {"width": width, "height": height}
    name = escape(figure_id)
    inner = "".join([_element(child, figure_id) for child in root])
    return Markup(
        f'<svg role="img" aria-labelledby="{name}-t {name}-d"{_written(kept)}>'
        f'<title id="{name}-t">{attribute(title)}</title>'
        f'<desc id="{name}-d">{attribute(alt)}</desc>{inner}</svg>'
    )


def _element(element: ElementTree.Element, prefix: str) -> str:
    name = _name(element.tag)
    attributes = _attributes(element, prefix)
    if name == "a":
        name, attributes = "g", _marked(element)
    if name not in ELEMENTS:
        return ""
    inner = "".join([_element(child, prefix) + _tail(name, child) for child in element])
    text = _text(name, element.text)
    return f"<{name}{_written(attributes)}>{text}{inner}</{name}>"


def _marked(element: ElementTree.Element) -> dict[str, str]:
    """Return what a link around a mark says of it."""
    target = next((value for key, value in element.attrib.items() if _name(key) == "href"), "")
    if found := NODE.fullmatch(target):
        return {"data-entity": found.group(1)}
    if found := EDGE.fullmatch(target):
        return {"data-a": found.group(1), "data-b": found.group(2)}
    return {}


def _text(name: str, text: str | None) -> str:
    """Return what an element of text says; between others stands nothing but blanks."""
    return attribute(text) if text and name in ("text", "tspan") else ""


def _tail(name: str, child: ElementTree.Element) -> str:
    return _text(name, child.tail)


def _attributes(element: ElementTree.Element, prefix: str) -> dict[str, str]:
    """Return the attributes kept, those of ``style`` among them, references made local."""
    given = {_name(key): value for key, value in element.attrib.items()}
    for part in given.get("style", "").split(";"):
        key, _, value = part.partition(":")
        given[key.strip()] = value.strip()
    kept = {}
    for key in sorted(given.keys() & ATTRIBUTES):
        value = _LOCAL.sub(lambda found: f"url(#{prefix}-{found.group(1)})", given[key])
        outside = value.replace(f"url(#{prefix}-", "").lower()
        if "url(" not in outside and "javascript:" not in outside:
            kept[key] = plain(value)
    if "id" in given:
        kept["id"] = plain(f"{prefix}-{given['id']}").replace(" ", "_")
    if given.get("href", "").startswith("#"):
        kept["href"] = plain(f"#{prefix}-{given['href'][1:]}")
    return kept


def _written(attributes: dict[str, str]) -> str:
    return "".join([f' {escape(name)}="{escape(value)}"' for name, value in attributes.items()])


def _name(tag: object) -> str:
    """Return a name without its namespace; nothing for comments and instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _length(text: str | None) -> str | None:
    found = _LENGTH.fullmatch(text or "")
    return found.group(1) if found else None
