"""Judges documents: runs the stages of `clean` over each text until nothing more is to cut."""

from __future__ import annotations

import functools
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import starmap
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate.profile import merged
from dedup.engines.describing import ANYTHING, Describer, describe
from dedup.engines.describing_rest import DescribedRest
from dedup.engines.holes import Holes
from dedup.engines.onepass import PassResult, Stages
from dedup.model import Cut, Finding, Paragraph, Span
from dedup.reporting.cuts import apply_cuts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.boilerplate.profile import Profile
    from dedup.engines.describing import Describe, Described
    from dedup.engines.sieve import Sieve
    from dedup.matching.columns import Kept
    from dedup.model import Document
    from dedup.settings import CleanSettings

_MOST_PASSES = 50  # a cut can uncover another; texts made to need more are left with what was found


@dataclass(slots=True)
class Verdict:
    """What is to be done with one document.

    Attributes:
        found: what the stages would cut, in order, disjoint, in code points of the document's text.
        left: why the document is left alone all the same, or None.
        words: of the document.
        kept_words: of what stays.
        noted: spans that a rule knows and keeps, with the rule's name (headline, by-line, date).
        texts: the document as it was first and last seen, where the paragraphs are asked for.
    """

    found: list[Cut]
    left: str | None
    words: int
    kept_words: int
    noted: list[tuple[Span, str]] = field(default_factory=list)
    texts: Texts | None = field(default=None, compare=False, repr=False)

    @property
    def cuts(self) -> list[Cut]:
        """What is cut: all that was found, or nothing when the document is left alone."""
        return [] if self.left else self.found

    @property
    def stretches(self) -> list[Span]:
        """What is cut, as stretches of the document's text."""
        return [Span(cut.start, cut.end) for cut in self.cuts]

    @property
    def before(self) -> Sequence[Paragraph]:
        """The paragraphs of the document."""
        return self.texts.first.paragraphs if self.texts else []

    @property
    def kept(self) -> Sequence[Paragraph]:
        """The paragraphs that stay, in order, in offsets of the document's text; one that a cut made of two spans it."""
        return self.before if not self.cuts or self.texts is None else self.texts.after()

    @property
    def spans(self) -> Sequence[Span]:
        """Where the paragraphs that stay stand; see `kept`."""
        if self.texts is None:
            return []
        if not self.cuts:
            return self.texts.first.spans
        spans = self.texts.last.spans
        return list(starmap(self.texts.holes.span, spans)) if self.texts.moved else spans

    def columns(self) -> Kept | None:
        """The paragraphs that stay as the columns of `find` take them; None without texts."""
        if self.texts is None:
            return None
        if not self.cuts:
            return self.texts.first.kept()
        kept = self.texts.last.kept()
        return kept.moved(self.texts.holes.span) if self.texts.moved else kept


class Texts(NamedTuple):
    """A document as it was, what was left of it at last, and what is missing there."""

    first: Described
    last: Described
    holes: Holes

    @property
    def moved(self) -> bool:
        """Whether what was left stands elsewhere in the document: not where all that is missing stood at its end."""
        return self.holes.within(len(self.last.text))

    def after(self) -> list[Paragraph]:
        """The paragraphs that were left, in offsets of the document's text."""
        span = self.holes.span
        return [p.at(*span(p.start, p.end)) for p in self.last.paragraphs]


class Judge:
    """Judges documents by the same settings and profiles.

    The stages run again on what is left of a text until they find nothing, so that cleaning a cleaned text changes nothing.

    Args:
        settings: what is spared, and the thresholds.
        profiles: by site, with `ANY_SITE`; empty when nothing was learned.
        describe: splits and folds texts; whichever way does, the verdicts are the same.
        strip: False: texts are described, and nothing is found in them.
        notes: whether the verdicts tell what a rule knows and keeps; of a document with a title in which nothing is found they
            need not.
    """

    def __init__(
        self,
        settings: CleanSettings,
        profiles: Mapping[str, Profile],
        describe: Describe = describe,
        strip: bool = True,
        notes: bool = True,
    ) -> None:
        self._settings = settings
        self._profiles = profiles
        self._describe = describe
        self._strip = strip
        self._notes = notes
        self._stages = Stages(settings)

    def __reduce__(self) -> tuple[type[Judge], tuple[object, ...]]:
        return Judge, (self._settings, self._profiles, self._describe, self._strip, self._notes)  # what it remembers stays here

    @functools.cached_property
    def _sieve(self) -> Sieve:
        from dedup.engines.sieve import Sieve  # noqa: PLC0415 (numpy: for many texts only)

        return Sieve(self._profiles)

    def prepare(self) -> None:
        """Load and compile what workers would, each."""
        if isinstance(self._describe, Describer):
            for described in self._describe.prepare(self._settings):
                described.may_find(self._sieve, self._settings)
                list(described.all_edges())

    def judge(self, documents: Sequence[Document]) -> list[Verdict]:
        """Find what is to be cut from each document; an empty text gives no cuts."""
        states = [_State(document) for document in documents]
        waiting = states
        while waiting:
            described = self._describe([state.text for state in waiting], self._settings)
            for state, item in zip(waiting, described, strict=True):
                state.take(item, self._run(state, item))
                while state.rest is not None:
                    state.take(state.rest, self._run(state, state.rest))
            waiting = [state for state in waiting if state.goes_on]
        return [state.verdict(self._settings) for state in states]

    def _run(self, state: _State, described: Described) -> PassResult:
        if not self._strip:
            return PassResult([], [])
        document, settings = state.document, self._settings
        sieved = described.sieved and settings.main is None
        may_find = described.may_find(self._sieve, settings) if sieved else ANYTHING
        unnoted = state.passes or document.title or not self._notes  # without a title, the headline is to be noted
        if unnoted and may_find.nothing:
            return PassResult([], [])
        profiles = merged(self._profiles, document.site)
        if unnoted and self._stages.idle(described, profiles, may_find):
            return PassResult([], [])
        return self._stages.run(document, described, profiles, may_find)


def judge(document: Document, settings: CleanSettings, profiles: Mapping[str, Profile]) -> Verdict:
    """Find what is to be cut from one document; see `Judge`."""
    (verdict,) = Judge(settings, profiles).judge([document])
    return verdict


@dataclass(slots=True)
class BareCuts:
    """A verdict for a run without a report: where to cut, and by which rules. Workers send it, so it is few bytes.

    Attributes:
        bounds: start and end of each cut, in turn.
        rules: the rule of each.
        left: as of a `Verdict`.
        words: the same.
        kept_words: the same.
    """

    bounds: list[int]
    rules: list[str]
    left: str | None
    words: int
    kept_words: int

    @property
    def stretches(self) -> list[Span]:
        """What is cut, as stretches of the document's text."""
        return list(starmap(Span, zip(self.bounds[::2], self.bounds[1::2], strict=True)))


def bare_cuts(_: Document, verdict: Verdict) -> BareCuts:
    """What is left of a verdict where no report is written: no findings, no paragraphs."""
    cuts = verdict.cuts
    bounds = [offset for cut in cuts for offset in (cut.start, cut.end)]
    return BareCuts(bounds, [cut.finding.rule for cut in cuts], verdict.left, verdict.words, verdict.kept_words)


def without_texts(_: Document, verdict: Verdict) -> Verdict:
    """The verdict without the paragraphs, where only cuts and their findings are asked for: that is less to send."""
    return replace(verdict, noted=[], texts=None)


_NO_HOLES = Holes(())


class _State:
    """A document while it is judged: what was found, and the text without it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.goes_on = True
        self.rest: DescribedRest | None = None  # the present text, where it need not be described anew
        self.passes = 0
        self._cuts: list[Cut] = []
        self._holes = _NO_HOLES
        self._seen: list[Described] = []
        self._noted: list[tuple[Span, str]] = []

    def take(self, described: Described, found: PassResult) -> None:
        """Take what a pass over the present text found."""
        self.rest = None
        self._seen[1:] = [described]
        if not self.passes:
            self._noted = found.noted
        self.goes_on = bool(found.cuts) and self.passes < _MOST_PASSES
        if self.goes_on:
            if self._cuts:
                pieces = [piece for cut in found.cuts for piece in self._holes.cut(cut)]
                self._cuts = sorted([*self._cuts, *pieces], key=attrgetter("start"))
            else:
                self._cuts = found.cuts
            self._holes = Holes(Span(cut.start, cut.end) for cut in self._cuts)
            self.text = apply_cuts(self.document.text, self._holes.spans)
            if found.staying is not None:
                self.rest = DescribedRest(self.text, found.staying, found.cuts, described)
        self.passes += 1

    def verdict(self, settings: CleanSettings) -> Verdict:
        """What all passes found."""
        first, last = self._seen[0], self._seen[-1]
        texts = Texts(first, last, self._holes)
        if not self._cuts:
            return Verdict([], None, first.count, first.count, self._noted, texts)
        left = _left_alone(first, last, settings)
        return Verdict(_settled(self._cuts), left, first.count, first.count if left else last.count, self._noted, texts)


def _left_alone(before: Described, after: Described, settings: CleanSettings) -> str | None:
    """Why the verdicts on a document must be wrong, or None."""
    words, kept = before.count, after.count
    if not kept:
        return "nothing would be left"
    if kept >= settings.min_kept:
        return None
    running = sum(p.size for p in before.paragraphs if p.good)
    kept_running = sum(p.size for p in after.paragraphs if p.good)
    if running and kept_running < settings.min_kept_share * running:
        lost, lost_running = 100 * (words - kept) / words, 100 * (1 - kept_running / running)
        return f"would lose {lost:.0f} % of its words and {lost_running:.0f} % of its sentences"
    return None


def _settled(cuts: list[Cut]) -> list[Cut]:
    """The cuts, each repeat with a partner that no later pass took for a repeat of another."""
    if not any(finding.partner for cut in cuts for finding in (cut.finding, *cut.also)):
        return cuts
    starts = [cut.start for cut in cuts]

    def settled(finding: Finding) -> Finding:
        while finding.partner is not None:
            cut = cuts[max(0, bisect_right(starts, finding.partner.start) - 1)]
            after = cut.finding
            if after.partner is None or not cut.start <= finding.partner.start < cut.end:
                break
            # An equal one repeats whatever the other one repeats, and as much of it.
            rule, score = (after.rule, after.score) if finding.score == 1 else (finding.rule, finding.score * after.score)
            finding = replace(finding, partner=after.partner, rule=rule, score=round(score, 4))
        return finding

    return [Cut(cut.start, cut.end, settled(cut.finding), tuple(map(settled, cut.also))) for cut in cuts]
