"""How reports are worded: no word that judges, grade 9 English, no time without its zone."""

import ast
import json
import re
import shutil
import tomllib
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from statistics import median

import pytest
from wording import ALLOWED, PERSON, banned, grade, lines, ours, running, syllable_count, zoneless

from pipeline.case import open_case
from pipeline.redact.make import redacted
from pipeline.redact.profiles import Wanted
from pipeline.report.asked import FULL, PARTS, Asked
from pipeline.report.document import Paragraph, Words, inlines, tables
from pipeline.report.make import Ground, build, ledger_of
from pipeline.report.redacted import note
from pipeline.report.registers import accuracy, calculations

REPORT = Path(__file__).parents[2] / "pipeline" / "report"
NOT_SAID = ("patterns", "unless", "words", "first", "definition")
"""Keys of data files whose text is sought or run, not said."""
PROFILES = ("investigator", FULL, "redacted")
NOBODY = Wanted((), "mn", "US", is_given=False)


@pytest.fixture(scope="module")
def documents(sample_case, tmp_path_factory):
    """Every document of a small case by profile and name."""
    folder = tmp_path_factory.mktemp("wording")
    case = open_case(Path(shutil.copytree(sample_case, folder / "case")))
    parts = PARTS
    ground = Ground(case, case.path / "tables", ledger_of(case), case.manifest())
    made = {}
    for profile in PROFILES[:2]:
        built = build(ground, folder / "spill", Asked(parts, profile=profile))
        made |= {(profile, name): item.document for name, item in built.items()}
    with redacted(case, NOBODY, folder / "redacted") as twin:
        ground = replace(
            ground, tables=twin.tables, say=twin.say,
            finish=lambda s: replace(s, redaction=note(twin.redaction)),
        )  # fmt: skip
        built = build(ground, folder / "spill", Asked(parts, profile="redacted"))
        made |= {("redacted", name): item.document for name, item in built.items()}
    return made


def test_no_document_says_a_word_that_judges(documents):
    wrong = {
        (key, word, item.text[:80])
        for key, document in documents.items()
        for item in inlines(document)
        if isinstance(item, Words) and item.style != "code"
        for word in (*banned(item.text), *banned(item.text, PERSON))
    }
    assert not wrong


def test_no_text_of_the_code_or_its_data_says_one():
    wrong = []
    for path in sorted(REPORT.rglob("*.py")):
        for text, line in literals(path.read_text("utf-8")):
            wrong += [(path.name, line, word) for word in banned(text)]
    for path in sorted(REPORT.glob("data/**/*.toml")):
        for text in said(tomllib.loads(path.read_text("utf-8"))):
            wrong += [(path.name, text[:60], word) for word in banned(text)]
    for path in sorted(REPORT.glob("data/**/*")):
        if path.suffix in {".js", ".css", ".html", ".typ", ".j2"}:
            wrong += [(path.name, 0, word) for word in banned(path.read_text("utf-8"))]
    assert not wrong


def test_no_account_or_lead_has_a_grade_of_danger(documents):
    judging = re.compile(r"(?<!\w)(?:score|risk|suspicion|likelihood|probability)(?!\w)", re.I)
    for key, document in documents.items():
        for _, table in tables(document):
            labels = [column.label for column in table.columns]
            assert not [label for label in labels if judging.search(label)], (key, table.table_id)


def test_the_english_is_plain(documents):
    """Flesch-Kincaid: about grade 9, and no paragraph for lawyers only."""
    for key, document in documents.items():
        grades = {text: found for text in running(document) if (found := grade(text)) is not None}
        if not grades:
            continue
        hard = {text: round(found, 1) for text, found in grades.items() if found > 16}
        assert not hard, (key, json.dumps(hard, indent=1))
        assert median(grades.values()) <= 10, key


def test_no_time_of_day_goes_without_its_zone(documents):
    for key, document in documents.items():
        assert not list(zoneless(document, "America/Chicago")), key


def test_every_table_says_how_its_numbers_are_worked_out(documents):
    known = [name for row in calculations() for name in row.tables]
    ids = {table.table_id for document in documents.values() for _, table in tables(document)}
    assert len(ids) > 20
    assert not [name for name in ids if not any(fnmatch(name, item) for item in known)]


def test_the_limits_print_what_was_measured():
    """data/accuracy.toml says what docs/accuracy.md says: the same figures, set by set."""
    text = (REPORT.parents[1] / "docs" / "accuracy.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    figures = [
        tuple(float(cell) if cell.strip() else None for cell in row[2:5])
        for row in rows
        if len(row) == 5 and re.fullmatch(r"[\d. ]+", "".join(row[2:5]).strip() or "x")
    ]
    known = [(row.precision, row.recall, row.f1) for row in accuracy().measured]
    assert len(known) >= 30
    assert figures == known


def test_everything_that_is_allowed_has_a_reason():
    for line in lines("allowed_words.txt"):
        phrase, reason = line.split("\t")
        assert phrase
        assert len(reason) > 10
    assert ALLOWED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The account was clearly used.", ["clearly"]),
        ("Amounts are not proven.", []),
        ("The amounts were proven.", ["proven"]),
        ("This is not an opinion on guilt.", []),
        ("GUILTY", ["GUILTY"]),
        ("it was re-confirmed-x", []),
        ("A victim, a suspect", ["victim", "suspect"]),
        ("account A was named in 3 records", []),
    ],
)
def test_the_lint_finds_what_it_should(text, found):
    assert banned(text) == found


def test_the_grade_tells_plain_from_hard():
    plain = "The account wrote the number in two records. Open the page to see what it says."
    hard = (
        "Notwithstanding considerations of admissibility, corresponding interpretations of "
        "multitudinous communications necessitate authoritative documentation throughout."
    )
    assert grade(plain) < 6
    assert grade(hard) > 20
    assert grade("Few words here.") is None
    assert [syllable_count(word) for word in ("number", "the", "UTC", "table", "named")] == [
        2, 1, 3, 2, 1,
    ]  # fmt: skip


def test_a_time_without_zone_is_seen(documents):
    document = next(iter(documents.values()))
    worse = replace(document, front=(Paragraph((Words("written at 21:15"),)),), sections=())
    assert list(zoneless(worse, "America/Chicago"))
    assert ours((Words("a "), Words("x", "code"))) == "a it"


def literals(source):
    """Yield strings of a module that are no docstring, with their line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, ast.Constant):
                    inner.value = None  # a docstring, or one of an attribute
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def said(value):
    """Yield the texts of a data file that a report may say."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from said(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_SAID:
                yield from said(item)
