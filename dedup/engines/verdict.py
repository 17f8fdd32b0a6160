"""Judges one document: runs the stages of `clean` over its text until nothing more is to cut."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dedup import furniture, paragraphs, persons, phrases, repeats, sections
from dedup.cuts import apply_cuts, make_cuts
from dedup.model import Cut, Finding, Paragraph, Partner, Span
from dedup.profile import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dedup.model import Document
    from dedup.profile import Known, Profile
    from dedup.settings import CleanSettings

SHIELDS = ("page.date", "byline", "byline.agency")
"""Rules whose lines are an article's own, however often a site's pages have the like of them."""

_LONGEST_PHRASE = 130  # words: no rule looks at longer paragraphs
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
    """

    found: list[Cut]
    left: str | None
    words: int
    kept_words: int
    noted: list[tuple[Span, str]] = field(default_factory=list)

    @property
    def cuts(self) -> list[Cut]:
        """What is cut: all that was found, or nothing when the document is left alone."""
        return [] if self.left else self.found


@dataclass(slots=True)
class _Pass:
    """The result of the stages on one state of the text."""

    paragraphs: list[Paragraph]
    cuts: list[Cut]
    noted: list[tuple[Span, str]]


def judge(document: Document, settings: CleanSettings, profiles: Mapping[str, Profile]) -> Verdict:
    """Find what is to be cut from a document.

    The stages run again on what is left until they find nothing, so that cleaning a cleaned text changes nothing.

    Args:
        document: an empty text gives no cuts.
        settings: what is spared, and the thresholds.
        profiles: by site, with `ANY_SITE`; empty when nothing was learned.
    """
    text = document.text
    known = merged(profiles, document.site)
    first = state = _run(document, text, settings, known)
    cuts: list[Cut] = []
    holes: list[Span] = []
    passes = 0
    while state.cuts and passes < _MOST_PASSES:
        cuts = _merge(cuts, (piece for cut in state.cuts for piece in _in_original(cut, holes)))
        holes = _joined(Span(cut.start, cut.end) for cut in cuts)
        text = apply_cuts(document.text, holes)
        state = _run(document, text, settings, known)
        passes += 1
    left = _left_alone(first.paragraphs, state.paragraphs, settings) if cuts else None
    words = sum(len(p.words) for p in first.paragraphs)
    kept_words = words if left else sum(len(p.words) for p in state.paragraphs)
    return Verdict(cuts, left, words, kept_words, first.noted)


def _run(document: Document, text: str, settings: CleanSettings, known: Sequence[tuple[str, Profile]]) -> _Pass:
    """One pass of the stages over one state of the text."""
    listed = paragraphs.describe(text, paragraphs.split(text, settings.paragraphs))
    matched = _match(text, listed)
    counted = furniture.known_lines(listed, known)
    stamps = _stamps(text, listed)
    taken = [m is not None or stamp for m, stamp in zip(matched, stamps, strict=True)]
    title = furniture.headline(listed, taken, counted, document.title)
    shielded = [i == title or (m is not None and _shields(m.rule, settings)) for i, m in enumerate(matched)]
    findings = [f for f in _from_phrases(listed, matched, settings) if f.start != _start(listed, title)]
    findings += furniture.find_frequent(listed, counted, shielded)
    findings = [f for f in findings if not spared(f, settings)]
    gone = {f.start for f in findings}
    cut = [p.start in gone for p in listed]
    rules = [_rule_name(m, c, is_cut) for m, c, is_cut in zip(matched, counted, cut, strict=True)]
    page = sections.Page(listed, rules, cut, stamps)
    findings += (f for f in sections.find_sections(page, settings.sections) if not spared(f, settings))
    gone = {f.start for f in findings}
    standing = [p for p in listed if p.start not in gone]
    findings += (f for f in _rest(document.id, text, standing, settings, known) if not spared(f, settings))
    noted = [(Span(p.start, p.end), m.rule) for p, m in zip(listed, matched, strict=True) if m is not None]
    if title is not None:
        noted.append((Span(listed[title].start, listed[title].end), "headline"))
    spans = [Span(p.start, p.end) for p in listed]
    return _Pass(listed, make_cuts(text, spans, findings), noted)


def _start(listed: Sequence[Paragraph], index: int | None) -> int | None:
    return None if index is None else listed[index].start


def _match(text: str, listed: Iterable[Paragraph]) -> list[phrases.Match | None]:
    """Per paragraph the phrase rule that knows it."""
    known = phrases.load()
    found: list[phrases.Match | None] = []
    for paragraph in listed:
        line = text[paragraph.start : paragraph.end]
        found.append(_match_line(line, known) if paragraph.size <= _LONGEST_PHRASE else None)
    return found


def _match_line(line: str, known: phrases.Phrases) -> phrases.Match | None:
    words = phrases.phrase_words(line)
    match = known.match(words)
    if match is not None:
        return match
    for rule, hit in (
        ("page.date", known.is_date(words)),
        ("byline", persons.is_byline(line, known.rule("byline").words)),
        ("comment.stamp", persons.is_saying(line, known.rule("comment.stamp").words)),
    ):
        if hit:
            return phrases.Match(rule, "", ())
    return None


def _stamps(text: str, listed: Iterable[Paragraph]) -> list[bool]:
    known = phrases.load()
    return [
        p.size <= phrases.STAMP_WORDS and known.is_stamp(phrases.phrase_words(text[p.start : p.end])) for p in listed
    ]


def _shields(rule: str, settings: CleanSettings) -> bool:
    return rule in SHIELDS and rule not in settings.strip


def _from_phrases(
    listed: Sequence[Paragraph], matched: Sequence[phrases.Match | None], settings: CleanSettings
) -> list[Finding]:
    """Findings of the phrase rules that strip, by default or by the user's wish."""
    known = phrases.load()
    return [
        Finding("boilerplate", p.start, p.end, m.rule, evidence={"phrase": m.phrase, "languages": list(m.languages)})
        for p, m in zip(listed, matched, strict=True)
        if m is not None and (known.rule(m.rule).strip or m.rule in settings.strip)
    ]


def _rule_name(match: phrases.Match | None, counted: tuple[str, Known] | None, is_cut: bool) -> str | None:
    """What the sections see of a paragraph: a heading counts only where it is cut."""
    if match is not None and (is_cut or not match.rule.startswith("heading.")):
        return match.rule
    return counted[0] if counted is not None and is_cut else None


def _rest(
    document: str, text: str, standing: Sequence[Paragraph], settings: CleanSettings, known: Sequence[tuple[str, Profile]]
) -> list[Finding]:
    """Findings among the paragraphs that are no boilerplate as a whole."""
    found = [f for scope, profile in known if scope == "site" for f in furniture.find_edges(text, standing, profile)]
    return found + repeats.find_repeats(document, text, standing, settings.repeats)


def spared(finding: Finding, settings: CleanSettings) -> bool:
    """Whether `--keep` names the finding's kind, its rule, or what its rule lies below."""
    full = f"{finding.kind}.{finding.rule}."
    return any(full.startswith(f"{name}.") or f"{finding.rule}.".startswith(f"{name}.") for name in settings.keep)


def _left_alone(before: Sequence[Paragraph], after: Sequence[Paragraph], settings: CleanSettings) -> str | None:
    """Why the verdicts on a document must be wrong, or None."""
    words, kept = sum(len(p.words) for p in before), sum(len(p.words) for p in after)
    if not kept:
        return "nothing would be left"
    running, kept_running = sum(p.size for p in before if p.good), sum(p.size for p in after if p.good)
    if kept < settings.min_kept and running and kept_running < settings.min_kept_share * running:
        return f"would lose {100 * (words - kept) / words:.0f} % of its words and {100 * (1 - kept_running / running):.0f} % of its sentences"
    return None


def _in_original(cut: Cut, holes: Sequence[Span]) -> list[Cut]:
    """A cut of a later pass in offsets of the document's text: several pieces where it spans an earlier cut."""
    if not holes:
        return [cut]
    finding, also = _shifted(cut.finding, holes), tuple(_shifted(f, holes) for f in cut.also)
    start, end = _to_original(cut.start, holes), _to_original(cut.end - 1, holes) + 1
    edges = [start]
    for hole in holes:
        if start < hole.start < end:
            edges += [hole.start, hole.end]
    edges.append(end)
    return [Cut(a, b, finding, also) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _to_original(offset: int, holes: Sequence[Span]) -> int:
    """Where a character of the cut text stands in the document's text."""
    starts, removed = [], 0
    for hole in holes:
        starts.append(hole.start - removed)
        removed += hole.end - hole.start
    count = bisect_right(starts, offset)
    return offset + sum(hole.end - hole.start for hole in holes[:count])


def _shifted(finding: Finding, holes: Sequence[Span]) -> Finding:
    partner = finding.partner
    if partner is not None:
        partner = Partner(partner.document, *_span_in_original(Span(partner.start, partner.end), holes))
    evidence = dict(finding.evidence)
    heading = evidence.get("heading")
    if isinstance(heading, Span):
        evidence["heading"] = _span_in_original(heading, holes)
    start, end = _span_in_original(Span(finding.start, finding.end), holes)
    return replace(finding, start=start, end=end, partner=partner, evidence=evidence)


def _span_in_original(span: Span, holes: Sequence[Span]) -> Span:
    return Span(_to_original(span.start, holes), _to_original(span.end - 1, holes) + 1)


def _merge(cuts: list[Cut], more: Iterable[Cut]) -> list[Cut]:
    return sorted([*cuts, *more], key=lambda cut: cut.start)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Touching spans as one."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].end == span.start:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found
