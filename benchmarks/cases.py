"""The cases and contenders of their files, the corpora they need, and the counts that are expected."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import importlib.metadata
import re
import shutil
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import generate
import lexicon
import xxhash
from quality_sets import data_folder
from stories import Spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
CASES, CONTENDERS = FOLDER / "cases.toml", FOLDER / "contenders.toml"


class Absent(Exception):  # noqa: N818 (not an error: the case is passed over)
    """Why a case or contender cannot be run here."""


@dataclass(frozen=True)
class Case:
    """What is measured; see cases.toml.

    Attributes:
        name: heading of its table in the file.
        why: for people.
        corpus: kind and parameters.
        n: size for the run that is asked for.
        contenders: names.
        workers: numbers of workers.
        settings: for contenders that are told.
        paragraphs: whether lines are signed, and no more.
        minutes: after which no round is begun.
        timeout: seconds for one run.
        warm: whether an unmeasured run comes first.
        expected: by contender, counts.
        quick: whether it is the small size.
    """

    name: str
    why: str
    corpus: dict[str, Any]
    n: int
    contenders: tuple[str, ...]
    workers: tuple[int, ...] = (1,)
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    paragraphs: bool = False
    minutes: float = 5
    timeout: float = 600
    warm: bool = True
    expected: dict[str, dict[str, int]] = dataclasses.field(default_factory=dict)
    quick: bool = False


@dataclass(frozen=True)
class Contender:
    """Who is measured; see contenders.toml."""

    name: str
    title: str
    program: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    answers: str = ""
    needs: tuple[str, ...] = ()
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    prepare: tuple[str, ...] = ()
    pipe: bool = False
    workers: int = 1

    def line(self, template: Sequence[str], given: Mapping[str, str]) -> list[str]:
        """A command with its braces filled in."""
        return [part.format(**given) for part in template]


def cases(*, quick: bool) -> dict[str, Case]:
    """All cases, by name, at their full or their quick size."""
    found = {}
    for name, raw in tomllib.loads(CASES.read_text("utf-8")).items():
        given = _tuples(raw)
        small: int = given.pop("quick")
        counts: dict[str, dict[str, int]] = given.pop("expected_quick")
        if quick:
            given |= {"n": small, "expected": counts, "minutes": min(1, given.get("minutes", 1)), "timeout": 120}
        found[name] = Case(name, quick=quick, **given)
    return found


@functools.cache
def contenders() -> dict[str, Contender]:
    """All contenders, by name."""
    found = {}
    for name, raw in tomllib.loads(CONTENDERS.read_text("utf-8")).items():
        found[name] = Contender(name, **_tuples(raw))
    return found


def _tuples(raw: dict[str, Any]) -> dict[str, Any]:
    """What stands in a table of a TOML file, with tuples for lists."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


def missing(contender: Contender) -> list[str]:
    """What of its needs is not installed in this environment."""
    lacking = []
    for package in contender.needs:
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            lacking.append(package)
    return lacking


@dataclass(frozen=True)
class Corpus:
    """A corpus that lies on the disk."""

    path: Path
    truth: Path | None
    bytes: int
    digest: str


def corpus(case: Case, work: Path) -> Corpus:
    """The case's corpus, made in `work` if it is not there yet.

    Raises:
        Absent: it is a labelled set, or a file, that is not here.
    """
    given = dict(case.corpus)
    kind = given.pop("kind")
    if kind in {"file", "path"}:
        path = Path(given["file"]) if kind == "path" else ROOT / given["file"]
        if not path.exists():
            raise Absent(f"no file {given['file']}")
        return _described(path, None)
    if kind == "data":
        return _described(_data(given["file"], case.n, work), None)
    spec = Spec(case.n, given.get("seed", 1), tuple(given.get("languages", lexicon.codes())), given.get("furniture", True))
    told = f"{kind}-{case.n}-{spec.seed}-{'-'.join(spec.languages)}-{'pages' if spec.furniture else 'articles'}"
    path = work / (told if kind == "tree" else f"{told}.jsonl")
    truth = work / f"{told}.truth.jsonl" if kind == "news" else None
    if not path.exists():
        _make(kind, path, spec, truth)
    return _described(path, truth)


def _make(kind: str, path: Path, spec: Spec, truth: Path | None) -> None:
    """Make a corpus under another name, so that one that was broken off is made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    generate.make(kind, unfinished, spec=spec, truth=truth)
    unfinished.rename(path)


def _data(name: str, records: int, work: Path) -> Path:
    """The first records of a labelled set, unpacked."""
    packed = data_folder() / f"{name}.jsonl.gz"
    if not packed.exists():
        raise Absent(f"the labelled set {name} is not here (looked for by $DEDUP_DATA)")
    path = work / f"{name}-{records}.jsonl"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + ".unfinished")
        with gzip.open(packed, "rb") as stream, unfinished.open("wb") as out:
            for _, line in zip(range(records), stream, strict=False):
                out.write(line)
        unfinished.rename(path)
    return path


def _described(path: Path, truth: Path | None) -> Corpus:
    """With its size and digest; of a tree the digest of the names and the files in order."""
    files = sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
    digest = xxhash.xxh3_128()
    size = 0
    for file in files:
        if path.is_dir():
            digest.update(file.relative_to(path).as_posix().encode())
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
    return Corpus(path, truth, size, digest.hexdigest())


def pin(name: str, counts: dict[str, dict[str, int]], *, quick: bool, file: Path = CASES) -> None:
    """Write a case's expected counts into its file, in place of those that stand there.

    Raises:
        KeyError: the file has no such case.
    """
    text = file.read_text("utf-8")
    line = "expected_quick" if quick else "expected"
    inner = ", ".join(
        f"{contender} = {{ {', '.join(f'{key} = {value}' for key, value in sorted(found.items()))} }}"
        for contender, found in sorted(counts.items())
    )
    pattern = re.compile(rf"(?ms)^(\[{re.escape(name)}\]$.*?^){line} = .*?$")
    if not pattern.search(text):
        raise KeyError(name)
    told = f"{line} = {{ {inner} }}" if inner else f"{line} = {{}}"
    file.write_text(pattern.sub(lambda match: match[1] + told, text, count=1), "utf-8")


def interpreter(contender: str, given: Mapping[str, str]) -> str:
    """The Python that runs a contender: this one, or what was named for it."""
    return given.get(contender, sys.executable)
