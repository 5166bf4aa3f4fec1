"""What the swap did: calls, time, who computed, and what fell through and why."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...backends.choices import Choice
from ...callers import user_frame

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NO_SPECTRUM", "Line", "Profile"]

NO_SPECTRUM = "arrays"  # no spectrum was computed: a window, a filterbank, a scale


@dataclass
class Line:
    """What became of the calls of one function.

    Attributes
    ----------
    calls, passed_on : int
        All calls, and those that the reference itself served.
    seconds : float
        In all of them together.
    backends : Counter
        Calls by what computed them.
    reasons : Counter
        Calls that were passed on, by "why, at file:line".
    """

    calls: int = 0
    passed_on: int = 0
    seconds: float = 0.0
    backends: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON can hold them."""
        counts = {"calls": self.calls, "passed_on": self.passed_on, "seconds": self.seconds}
        return {**counts, "backends": dict(self.backends), "reasons": dict(self.reasons)}

    def count(self, seconds: float, backend: str, reason: str) -> None:
        """Count a call; a reason says that it was passed on."""
        self.calls += 1
        self.seconds += seconds
        self.backends[backend] += 1
        if reason:
            self.passed_on += 1
            self.reasons[reason] += 1

    def add(self, other: dict[str, Any]) -> None:
        """Add what `as_json` has returned."""
        self.calls += other["calls"]
        self.passed_on += other["passed_on"]
        self.seconds += other["seconds"]
        self.backends.update(other["backends"])
        self.reasons.update(other["reasons"])


class Profile:
    """Counts calls, from any thread.

    Attributes
    ----------
    journal : optional
        Has a report of every call written somewhere, in processes that another one asks (children.py).
    """

    def __init__(self) -> None:
        self.journal: Any = None
        self._lock = threading.RLock()
        self._lines: dict[str, Line] = {}

    def served(self, name: str, seconds: float, choices: Iterable[Choice]) -> None:
        """Count a call that spectro served."""
        taken = "+".join(dict.fromkeys(choice.backend for choice in choices)) or NO_SPECTRUM
        self._count(name, seconds, taken)

    def passed_on(self, name: str, seconds: float, reason: str) -> None:
        """Count a call that the reference served."""
        frame = user_frame()
        place = f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"
        self._count(name, seconds, name.partition(".")[0], f"{reason} ({place})")

    def _count(self, name: str, seconds: float, backend: str, reason: str = "") -> None:
        with self._lock:
            self._line(name).count(seconds, backend, reason)
            if self.journal is not None:
                call = Line()
                call.count(seconds, backend, reason)
                self.journal.write(self, {"functions": [{"name": name, **call.as_json()}]})

    def _line(self, name: str) -> Line:
        line = self._lines.get(name)
        if line is None:
            line = self._lines[name] = Line()
        return line

    def clear(self) -> None:
        """Forget everything; with a new lock, since a forked process may have inherited a held one."""
        self._lock = threading.RLock()
        self._lines = {}

    def as_json(self) -> dict[str, Any]:
        """Return the counts as JSON can hold them."""
        with self._lock:
            lines = sorted(self._lines.items())
            functions = [{"name": name, **line.as_json()} for name, line in lines]
            passed_on = sum(line.passed_on for _, line in lines)
            calls = sum(line.calls for _, line in lines)
        return {"served": calls - passed_on, "passed_on": passed_on, "functions": functions}

    def add(self, report: dict[str, Any]) -> None:
        """Add what another process counted (`as_json`)."""
        with self._lock:
            for part in report["functions"]:
                self._line(part["name"]).add(part)

    def write(self, path: Path) -> None:
        """Write `as_json` to a file, whole or not at all."""
        part = path.with_suffix(".part")
        part.write_text(json.dumps(self.as_json(), indent=1) + "\n")
        part.replace(path)

    def text(self) -> str:
        """Return the table that people read."""
        report = self.as_json()
        if not report["functions"]:
            return "spectro: no call of a mirrored function was made"
        rows = [("function", "calls", "time", "served by")]
        reasons = []
        for line in report["functions"]:
            shares = line["backends"].items()
            by = ", ".join(name if count == line["calls"] else f"{count} {name}" for name, count in shares)
            rows.append((line["name"], str(line["calls"]), f"{1e3 * line['seconds']:.1f} ms", by))
            reasons += [f"  {count} x {line['name']}: {why}" for why, count in line["reasons"].items()]
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        rows.insert(1, ("-" * widths[0], "-" * widths[1], "-" * widths[2], "-" * widths[3]))
        a, b, c, _ = widths
        lines = [f"{name:<{a}}  {calls:>{b}}  {time:>{c}}  {by}" for name, calls, time, by in rows]
        if reasons:
            lines += ["", "fell through to the reference:", *reasons, ""]
        end = f"spectro served {report['served']} of {report['served'] + report['passed_on']} calls"
        if any(NO_SPECTRUM in line["backends"] for line in report["functions"]):
            end += f" ({NO_SPECTRUM}: no spectrum in it, array operations alone)"
        return "\n".join([*lines, end])
