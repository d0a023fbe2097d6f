"""What was found in records: mentions, and a typed table for each of four kinds."""

from __future__ import annotations

import pyarrow as pa

from schemas.columns import AMOUNT, column, table, typed_head

MENTIONS = table(
    "mentions",
    3,
    "A span in a record's text; or a value a provider states.",
    [
        column("mention_id", pa.string(), "The mention.", required=True),
        column("record_id", pa.string(), "The record it stands in.", required=True),
        column("kind", pa.string(), "What it is (schemas.kinds.MentionKind).", required=True),
        column(
            "start", pa.int32(), "First code point in the record's text, from 0.", required=True
        ),
        column("end", pa.int32(), "One past the last code point.", required=True),
        column("surface", pa.string(), "The characters of the span, unchanged.", required=True),
        column("value", pa.string(), "Normalised value; null when it cannot be completed."),
        column(
            "basis", pa.string(), "`stated` by the provider, or `found` in text.", required=True
        ),
        column(
            "rule",
            pa.string(),
            "The named rule that fired; all of them, joined by `+`.",
            required=True,
        ),
        column("extractor", pa.string(), "Who found it.", required=True),
        column("extractor_version", pa.int32(), "Its version.", required=True),
        column(
            "confidence",
            pa.float32(),
            "Coarse and documented: 0.2, 0.5, 0.8 or 1.0. Not a probability.",
            required=True,
        ),
        column("detail", pa.string(), "Why: assumptions made, cue words near it.", required=True),
        column("group_id", pa.string(), "Parts of one number written in several pieces share it."),
        column("service_category", pa.string(), "Listed service number: its category."),
        column("review", pa.string(), "Why a person should look; null when nothing asks for it."),
        column("source_label", pa.string(), "Short name of the source.", required=True),
        column("page", pa.int32(), "Page where the span begins, from 1."),
        column("sheet", pa.int32(), "Printed sheet where it begins, from 1 (PDF only)."),
        column("line", pa.int32(), "Line, or row of a table, where it begins, from 1."),
        column("citation", pa.string(), "Source label, page and line.", required=True),
        column(
            "watch",
            pa.string(),
            "Entries of the watch list it answers: their labels, else values as listed, joined by "
            "`; `; null: none.",
        ),
    ],
)

PHONES = table(
    "phones",
    2,
    "Mentions of kind phone.",
    [
        *typed_head(),
        column("e164", pa.string(), "The number in E.164; null when it cannot be completed."),
        column("region_code", pa.string(), "Country of the number, ISO 3166."),
        column("number_type", pa.string(), "fixed_line_or_mobile, toll_free, voip, …"),
        column("obfuscation", pa.string(), "How it was hidden: words, letters, fillers, split, …"),
        column("service_category", pa.string(), "Listed service number: its category."),
    ],
)

ALIASES = table(
    "aliases",
    2,
    "Mentions of kinds alias and handle.",
    [
        *typed_head(),
        column("name_key", pa.string(), "The name case folded, decoration removed."),
        column("alias_kind", pa.string(), "given, full, moniker, display or handle."),
        column("service", pa.string(), "Service of a handle (cashapp, instagram, …)."),
        column("refers_to", pa.string(), "Value of the name a statement joins it to."),
    ],
)

LOCATIONS = table(
    "locations",
    2,
    "Mentions of kind location.",
    [
        *typed_head(),
        column("place_name", pa.string(), "The place as a gazetteer or the text names it."),
        column("place_kind", pa.string(), "city, county, state, country, address, venue, …"),
        column("city", pa.string(), "City, if known."),
        column("county", pa.string(), "County, if known."),
        column("state", pa.string(), "State or province code, if known."),
        column("country", pa.string(), "Country, ISO 3166, if known."),
        column("latitude", pa.float64(), "Degrees north, WGS 84; null when not known."),
        column("longitude", pa.float64(), "Degrees east, WGS 84."),
        column("precision", pa.string(), "How near the coordinates are."),
    ],
)

MONEY = table(
    "money",
    2,
    "Mentions of kind money: amounts as stated, not proven.",
    [
        *typed_head(),
        column("amount_low", AMOUNT, "The amount, or the low end of its range."),
        column("amount_high", AMOUNT, "The amount, or the high end."),
        column("currency", pa.string(), "ISO 4217."),
        column("direction", pa.string(), "from_author or to_author, where the text says so."),
        column("purpose", pa.string(), "rate, transfer, debt, fee, …"),
        column("instrument", pa.string(), "cash, cashapp, zelle, …"),
        column("counterpart", pa.string(), "The other side as written."),
    ],
)
