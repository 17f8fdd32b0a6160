"""One case while it is run: commands are filled in, answers read, counts compared."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cases
import measuring
import scoring
from measuring import Start

if TYPE_CHECKING:
    from pathlib import Path

    from cases import Case, Contender, Corpus

_FOLDERS = re.compile(r"(?<![\w./:])/(?:[^/\s'\":]+/)+")


@dataclass
class Round:
    """One case while it is run.

    Attributes:
        case: what is measured.
        corpus: on what.
        planted: what is to be found, where that is known.
        folder: for what contenders write; gone afterwards.
        pythons: by contender, another interpreter.
        runs: what was measured.
        failed: by contender, why it has no times.
        versions: of what took part.
        prepared: contenders whose `prepare` was run.
    """

    case: Case
    corpus: Corpus
    planted: scoring.Truth | None
    folder: Path
    pythons: dict[str, str]
    runs: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    prepared: set[str] = field(default_factory=set)

    def once(self, contender: Contender, workers: int) -> dict[str, Any] | None:
        """Run a contender once: what was measured, or None where it failed."""
        out = self.folder / f"{contender.name}.out"
        given = {
            "python": cases.interpreter(contender.name, self.pythons),
            "corpus": str(self.corpus.path),
            "out": str(out),
            "folder": str(self.folder),
            "workers": str(workers),
        }
        env = {"PYTHONPATH": str(cases.ROOT), **contender.env}
        if contender.prepare and contender.name not in self.prepared:
            done = measuring.run(Start(contender.line(contender.prepare, given), workers, env, self.case.timeout))
            self.prepared.add(contender.name)
            if done.status:
                self._fail(contender, f"its preparation ended with {done.status}: {_last(done.errors)}")
                return None
        done = measuring.run(
            Start(
                self._command(contender, given, workers),
                workers,
                env,
                self.case.timeout,
                pipe=self.corpus.path if contender.pipe else None,
                keep=bool(contender.program),
            )
        )
        if done.status:
            self._fail(contender, f"ended with {done.status}: {_last(done.errors)}")
            return None
        found = _Answer.read(contender, done.output, self._answer(contender, out))
        self.versions |= found.versions
        if not self._right(contender, found.counts):
            return None
        return {
            "contender": contender.name,
            "workers": workers,
            "wall": round(done.wall, 4),
            "cpu": round(done.cpu, 3),
            "peak": done.peak,
            "anonymous": done.anonymous,
            "phases": {name: round(seconds, 4) for name, seconds in found.phases.items()},
            "counts": found.counts,
        }

    def scores(self, contender: Contender) -> dict[str, float]:
        """What was found of what was planted, by the last run."""
        if self.planted is None or not contender.answers or self.case.paragraphs:
            return {}
        out = self._answer(contender, self.folder / f"{contender.name}.out")
        return scoring.score(contender.answers, out, self.corpus.path, self.planted)

    def _command(self, contender: Contender, given: dict[str, str], workers: int) -> list[str]:
        if contender.command:
            return contender.line(contender.command, given)
        program = str(cases.FOLDER / "contenders" / contender.program[0])
        settings = [part for name, value in self.case.settings.items() for part in (f"--{name}", str(value))]
        lines = ["--paragraphs"] if self.case.paragraphs else []
        own = [*contender.program[1:], "--workers", str(workers)]
        return [given["python"], program, given["corpus"], given["out"], *settings, *lines, *own]

    def _answer(self, contender: Contender, out: Path) -> Path:
        return out.with_name(out.name + ".npy") if contender.answers in {"pairs", "flags"} else out

    def _fail(self, contender: Contender, reason: str) -> None:
        self.failed[contender.name] = reason
        print(f"  {contender.name}: {reason}", file=sys.stderr)

    def _right(self, contender: Contender, counts: dict[str, int]) -> bool:
        """Whether the counts are the expected ones; else the contender has no time."""
        expected = self.case.expected.get(contender.name, {})
        wrong = {name: (counts.get(name), count) for name, count in expected.items() if counts.get(name) != count}
        if wrong:
            told = ", ".join(f"{name} is {is_} and not {should}" for name, (is_, should) in wrong.items())
            self._fail(contender, f"wrong count: {told}")
        return not wrong


@dataclass(frozen=True)
class _Answer:
    """What a contender said of its run."""

    phases: dict[str, float]
    counts: dict[str, int]
    versions: dict[str, str]

    @classmethod
    def read(cls, contender: Contender, output: str, out: Path) -> _Answer:
        """From the last line that a program printed, or from the report of a command of ours."""
        if contender.program:
            said = json.loads(output.strip().splitlines()[-1])
            return cls(said["phases"], said["counts"], said["versions"])
        if contender.answers in {"find", "clean"}:
            return cls({}, scoring.report_counts(out), {})
        return cls({}, {}, {})


def _last(errors: str) -> str:
    """The last line of an error output, without the folders of this machine."""
    lines = [line for line in errors.strip().splitlines() if line.strip()]
    return _FOLDERS.sub("", lines[-1])[:300] if lines else "it said nothing"
