"""Pages with copies made of them: one page's text set into the furniture of another site's page, and changed on the way.

Nothing of it is kept in the project: the copies are made from the labelled pages at each run, the same ones each time.
"""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quality_sets import Page

LEAST = 120  # words of a text that is copied: what is left after a cut still is one
COPIES = 200
TRIMMED = 0.4  # of the text's words, at the most, from its end
CHANGED = 0.1  # of the words
SHINGLE = 5
ALIKE = 0.2  # Jaccard of two texts' shingles from which finding their pages is right
HELD = 0.3  # the same by the share of the smaller one

_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"\w+")
_BY = ("By", "Von", "Par", "Por", "Di", "Door")
_NAMES = ("Anna Kolb", "Jon Marsh", "Ines Vale", "Piet Harm", "Lea Sand", "Tom Reed", "Mara Fell", "Ole Brink")


class Planted(NamedTuple):
    """Pages and the copies made of them.

    Attributes:
        pages: all of them, as records.
        wanted: the pairs of ids of a page and a copy of its text.
        texts: by id, the text that is a page's own.
    """

    pages: list[Page]
    wanted: list[tuple[str, str]]
    texts: dict[str, str]


def plant(pages: Sequence[Page]) -> Planted:
    """Make copies of some pages' texts on other sites' pages.

    A page into whose furniture a text is set is not among the pages itself: its readers' comments would be there twice.

    Args:
        pages: with labelled lines; where their sites have several pages each, what these share is learned.
    """
    chance = random.Random("planted")  # noqa: S311 (the same copies in each run)
    own = {page["id"]: "\n".join(line for line, _ in _content(page)) for page in pages}
    hosts = chance.sample([page for page in pages if own[page["id"]]], min(COPIES, len(pages) // 3))
    taken = {page["id"] for page in hosts}
    originals = [page for page in pages if page["id"] not in taken]
    sources = [page for page in originals if len(_WORD.findall(own[page["id"]])) >= LEAST]
    texts = {page["id"]: own[page["id"]] for page in originals}
    made, wanted = [], []
    for number, host in enumerate(hosts):
        source = chance.choice([page for page in sources if page["site"] != host["site"]])
        lines = list(_copied([line for line, _ in _content(source)], chance))
        name = f"planted-{number}"
        texts[name] = "\n".join(lines)
        made.append({"id": name, "site": host["site"], "text": _set_into(host, lines)})
        wanted.append((source["id"], name))
    return Planted([*({name: page[name] for name in ("id", "site", "text")} for page in originals), *made], wanted, texts)


def _content(page: Page) -> Iterator[tuple[str, int]]:
    """The lines of a page's own text, with their numbers."""
    for number, (line, label) in enumerate(zip(page["text"].split("\n"), page["labels"], strict=False)):
        if label == 1:
            yield line, number


def _set_into(host: Page, lines: Sequence[str]) -> str:
    """A page whose own text is another one, in the place of its own."""
    own = {number for _, number in _content(host)}
    first, whole = min(own), host["text"].split("\n")
    after = [line for number, line in enumerate(whole) if number > first and number not in own]
    return "\n".join([*whole[:first], *lines, *after])


def _copied(lines: Sequence[str], chance: random.Random) -> Iterator[str]:
    """A text as another site prints it: other headline, a by-line, an end cut off, words changed, other paragraph breaks."""
    whole = sum(len(line.split()) for line in lines)
    budget = whole * (1 - chance.uniform(0, TRIMMED))
    changed = chance.uniform(0, CHANGED)
    vocabulary = sorted({word for line in lines for word in line.split() if len(word) > 3})
    yield " ".join(chance.sample(vocabulary, min(8, len(vocabulary)))).capitalize()
    yield f"{chance.choice(_BY)} {chance.choice(_NAMES)}"
    sentences: list[str] = []
    for line in lines[1:]:
        for sentence in _SENTENCE.split(line):
            words = [chance.choice(vocabulary) if chance.random() < changed else word for word in sentence.split()]
            budget -= len(words)
            if budget > 0 and words:
                sentences.append(" ".join(words))
    yield from _paragraphs(sentences, chance)


def _paragraphs(sentences: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Sentences in paragraphs of one to five."""
    breaks = [0]
    while breaks[-1] < len(sentences):
        breaks.append(min(len(sentences), breaks[-1] + chance.randint(1, 5)))
    yield from (" ".join(sentences[a:b]) for a, b in pairwise(breaks))


def alike(a: str, b: str) -> bool:
    """Whether two texts share enough for their pages to be rightly found as a pair."""
    sets = [
        set(zip(*(words[i:] for i in range(SHINGLE)), strict=False)) for words in (_WORD.findall(t.casefold()) for t in (a, b))
    ]
    shared = len(sets[0] & sets[1])
    return shared >= ALIKE * max(1, len(sets[0] | sets[1])) or shared >= HELD * max(1, min(map(len, sets)))
