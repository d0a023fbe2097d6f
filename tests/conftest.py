"""Returns and cases that several test files use; made once a session."""

from __future__ import annotations

import gc
import hashlib
import html
import os
import resource
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from pipeline.config import RunConfig
from pipeline.files import write_private
from pipeline.sample.maker import SampleReceipt, make_sample

# the same examples each time: what a run of the tests says is said of the code, not of the day;
# `make fuzz` runs all property tests with new ones
settings.register_profile("steady", derandomize=True)
settings.register_profile("wide", derandomize=False, print_blob=True)
settings.load_profile("steady")

P = '<div class="p"></div>'


@pytest.fixture(scope="session", autouse=True)
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys of sealed material that lie outside a case go here, not to who runs the tests."""
    folder = tmp_path_factory.mktemp("config")
    before = os.environ.get("XDG_CONFIG_HOME")
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    yield folder / "triage" / "keys"
    if before is None:
        del os.environ["XDG_CONFIG_HOME"]
    else:
        os.environ["XDG_CONFIG_HOME"] = before


ROOM = 100 << 30
"""Bytes of address space in tests: too few for the engine of drawings, whose start and six figures
would cost each run 2 s; enough for all else."""


@pytest.fixture(scope="session", autouse=True)
def no_drawings() -> None:
    """No figures are drawn, by any process of the tests; reports say so in their place."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    room = ROOM if hard == resource.RLIM_INFINITY else min(ROOM, hard)
    resource.setrlimit(resource.RLIMIT_AS, (room, hard))


@pytest.fixture(scope="module")
def draws(no_drawings: None) -> Iterator[None]:
    """Figures are drawn in the tests of a module that asks for this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.fixture
def brief_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process publish a page of one line in the place of each page of the report.

    For tests of what comes before it, on tables whose report is made and looked at elsewhere: to
    make it is three quarters of a run (1.3 of 1.8 s of the sample).
    """

    def write(_case: Any, staged: Path, *_more: object) -> list[Path]:
        made = [staged / "reports" / name for name in ("report.html", "report.json",
                                                       "sheet.html", "sheet.pdf")]  # fmt: skip
        for path in made:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_private(path, f"stands for {path.name}\n".encode())
        return made

    monkeypatch.setattr("pipeline.run.write_reports", write)


Message = tuple[str, str, str]
"""Author, time as the provider prints it, body."""


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleReceipt:
    return make_sample(tmp_path_factory.mktemp("sample"), pages=30, seed=1)


@pytest.fixture(scope="session")
def sample_return(sample: SampleReceipt) -> Path:
    """A synthetic return of 30 pages (a zip)."""
    return sample.zip_path


@pytest.fixture(scope="session")
def sample_gold(sample: SampleReceipt) -> Path:
    """What is to be found in it."""
    return sample.gold_path


@pytest.fixture(scope="session")
def sample_case(sample_return: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished case of that return. Only to be read: copy it (``case_copy``) to change it."""
    from pipeline.run import run

    case = tmp_path_factory.mktemp("cases") / "case"
    run([sample_return], case, RunConfig(workers=1), quiet=True)
    return case


@pytest.fixture
def case_copy(sample_case: Path, tmp_path: Path) -> Path:
    """A copy of the finished case."""
    return Path(shutil.copytree(sample_case, tmp_path / "copied"))


@pytest.fixture(scope="session")
def table_hashes() -> Callable[[Path], dict[str, str]]:
    """The SHA-256 of every part of every table but ``runs``."""

    def hashes(case: Path) -> dict[str, str]:
        parts = sorted((case / "tables").glob("*/*.parquet"))
        return {
            part.relative_to(case).as_posix(): hashlib.sha256(part.read_bytes()).hexdigest()
            for part in parts
            if part.parent.name != "runs"
        }

    return hashes


def field(label: str, *lines: str, inner: str = "") -> str:
    shown = "".join(html.escape(line) + P for line in lines)
    return (
        f'<div class="t o"><div class="t i">{label}<div class="m"><div>{shown}{inner}'
        "</div></div></div></div>"
    )


@pytest.fixture(scope="session")
def meta_html() -> Callable[..., bytes]:
    """Make a small business record of one page."""

    def make(
        threads: dict[str, Iterable[Message]],
        *,
        target: str = "900000000000001",
        emails: Iterable[str] = (),
        end: str = "</body></html>",
    ) -> bytes:
        parts = [
            "<html><head><title>Meta Platforms Business Record</title></head><body>"
            '<div class="records_output" id="records">'
            '<div id="page_1" class="pageBreak">Meta Platforms Business Record Page 1</div>',
            '<div id="property-request_parameters" class="content-pane">',
            field("Service", "Facebook"),
            field("Target", target) if target else "",
            "</div>",
        ]
        if emails:
            parts.append(
                f'<div id="property-emails" class="content-pane">{P}'
                f"{field('Registered Email Addresses', *emails)}{P}</div>"
            )
        inner = ""
        for number, messages in threads.items():
            people = sorted({author for author, _, _ in messages})
            said = P + "".join(
                field("Author", author) + field("Sent", sent) + field("Body", *body.split("\n")) + P
                for author, sent, body in messages
            )
            members = field("Current Participants", "2024-01-01 00:00:00 UTC", *people)
            inner += field("Thread", f"({number})", inner=members + said) + P
        parts += [
            f'<div id="property-unified_messages" class="content-pane">{P}',
            field("Unified Messages", inner=inner),
            f"{P}</div></div>{end}",
        ]
        return "".join(parts).encode()

    return make


@pytest.fixture(scope="session")
def make_zip() -> Callable[..., Path]:
    """Write members, in order, into a zip; a list may name a member twice."""

    def make(path: Path, members: dict[str, bytes] | list[tuple[Any, bytes]]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pairs = members.items() if isinstance(members, dict) else members
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in pairs:
                archive.writestr(name, data)
        return path

    return make


@pytest.fixture
def triage(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process; return exit code, standard output, standard error."""
    from pipeline.cli import call

    def command(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = call([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return command


NOBODY = 65534


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A folder that any user may enter and write to (``tmp_path`` is its owner's alone)."""
    folder = Path(tempfile.mkdtemp(prefix="triage-test-"))
    folder.chmod(0o777)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder)


@pytest.fixture
def without_rights() -> Callable[[], AbstractContextManager[None]]:
    """Make file modes count: the superuser may read and write everything, so become nobody."""

    @contextmanager
    def become() -> Iterator[None]:
        if os.geteuid() != 0:
            yield
            return
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(0)

    return become


def pytest_collection_finish():
    """What imports and collection made stays to the end: the collector need not walk it again and
    again, which took 6 % of the tests' time."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/_golden anew, to be reviewed"
    )
