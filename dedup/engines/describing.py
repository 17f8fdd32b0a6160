"""Texts with their paragraphs, normal forms and edge sentences. `describing_fast` gives the same, many at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from dedup import kernels, repeats
from dedup.boilerplate import furniture, occurrences
from dedup.model import Span
from dedup.text import paragraphs, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterator, Sequence
    from typing import TypeAlias

    from dedup.boilerplate.occurrences import Occurrences
    from dedup.engines.sieve import Sieve
    from dedup.matching.columns import Kept
    from dedup.model import Paragraph
    from dedup.repeats import Alike
    from dedup.settings import CleanSettings, RepeatSettings
    from dedup.text.sentences import Edge, Edges

    Describe: TypeAlias = Callable[[Sequence[str], CleanSettings], list["Described"]]
    """Describes texts; no text gives none."""

_MUCH = 1 << 19  # characters that are described plainly in the time that the compiled kernel takes to load
_HUGE = 1 << 21  # characters at once for which that is worth its compilation, too: described plainly, they take minutes
_LOADED = 5 << 25  # bytes that the compiled kernel and its libraries take


class MayFind(NamedTuple):
    """Which stages may find anything in a text as it stands, before any of them has cut from it.

    Attributes:
        lines: for the stages that go by lines (phrases, counts, sections): per paragraph whether a rule may know it. Empty: no
            rule knows any of them. None: nobody has looked.
        repeats: whether there may be repeats.
        edges: whether sentences at the edges of paragraphs may be known.
    """

    lines: Sequence[bool] | None
    repeats: bool
    edges: bool

    @property
    def nothing(self) -> bool:
        """Whether no stage may find anything."""
        return not (self.lines is None or self.lines or self.repeats or self.edges)


ANYTHING = MayFind(lines=None, repeats=True, edges=True)


class Described:
    """A text with its paragraphs, in order; what is asked of them is found when it is asked.

    Attributes:
        text: the text.
        sieved: whether `may_find` leaves any stage out.
    """

    sieved = False

    def __init__(self, text: str, paragraphs: list[Paragraph]) -> None:
        self.text = text
        self._paragraphs = paragraphs

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs."""
        return self._paragraphs

    @property
    def lined(self) -> bool:
        """Whether the paragraphs are known to be its lines."""
        return False

    @property
    def spans(self) -> list[Span]:
        """Where the paragraphs stand."""
        return [Span(paragraph.start, paragraph.end) for paragraph in self.paragraphs]

    def paragraph(self, index: int) -> Paragraph:
        """One of the paragraphs."""
        return self.paragraphs[index]

    @property
    def count(self) -> int:
        """Words of all paragraphs."""
        return sum(paragraph.count for paragraph in self.paragraphs)

    def kept(self) -> Kept:
        """The paragraphs as the columns of `find` take them."""
        from dedup.matching.columns import kept  # noqa: PLC0415 (numpy, which `clean` of one text does not need)

        return kept(self.paragraphs)

    def may_find(self, sieve: Sieve, settings: CleanSettings) -> MayFind:
        """Which stages may find anything; all of them where that was not looked at."""
        del sieve, settings
        return ANYTHING

    def edges(self, paragraph: Paragraph) -> Edges:
        """The sentences at the edges of one of the paragraphs."""
        return sentences.edges_of(self.text, paragraph)

    def known_edges(self, paragraph: Paragraph, lengths: Collection[int], keys: Container[int]) -> Edges:
        """The same, where known ones may be among them, by their lengths and keys; else none."""
        return self.edges(paragraph) if furniture.may_be_edged(paragraph, lengths, keys) else ([], [])

    def may_be_glued(self, paragraph: Paragraph) -> bool:
        """Whether a known line may stand at the end of one of them, behind something else."""
        del paragraph
        return True

    def alike(self, settings: RepeatSettings) -> list[Alike]:
        """The pairs of its paragraphs that are alike."""
        return repeats.alike_pairs(self.paragraphs, settings)

    def occurrences(self) -> Occurrences:
        """What is counted of it when a site's furniture is learned."""
        outer = sentences.outer(self.paragraphs)
        edges = (edge for paragraph in outer for edge in sentences.telling(self.edges(paragraph)))
        return occurrences.occurrences(self.paragraphs, ((edge.key, edge.words) for edge in edges))

    def all_occurrences(self) -> Occurrences | None:
        """The same of all texts that were described at once, this one among them; None where each was by itself."""
        return None

    def all_edges(self) -> Iterator[Edge]:
        """The sentences at the edges of the outer paragraphs."""
        for paragraph in sentences.outer(self.paragraphs):
            for edges in self.edges(paragraph):
                yield from edges


def occurrences_of(described: Sequence[Described]) -> Occurrences:
    """What is counted of texts that were described at once."""
    at_once = described[0].all_occurrences() if described else None
    return occurrences.joined(each.occurrences() for each in described) if at_once is None else at_once


def describe(texts: Sequence[str], settings: CleanSettings) -> list[Described]:
    """Describe texts one after the other: what `describing_fast` is held to, and the way of few texts."""
    return [Described(text, paragraphs.describe(text, paragraphs.split(text, settings.paragraphs))) for text in texts]


class Describer:
    """Describes texts, few of them plainly and many with the compiled kernel, which takes a while to load; the same either way.

    Args:
        kernel: "auto", or "fast" or "reference" for one of the two ways.
        much: characters of text from which "auto" loads the kernel.
        waits: called before the kernel is compiled, for which the user has to wait.

    Raises:
        UsageError: there is no such kernel; later, where "fast" cannot run here.
    """

    def __init__(self, kernel: str = "auto", much: int = _MUCH, waits: Callable[[], None] | None = None) -> None:
        kernels.check(kernel)
        self._kernel = kernel
        self._waits = waits
        self._left = much if kernel == "auto" else 0
        self._describe: Describe | None = None

    def __reduce__(self) -> tuple[type[Describer], tuple[str, int]]:
        return Describer, (self._kernel, 0)  # workers are there for much text

    def __call__(self, texts: Sequence[str], settings: CleanSettings) -> list[Described]:
        """Describe texts."""
        if self._left > 0:
            much = sum(map(len, texts))
            self._left -= much
            if much < _HUGE:
                return describe(texts, settings)
        if self._describe is None:
            self._describe = self._loaded()
        return self._describe(texts, settings)

    def prepare(self, settings: CleanSettings) -> list[Described]:
        """A text to be asked for all, which loads and compiles what several workers would, each; none where they need nothing."""
        if kernels.load(self._kernel).name != "fast":
            return []
        self._left = 0
        return self(["Some text. It has words. It ends."], settings)

    def _loaded(self) -> Describe:
        if "numba" not in sys.modules:
            bytes(_LOADED)  # not there: a MemoryError now; Python 3.11 may hang where memory ends in the midst of imports
        if kernels.load(self._kernel).name != "fast":
            return describe
        if self._waits is not None and kernels.waits():
            self._waits()
        from dedup.engines import describing_fast  # noqa: PLC0415 (numpy and numba, for much text only)

        return describing_fast.describe
