"""Zips that burst, lie or lead out; each holds the good file too, unless it cannot."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from inputs import Bad, conversation, put

Member = tuple[str | zipfile.ZipInfo, bytes]
CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def packed(*members: Member, good: bool = True, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of the good file and others; a name may stand in it twice."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", method) as archive:
        warnings.simplefilter("ignore")
        if good:
            archive.writestr("records.html", conversation())
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def zipped(*members: Member, good: bool = True) -> Callable[[Path], Path]:
    """Return what writes such a zip."""
    return lambda folder: put(folder, "return.zip", packed(*members, good=good))


def named(*names: str) -> Callable[[Path], Path]:
    """Members of these names, each with a text of its own."""
    return zipped(
        *((name, f"text {at}, call 651-555-0142\n".encode()) for at, name in enumerate(names))
    )


def fields(data: bytes, name: bytes, **changes: int) -> bytes:
    """Change numbers in both headers of a member."""
    places = {"flags": ("<H", 8, 6), "method": ("<H", 10, 8), "crc": ("<I", 16, 14), "packed": ("<I", 20, 18),
              "size": ("<I", 24, 22), "offset": ("<I", 42, None), "modes": ("<I", 38, None)}  # fmt: skip
    out = bytearray(data)
    for field, value in changes.items():
        form, central, local = places[field]
        for sign, place, begin in ((CENTRAL, central, 46), (LOCAL, local, 30)):
            at = -1
            while place is not None and (at := data.find(sign, at + 1)) >= 0:
                if data[at + begin : at + begin + len(name)] == name:
                    struct.pack_into(form, out, at + place, value)
    return bytes(out)


def changed(name: str, data: bytes, **changes: int) -> Callable[[Path], Path]:
    """Return what writes a zip with a member whose headers say something else."""
    return lambda folder: put(
        folder, "return.zip", fields(packed((name, data)), name.encode(), **changes)
    )


def quine(folder: Path) -> Path:
    """A zip in a zip in a zip, 30 deep, and ten side by side."""
    inner = packed(("x.txt", b"call 651-555-0142"), good=False)
    for depth in range(30):
        inner = packed((f"{depth}.zip", inner), good=False)
    return put(folder, "return.zip", packed(*((f"{at}.zip", inner) for at in range(10))))


def overlapping(folder: Path) -> Path:
    """Sixty entries over the same bytes, a megabyte each: a bomb without a ratio."""
    data = b"".join(f"{at} words of a text that packs to little\n".encode() for at in range(10_000))
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_bytes = raw.compress(data) + raw.flush()
    out = io.BytesIO()
    crc = zlib.crc32(data)
    entries = []
    for at in range(60):
        name = f"{at:04}.txt".encode()
        entries.append((name, 0))
    first = entries[0][0]
    out.write(
        struct.pack(
            "<4sHHHHHIIIHH",
            LOCAL,
            20,
            0,
            8,
            0,
            33,
            crc,
            len(packed_bytes),
            len(data),
            len(first),
            0,
        )
        + first
        + packed_bytes
    )
    begin = out.tell()
    for name, offset in entries:
        out.write(
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                CENTRAL,
                20,
                20,
                0,
                8,
                0,
                33,
                crc,
                len(packed_bytes),
                len(data),
                len(name),
                0,
                0,
                0,
                0,
                0,
                offset,
            )
            + name
        )
    size = out.tell() - begin
    out.write(struct.pack("<4sHHHHIIH", END, 0, 0, len(entries), len(entries), size, begin, 0))
    return put(folder, "return.zip", out.getvalue())


def many(folder: Path) -> Path:
    """More members than a plain zip can count, all empty."""
    return put(
        folder,
        "return.zip",
        packed(*((f"{at}.txt", b"") for at in range(70_000)), method=zipfile.ZIP_STORED),
    )


def link(folder: Path) -> Path:
    """Members that are links or devices."""
    members: list[Member] = []
    for at, mode in enumerate((0o120777, 0o060666, 0o020666, 0o010666, 0o140666)):
        info = zipfile.ZipInfo(f"odd-{at}.txt")
        info.external_attr, info.create_system = mode << 16, 3
        members.append((info, b"/etc/passwd %d" % at))
    return put(folder, "return.zip", packed(*members))


def headed(folder: Path) -> Path:
    """Two archives after one another, and rubbish before and behind."""
    data = packed()
    return put(
        folder,
        "return.zip",
        b"MZ" + bytes(5000) + packed(("other.txt", b"x"), good=False) + data + b"rubbish" * 90,
    )


def ended(**changes: int) -> Callable[[Path], Path]:
    """A directory that is said to be elsewhere or larger."""
    places = {"count": ("<H", 10), "size": ("<I", 12), "start": ("<I", 16)}

    def make(folder: Path) -> Path:
        data = bytearray(packed())
        for name, value in changes.items():
            form, at = places[name]
            struct.pack_into(form, data, data.rindex(END) + at, value)
        return put(folder, "return.zip", bytes(data))

    return make


def other_packing(folder: Path) -> Path:
    """Packed with bzip2 and LZMA, whose bombs have ratios past 10,000."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("records.html", conversation())
        archive.writestr("b.txt", bytes(80 << 20), zipfile.ZIP_BZIP2)
        archive.writestr("l.txt", bytes(80 << 20), zipfile.ZIP_LZMA)
    return put(folder, "return.zip", stream.getvalue())


UP = "unsafe_path"
BAD = [
    Bad("zip bombs", "80 MB of zeros in 80 KB", zipped(("zeros.txt", bytes(80 << 20))), 1, "archive_ratio"),
    Bad("zip bombs", "packed with bzip2 and LZMA", other_packing, 1, "archive_ratio"),
    Bad("zip bombs", "zips in zips, 30 deep", quine, 1, "nested_archive"),
    Bad("zip bombs", "60 entries over the same bytes", overlapping, 1, "overlapping_members", seconds=20, query="words"),
    Bad("zip bombs", "a member that states 4 GiB", changed("a.txt", b"call 651-555-0142", size=0xFFFFFFFE), 1, "archive_ratio"),
    Bad("zip bombs", "a member that states less than it holds", changed("a.txt", bytes(3 << 20), size=10), 1, "unreadable_file"),
    Bad("zip bombs", "past --limit-total-bytes", zipped(("a.txt", b"x" * 9000)), 1, "archive_limit", options=("--limit-total-bytes", "8000")),
    Bad("zip bombs", "70,000 empty members", many, 0, "empty_file", seconds=30, megabytes=700, slow=True),
    Bad("zip bombs", "70,000 members, --limit-members 65,536", many, 2, "", seconds=20, options=("--limit-members", "65536")),
    Bad("damaged zips", "wrong CRC", changed("a.txt", b"call 651-555-0142", crc=1), 1, "unreadable_file"),
    Bad("damaged zips", "encrypted member", changed("a.txt", b"call 651-555-0142", flags=1), 1, "encrypted_member"),
    Bad("damaged zips", "unknown packing", changed("a.txt", b"call 651-555-0142", method=77), 1, "unreadable_file"),
    Bad("damaged zips", "member that begins past the end", changed("a.txt", b"call 651-555-0142", offset=0x7FFFFFFF), 1, "unreadable_file"),
    Bad("damaged zips", "rubbish before, between and behind", headed),
    Bad("damaged zips", "directory of 65,000 entries that are not there", ended(count=65_000), 0, ""),
    Bad("damaged zips", "directory past the end", ended(start=0x7FFFFFFF), 2),
    Bad("damaged zips", "directory of 4 GB", ended(size=0xFFFFFFF0), 2),
    Bad("two members of one name", "twice the same name", zipped(("a.txt", b"first call 651-555-0142"), ("a.txt", b"second call 651-555-0143")), 1, "repeated_member"),
    Bad("two members of one name", "that differ by case, by form of accents, by a point", named("A.txt", "a.txt", "caf\u00e9.txt", "cafe\u0301.txt", "./a.txt", "b//a.txt", "b/a.txt")),
    Bad("path tricks", "absolute", named("/etc/x.txt"), 1, UP),
    Bad("path tricks", "..", named("a/../../x.txt"), 1, UP),
    Bad("path tricks", "drive letter", named("C:\\x.txt", "C:x.txt"), 1, UP),
    Bad("path tricks", "backslashes", named("..\\..\\x.txt", "\\\\host\\share\\x.txt"), 1, UP),
    Bad("path tricks", "backslashes within", named("a\\b.txt")),
    Bad("path tricks", "names of devices, of nothing, of 60,000 letters", named("CON", "nul.txt", "a.txt:stream", ".", " ", "x" * 60_000 + ".txt"), 1, UP),
    Bad("path tricks", "newlines, control characters, right to left", named("a\nb.txt", "\x1b[2J.txt", "\u202etxt.exe", "a\x7f\x9b.txt", "tab\t.txt")),
    Bad("path tricks", "code in names", named("<script>alert(1)</script>.txt", "=cmd|' /C calc'!A0.txt", "$(id).txt", "'; DROP TABLE records; --.txt")),
    Bad("symlinks and devices", "as members", link, 1, "link_member"),
]  # fmt: skip
