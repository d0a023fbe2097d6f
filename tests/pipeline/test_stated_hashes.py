"""Hashes that a provider gives: every writing, checked before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline import custody
from pipeline.case import Case, create_case
from pipeline.config import Limits
from pipeline.errors import ConfigError, IntegrityError
from pipeline.plan import receive
from pipeline.stated_hashes import Line, check, gather, is_list, lines_of

Triage = Callable[..., tuple[int, str, str]]
Page = Callable[..., bytes]

SAID = {"9": [("Ann Example (Facebook: 1)", "2024-02-01 10:00:00 UTC", "hello quartzotter")]}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


A, B = sha256(b"a"), hashlib.md5(b"b", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("text", "expected", "strange"),
    [
        (f"{A}  return.zip\n", [Line((A,), ("return.zip",))], 0),
        (f"{A} *return.zip", [Line((A,), ("return.zip",))], 0),
        (f"\\{A}  re\\nturn.zip", [Line((A,), ("re\\nturn.zip",))], 0),
        (f"{A.upper()}  a b.zip", [Line((A,), ("a b.zip",))], 0),
        (f"SHA256 (return.zip) = {A}", [Line((A,), ("return.zip",))], 0),
        (f"MD5 (a (1).zip) = {B}", [Line((B,), ("a (1).zip",))], 0),
        (f"return.zip,{B}", [Line((B,), ("return.zip",))], 0),
        (f"File Name,Size,MD5,SHA256\nreturn.zip,12,{B},{A}", [Line((B, A), ("return.zip", "12"))], 1),
        (f'"a, b.zip";"{A}"', [Line((A,), ("a, b.zip",))], 0),
        (f"{A},return.zip", [Line((A,), ("return.zip",))], 0),
        (f"return.zip\t{A}", [Line((A,), ("return.zip",))], 0),
        (f"return.zip: {A}", [Line((A,), ("return.zip",))], 0),
        (f"a b.zip  {A}", [Line((A,), ("a b.zip",))], 0),
        (A, [Line((A,), ())], 0),
        (f"\n# made by hand\n{A}\n", [Line((A,), ())], 0),
        (f"Algorithm : SHA256\nHash      : {A.upper()}\nPath      : C:\\Users\\x\\return.zip\n\n",
         [Line((A,), ("C:\\Users\\x\\return.zip",))], 0),
        (f"SHA256 hash of return.zip:\n{A}\nCertUtil: -hashfile command completed successfully.",
         [Line((A,), ("return.zip",))], 0),
        (f"MD5 hash of file return.zip:\n{' '.join(B[i:i + 2] for i in range(0, 32, 2))}",
         [Line((B,), ("return.zip",))], 0),
        ("nothing here", [], 1),
        (f"{A}0  return.zip", [], 1),
        (f"x{A}", [], 1),
        ("", [], 0),
    ],
)  # fmt: skip
def test_lists_are_read(text: str, expected: list[Line], strange: int) -> None:
    assert lines_of(text) == (expected, strange)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("return.zip.sha256", f"{A}  return.zip".encode(), True),
        ("SHA256SUMS", f"{A}  a.html\n{B}  b.html".encode(), True),
        ("deep/delivery_hashes.csv", f"name,hash\na.html,{A}".encode(), True),
        ("manifest-md5.txt", f"{B}  data/a.html".encode(), True),
        ("hashes.txt", f"{A}  a.html".encode("utf-16"), True),
        ("x.md5", B.encode(), True),
        # evidence under such a name, and lists under another
        ("my_hashes.csv", f"{A},call me at the usual place".encode(), False),
        ("my_hashes.csv", f"{A},a.html\nmeet me\nat nine".encode(), False),
        ("hash.txt", b"we smoked hash", False),
        ("hashes.csv", b"", False),
        ("chat.txt", f"{A}  a.html".encode(), False),
        ("rehash.html", f"{A}  a.html".encode(), False),
    ],
)
def test_what_is_a_list_of_hashes(name: str, data: bytes, expected: bool) -> None:
    assert is_list(name, data) is expected


def test_lists_are_read_in_linear_time() -> None:
    for text in ("hash of " * 125_000, "a" * 1_000_000, "," * 1_000_000, f"{A} " * 15_000,
                 f"{A}\n" * 15_000, "hash :" * 160_000):  # fmt: skip
        lines_of(text)


@pytest.fixture
def zipped(tmp_path: Path, meta_html: Page, make_zip: Callable[..., Path]) -> Path:
    return make_zip(tmp_path / "in" / "return.zip", {"records.html": meta_html(SAID)})


def beside(path: Path, name: str, algorithm: str, text: str, *, wrong: bool = False) -> Path:
    digest = hashlib.new(algorithm, path.read_bytes() + b"x" * wrong).hexdigest()
    there = path.parent / name
    there.write_text(text.format(digest=digest, name=path.name))
    return there


LISTS = [
    ("return.zip.sha256", "sha256", "{digest}  {name}\n"),
    ("return.zip.md5", "md5", "{digest}"),
    ("return.zip.SHA1", "sha1", "{digest} *{name}"),
    ("return.zip.sha512sum", "sha512", "{digest}  sent-under-another-name.zip"),
    ("return.md5", "md5", "{digest}"),
    ("SHA256SUMS", "sha256", "{digest}  other.zip.part\n{digest}  ./{name}\n"),
    ("MD5SUMS", "md5", "{digest}  {name}\n"),
    ("Case_24_hashes.csv", "md5", "File,Hash\n{name},{digest}\n"),
    ("return-hashes.txt", "sha1", "{digest},{name}\n"),
    ("sha256sum.txt", "sha256", "SHA256 ({name}) = {digest}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "algorithm", "text"), LISTS)
def test_hashes_beside_a_source(zipped: Path, name: str, algorithm: str, text: str) -> None:
    there = beside(zipped, name, algorithm, text)
    (issue,) = check(gather([zipped], []), [], lambda _count: None)
    assert issue.code == "provider_hash_matches"
    assert "return.zip" in issue.message
    assert name in issue.message
    beside(zipped, name, algorithm, text, wrong=True)
    with pytest.raises(
        IntegrityError, match=r"return.zip: its .* is not the one stated in"
    ) as caught:
        check(gather([zipped], []), [], lambda _count: None)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    there.write_text("no hash in here")
    found = [i.code for i in check(gather([zipped], []), [], lambda _count: None)]
    assert found == (["provider_hash_unreadable"] if name.startswith("return.zip.") else
                     ["provider_hash_unreadable"] if name == "return.md5" else [])  # fmt: skip


def test_a_hash_of_another_file_says_nothing(zipped: Path) -> None:
    (zipped.parent / "other.zip.sha256").write_text(A)
    (zipped.parent / "SHA256SUMS").write_text(f"{A}  other.zip\n")
    (zipped.parent / "return.zip.sha256.d").mkdir()
    own = beside(zipped, "return.zip.sha1", "sha1", "{digest}  {name}")
    found = check(gather([zipped, own], []), [], lambda _count: None)  # as ``return*`` names them
    assert [issue.code for issue in found] == ["provider_hash_matches"]
    own.unlink()
    assert check(gather([zipped], []), [], lambda _count: None) == []


@pytest.mark.usefixtures("brief_reports")
def test_lists_within_a_folder(tmp_path: Path, meta_html: Page, triage: Triage) -> None:
    folder = tmp_path / "return"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        (folder / name / "records.html").write_bytes(meta_html(SAID, target=name))
    lines = [
        f"{sha256((folder / n / 'records.html').read_bytes())}  {n}/records.html" for n in "ab"
    ]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + f"\n{A}  c/records.html\n")
    case = tmp_path / "case"
    assert triage("run", folder, "--case", case, "--workers", 1, "--no-model")[0] == 0
    issues = pd.read_parquet(case / "tables" / "issues")
    codes = issues.set_index("code")["severity"].to_dict()
    assert codes["provider_hash_matches"] == "info"
    assert issues.set_index("code").loc["provider_hash_matches", "count"] == 2
    assert codes["listed_file_missing"] == "warning"
    assert codes["hash_list"] == "info"
    sources = pd.read_parquet(case / "tables" / "sources").set_index("path")
    assert pd.isna(sources.loc["SHA256SUMS", "reader"])  # no evidence
    assert sources.loc["SHA256SUMS", "source_sha256"]
    stated = [f["as_stated"] for f in custody.read_receipt(Case(case))[0]["files"]]
    assert stated == [[], ["SHA-256 in SHA256SUMS"], ["SHA-256 in SHA256SUMS"]]
    (folder / "SHA256SUMS").write_text("\n".join(lines).replace("  a/", "  b/", 1))
    code, _, err = triage("run", folder, "--case", tmp_path / "case2", "--no-model")
    assert (code, len(err.splitlines())) == (3, 1)


def test_a_wrong_hash_stops_before_anything_is_read(
    tmp_path: Path, zipped: Path, triage: Triage
) -> None:
    list_path = beside(zipped, "return.zip.sha256", "sha256", "{digest}", wrong=True)
    case = tmp_path / "case"
    code, out, err = triage("run", zipped, "--case", case, "--workers", 1)
    assert (code, out, len(err.splitlines())) == (3, "", 1)
    assert "return.zip: its SHA-256 is not the one stated in return.zip.sha256" in err
    assert not (case / "tables").exists()
    assert not (case / "work").exists()
    assert Case(case).sources() == []
    list_path.unlink()
    assert triage("run", zipped, "--case", case, "--workers", 1, "--no-model")[0] == 0
    # one that comes later is said as well, though nothing else is new
    beside(zipped, "return.zip.md5", "md5", "{digest}")
    assert triage("run", zipped, "--case", case, "--workers", 1, "--no-model")[0] == 0
    assert "provider_hash_matches" in set(pd.read_parquet(case / "tables" / "issues")["code"])
    assert "its MD5 is the one stated" in (case / "reports" / "report.html").read_text()


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_a_hash_in_case_toml(tmp_path: Path, zipped: Path, algorithm: str) -> None:
    case = create_case(tmp_path / "case", [])
    receive(case, [zipped], Limits(), lambda _count: None)
    right = hashlib.new(algorithm, zipped.read_bytes()).hexdigest()

    def enter(value: str) -> list[str]:
        document = case.document()
        document["sources"][0][f"provider_{algorithm}"] = value
        case.save(document)
        found = check(gather([zipped], case.sources()), case.sources(), lambda _count: None)
        return [issue.code for issue in found]

    assert enter(f" {right.upper()} ") == ["provider_hash_matches"]
    with pytest.raises(IntegrityError, match=f"stated in case.toml provider_{algorithm}"):
        enter(hashlib.new(algorithm, b"x").hexdigest())
    for wrong in ("", "abc", right + "00", A[:30]):
        with pytest.raises(
            ConfigError, match=f"provider_{algorithm} of FB-1: is no hash of that kind"
        ):
            enter(wrong)
    zipped.unlink()
    expected = "matches" if algorithm == "sha256" else "unchecked"
    assert enter(right) == [f"provider_hash_{expected}"]
