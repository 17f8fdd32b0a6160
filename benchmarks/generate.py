"""Makes corpora with planted truth, from a seed: news in several scripts, and hostile ones.

    python benchmarks/generate.py news corpus.jsonl --truth truth.jsonl --n 6000 --seed 1
    python benchmarks/generate.py news corpus.jsonl --languages en es --no-furniture
    python benchmarks/generate.py footer|template|lines corpus.jsonl --n 200000
    python benchmarks/generate.py long corpus.jsonl --n 200000000          # one document of so many bytes
    python benchmarks/generate.py tree folder --n 100000                   # small files

The truth is JSON Lines: a line a document that was planted with something (`furniture` and `repeats` are numbers of lines that
are not blank, from 0), and a line a pair of documents that tell the same story, with the exact similarities of what they tell.
The corpus streams: memory does not grow with it.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hostile
import lexicon
import numpy as np
import orjson
import stories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from stories import Body, Site, Spec


@dataclass
class Page:
    """A document: its lines, which of them are furniture, and which say what an earlier one says."""

    lines: list[str] = field(default_factory=list)
    furniture: list[int] = field(default_factory=list)
    repeats: list[tuple[int, int]] = field(default_factory=list)

    def add(self, lines: Sequence[str], *, furniture: bool = False) -> None:
        """Add lines."""
        if furniture:
            self.furniture.extend(range(len(self.lines), len(self.lines) + len(lines)))
        self.lines.extend(lines)


def page(spec: Spec, document: int, body: Body) -> Page:
    """Lay out a document: headline, article, sometimes its lead again, and what the site puts around it."""
    story, member = spec.place(document)
    tongue = stories.language_of(spec, story)
    site = stories.site_of(spec, story, member)
    drawn = stories.page_draws(spec, document)
    words = tongue.draw(drawn)
    made = Page()
    if spec.furniture:
        made.add(site.top, furniture=True)
    headline = words[: 6 + int(drawn[0] % np.uint64(5))].copy()
    headline[0] += lexicon.CAPITAL * tongue.size
    made.add([tongue.text(headline)])
    lead = len(made.lines)
    made.add(_article(tongue, body))
    if drawn[1] % np.uint64(100) < stories.REPEATED:
        made.repeats.append((len(made.lines), lead))
        made.add([made.lines[lead]])
    if spec.furniture:
        _furnish(made, site, tongue, drawn, words)
    return made


def _article(tongue: lexicon.Language, body: Body) -> list[str]:
    """The paragraphs of the running text."""
    forms = tongue.forms[body.words + body.ways * tongue.size].tolist()
    ends = body.paragraphs.tolist()
    return [tongue.join.join(forms[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _furnish(made: Page, site: Site, tongue: lexicon.Language, drawn: NDArray[np.uint64], words: NDArray[np.int32]) -> None:
    """Add a related box with three other stories, up to three comments, and the site's own lines."""
    made.add(site.before_related, furniture=True)
    made.add([site.related], furniture=True)
    for at in (12, 32, 52):
        title = words[at : at + 7].copy()
        title[0] += lexicon.CAPITAL * tongue.size
        made.add([tongue.text(title), stories.sentence(tongue, words[at + 7 : at + 20])], furniture=True)
    made.add([site.comments], furniture=True)
    for at in (80, 104, 128)[: int(drawn[2] % np.uint64(4))]:
        made.add([stories.sentence(tongue, words[at : at + 6 + int(drawn[at] % np.uint64(16))])], furniture=True)
    made.add(site.bottom, furniture=True)


def identifier(document: int) -> str:
    """A document's id."""
    return f"d{document:08d}"


def news(spec: Spec, *, told: bool = True) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """All documents as records, each with what is planted in it, if that shall be told."""
    for document in range(spec.n):
        story, member = spec.place(document)
        body = stories.copy(spec, story, member)
        made = page(spec, document, body)
        site = stories.site_of(spec, story, member)
        name = identifier(document)
        record = {
            "id": name,
            "url": f"https://{site.name}/{name}",
            "date": f"2024-{1 + story % 12:02d}-{1 + member:02d}",
            "text": site.gap.join(made.lines),
        }
        planted: list[dict[str, Any]] = []
        if made.furniture or made.repeats:
            planted.append({"kind": "document", "id": name, "furniture": made.furniture, "repeats": made.repeats})
        if told:
            planted.extend(_pairs(spec, document, story, member, body))
        yield record, planted


def _pairs(spec: Spec, document: int, story: int, member: int, body: Body) -> Iterator[dict[str, Any]]:
    """The pairs of a copy with the copies of its story that come before it in the story's own order."""
    mine = body.shingles() if member else np.empty(0, np.uint64)
    for other in range(member):
        theirs = stories.copy(spec, story, other).shingles()
        shared = len(np.intersect1d(mine, theirs, assume_unique=True))
        (first, size_a), (second, size_b) = sorted([(document, len(mine)), (spec.sibling(document, member - other), len(theirs))])
        yield {
            "kind": "pair",
            "a": identifier(first),
            "b": identifier(second),
            "jaccard": round(shared / (size_a + size_b - shared), 6),
            "containment_a": round(shared / size_a, 6),
            "containment_b": round(shared / size_b, 6),
        }


def write_news(spec: Spec, corpus: Path, truth: Path | None) -> None:
    """Write a corpus of news, and its truth."""
    with contextlib.ExitStack() as stack:
        documents = stack.enter_context(corpus.open("wb"))
        planted = stack.enter_context(truth.open("wb")) if truth else None
        for record, found in news(spec, told=truth is not None):
            documents.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
            if planted:
                for item in found:
                    planted.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE))


def make(kind: str, out: Path, *, spec: Spec, truth: Path | None = None) -> None:
    """Write a corpus of a kind; only news has a truth."""
    if kind == "news":
        write_news(spec, out, truth)
    else:
        hostile.KINDS[kind](spec.n, spec.seed, out)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=["news", *hostile.KINDS])
    parser.add_argument("out", type=Path, help="the file to write (a folder for `tree`)")
    parser.add_argument("--truth", type=Path, help="where what was planted is written (news)")
    parser.add_argument("--n", type=int, default=6000, help="documents (bytes for `long`)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--languages", nargs="+", default=list(lexicon.codes()), choices=lexicon.codes())
    parser.add_argument("--no-furniture", action="store_true", help="articles only (news)")
    given = parser.parse_args(arguments)
    spec = stories.Spec(given.n, given.seed, tuple(given.languages), not given.no_furniture)
    make(given.kind, given.out, spec=spec, truth=given.truth)
    return 0


if __name__ == "__main__":
    sys.exit(main())
