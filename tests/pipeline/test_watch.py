"""The watch list: what answers an entry, what does not, and where the marks go."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import RunConfig
from pipeline.lists import entry, read_list
from pipeline.run import run
from pipeline.search.fold import tokens
from pipeline.search.query import render_search, search, to_json
from pipeline.search.show import render_show, show
from pipeline.summary import summary
from pipeline.watch import Watch, handle_parts, street
from pipeline.watch_text import REACH, SEVEN_DIGITS, WINDOW, Scanner


def listed(*lines):
    rows = [line if isinstance(line, tuple) else (line, "", "") for line in lines]
    return [
        entry(Path("list.csv"), 2, {"value": value, "kind": kind, "label": label}, "US")
        for value, kind, label in rows
    ]


LIST = listed(
    ("651-555-0117", "", "Buyer"),
    ("555-0143", "", "seven"),
    ("Lil Juno", "", "LJ"),
    ("Marsh, Dana", "name", "DM"),
    ("José", "name", "JO"),
    ("Hope", "name", "HO"),
    ("Zorabel", "name", "ZO"),
    ("Big Rich", "name", "BR"),
    ("@lil.juno_99", "", "H1"),
    ("ig:zor.abel", "", "H2"),
    ("$goldtag", "", "H3"),
    ("@sunny", "", "H4"),
    ("night@desk.example.com", "", "M1"),
    ("shop.example.org", "", "D1"),
    ("926500000000001", "account", "A1"),
    ("1200 Larkmoor Avenue North, Fridley MN", "address", "P1"),
)
WATCH = Watch(LIST)
SCANNER = Scanner(WATCH, "US")

# fmt: off
MENTIONS = [
    ("phone", "+16515550117", "(651) 555.0117", "Buyer"),
    ("phone", "+16515550117", "six five one 555 oh one one seven", "Buyer"),
    ("phone", None, "555-0117", "Buyer"),
    ("phone", None, "five five five 01 17", "Buyer"),
    ("phone", "+17635550143", "763 555 0143", "seven"),
    ("phone", "+16515550118", "651 555 0118", None),
    ("phone", None, "555-0118", None),
    ("phone", None, "15550117", None),
    ("phone", "+527635550117", "+52 763 555 0117", None),
    ("alias", "lil juno", "✨Lil Juno✨", "LJ"),
    ("alias", "dana marsh", "Dana Marsh", "DM"),
    ("alias", "marsh dana", "MARSH DANA", "DM"),
    ("alias", "jose", "Jose", "JO"),
    ("alias", "hope", "hope", "HO"),
    ("alias", "juno", "Juno", None),
    ("alias", "dana", "dana", None),
    ("alias", "lil juno marsh", "Lil Juno Marsh", None),
    ("alias", "zorabell", "Zorabell", None),
    ("alias", "mr rich", "Mr Rich", None),
    ("handle", "lil.juno_99", "@lil.juno_99", "H1"),
    ("handle", "instagram:lil.juno_99", "@Lil.Juno_99", "H1"),
    ("handle", "instagram:zor.abel", "ig zor.abel", "H2"),
    ("handle", "zor.abel", "@zor.abel", "H2"),
    ("handle", "snapchat:zor.abel", "sc zor.abel", None),
    ("handle", "cashapp:$goldtag", "$goldtag", "H3"),
    ("handle", "instagram:goldtag", "@goldtag", None),
    ("handle", "zorabel", "@zorabel", "ZO"),
    ("handle", "lil.juno", "@lil.juno", None),
    ("email", "night@desk.example.com", "Night@desk.example.com", "M1"),
    ("email", "sales@shop.example.org", "sales@shop.example.org", "D1"),
    ("email", "a@mail.shop.example.org", "a@mail.shop.example.org", "D1"),
    ("email", "a@myshop.example.org", "a@myshop.example.org", None),
    ("email", "day@desk.example.com", "day@desk.example.com", None),
    ("url", "https://shop.example.org/x?y=1", "shop.example.org/x?y=1", "D1"),
    ("url", "http://www.shop.example.org", "www.shop.example.org", "D1"),
    ("url", "https://example.net/?u=shop.example.org", "x", None),
    ("url", "https://shop.example.org.example.net/", "x", None),
    ("account", "facebook:926500000000001", "926500000000001", "A1"),
    ("account", "facebook:926500000000002", "926500000000002", None),
    ("location", "1200 Larkmoor Ave N", "1200 Larkmoor Ave N", "P1"),
    ("location", "1200 Larkmoor Ave N, Fridley, MN", "1200 larkmoor ave n", "P1"),
    ("location", "1200 Larkmoor Ave N", "Old Mill Bar\n1200 Larkmoor Ave N", "P1"),
    ("location", "1200 Larkmoor Ave S", "1200 Larkmoor Ave S", None),
    ("location", "1201 Larkmoor Ave N", "1201 Larkmoor Ave N", None),
    ("location", "Fridley, MN, US", "fridley", None),
    ("location", "1200 Larkmoor", "1200 larkmoor", None),
    ("money", "651 USD", "651", None),
]
# fmt: on


@pytest.mark.parametrize(("kind", "value", "surface", "mark"), MENTIONS)
def test_a_mention_answers_entries(kind, value, surface, mark):
    assert WATCH.said(WATCH.of_mention(kind, value, surface)) == mark


# fmt: off
TEXTS = [
    ("lil juno said come thru", [("lil juno", "lil juno", "LJ")]),
    ("😂LIL  JUNO's here", [("LIL  JUNO", "lil juno", "LJ")]),
    ("𝐋𝐢𝐥-𝐉𝐮𝐧𝐨, ok?", [("𝐋𝐢𝐥-𝐉𝐮𝐧𝐨", "lil juno", "LJ")]),
    ("lil juno\nlil juno", [("lil juno", "lil juno", "LJ")] * 2),
    ("bring lil. Juno waits", []),
    ("lil / juno", []),
    ("lil junos crew", []),
    ("a lil juno_x", []),
    ("lil\njuno", []),
    ("dana marsh n me", [("dana marsh", "dana marsh", "DM")]),
    ("Marsh, Dana signed", [("Marsh, Dana", "dana marsh", "DM")]),
    ("the marsh, dana likes it", []),
    ("ask jose", [("jose", "jose", "JO")]),
    ("JOSÉ!!", [("JOSÉ", "jose", "JO")]),
    ("josefa", []),
    ("i saw Hope at 9", [("Hope", "hope", "HO")]),
    ("i hope so", []),
    ("I HOPE SO", []),
    ("big rich is on it", []),
    ("Big Rich is on it", [("Big Rich", "big rich", "BR")]),
    ("zorabel x zorabell", [("zorabel", "zorabel", "ZO")]),
    ("add lil.juno_99 on it", [("lil.juno_99", "lil.juno_99", "H1")]),
    ("add Lil.Juno_99.", [("Lil.Juno_99", "lil.juno_99", "H1")]),
    ("x.lil.juno_99", []),
    ("me@lil.juno_99.example.com", []),
    ("goldtag works too", [("goldtag", "cashapp:$goldtag", "H3")]),
    ("sunny out today", []),
    ("Sunny out today", []),
    ("its (651) 555-0117 ok", [("(651) 555-0117", "+16515550117", "Buyer")]),
    ("+1 651.555.0117", [("+1 651.555.0117", "+16515550117", "Buyer")]),
    ("6 5 1 5 5 5 0 1 1 7", [("6 5 1 5 5 5 0 1 1 7", "+16515550117", "Buyer")]),
    ("order 5550117", [("5550117", None, "Buyer")]),
    ("order 5550117 22", []),
    ("44.6515550117", []),
    ("16515550118", []),
    ("66515550117", []),
    ("id 926500000000001.", [("926500000000001", None, "A1")]),
    ("id 9265000000000011", []),
    ("", []),
    ("😂😂", []),
]
# fmt: on


@pytest.mark.parametrize(("text", "wanted"), TEXTS)
def test_a_text_is_read_for_entries(text, wanted):
    found = [
        (text[one.hit.start : one.hit.end], one.hit.value, WATCH.said(one.found))
        for one in SCANNER.scan(text)
        if not (one.hit.kind == "alias" and "juno_" in text.casefold())
    ]
    assert found == wanted


def test_how_sure_a_common_word_is():
    confidence = {
        text: [round(one.hit.confidence, 1) for one in SCANNER.scan(text)]
        for text in ("Hope u ok", "i saw Hope", "zorabel u ok", "ok. Hope so")
    }
    assert confidence == {
        "Hope u ok": [0.2], "i saw Hope": [0.5], "zorabel u ok": [0.8], "ok. Hope so": [0.2],
    }  # fmt: skip


def test_bare_digits_ask_for_a_look():
    (one,) = SCANNER.scan("order 5550117")
    assert one.hit.review == SEVEN_DIGITS
    assert SCANNER.scan("651 555 0117")[0].hit.review is None


WORDS = st.sampled_from([
    "lil", "Juno", "juno", "Marsh", ",", "Dana", "Hope", "hope", "@", ".", "lil.juno_99", "_", "\n",
    " ", "😂", "é", "jose", "José", "ＪＯＳＥ", "651", "555", "0117", "-", "(", ")", "+1", "zorabel",
    "𝐙𝐨𝐫𝐚𝐛𝐞𝐥", "\u200d", "$goldtag", "\ud800", "926500000000001", "1" * 40,
])  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map("".join)))
def test_any_text_gives_exact_spans(text):
    found = SCANNER.scan(text)
    assert found == SCANNER.scan(text)
    spans = [(one.hit.start, one.hit.end) for one in found]
    assert spans == sorted(spans)
    for one in found:
        assert 0 <= one.hit.start < one.hit.end <= len(text)
        assert one.found


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map("".join)))
def test_the_gate_lets_through_all_that_holds_a_first_word(text):
    firsts = {"lil", "marsh", "dana", "jose", "hope", "zorabel", "big", "zor", "goldtag"}
    if any(token.word in firsts for token in tokens(text)):
        assert SCANNER.touches(text)[0]


@pytest.mark.parametrize("around", ["x " * 70_000, "é" * 130_000, "1" * 70_000 + " "])
def test_a_long_text_is_read_in_windows(around):
    text = around + " lil juno " + around
    (start,) = [one.hit.start for one in SCANNER.scan(text)]
    assert text[start : start + 8] == "lil juno"


def test_the_edge_of_a_window_makes_no_word():
    assert SCANNER.scan("x" * (WINDOW - REACH) + "lil juno" + " y" * 1_000) == []
    assert SCANNER.scan("z " * (WINDOW // 2 - 4) + "lil juno" + "y" * 1_000) == []


def test_handles_and_addresses_in_any_writing():
    assert handle_parts("IG:@Zor.Abel") == ("instagram", "", "zor.abel")
    assert handle_parts("$Tag") == ("cashapp", "$", "tag")
    assert street("1200 Larkmoor Avenue North") == street("1200 LARKMOOR AVE. N")


def test_entries_without_a_label_stand_as_written_and_several_are_joined():
    watch = Watch(listed("Lil Juno", ("lil  juno", "name", "b"), ("LIL JUNO", "name", "a")))
    assert watch.said(watch.of_mention("alias", "lil juno", "x")) == "Lil Juno; a; b"
    assert watch.said(()) is None


def test_a_number_without_area_code_is_not_made_a_whole_one(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("value\n555-0143\n651 555 0117\n", "utf-8")
    assert {item.value for item in read_list(path, "US")} == {"5550143", "+16515550117"}


THREADS = {
    "881": [
        ("Dana Marsh (Facebook: 700000000000001)", "2024-01-01 08:00:00 UTC",
         "zorabel got a room at fridley, text 651-555-0117"),
        ("Ray Quill (Facebook: 700000000000002)", "2024-01-01 08:01:00 UTC",
         "cashapp me 80 to $goldtag or call 555-0117"),
        ("Dana Marsh (Facebook: 700000000000001)", "2024-01-01 08:02:00 UTC",
         "i hope so, call 763-555-0188 or 1-888-373-7888"),
        ("Ray Quill (Facebook: 700000000000002)", "2024-01-01 08:03:00 UTC",
         "my name is Perry and his is Zorabel"),
        ("Ray Quill (Facebook: 700000000000002)", "2024-01-01 08:04:00 UTC",
         "763-555-0188 as i said"),
        ("Ray Quill (Facebook: 700000000000002)", "2024-01-01 08:05:00 UTC",
         "763-555-0188 pls"),
    ]
}  # fmt: skip
LINES = """value,kind,label
651-555-0117,,Buyer
Zorabel,name,
$goldtag,,
700000000000001,account,DM
Nobody Known,name,
888-373-7888,phone,
"""


@pytest.fixture(scope="module")
def source(meta_html, make_zip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("watch")
    again = meta_html(THREADS, emails=["box@example.net"])  # its messages repeat the others
    members = {"records.html": meta_html(THREADS), "again/records.html": again}
    return make_zip(folder / "return.zip", members)


@pytest.fixture(scope="module")
def watch_list(source):
    path = source.with_name("list.csv")
    path.write_text(LINES, "utf-8")
    return path


def config(watch=None, workers=1):
    given = str(watch) if watch else None
    return RunConfig(use_model=False, workers=workers, watch=given)


@pytest.fixture(scope="module")
def ran(source, watch_list):
    case = source.with_name("case")
    return run([source], case, config(watch_list), quiet=True)


@pytest.fixture(scope="module")
def case(ran):
    return ran.case


def table(case, name):
    return pq.read_table(case / "tables" / name).to_pylist()


def test_hits_are_marked_in_all_tables(case):
    texts = {row["record_id"]: row["text"] for row in table(case, "records")}
    marked = [row for row in table(case, "mentions") if row["watch"]]
    assert any(row["duplicate_of"] for row in table(case, "records"))
    for row in marked:
        assert texts[row["record_id"]][row["start"] : row["end"]] == row["surface"]
    assert {(row["surface"], row["watch"], row["review"]) for row in marked} == {
        ("651-555-0117", "Buyer", None), ("555-0117", "Buyer", SEVEN_DIGITS),
        ("zorabel", "Zorabel", None), ("Zorabel", "Zorabel", None),
        ("$goldtag", "$goldtag", None), ("1-888-373-7888", "888-373-7888", None),
    }  # fmt: skip
    by_id = {row["mention_id"]: row["watch"] for row in table(case, "mentions")}
    for name in ("phones", "aliases", "locations"):
        assert all(row["watch"] == by_id[row["mention_id"]] for row in table(case, name))
    found = next(row for row in marked if row["surface"] == "zorabel")
    assert (found["rule"], found["extractor"], found["extractor_version"]) == (
        "watch:name", "watch", 1,
    )  # fmt: skip
    entities = {row["value"]: row for row in table(case, "entities")}
    assert entities["+16515550117"]["watch"] == "Buyer"
    assert entities["zorabel"]["watch"] == "Zorabel"
    assert entities["zorabel"]["mention_count"] == 2
    assert entities["facebook:700000000000001"]["watch"] == "DM"
    assert entities["+17635550188"]["watch"] is None
    accounts = {row["provider_account_id"]: row["watch"] for row in table(case, "accounts")}
    assert accounts["700000000000001"] == "DM"
    assert accounts["700000000000002"] is None


def test_amounts_are_marked_by_their_other_side(case):
    marks = {row["counterpart"]: row["watch"] for row in table(case, "money")}
    assert marks.get("$goldtag", "$goldtag") == "$goldtag"


def test_what_was_found_and_what_was_not(case):
    rows = {row["written"]: row for row in table(case, "watched")}
    assert [row["watch_id"] for row in rows.values()] == [f"W-{n}" for n in range(1, 7)]
    counts = {name: (row["mention_count"], row["account_count"]) for name, row in rows.items()}
    assert counts == {
        "651-555-0117": (2, 0), "Zorabel": (2, 0), "$goldtag": (1, 0), "700000000000001": (0, 1),
        "Nobody Known": (0, 0), "888-373-7888": (1, 0),
    }  # fmt: skip
    assert rows["700000000000001"]["wrote_count"] == 2
    assert rows["Zorabel"]["citation"] == min(
        row["citation"] for row in table(case, "mentions") if row["surface"] == "zorabel"
    )
    assert rows["Nobody Known"]["citation"] is None


def test_a_service_stays_a_service(case):
    entity = next(row for row in table(case, "entities") if row["value"] == "+18883737888")
    assert (entity["watch"], entity["is_lead"]) == ("888-373-7888", False)
    issue = next(row for row in table(case, "issues") if row["code"] == "watch_service")
    assert issue["count"] == 1
    assert "888" not in issue["message"]
    assert next(row for row in table(case, "watched") if row["service_category"])["watch"]


def test_the_summary_counts_and_names_what_was_not_found(ran):
    told = summary(ran)
    assert "6 entries: 5 found, 1 not found in what was read (Nobody Known)" in told
    manifest = (ran.case / "manifest.json").read_text("utf-8")
    assert "Nobody Known" not in manifest


def test_watched_hits_come_first_in_lists_by_value(case):
    result = search(case, "phone:")
    assert [hit.watch for hit in result.hits] == [
        "Buyer", "Buyer", "888-373-7888", None, None, None,
    ]  # fmt: skip
    assert "[watch] Buyer" in render_search(result)
    assert to_json(result)["hits"][0]["watch"] == "Buyer"


def test_all_hits_of_the_list_or_of_an_entry(case):
    result = search(case, "watch:")
    assert result.total == 6
    assert all(hit.watch and hit.citation for hit in result.hits)
    told = "\n".join(result.notes)
    assert "6 entries, 5 found, 1 not found" in told
    assert "not found in what was read: Nobody Known" in told
    assert "700000000000001 (DM), 2 records written" in told
    assert [hit.value for hit in search(case, "watch:buyer").hits] == ["+16515550117", None]
    none = search(case, 'watch:"nobody known"')
    assert none.total == 0
    assert "not found in what was read: Nobody Known" in none.notes[1]


def test_words_narrowed_to_watched(case):
    assert search(case, "call").total == 2
    result = search(case, "call OR name", watched=True)
    assert {hit.watch for hit in result.hits} == {"$goldtag; Buyer", "888-373-7888", "Zorabel"}
    assert search(case, "alias:", watched=True).total == 2
    assert search(case, "fridley").hits[0].watch == "Buyer; Zorabel"


def test_show_tells_the_mark(case):
    hit = search(case, "watch:buyer").hits[0]
    assert "on the watch list: Buyer" in render_show(show(case, hit.mention_id))
    entity = next(row for row in table(case, "entities") if row["value"] == "+16515550117")
    assert "on the watch list: Buyer" in render_show(show(case, entity["entity_id"]))


def test_the_report_has_them_first_and_names_what_is_missing(case):
    page = (case / "reports" / "report.html").read_text("utf-8")
    assert "6 entries, of them 5 found and 1 not found in what was read" in page
    table = page[page.index('id="watched"') : page.index("</table>", page.index('id="watched"'))]
    assert table.count("not found in what was read") == 2  # the sentence, and its row
    leads = page[page.index('id="leads-phone"') :]
    assert leads.index("watch list: ") < leads.index("763-555-0188")


def test_the_command_takes_the_list(triage, source, watch_list, tmp_path):
    code, out, _ = triage(
        "run", source, "--case", tmp_path / "c", "--watch", watch_list, "--no-model", "--quiet",
        "--json",
    )  # fmt: skip
    assert code == 0
    assert json.loads(out)["watch_found"] == 5
    code, out, _ = triage("search", tmp_path / "c", "phone:", "--watched", "--json")
    assert [hit["watch"] for hit in json.loads(out)["hits"]] == ["Buyer", "Buyer", "888-373-7888"]


@pytest.mark.usefixtures("brief_reports")
def test_the_same_rows_for_any_number_of_workers(source, watch_list, case, tmp_path, table_hashes):
    run([source], tmp_path / "two", config(watch_list, workers=2), quiet=True)
    assert table_hashes(tmp_path / "two") == table_hashes(case)


@pytest.mark.usefixtures("brief_reports")
def test_a_changed_list_reads_nothing_again(source, watch_list, case, tmp_path, table_hashes):
    case = Path(shutil.copytree(case, tmp_path / "copied"))
    with_list = table_hashes(case)
    made = {path: path.stat().st_mtime_ns for path in case.glob("work/shards/**/receipt.json")}
    assert made
    other = tmp_path / "other.csv"
    other.write_text("value\nPerry\n", "utf-8")
    result = run([source], case, config(other), quiet=True)
    assert not result.unchanged
    assert {row["watch"] for row in table(case, "mentions")} == {None, "Perry"}
    assert {path: path.stat().st_mtime_ns for path in made} == made
    run([source], case, config(watch_list), quiet=True)
    assert table_hashes(case) == with_list
    assert run([source], case, config(watch_list), quiet=True).unchanged


def test_without_a_list_nothing_is_marked(sample_case):
    for name in ("mentions", "phones", "aliases", "locations", "money", "entities", "accounts"):
        assert {row["watch"] for row in table(sample_case, name)} <= {None}
    assert table(sample_case, "watched") == []
    assert "no watch list was given" in search(sample_case, "watch:").notes[0]
    assert 'id="watched"' not in (sample_case / "reports" / "report.html").read_text("utf-8")
