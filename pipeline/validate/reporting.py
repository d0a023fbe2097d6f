"""REP: what is drawn up from the tables says the same in all formats, and no more than it may."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path

from pipeline.validate.base import Assertion, Function, Outcome, compare
from pipeline.validate.ground import Ground
from pipeline.validate.looking import holding
from pipeline.validate.sealing import AS_SAID, LEAKS, NEAR, person_case

FORMATS = ("html", "pdf", "docx")
SHEET_PAGES = 2
"""Pages of paper that the triage sheet may take (docs/report.md)."""
UNSIGNED = ("DRAFT, NOT SIGNED", "Signature (left blank by the software)")
ASKED = (
    "fact_id,fact,supports,from,to\n"
    "F-1,A word that no record holds,zqnowhere,,\n"
    "F-2,A day of which nothing was received,zqnowhere,1999-01-01,1999-01-02\n"
)
ANSWERS = {"F-1": "silent: searched and not found", "F-2": "silent: no record of that period"}


def _documents(ground: Ground) -> Path:
    """Report and sheet of the main sample in every format."""
    ground.needs("report", "--part")

    def make() -> Path:
        out = ground.place("reporting") / "full"
        _make(ground, ground.meta().case, out)
        return out

    return ground.once("reporting", make)


def _redacted(ground: Ground) -> Path:
    """All parts of the case that names a protected person, redacted, in every format."""
    ground.needs("report", "--part")

    def make() -> Path:
        case, protected = person_case(ground)
        out = case.parent / "documents"
        parts = ("--part", "report,sheet,contacts,hotels,counties")
        _make(ground, case, out, "--profile", "redacted", "--protected", protected, *parts)
        return out

    return ground.once("reporting-redacted", make)


def _make(ground: Ground, case: Path, out: Path, *options: object) -> None:
    code, _, err = ground.triage(
        "report", case, "--format", ",".join(FORMATS), "--out", out, *options
    )
    if code:
        raise RuntimeError(f"triage report: exit code {code}; {err.strip()}")


def text_of(path: Path) -> str:
    """Return what a document shows, without blanks: each format breaks its lines elsewhere."""
    if path.suffix == ".pdf":
        import pypdfium2

        opened = pypdfium2.PdfDocument(path)
        text = "".join(page.get_textpage().get_text_range() for page in opened)
        opened.close()
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path) as packed:
            names = [name for name in packed.namelist() if name.endswith(".xml")]
            text = "".join(packed.read(name).decode("utf-8") for name in names)
        text = unescape(re.sub(r"<[^>]*>", "", text))
    else:
        text = unescape(re.sub(r"<[^>]*>", "", path.read_text("utf-8")))
    return re.sub(r"\s", "", text)


def _agree(ground: Ground) -> Outcome:
    """Front page's numbers, from the file that programs read, looked for in all three."""
    out = _documents(ground)
    held = json.loads((out / "report.json").read_text("utf-8"))
    facts = next(table for table in held["tables"] if table["id"] == "facts-front")
    said = [re.sub(r"\s", "", "".join(cells)) for _, cells, *_ in facts["rows"]]
    texts = {form: text_of(out / f"report.{form}") for form in FORMATS}
    wrong = [f"{form}: {fact}" for form in FORMATS for fact in said if fact not in texts[form]]
    return compare(len(said) * len(FORMATS), wrong, "numbers of the front page in three formats")


def _two_pages(ground: Ground) -> Outcome:
    import pypdfium2

    opened = pypdfium2.PdfDocument(_documents(ground) / "sheet.pdf")
    pages = len(opened)
    opened.close()
    return Outcome(0 < pages <= SHEET_PAGES, f"{pages} pages")


def _no_listed_value(ground: Ground) -> Outcome:
    out = _redacted(ground)
    looked = [re.sub(r"\s", "", form) for form in (*LEAKS, *AS_SAID, *NEAR)]
    files = sorted(path for path in out.rglob("*.*") if path.is_file())
    wrong = [f"{form[:4]}… in {place}" for form, place in holding(out, LEAKS).items()]
    for path in files:
        text = text_of(path)
        wrong += [f"{form[:4]}… in {path.name}" for form in looked if form in text]
    return compare(len(files), wrong, "redacted documents")


def _unsigned(ground: Ground) -> Outcome:
    out = _documents(ground)
    marks = [re.sub(r"\s", "", mark) for mark in UNSIGNED]
    texts = {form: text_of(out / f"report.{form}") for form in FORMATS}
    wrong = [form for form in FORMATS if not all(mark in texts[form] for mark in marks)]
    return compare(len(FORMATS), wrong, "formats whose certifications are unsigned drafts")


def _silent(ground: Ground) -> Outcome:
    ground.needs("corroborate")
    folder = ground.place("corroborating")
    (folder / "facts.csv").write_text(ASKED, "utf-8")
    code, out, err = ground.triage(
        "corroborate", ground.meta().case, folder / "facts.csv", "--json", "--quiet"
    )
    if code:
        return Outcome(False, f"exit code {code}: {err.strip()}")
    found = {item["fact_id"]: item["result"] for item in json.loads(out)["facts"]}
    wrong = [f"{name}: {found.get(name)}" for name, said in ANSWERS.items()
             if not str(found.get(name)).startswith(said)]  # fmt: skip
    return compare(len(ANSWERS), wrong, "facts without an answer told apart")


REPORTING = Function("REP", "Reports", (
    Assertion("REP-01", "The report states the same numbers in every format.",
        "Makes the report as page, PDF and Word document; looks for each number of the front page, "
        "as the file for programs has it, in the text of all three.",
        "every number in every format", _agree),
    Assertion("REP-02", "The triage sheet takes two pages of paper at most.",
        "Counts the pages of the sheet's PDF.", "one or two pages", _two_pages),
    Assertion("REP-03", "No redacted document holds a listed value.",
        "Makes every part in every format of a case that names a protected person in ten forms; "
        "reads the text of all files, streams unpacked.", "no form in any file",
        _no_listed_value),
    Assertion("REP-04", "Certifications are drafts that nobody signed.",
        "Looks for the mark of a draft and the blank line in all three formats.",
        "both in each", _unsigned),
    Assertion("REP-05", "Corroboration tells silence from material that was not received.",
        "Asks for a word that no record holds, once of all records and once of days of which none "
        "was received.", "a different answer to each", _silent),
))  # fmt: skip
