"""Make the name model again.

``python -m extractors.training --corpora DIR --out extractors/model``

Some ten minutes on one core. The same seed on the same machine and libraries gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: threads add in other orders


def main() -> None:
    """Train, write the pipeline, measure it, write its card."""
    from extractors.training import card, train

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the public corpora")
    parser.add_argument("--out", type=Path, required=True, help="folder of the pipeline to write")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    begun = time.perf_counter()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.perf_counter() - begun:5.0f} s  {line}\n")

    trained, ordinary = train.run(args.corpora, args.seed, say)
    trained.to_disk(args.out)
    with (
        (args.out / "ordinary.txt.gz").open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed,
    ):
        packed.write("\n".join(ordinary).encode())
    say(f"{len(ordinary)} ordinary words")
    (args.out / "MODEL_CARD.md").write_text(card.write(args.corpora, args.out, args.seed))
    say(f"card written to {args.out / 'MODEL_CARD.md'}")


if __name__ == "__main__":
    main()
