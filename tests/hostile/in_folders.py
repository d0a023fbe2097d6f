"""Folders with things in them that are no files, or may not be opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from inputs import Bad, conversation, put

TEXT = b"call 651-555-0142\n"


def _good(folder: Path) -> None:
    put(folder, "records.html", conversation())


def links(folder: Path) -> None:
    """Links out, in circles, to nothing and to a folder above."""
    _good(folder)
    outside = put(folder.parent, "outside/secret.txt", b"call 651-555-0199\n")
    (folder / "out.txt").symlink_to(outside)
    (folder / "loop").symlink_to("loop")
    (folder / "none.txt").symlink_to("nowhere")
    (folder / "up").symlink_to("..")
    (folder / "inside.txt").symlink_to("records.html")


def pipes(folder: Path) -> None:
    """A FIFO and a socket; opening the first would wait for ever."""
    _good(folder)
    os.mkfifo(folder / "pipe.txt")
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket may have 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.html")
    finally:
        os.chdir(here)


def fifo(folder: Path) -> Path:
    """A FIFO as the source itself."""
    os.mkfifo(folder / "pipe.html")
    return folder / "pipe.html"


def circle(folder: Path) -> Path:
    """A source that is a link to itself."""
    (folder / "loop").symlink_to("loop")
    return folder / "loop"


def outside(folder: Path) -> Path:
    """A source that is a link to a file elsewhere."""
    (folder / "link.html").symlink_to(put(folder.parent, "outside/records.html", conversation()))
    return folder / "link.html"


def names(folder: Path) -> None:
    """Names with newlines, control characters, code; 200 bytes long; and no UTF-8."""
    for at, name in enumerate(["a\nb.txt", "\x1b[2J.txt", "\u202etxt.exe.txt", "-rf.txt", "<script>x</script".replace("/", "_") + ">.txt",
                               "x" * 200 + ".txt", "=cmd'.txt", " .txt", "*.txt", "$(id).txt"]):  # fmt: skip
        put(folder, name, TEXT + str(at).encode())
    _good(folder)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9\xff.txt")).write_bytes(TEXT)


def deep(folder: Path) -> None:
    """A file 150 folders down."""
    _good(folder)
    put(folder, "/".join(["d" * 20] * 150) + "/a.txt", TEXT)


def unreadable(folder: Path) -> None:
    """A file that even the superuser cannot read to its end: bytes that another took away."""
    _good(folder)
    put(folder, "a.txt", TEXT).chmod(0)


def same(folder: Path) -> None:
    """Hard links: one file under many names."""
    _good(folder)
    for at in range(50):
        os.link(folder / "records.html", folder / f"again-{at}.html")


BAD = [
    Bad("symlinks and devices", "links out, in circles, to nothing, upwards", links, 1, "not_a_file"),
    Bad("symlinks and devices", "FIFO and socket in a folder", pipes, 1, "not_a_file"),
    Bad("symlinks and devices", "FIFO as source", fifo, 2),
    Bad("symlinks and devices", "link to itself as source", circle, 2),
    Bad("symlinks and devices", "link to a file elsewhere as source", outside, 2),
    Bad("symlinks and devices", "50 hard links to one file", same, 0, "same_content"),
    Bad("file names", "newlines, code, signs, no UTF-8", names, 1, "unreadable_name"),
    Bad("file names", "150 folders deep", deep),
]  # fmt: skip
