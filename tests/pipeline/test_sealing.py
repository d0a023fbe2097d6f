"""Conversations with listed counsel and advocates leave nothing behind but counts."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meta_layout import attachment, leaf, message, section, thread, write

from extractors.services import shipped
from pipeline.errors import ConfigError
from pipeline.lists import Entry, Lists, canonical
from pipeline.readers.base import Account, Attachment, Record
from pipeline.sealing.cues import CUE, is_cue, may_be_cue
from pipeline.sealing.keys import identity_of, load_key, make_key
from pipeline.sealing.match import Matcher, entries_of
from pipeline.sealing.names import is_one_slip
from schemas.kinds import Fate, RecordKind, ServiceCategory

TARGET, COUNSEL, MOTHER = "900000000000001", "900000000000077", "900000000000055"
SECRET = ["zebrafinch", "quokkamoss", "ibexharbor", "tapirlane", "okapifield", "777000777"]
"""Of sealed texts, names, files and conversation names; they stand nowhere else."""
LAWYER = "Odalys Quokkamoss"
KEPT = "plainlykept"
SHARD = 12_000


def everything(root: Path) -> bytes:
    """Every byte of a case, names and inflated forms included, lower case."""
    found: list[bytes] = []
    for path in sorted(root.rglob("*")):
        where = path.relative_to(root)
        if where.parts[0] == "sealed":
            continue
        found.append(str(where).encode())
        if not path.is_file():
            continue
        data = path.read_bytes()
        found.append(data)
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            found.append(repr(table.to_pylist()).encode())
            found.append(repr(pq.read_metadata(path).to_dict()).encode())
        elif path.suffix in (".zip", ".docx"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found += [archive.read(name) for name in archive.namelist()]
        elif path.suffix == ".store":
            found.append(_store(path.parent))
    return b"\n".join(found).lower()


def _store(index: Path) -> bytes:
    """All stored documents of an index (its store is compressed)."""
    from pipeline.search.index import open_index

    with open_index(index) as opened:
        import tantivy

        searcher = opened.searcher()
        hits = searcher.search(tantivy.Query.all_query(), limit=1_000_000).hits
        return repr([searcher.doc(place).to_dict() for _, place in hits]).encode()


def leaks(case: Path, words=SECRET) -> list[str]:
    data = everything(case)
    forms = {w: (w, w[::-1], w.encode().hex(), w.encode("utf-16-le").hex()) for w in words}
    return [w for w, written in forms.items() if any(f.encode() in data for f in written)]


def person(name: str, number: str) -> str:
    return f"{name} (Facebook: {number})"


ME, MUM, SHE = person("Ray Cole", TARGET), person("Ines Cole", MOTHER), person(LAWYER, COUNSEL)


def when(number: int) -> str:
    day, second = 1 + number // 86_400, number % 86_400
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return f"2024-03-{day:02} {clock} UTC"


def picture(number: str):
    """A file, as an attachments field lists it, under a name that tells."""
    return [
        ("open", "Attachments"),
        *attachment(number, name="tapirlane"),
        ("done",), ("close",),
    ]  # fmt: skip


def sealed_thread(count: int, people=(ME, SHE)):
    entries = [
        message(people[n % len(people)], when(60 * n), body=f"zebrafinch {n} ibexharbor 651-555-0142")
        for n in range(count)
    ]  # fmt: skip
    entries.append(message(SHE, when(60 * count), picture("777000777"), body="see the file"))
    return thread(
        "okapifield matters (900000000000888)", entries, leaf("Nickname", "okapifield"),
        people=people,
    )  # fmt: skip


def open_thread(count: int):
    entries = [
        message((ME, MUM)[n % 2], when(30 * n), body=f"{KEPT} {n} " + "and so on " * 8)
        for n in range(count)
    ]  # fmt: skip
    entries.append(message(MUM, when(9), body="my lawyer said no, call her at 651-555-0117"))
    return thread("(900000000000555)", entries, people=(ME, MUM))


def unified(*threads):
    inner = [token for one in threads for token in [*one, ("blank",)]]
    return section(
        "unified_messages", [("open", "Unified Messages"), *inner, ("done",), ("close",)]
    )  # fmt: skip


def business_record(*threads, more=()) -> bytes:
    tokens = [
        *section("request_parameters", leaf("Service", "Facebook"), leaf("Target", TARGET),
                 definition=False),
        *[token for one in more for token in one],
        *unified(*threads),
    ]  # fmt: skip
    cuts = [(n, 0) for n in range(100, len(tokens), 150) if tokens[n][0] == "text"]
    return write(tokens, cuts=cuts, sections="stay")


PHONES = section("phone_numbers", leaf("Phone Numbers", "+16515550199 Cell"))
TIPS = section("ncmec_reports", leaf("NCMEC CyberTip Numbers", "900000321", "900000322"))


def download(messages, people=("Ray Cole", LAWYER), folder="odalysquokkamoss_12ab34") -> bytes:
    """The same conversation as the user may download it: by names, in a folder of its own."""
    return json.dumps({
        "participants": [{"name": name} for name in people],
        "messages": messages, "title": people[-1], "is_still_participant": True,
        "thread_path": f"inbox/{folder}", "magic_words": [],
    }).encode()  # fmt: skip


def in_download(number: int, name: str, text: str):
    return {"sender_name": name, "timestamp_ms": (1709251200 + number) * 1000, "content": text,
            "is_geoblocked_for_viewer": False}  # fmt: skip


def write_zip(path: Path, members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def listing(tmp_path):
    def make(*lines, name="counsel.csv"):
        path = tmp_path / name
        path.write_text("value,kind\n" + "".join(f"{line}\n" for line in lines), "utf-8")
        return path

    return make


def return_with(folder: Path, sealed: int, *, ncmec: bool = True) -> Path:
    """A return: messages with counsel among others, files beside them, and NCMEC reports."""
    data = business_record(
        open_thread(70), sealed_thread(sealed), open_thread(30), more=(PHONES, TIPS)
    )
    members = {
        "records.html": data,
        "linked_media/unified_message_777000777.jpg": b"jpeg tapirlane",
        "linked_media/unified_message_12.jpg": b"jpeg",
    }
    if ncmec:
        members["linked_media/ncmec_reports_900000321_okapifield.jpg"] = b"jpeg two"
    return write_zip(folder / "return.zip", members)


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    return return_with(tmp_path_factory.mktemp("thousand"), 1_000)


@pytest.fixture(scope="module")
def returned(tmp_path_factory):
    return return_with(tmp_path_factory.mktemp("returned"), 80)


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    from pipeline.readers import survey

    monkeypatch.setattr(survey, "SHARD_BYTES", SHARD)


def issues_of(case: Path) -> dict[str, int]:
    rows = pq.read_table(case / "tables" / "issues").to_pylist()
    found: Counter[str] = Counter()
    for row in rows:
        found[row["code"]] += row["count"]
    return found


def coverage_of(case: Path):
    rows = pq.read_table(case / "tables" / "coverage").to_pylist()
    for row in rows:
        if row["byte_start"] is not None:
            assert sum(row[fate.value] for fate in Fate) == row["byte_end"] - row["byte_start"]
    return sum(row["sealed"] for row in rows), sum(row["sealed_count"] for row in rows)


def texts_of(case: Path) -> list[str]:
    return pq.read_table(case / "tables" / "records", columns=["text"])["text"].to_pylist()


@pytest.fixture
def run(triage):
    def run(source, case, *options, code=0):
        found, out, err = triage(
            "run", source, "--case", case, "--workers", 1, "--no-model", *options
        )
        assert found == code, err
        return out + err

    return run


def test_nothing_of_a_sealed_conversation_is_left(
    thousand, listing, run, triage, tmp_path, key_folder
):
    case = tmp_path / "case"
    source = thousand.read_bytes()
    out = run(thousand, case, "--counsel", listing(f"{COUNSEL},account"))
    assert leaks(case) == []
    assert not any(word in out for word in SECRET)
    assert COUNSEL.encode() not in everything(case / "tables")
    assert thousand.read_bytes() == source
    # counts add up: lines of the head, 1,001 messages
    amount, records = coverage_of(case)
    found = issues_of(case)
    assert amount > 100_000
    assert records == found["sealed_counsel"] + found["sealed_ncmec"]
    assert 1_001 <= found["sealed_counsel"] <= 1_006
    assert found["sealed_ncmec"] == 2
    assert sum(KEPT in (text or "") for text in texts_of(case)) == 100
    # what is kept is encrypted to the case's key, and whole; several shards had a part of it
    key = json.loads((case / "sealed" / "key.json").read_text())
    kept = key_folder / f"{key['key_id']}.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    identity = pyrage.x25519.Identity.from_str(kept.read_text().strip())
    rows = pq.read_table(case / "tables" / "issues").to_pylist()
    told = next(row for row in rows if row["code"] == "seal_key_outside")
    assert told["severity"] == "warning"
    assert str(key_folder) not in told["message"]
    assert str(key_folder) in (case / "command.log").read_text()
    files = sorted((case / "sealed" / "records").iterdir())
    assert len(files) > 5
    lines = [
        json.loads(line)
        for path in files
        for line in pyrage.decrypt(path.read_bytes(), [identity]).decode().splitlines()
    ]
    assert len(lines) == records
    assert sum("zebrafinch" in (line["text"] or "") for line in lines) == 1_000
    assert all(line["citation"] and line["byte_end"] > line["byte_start"] for line in lines)
    plain = [path for path in (case / "sealed").rglob("*") if path.is_file()]
    assert not any(word.encode() in path.read_bytes().lower() for path in plain for word in SECRET)


def check_ncmec(case):
    """Sealed without any list."""
    assert b"900000321" not in everything(case / "tables")
    assert b"ncmec_reports_9" not in everything(case)
    assert issues_of(case)["sealed_ncmec"] == 2
    rows = pq.read_table(case / "tables" / "sources").to_pylist()
    hidden = [row for row in rows if row["path"].startswith("(sealed")]
    assert len(hidden) == 1
    assert hidden[0]["source_sha256"]
    assert not (case / "sealed" / "records").exists()


def test_a_late_addition_seals_and_names_what_held_it(returned, listing, run, tmp_path):
    case = tmp_path / "case"
    run(returned, case)
    assert leaks(case) == SECRET  # what looks for them finds them where they are
    check_ncmec(case)
    before = pq.read_table(case / "tables" / "records").num_rows
    counsel = listing(f"{COUNSEL},account")
    run(returned, case, "--counsel", counsel)
    assert leaks(case) == []
    found = issues_of(case)
    assert found["exposed_before"] == found["sealed_counsel"] >= 81
    assert before == pq.read_table(case / "tables" / "records").num_rows + found["sealed_counsel"]
    noted = json.loads((case / "sealed" / "exposure.json").read_text())
    assert [entry["records"] for entry in noted] == [found["sealed_counsel"]]
    assert "reports/report.html" in noted[0]["outputs"]
    audit = [json.loads(line) for line in (case / "audit.jsonl").read_text().splitlines()]
    assert [e["details"] for e in audit if e["action"] == "exposure"] == noted
    run(returned, case)
    assert json.loads((case / "sealed" / "exposure.json").read_text()) == noted
    assert issues_of(case) == found


@pytest.mark.slow
def test_any_number_of_workers_seals_the_same(thousand, listing, triage, tmp_path, table_hashes):
    counsel = listing(f"{COUNSEL},account")
    hashes = []
    for workers in (1, 2):
        case = tmp_path / f"case{workers}"
        code, _, err = triage("run", thousand, "--case", case, "--workers", workers, "--no-model",
                              "--counsel", counsel)  # fmt: skip
        assert code == 0, err
        assert leaks(case) == []
        hashes.append(table_hashes(case))
    assert hashes[0] == hashes[1]


def test_release_needs_name_and_reason_and_is_logged(returned, listing, run, triage, tmp_path):
    case, counsel = tmp_path / "case", listing("Odalys Quokkamoss,name")
    run(returned, case, "--counsel", counsel)
    code, out, _ = triage("release", case, "--list", "--json")
    parts = {part["list"]: part for part in json.loads(out)}
    assert code == 0
    assert set(parts) == {"counsel", "ncmec"}
    identity = parts["counsel"]["thread"]
    assert parts["counsel"]["page_first"] < parts["counsel"]["page_last"]
    _, shown, _ = triage("release", case, "--list")
    assert identity in shown
    assert not any(word in shown.lower() for word in SECRET)
    log = (case / "audit.jsonl").read_bytes()
    for arguments in ([], ["--name", "A. Reyes"], ["--reason", "waiver"],
                      ["--name", " ", "--reason", "waiver"],
                      ["--name", "A. Reyes", "--reason", "\u00a0."]):  # fmt: skip
        code, _, err = triage("release", case, identity, *arguments)
        assert code == 2
        assert err.count("\n") == 1
    assert triage("release", case, "ffff", "--name", "A. Reyes", "--reason", "waiver")[0] == 2
    assert (case / "audit.jsonl").read_bytes() == log
    # nor does a line that somebody writes into case.toml
    toml = (case / "case.toml").read_text()
    (case / "case.toml").write_text(toml + f'\n[[released]]\nthread = "{identity}"\n')
    run(returned, case)  # the list is remembered
    assert leaks(case) == []
    assert issues_of(case)["release_unlogged"] == 1
    (case / "case.toml").write_text(toml)
    code, _, _ = triage("release", case, identity[:8], "--name", "A. Reyes", "--reason", "waiver 1")
    assert code == 0
    entry = [json.loads(line) for line in (case / "audit.jsonl").read_text().splitlines()][-1]
    assert entry["action"] == "release"
    assert entry["details"]["thread"] == identity
    assert (entry["details"]["name"], entry["details"]["reason"]) == ("A. Reyes", "waiver 1")
    assert leaks(case) == []  # until the next run
    run(returned, case)
    assert leaks(case) != []
    assert sum("zebrafinch" in (text or "") for text in texts_of(case)) == 80
    assert "sealed_counsel" not in issues_of(case)
    assert triage("release", case, identity, "--name", "A", "--reason", "b")[0] == 2
    assert triage("release", case, "ncmec", "--name", "A", "--reason", "b")[0] == 0
    run(returned, case)
    assert any("900000321" in (text or "") for text in texts_of(case))


@pytest.mark.slow
def test_a_replay_seals_and_releases_the_same(returned, listing, run, triage, tmp_path):
    case = tmp_path / "case"
    run(returned, case)
    run(returned, case, "--counsel", listing(f"{COUNSEL},account"))
    assert triage("verify", case, "--replay")[0] == 0
    assert triage("release", case, "ncmec", "--name", "A. Reyes", "--reason", "order")[0] == 0
    run(returned, case)
    code, out, err = triage("verify", case, "--replay")
    assert code == 0, out + err


def test_the_same_conversation_in_other_deliveries(listing, run, tmp_path):
    """By number in one; by names, under another id, in a folder named after it, in the other."""
    said = [in_download(60 * n, (("Ray Cole"), LAWYER)[n % 2], f"ibexharbor, found here alone {n}")
            for n in range(40)]  # fmt: skip
    first = write_zip(
        tmp_path / "return.zip",
        {"records.html": business_record(sealed_thread(40), open_thread(20))},
    )
    folder = "your_facebook_activity/messages/inbox/odalysquokkamoss_12ab34"
    other = "your_facebook_activity/messages/inbox/inescole_77ef"
    mum = [in_download(n, "Ines Cole", f"{KEPT} at home {n}") for n in range(20)]
    second = write_zip(tmp_path / "download.zip", {
        f"{folder}/message_1.json": download(said),
        f"{folder}/photos/tapirlane_1.jpg": b"jpeg",
        f"{other}/message_1.json": download(mum, ("Ray Cole", "Ines Cole"), "inescole_77ef"),
        f"{other}/photos/beach_1.jpg": b"jpeg two",
    })  # fmt: skip
    case = tmp_path / "case"
    run(first, case)
    run(second, case)
    assert set(leaks(case)) == set(SECRET)
    run(first, case, "--counsel", listing(f"{COUNSEL},account"))
    assert leaks(case) == []
    assert sum(f"{KEPT} at home" in (text or "") for text in texts_of(case)) == 20
    assert b"beach_1.jpg" in everything(case)
    coverage_of(case)


def test_another_delivery_is_known_by_its_messages(listing, run, tmp_path):
    """Where the download calls counsel by another name, the messages tell."""
    said = [in_download(60 * n, ("Ray Cole", "Odie")[n % 2], f"zebrafinch {n} ibexharbor 651-555-0142")
            for n in range(40)]  # fmt: skip
    first = write_zip(tmp_path / "a.zip", {"records.html": business_record(sealed_thread(40))})
    folder = "your_facebook_activity/messages/inbox/odie_12ab34"
    data = download(said, ("Ray Cole", "Odie"), "odie_12ab34")
    second = write_zip(tmp_path / "b.zip", {f"{folder}/message_1.json": data})
    case = tmp_path / "case"
    run(first, case, "--counsel", listing(f"{COUNSEL},account"))
    run(second, case)
    assert not any("zebrafinch" in (text or "") for text in texts_of(case))


MAILS = """From ray@example.net Fri Mar 01 00:00:00 2024
From: Ray Cole <ray@example.net>
To: Office <intake@quokkamoss.example.com>
Subject: zebrafinch
Date: Fri, 01 Mar 2024 10:00:00 +0000
Message-ID: <a@example.net>

ibexharbor

From ray@example.net Fri Mar 01 00:00:00 2024
From: Ray Cole <ray@example.net>
To: Ines <ines@example.net>
Subject: rent
Date: Fri, 01 Mar 2024 11:00:00 +0000
Message-ID: <b@example.net>

plainlykept, ask my attorney at 651-555-0117

From ray@example.net Fri Mar 01 00:00:00 2024
From: Ray Cole <ray@example.net>
To: Ines <ines@example.net>
Cc: "Moss, Q" <Q@mail.quokkamoss.example.com>
Subject: tapirlane
Date: Fri, 01 Mar 2024 12:00:00 +0000
Message-ID: <c@example.net>

okapifield
"""
TABLE = """date,from,to,text
2024-03-01 10:00,(651) 555-0117,651-555-0199,zebrafinch ibexharbor
2024-03-01 11:00,651-555-0143,651-555-0199,plainlykept call 651-555-0117 today
2024-03-01 12:00,651-555-0199,6515550117,tapirlane
"""
CHAT = """[3/1/24, 10:00:00 AM] Ray Cole: hello
[3/1/24, 10:01:00 AM] +1 (651) 555-0117: zebrafinch
[3/1/24, 10:02:00 AM] Ray Cole: ibexharbor
"""


def test_mails_calls_and_exported_chats(listing, run, tmp_path):
    source = tmp_path / "in"
    (source / "okapifield").mkdir(parents=True)
    (source / "box.mbox").write_text(MAILS)
    (source / "log.csv").write_text(TABLE)
    (source / "okapifield" / "WhatsApp Chat with okapifield.txt").write_text(CHAT)
    (source / "okapifield" / "IMG-tapirlane.jpg").write_bytes(b"jpeg")
    case = tmp_path / "case"
    counsel = listing("651-555-0117,phone", "quokkamoss.example.com,domain")
    run(source, case, "--counsel", counsel)
    assert leaks(case) == []
    texts = [text for text in texts_of(case) if text and KEPT in text]
    assert len(texts) == 2
    rows = pq.read_table(case / "tables" / "mentions").to_pylist()
    listed = [row for row in rows if row["value"] == "+16515550117"]
    assert {row["review"] for row in listed} == {"listed_counsel"}
    assert len(listed) == 2
    found = issues_of(case)
    assert found["privilege_cue"] == 1
    coverage_of(case)


def test_rows_of_issues_name_no_sealed_file(tmp_path):
    """What the intake says of files comes before anything is known of them."""
    from pipeline.case import Case
    from pipeline.intake import Container, SourceFile
    from pipeline.plan import Item, Received
    from pipeline.sealing.index import Index
    from pipeline.sealing.stage import Seals, _withhold

    box = Container(tmp_path / "d.zip", "zip", "c")
    chat = SourceFile(box, "in/okapifield_1/message_1.json", 9, "a", reader="dyi_json")
    media = SourceFile(box, "in/okapifield_1/photos/tapirlane.xyz", 9, "b")
    other = SourceFile(box, "in/inescole_2/message_1.json", 9, "d", reader="dyi_json")
    received = Received([Item(chat, "FB-1/okapifield_1/message_1"), Item(media, "FB-1"),
                         Item(other, "FB-1/inescole_2/message_1")])  # fmt: skip
    seals = Seals(Case(tmp_path), Index())
    seals.renamed, seals.folders = _withhold(received, {chat.source_id})
    assert [item.withheld for item in received.items] == [True, True, False]
    assert [item.shown_path[:7] for item in received.items] == [
        "(sealed",
        "(sealed",
        other.path[:7],
    ]
    told = [
        (media.source_id, f"FB-1: {media.path}: in no format known here"),
        (None, "in/okapifield_1/x\ny: is encrypted"),
        (None, "FB-2: the same bytes as FB-1/okapifield_1/message_1; not read twice"),
        (None, "linked_media/ncmec_reports_7.jpg: is a symbolic link"),
        (other.source_id, f"FB-1: {other.path}: stays"),
    ]
    rows = seals.shield(received, [{"source_id": s, "message": m} for s, m in told])
    text = " ".join(row["message"] for row in rows)
    assert not any(word in text for word in (*SECRET, "ncmec"))
    assert other.path in text


def test_lists_may_only_grow(returned, listing, run, triage, tmp_path):
    case = tmp_path / "case"
    run(returned, case, "--counsel", listing(f"{COUNSEL},account", "612-555-0177,phone"))
    assert leaks(case) == []
    shorter = listing("612-555-0177,phone", name="shorter.csv")
    code, _, err = triage("run", returned, "--case", case, "--workers", 1, "--counsel", shorter)
    assert code == 2
    assert "1 lines" in err
    assert COUNSEL not in err
    assert leaks(case) == []


def test_the_key_under_a_password(tmp_path, key_folder):
    secret, wrong, case = tmp_path / "pw", tmp_path / "wrong", tmp_path / "case"
    secret.write_text("correct horse\nnot this\n")
    wrong.write_text("battery\n")
    case.mkdir()
    before = set(key_folder.glob("*"))
    key = make_key(case, str(secret))
    assert set(key_folder.glob("*")) == before
    assert make_key(case, str(secret)) == key == load_key(case)
    assert {path.name for path in (case / "sealed").iterdir()} == {
        "key.json",
        "key.age",
        "README.txt",
    }
    assert identity_of(case, key, str(secret)).startswith("AGE-SECRET-KEY-1")
    for path, said in (
        (None, "password"),
        (wrong, "does not open"),
        (tmp_path / "no", "cannot be"),
    ):
        with pytest.raises(ConfigError, match=said):
            identity_of(case, key, path and str(path))


@pytest.mark.slow
def test_a_key_outside_moves_in(tmp_path, key_folder):
    secret, case = tmp_path / "pw", tmp_path / "case"
    secret.write_text("correct horse\n")
    case.mkdir()
    key = make_key(case, None)
    assert identity_of(case, key, None)
    moved = make_key(case, str(secret))
    assert (moved.recipient, moved.kept) == (key.recipient, "password")
    assert not (key_folder / f"{key.key_id}.txt").exists()


@pytest.mark.parametrize("at", [
    "late", *(pytest.param(at, marks=pytest.mark.slow) for at in ("survey", "read", "derive", "publish")),
])  # fmt: skip
def test_a_kill_leaves_nothing(listing, tmp_path, at):
    """Killed between the passes, among the shards, before publication; and after a run without."""
    case, source = tmp_path / "case", return_with(tmp_path, 80, ncmec=False)
    program = f"""
import os
import pipeline.run as run, pipeline.read as read, pipeline.readers.survey as survey
from pipeline.config import RunConfig
from pathlib import Path
survey.SHARD_BYTES = {SHARD}
def die(*_, **__): os.kill(os.getpid(), 9)
count = 0
def later(work):
    def done(task):
        global count
        count += 1
        if count > 4: die()
        return work(task)
    return done
def go(counsel):
    config = RunConfig(use_model=False, counsel=counsel)
    run.run([Path({str(source)!r})], Path({str(case)!r}), config, quiet=True)
at = {at!r}
if at == "late": go(None)
if at == "survey": run.read_all = die
if at in ("read", "late"): read.run_shard = later(read.run_shard)
if at == "derive": run.write_ledger = die
if at == "publish": run.publish = die
go({str(listing(f"{COUNSEL},account"))!r})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-500:]
    assert (case / "sealed" / "index.json").exists()
    if at != "survey":
        assert list((case / "work").rglob("receipt.json"))
    # what is published stays as it is until the next publication
    assert leaks(case / "work" if at == "late" else case) == []


def matcher(*lines: tuple[str, str]) -> Matcher:
    return Matcher(
        ("counsel", Entry(kind, canonical(kind, text, "US"), text)) for kind, text in lines
    )


LISTED = matcher(
    ("phone", "(651) 555-0117"), ("phone", "+44 20 7946 0018"), ("phone", "555-0188"),
    ("email", "odalys@law.example.com"), ("domain", "moss-law.example.com"),
    ("name", "Odalys Quokkamoss"), ("name", "Ibex & Tapir LLP"), ("handle", "instagram:ody.law"),
    ("account", "900000000000777"),
)  # fmt: skip


@pytest.mark.parametrize("text", [
    "651.555.0117", "+1 (651) 555 0117", "6 5 1 5 5 5 0 1 1 7", "１６５１５５５０１１７", "001 651 5550117",
    "312-555-0143 651-555-0117", "16515550117@s.whatsapp.net", "020 7946 0018", "555 0188",
    "612-555-0188", "Quokkamoss, Odalys", "Odalys M. Quokkamoss, Esq.", "odalys quokamoss",
    "Odalys Quokkamsos", "odalysquokkamoss_law", "Ibex and Tapir", "Atty. Odalys Quokkamoss (new)",
    "Ódalys Quokkamoss", "ODALYS@law.example.com", "x@mail.moss-law.example.com",
    "odalys+in@law.example.com", "@ody.law", "900000000000777",
])  # fmt: skip
def test_listed_in_any_writing(text):
    assert LISTED.value(text) == "counsel"


@pytest.mark.parametrize("text", [
    "651-555-0118", "Odalys", "Quokkamoss", "Otis Quokka", "odalys@other.example.com", "Ibex",
    "law.example.com", "5550117", "90000000000077", "", "Danielle Tapir", "x@notmoss-law.example.com",
])  # fmt: skip
def test_not_listed(text):
    assert LISTED.value(text) == ""


def item(kind=RecordKind.MESSAGE, text="", **more) -> Record:
    return Record(kind, text, [], more.pop("section", "x"), "f", 1, 1, 1, 0, 9, **more)


def test_public_help_lines_join_any_list():
    entries = entries_of(Lists(counsel=(Entry("phone", "+16515550117"),)))
    line = next(
        s.number for s in shipped() if s.category is ServiceCategory.HOTLINE and len(s.number) > 9
    )
    police = next(s.number for s in shipped() if s.category is ServiceCategory.LAW_ENFORCEMENT)
    asked = Matcher(entries)
    assert asked.account(Account("whatsapp", line.lstrip("+"), None)) == "advocates"
    assert asked.account(Account("whatsapp", police.lstrip("+"), None)) == ""
    assert entries_of(Lists()) == ()


def test_records_of_no_conversation():
    who = Account("facebook", "900000000000777", "Somebody")
    assert LISTED.of_record(item(RecordKind.CALL, author=who))
    assert LISTED.of_record(item(RecordKind.CALL, recipients=(who,)))
    assert LISTED.of_record(item(RecordKind.PROFILE, "Somebody (Facebook: 900000000000777)"))
    assert LISTED.of_record(item(RecordKind.PROFILE, "+16515550117 Cell Verified on"))
    assert LISTED.of_record(item(RecordKind.ROW, "x", attributes=[("to", "651 555 0117")]))
    assert not LISTED.of_record(
        item(RecordKind.ROW, "x", attributes=[("text", "call 651 555 0117 now")])
    )
    assert not LISTED.of_record(item(RecordKind.POST, "call 651 555 0117"))
    assert not LISTED.of_record(item(RecordKind.SEARCH, "Odalys Quokkamoss"))


def test_a_conversation_shows_who_takes_part():
    assert LISTED.of_thread(item(RecordKind.SYSTEM, "Ray added +1 651-555-0117", thread_id="g"))
    assert LISTED.of_thread(item(thread_id="odalysquokkamoss_1a2b"))
    assert LISTED.of_thread(item(thread_id="1", thread_name="Ray, Odalys Quokkamoss"))
    assert not LISTED.of_thread(item(text="Odalys Quokkamoss 651-555-0117", thread_id="1"))


@pytest.mark.parametrize("text", [
    "ask my lawyer", "MY ATTORNEY says", "i got a public defender now", "attorney-client privilege",
    "mi abogada dice", "her advocate came", "the victim's advocate", "my new lawyr", "legal aid called",
])  # fmt: skip
def test_cues(text):
    assert is_cue(text)


@pytest.mark.parametrize("text", [
    "law and order", "my lawn", "attach it", "advocate for it", "we legal now", "defend him", "",
    "my homies", "counter 4",
])  # fmt: skip
def test_no_cues(text):
    assert not is_cue(text)


@given(st.lists(st.sampled_from([
    "my", " ", "lawyr", "attrny", "attorny", "attourney", "aty", "attny", "ATTY", "lawwyer", "advocate", "'s",
    "victim", "licenciada", "defensor", "publico", "client", "-", "counsel", "lwyr", "privilege", "legal", "aid",
])).map("".join))  # fmt: skip
def test_the_gate_lets_all_cues_through(text):
    assert may_be_cue(text) or not CUE.search(text)


def test_one_slip():
    assert is_one_slip("whitfield", "whitfeild")
    assert is_one_slip("whitfield", "whitfeld")
    assert is_one_slip("whitfield", "whitfielde")
    assert is_one_slip("abcd", "abcd")
    assert not is_one_slip("abcd", "bcde")
    assert not is_one_slip("abcdef", "abfedc")
    assert not is_one_slip("whitfield", "whitfords")


def test_names_of_ncmec_files_do_not_pass():
    from pipeline.sealing.seal import NCMEC, Sealing, without_ncmec

    file = Attachment(
        "ncmec_reports_1.jpg", "1", "image/jpeg", 9, "u", "linked_media/ncmec_reports_1.jpg"
    )
    record = item(attachments=[file], attributes=[("File", "linked_media/ncmec_reports_1.jpg")])
    without_ncmec(record, Sealing(released=frozenset({NCMEC})))
    assert record.attachments == [file]
    without_ncmec(record, Sealing())
    assert record.attachments[0].size_bytes == 9
    assert "ncmec_reports" not in repr((record.attachments, record.attributes))
