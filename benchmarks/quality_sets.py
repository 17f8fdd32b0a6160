"""The labelled sets that `quality.py` measures: where they lie, what they are, and how their pages are parted."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
import os
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    Page = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent


class Unmeasured(Exception):  # noqa: N818 (not an error: there is nothing to measure)
    """Why a set was passed over."""


@dataclass(frozen=True)
class Part:
    """A part of a set that is scored by itself: `wanted` tells of each page whether it belongs."""

    name: str
    wanted: Callable[[Page], bool]


@dataclass(frozen=True)
class Case:
    """A labelled set, and how it is run and scored.

    Attributes:
        name: of the set: `DATA/name.jsonl.gz`.
        kind: "pages" (labelled lines), "snippets" (texts that must and must not stay), "pairs", "exact" (pairs without labels:
            all documents are compared), "planted" (pages with copies made of them), "dumped", "referring" and "tagged" (pages
            as a text browser, a scraper with numbered links and a field of HTML have them), "licence" (a sentence in which nearly
            every text ends).
        labels: for pairs, the set of the labels.
        parts: of its pages, beside all and the two halves.
        by: field by whose values the pages are told apart.
        options: of the command, for pairs.
        quick: whether it belongs to the subset that is quick.
        sites_of: only pages of sites with so many of them are read.
    """

    name: str
    kind: str
    labels: str = ""
    parts: tuple[Part, ...] = ()
    by: str = ""
    options: tuple[str, ...] = ()
    quick: bool = False
    sites_of: int = 0

    @property
    def title(self) -> str:
        """What the table and the floors call it."""
        if self.kind not in {"pages", "snippets", "pairs", "exact"}:
            return f"{self.name}:{self.kind}"
        return f"{self.name}:sites_of_{self.sites_of}" if self.sites_of else self.name

    @property
    def path(self) -> Path:
        """Where it lies."""
        return data_folder() / f"{self.name}.jsonl.gz"

    def pages(self) -> list[Page]:
        """Its records, in order; where `sites_of` is given, those of large enough sites.

        Raises:
            Unmeasured: it is not there.
        """
        if not self.path.is_file():
            raise Unmeasured(f"not in {data_folder()}")
        pages = list(records(self.path))
        if self.sites_of:
            counts = Counter(page["site"] for page in pages)
            pages = [page for page in pages if page["site"] and counts[page["site"]] >= self.sites_of]
        return pages


ARTICLES = Part("page_type=article", lambda page: page.get("page_type") == "article")
# Files of this set whose gold counts readers' comments as content.
COMMENTS_AS_CONTENT = frozenset({"419", "437", "503", "R136", "R928", "T126", "T71"})
PLAIN = Part("without those seven", lambda page: page["id"] not in COMMENTS_AS_CONTENT)

CASES = (
    Case("pages_scrapinghub", "pages", by="lang", quick=True),
    Case("pages_mozilla", "pages", by="lang", quick=True),
    Case("pages_scrapinghub", "dumped", quick=True),
    Case("pages_scrapinghub", "referring"),
    Case("pages_scrapinghub", "tagged"),
    Case("pages_dragnet", "pages", parts=(PLAIN,), quick=True, sites_of=5),
    Case("pages_dragnet", "planted", quick=True, sites_of=5),
    Case("pages_scrapinghub", "planted", quick=True),
    Case("pages_mozilla", "planted", quick=True),
    Case("pages_wcxb_dev", "planted"),
    Case("pages_dragnet", "pages", parts=(PLAIN,), by="lang"),
    Case("pages_wcxb_dev", "pages", parts=(ARTICLES,)),
    Case("pages_trafilatura", "snippets"),
    Case("articles_buzzfeed_webis", "pairs", "pairs_buzzfeed_webis"),
    Case("articles_wiki_versions", "pairs", "pairs_wiki_versions"),
    Case("articles_tehran_times", "pairs", "pairs_tehran_times"),
    Case("articles_tehran_times", "licence"),
    Case("articles_proc_codes", "exact"),
    Case("paragraphs_buzzfeed_webis", "pairs", "paragraph_pairs_buzzfeed_webis", options=("--raw", "--site-field", "doc_site")),
)


def data_folder() -> Path:
    """Where the labelled sets lie."""
    return Path(os.environ.get("DEDUP_DATA", ROOT.parent / "shared" / "data"))


def scorers() -> tuple[ModuleType, ModuleType]:
    """The modules that score pages and pairs.

    Raises:
        Unmeasured: they are not beside the data.
    """
    folder = data_folder().parent / "score"
    if not (folder / "score_pages.py").is_file():
        raise Unmeasured(f"no scorers in {folder}")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return importlib.import_module("score_pages"), importlib.import_module("score_pairs")


def records(path: Path) -> Iterator[Page]:
    """The records of a set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def is_tuned(page: Page) -> bool:
    """Whether a page belongs to the half on which rules may be tuned: that of its site, else its id."""
    return int(hashlib.md5((page["site"] or page["id"]).encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def parts_of(case: Case, pages: Iterable[Page]) -> Iterator[tuple[str, list[Page]]]:
    """The parts of a set, all of it first; each with its two halves."""
    listed = list(pages)
    yield "all", listed
    wholes = [Part("", lambda _: True), *case.parts]
    for part in wholes:
        name = f"{part.name} " if part.name else ""
        chosen = [page for page in listed if part.wanted(page)]
        if part.name:
            yield part.name, chosen
        yield f"{name}tune", [page for page in chosen if is_tuned(page)]
        yield f"{name}check", [page for page in chosen if not is_tuned(page)]
    groups = defaultdict(list)
    for page in listed:
        groups[page.get(case.by) or ""].append(page)
    if len(groups) > 1:
        yield from ((f"{case.by}={value or '?'}", groups[value]) for value in sorted(groups))


def pin(case: Case) -> dict[str, Any]:
    """What tells that a set is the one whose floors these are."""
    return {"digest": hashlib.sha256(case.path.read_bytes()).hexdigest(), "records": sum(1 for _ in records(case.path))}
