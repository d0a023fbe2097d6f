"""The page of a report in Chromium: what a reader does, and that nothing leaves or acts."""

import importlib.util
import re
import shutil

import pytest

from pipeline.config import RunConfig
from pipeline.report.document import (
    Cell,
    Column,
    Document,
    Evidence,
    Figure,
    Row,
    Section,
    Table,
    Words,
    numbered,
)
from pipeline.report.formats.explorer import MOST, Explorer, in_page
from pipeline.report.formats.web import page as written
from pipeline.report.rows import Cited
from pipeline.run import run

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECONDS = 3.0
"""Of the processor, to open a page with 10,000 values and see a hundred; half of it were measured."""
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TURNED = "zqturn \u202etxt.exe\u202c 612-555-0134"

pytestmark = [
    pytest.mark.usefixtures("draws"),
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt install chromium)"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None, reason="Playwright is not installed"
    ),
]


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium):
    """Open a file; at the end nothing may have been said on the console or asked of a network."""
    contexts, said, asked = [], [], []

    def open_page(path, address="", *, width=1280, script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri() + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith("file:")] == []
    assert len(asked) <= len(contexts)


@pytest.fixture(scope="module")
def report(sample_case):
    return sample_case / "reports" / "report.html"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, meta_html, make_zip):
    folder = tmp_path_factory.mktemp("hostile")
    said = [
        ("June Example (Facebook: 900000000000001)", "2024-02-01 10:00:00 UTC",
         f"zqmark {EVIL} 651-555-0117"),
        ("Orin Example (Facebook: 900000000000002)", "2024-02-01 10:00:01 UTC", TURNED),
    ]  # fmt: skip
    path = make_zip(folder / "return.zip", {"records.html": meta_html({"123": said})})
    run([path], folder / "case", RunConfig(workers=1), quiet=True)
    return folder / "case" / "reports" / "report.html"


def _seconds(page):
    """Return a function that says what a page took of the processor so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def taken():
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(item["value"] for item in metrics if item["name"] == "ThreadTime")

    return taken


def _texts(page, selector):
    return [item.strip() for item in page.locator(selector).all_inner_texts()]


def test_a_table_is_sorted_by_its_heading_with_mouse_and_keyboard(opened, report):
    page = opened(report)
    table = page.locator("#table-accounts")
    head = table.locator("thead th", has_text="Records").first
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    cells = "#table-accounts tbody td[data-l=Records]"
    numbers = [int(text.replace(",", "")) for text in _texts(page, cells)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 1
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert _texts(page, cells) == [f"{number:,}" for number in sorted(numbers, reverse=True)]
    names = table.locator("thead th").first
    names.locator("button").click()
    assert table.locator("[aria-sort]").count() == 1


def test_a_table_is_filtered_and_says_how_many_rows_are_left(opened, report):
    page = opened(report)
    rows = page.locator("#table-accounts tbody tr")
    first = rows.nth(1).locator("th strong").inner_text()
    tools = page.locator(".tools:has(+ #table-accounts)")
    tools.locator("input").fill(first.upper())
    shown = page.locator("#table-accounts tbody tr:visible")
    assert 1 <= shown.count() < rows.count()
    assert all(first in text for text in _texts(page, "#table-accounts tbody tr:visible"))
    assert tools.locator("[role=status]").inner_text() == f"{shown.count()} of {rows.count()} rows"
    tools.locator("input").fill("")
    assert page.locator("#table-accounts tbody tr:visible").count() == rows.count()


def test_a_value_opens_with_its_records_and_the_back_button_returns(opened, report):
    page = opened(report)
    link = page.locator("#table-leads-phone a.open").first
    link.scroll_into_view_if_needed()
    before, value = page.evaluate("scrollY"), link.inner_text()
    link.click()
    page.locator("#explorer h1", has_text=value).wait_for()
    assert re.search(r"#e/[0-9a-f]{20}$", page.url)
    assert page.locator("#content").is_hidden()
    assert page.locator("#explorer mark").count() >= 1
    assert page.locator("#explorer table a.open").count() >= 1
    other = page.locator("#explorer table a.open").first
    name = other.inner_text()
    other.click()
    page.locator("#explorer h1", has_text=name).wait_for()
    page.go_back()
    page.locator("#explorer h1", has_text=value).wait_for()
    page.go_back()
    page.locator("#content").wait_for()
    assert abs(page.evaluate("scrollY") - before) < 5


def test_a_citation_shows_its_record_and_the_command_that_opens_it(opened, report):
    page = opened(report)
    link = page.locator("#table-leads-phone a[data-r]").first
    cited = link.inner_text()
    link.click()
    page.locator("#explorer blockquote").first.wait_for()
    assert cited in page.locator("#explorer").inner_text()
    code = page.locator("#explorer code").inner_text()
    assert re.fullmatch(r'triage show CASE "FB-1 p\. [\d,]+ l\. \d+"', code)
    page.locator("#explorer a", has_text="The source and its hash").click()
    page.locator("#content").wait_for()
    assert re.search(r"#source-\w+$", page.url)
    assert page.locator(page.url[page.url.index("#") :]).is_visible()


def test_a_deep_link_opens_what_it_names_and_an_unknown_one_says_so(opened, report):
    page = opened(report)
    address = page.locator("#table-leads-phone a.open").first.get_attribute("href")
    record = page.locator("#table-leads-phone a[data-r]").first.get_attribute("data-r")
    page = opened(report, address)
    assert page.locator("#explorer h1").is_visible()
    assert page.locator("#content").is_hidden()
    page.keyboard.press("Escape")
    page.locator("#content").wait_for()
    page = opened(report, f"#r/{record}")
    assert page.locator("#explorer blockquote").first.is_visible()
    for unknown in ("#e/none", "#r/none", "#r/-1", "#r/1e9"):
        page = opened(report, unknown)
        assert page.locator("#explorer h1").inner_text() == "Not found"
    page = opened(report, "#find/%E0%A4%A")
    assert page.locator("#query").input_value() == ""


def test_words_of_messages_are_found_with_keys_alone(opened, report):
    page = opened(report)
    page.keyboard.press("/")
    page.keyboard.type("call")
    page.locator("#explorer h2", has_text="In messages").wait_for()
    assert page.url.endswith("#find/call")
    marks = {text.lower() for text in _texts(page, "#explorer mark")}
    assert "call" in marks
    page.locator("#query").fill("")
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.href") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.locator("#explorer h1", has_text=name).wait_for()
    page.keyboard.press("Escape")
    page.locator("#query").wait_for()


def test_values_are_chosen_by_kind(opened, report):
    page = opened(report, "#find")
    page.get_by_label("Kind").select_option(label="telephone number")
    assert set(_texts(page, "#values tbody td[data-l=Kind]")) == {"telephone number"}


def test_all_is_there_without_script(opened, report):
    page = opened(report, script=False)
    assert page.locator("#table-leads-phone tbody tr").count() > 1
    assert page.locator("#explorer").count() == 0
    assert page.locator("#table-leads-phone a[data-r]").first.get_attribute("href") != "#"


@pytest.mark.parametrize("width", [1280, 400])
def test_no_view_is_wider_than_the_window(opened, report, width):
    page = opened(report, width=width)
    entity = page.locator("#table-leads-phone a.open").first.get_attribute("href")
    for address in ("", "#find", entity):
        page = opened(report, address, width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_somebody_wrote_stays_text(opened, hostile):
    page = opened(hostile, "#find/zqmark")
    assert EVIL in page.locator("#explorer blockquote").inner_text()
    page.locator("#explorer .cite a").first.click()
    page.locator("#explorer code").wait_for()
    assert EVIL in page.locator("#explorer blockquote").first.inner_text()
    page = opened(hostile, "#find/zqturn")
    text = page.locator("#explorer blockquote").inner_text()
    assert "U+202E" in text
    assert "\u202e" not in text
    assert page.locator("img, main script").count() == 0
    page = opened(hostile)
    assert page.locator("main img, main script, iframe").count() == 0


def _many(count):
    """Data of the explorer for so many values, each in one message."""
    values = [f"+1 651-555-{number:05d}" for number in range(count)]
    ones = [1] * count
    return {
        "total": count + 7, "kinds": [["phone", "telephone number"], ["message", "messages"]],
        "names": ["June Example"], "near": [],
        "entities": {
            "id": [f"{number:020x}" for number in range(count)], "kind": [0] * count,
            "value": values, "label": [0] * count, "mentions": ones, "records": ones,
            "threads": ones, "stated": [0] * count, "first": [1_700_000_000] * count,
            "last": [1_700_000_000] * count, "service": [-1] * count, "review": [-1] * count,
            "watch": [[0, "W-1"]], "close": [0], "account": [],
        },
        "mentions": [[[number, 5, 20]] for number in range(count)],
        "links": [[[1], [(number + 1) % count, 0, 1, number]] for number in range(count)],
        "months": [[24_286, 1]] * count,
        "records": {
            "at": [1_700_000_000] * count, "kind": ones, "author": [0] * count,
            "cite": [f"FB-1 p. {number} l. 2" for number in range(count)],
            "thread": [-1] * count, "id": [["r0", 0]],
        },
        "passages": {
            "record": list(range(count)), "before": [0] * count, "after": [0] * count,
            "text": [f"call {value} tonight or leave word with somebody" for value in values],
        },
    }  # fmt: skip


CHART = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="300" height="100">'
    '<a href="#l/{0}/{1}"><line x1="50" y1="50" x2="150" y2="50" stroke="#999"/></a>'
    '<a href="#e/{0}"><circle cx="50" cy="50" r="9"/></a>'
    '<a href="#e/{1}"><circle cx="150" cy="50" r="9"/></a>'
    '<a href="#e/{2}"><circle cx="250" cy="50" r="9"/></a></svg>'
).format(*(f"{number:020x}" for number in range(3)))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    cited = Cited("FB-1 p. 0 l. 2", "FB-1", "r0")
    rows = tuple(
        Row((Cell((Evidence(f"value {number % 97}"),)), Cell((Words(f"{number:,}"),), number),
             Cell((cited,))), f"e-{number}")
        for number in range(MOST)
    )  # fmt: skip
    columns = (Column("Value"), Column("Records", "number"), Column("Where", "cites"))
    figure = Figure("links", "Links", "Three values, two of them linked", CHART, explore="network")
    document = Document(
        "Large", (), (Section("all", "All", (figure, Table("all", columns, rows))),)
    )
    path = tmp_path_factory.mktemp("large") / "report.html"
    path.write_bytes(written(numbered(document), Explorer(in_page(_many(MOST)))))
    return path


def test_ten_thousand_values_open_in_time_a_hundred_at_once(opened, large):
    page = opened(large, "#find")
    taken = _seconds(page)
    page.locator("#values tbody tr").nth(99).wait_for()
    assert taken() < SECONDS
    assert page.locator("#values tbody tr").count() == 100
    assert "10,000 of 10,007 values" in page.locator("#explorer [role=status]").inner_text()
    page.get_by_role("button", name="Show 100 more").click()
    assert page.locator("#values tbody tr").count() == 200
    begun = taken()
    page.locator("#query").fill("55509999")
    page.locator("#explorer [role=status]", has_text="1 value,").wait_for()
    assert taken() - begun < SECONDS
    page.locator("#query").fill("")
    page.locator("#explorer [role=status]", has_text="10,000 values").wait_for()
    head = page.locator("#values thead th").first
    head.locator("button").click()
    head.locator("button").click()
    assert page.locator("#values tbody th").first.inner_text() == "+1 651-555-09999"


def test_ten_thousand_rows_of_a_table_are_sorted_and_filtered_in_time(opened, large):
    page = opened(large)
    taken = _seconds(page)
    head = page.locator("#table-all thead th").nth(1)
    head.locator("button").click()
    head.locator("button").click()
    assert page.locator("#table-all tbody td").first.inner_text() == "9,999"
    page.locator(".tools:has(+ #table-all) input").fill("value 96")
    page.locator(".tools [role=status]", has_text="of 10,000 rows").wait_for()
    assert taken() < 2 * SECONDS


def test_a_node_of_the_link_chart_lights_what_it_touches_and_opens(opened, large):
    page = opened(large)
    nodes = page.locator("figure [data-entity]")
    nodes.nth(0).hover()
    assert nodes.nth(1).get_attribute("opacity") == "1"
    assert nodes.nth(2).get_attribute("opacity") == "0.15"
    svg = page.locator("figure svg")
    page.get_by_role("button", name="Nearer").click()
    assert float(svg.get_attribute("viewBox").split()[2]) < 300
    page.get_by_role("button", name="All").click()
    assert svg.get_attribute("viewBox") == "0 0 300 100"
    nodes.nth(1).focus()
    page.keyboard.press("Enter")
    page.locator("#explorer h1", has_text="+1 651-555-00001").wait_for()
