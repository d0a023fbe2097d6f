"""Progress on standard error: pages, messages, rate, time left; silent when nobody watches."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

LOG = logging.getLogger("triage")

LOG_SECONDS = 60.0
"""How often the log is told how far a stage is: a night's run leaves some hundred lines."""


class Progress:
    """A bar on a terminal, nothing elsewhere; every stage also goes to the log with its seconds."""

    def __init__(self, *, quiet: bool) -> None:
        """Watch standard error, unless ``quiet``."""
        self._shown = not quiet and sys.stderr.isatty()
        self._bar: Any = None
        self.seconds: dict[str, float] = {}
        self._stage = _Stage()

    def __enter__(self) -> Self:
        """Return the progress; leaving it clears the bar."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Clear the bar."""
        self._close()

    @contextmanager
    def stage(self, name: str, total: int | None = None, unit: str = "") -> Iterator[None]:
        """Time a stage and show it.

        Args:
            name: what is being done.
            total: units to come; None = not known.
            unit: ``pages`` or ``B`` (bytes).
        """
        begun = time.monotonic()
        self._close()
        self._stage = _Stage(name, total, unit, begun, begun)
        if self._shown:
            from tqdm import tqdm

            self._bar = tqdm(
                total=total, desc=name, unit=unit, unit_scale=unit == "B", leave=False,
                dynamic_ncols=True, file=sys.stderr, mininterval=0.2,
                bar_format=None if total else "{desc}{postfix} [{elapsed}]",
            )  # fmt: skip
        yield
        self._close()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - begun
        LOG.info("%s: %.1f s", name, self.seconds[name])

    def step(self, count: int, **shown: int) -> None:
        """Go on by so many units; ``shown`` counts stand behind the bar."""
        self._stage.step(count)
        if self._bar is not None:
            if shown:
                text = ", ".join(f"{count:,} {name}" for name, count in shown.items())
                self._bar.set_postfix_str(text, refresh=False)
            self._bar.update(count)

    def reach(self, total: int) -> None:
        """Go on to so many units in all."""
        self._stage.step(total - self._stage.done)
        if self._bar is not None:
            self._bar.update(total - self._bar.n)

    def note(self, text: str) -> None:
        """Say what is being done within a stage."""
        LOG.info("%s", text)
        if self._bar is not None:
            self._bar.set_postfix_str(text)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@dataclass(slots=True)
class _Stage:
    """How far a stage is; tells the log once a minute."""

    name: str = ""
    total: int | None = None
    unit: str = ""
    begun: float = 0.0
    told: float = 0.0
    done: int = 0

    def step(self, count: int) -> None:
        self.done += count
        now = time.monotonic()
        if not self.total or now - self.told < LOG_SECONDS:
            return
        self.told = now
        rate = self.done / (now - self.begun)
        left = f"{(self.total - self.done) / rate:,.0f} s left" if rate else "time left not known"
        LOG.info(
            "%s: %s of %s %s, %s/s, %s", self.name, f"{self.done:,}", f"{self.total:,}",
            self.unit, f"{rate:,.0f}", left,
        )  # fmt: skip
