"""Judges one document: runs the stages of `clean` over its text until nothing more is to cut."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from dedup import furniture, mainblock, paragraphs, persons, phrases, repeats, sections
from dedup.cuts import apply_cuts, make_cuts
from dedup.engines.holes import Holes
from dedup.model import Cut, Finding, Paragraph, Span
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
        before: the paragraphs of the document.
        after: those of the text without what was found, in offsets of the document's text; where a cut made one of two, its
            span holds the cut.
    """

    found: list[Cut]
    left: str | None
    words: int
    kept_words: int
    noted: list[tuple[Span, str]] = field(default_factory=list)
    before: list[Paragraph] = field(default_factory=list)
    after: list[Paragraph] = field(default_factory=list)

    @property
    def cuts(self) -> list[Cut]:
        """What is cut: all that was found, or nothing when the document is left alone."""
        return [] if self.left else self.found

    @property
    def kept(self) -> list[Paragraph]:
        """The paragraphs that stay, in order, in offsets of the document's text."""
        return self.before if self.left else self.after


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
    lines = _Lines(settings, merged(profiles, document.site))
    first = state = _run(document, document.text, lines)
    cuts: list[Cut] = []
    holes = Holes(())
    passes = 0
    while state.cuts and passes < _MOST_PASSES:
        cuts = sorted([*cuts, *(piece for cut in state.cuts for piece in holes.cut(cut))], key=lambda cut: cut.start)
        holes = Holes(Span(cut.start, cut.end) for cut in cuts)
        state = _run(document, apply_cuts(document.text, holes.spans), lines)
        passes += 1
    left = _left_alone(first.paragraphs, state.paragraphs, settings) if cuts else None
    words = sum(p.count for p in first.paragraphs)
    kept_words = words if left else sum(p.count for p in state.paragraphs)
    after = [_moved(p, holes.span(p.start, p.end)) for p in state.paragraphs]
    return Verdict(_settled(cuts), left, words, kept_words, first.noted, first.paragraphs, after)


def _moved(paragraph: Paragraph, span: Span) -> Paragraph:
    return replace(paragraph, start=span.start, end=span.end)


class _Line(NamedTuple):
    """What is known of a paragraph by its text alone: the phrase rule, whether it stamps a comment, what was learned."""

    paragraph: Paragraph
    match: phrases.Match | None
    stamp: bool
    hit: tuple[str, Known] | None


class _Lines:
    """Looks at each text of a paragraph once, however many passes meet it."""

    def __init__(self, settings: CleanSettings, known: Sequence[tuple[str, Profile]]) -> None:
        self.settings = settings
        self.known = known
        self._phrases = phrases.load()
        self._seen: dict[str, _Line] = {}

    def of(self, text: str, spans: Iterable[Span]) -> list[_Line]:
        """What is known of each paragraph of a text, with its place in it."""
        found = []
        for span in spans:
            piece = text[span.start : span.end]
            line = self._seen.get(piece)
            if line is None:
                line = self._seen[piece] = self._look(piece)
            found.append(line._replace(paragraph=_moved(line.paragraph, span)))
        return found

    def _look(self, piece: str) -> _Line:
        (paragraph,) = paragraphs.describe(piece, [Span(0, len(piece))])
        words = phrases.phrase_words(piece) if paragraph.size <= _LONGEST_PHRASE else []
        stamp = paragraph.size <= phrases.STAMP_WORDS and self._phrases.is_stamp(words)
        (hit,) = furniture.known_lines([paragraph], self.known)
        return _Line(paragraph, _match_line(piece, words, self._phrases), stamp, hit)


def _run(document: Document, text: str, lines: _Lines) -> _Pass:
    """One pass of the stages over one state of the text."""
    settings = lines.settings
    spans = paragraphs.split(text, settings.paragraphs)
    read = lines.of(text, spans)
    listed, matched, stamps, counted = map(list, zip(*read, strict=True)) if read else ([], [], [], [])
    taken = [m is not None or stamp for m, stamp in zip(matched, stamps, strict=True)]
    teased = furniture.own_head(listed, [m is not None for m in matched], counted)
    title = furniture.headline(listed, taken, counted, document.title, teased)
    own_lines = furniture.near_article(listed, taken, counted, title)
    shielded = [
        i == title or i in teased or (i in own_lines and m is not None and _shields(m.rule, settings))
        for i, m in enumerate(matched)
    ]
    own = None if title is None else listed[title].start
    findings = [f for f in _from_phrases(listed, matched, settings) if f.start != own]
    findings += furniture.find_frequent(listed, counted, shielded)
    findings = [f for f in findings if not spared(f, settings)]
    gone = {f.start for f in findings}
    cut = [p.start in gone for p in listed]
    rules = [_rule_name(m, c, is_cut) for m, c, is_cut in zip(matched, counted, cut, strict=True)]
    page = sections.Page(listed, rules, cut, stamps)
    findings += (f for f in sections.find_sections(page, settings.sections) if not spared(f, settings))
    if settings.main is not None:
        whole = _whole(page, matched, findings)
        findings += (f for f in mainblock.find_main(text, whole, title, settings.main) if not spared(f, settings))
    gone = {f.start for f in findings}
    standing = [p for p in listed if p.start not in gone]
    findings += (f for f in _rest(document.id, text, standing, lines, own) if not spared(f, settings))
    noted = [(Span(p.start, p.end), m.rule) for p, m in zip(listed, matched, strict=True) if m is not None]
    if title is not None:
        noted.append((Span(listed[title].start, listed[title].end), "headline"))
    return _Pass(listed, make_cuts(text, spans, findings), noted)


def _match_line(line: str, words: Sequence[str], known: phrases.Phrases) -> phrases.Match | None:
    """The phrase rule that knows a line; `words` are its `phrase_words`, none where it is too long for any."""
    if not words:
        return None
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


def _shields(rule: str, settings: CleanSettings) -> bool:
    return rule in SHIELDS and rule not in settings.strip


def _from_phrases(listed: Sequence[Paragraph], matched: Sequence[phrases.Match | None], settings: CleanSettings) -> list[Finding]:
    """Findings of the phrase rules that strip, by default or by the user's wish."""
    known = phrases.load()
    return [
        Finding("boilerplate", p.start, p.end, m.rule, evidence={"phrase": m.phrase, "languages": list(m.languages)})
        for i, (p, m) in enumerate(zip(listed, matched, strict=True))
        if m is not None and (known.rule(m.rule).strip or m.rule in settings.strip) and not _is_of_article(listed, i, m)
    ]


def _is_of_article(listed: Sequence[Paragraph], index: int, match: phrases.Match) -> bool:
    """Whether a sentence only holds the words of a legal line, amid running text: an article about rights and licences."""
    before, after = listed[max(0, index - 2) : index], listed[index + 1 : index + 3]
    amid = any(p.good for p in before) and any(p.good for p in after)
    return amid and listed[index].good and match.phrase.startswith("**")


def _rule_name(match: phrases.Match | None, counted: tuple[str, Known] | None, is_cut: bool) -> str | None:
    """What the sections see of a paragraph: a heading counts only where it is cut."""
    if match is not None and (is_cut or not match.rule.startswith("heading.")):
        return match.rule
    return counted[0] if counted is not None and is_cut else None


def _whole(page: sections.Page, matched: Sequence[phrases.Match | None], findings: Iterable[Finding]) -> sections.Page:
    """The page with all that was found so far: per paragraph the rule that cuts it, else the one that knows it."""
    by_start: dict[int, str] = {}
    for finding in findings:
        by_start.setdefault(finding.start, finding.rule)
    rules = [by_start.get(p.start, m.rule if m else None) for p, m in zip(page.paragraphs, matched, strict=True)]
    return sections.Page(page.paragraphs, rules, [p.start in by_start for p in page.paragraphs], page.stamps)


def _rest(document: str, text: str, standing: Sequence[Paragraph], lines: _Lines, headline: int | None) -> list[Finding]:
    """Findings among the paragraphs that are no boilerplate as a whole, but for the one that starts at `headline`."""
    own = [profile for scope, profile in lines.known if scope == "site"]
    edges = (f for profile in own for f in furniture.find_edges(text, [p for p in standing if p.start != headline], profile))
    return [*edges, *repeats.find_repeats(document, text, standing, lines.settings.repeats, headline)]


def spared(finding: Finding, settings: CleanSettings) -> bool:
    """Whether `--keep` names the finding's kind, its rule, or what its rule lies below."""
    full = f"{finding.kind}.{finding.rule}."
    return any(full.startswith(f"{name}.") or f"{finding.rule}.".startswith(f"{name}.") for name in settings.keep)


def _left_alone(before: Sequence[Paragraph], after: Sequence[Paragraph], settings: CleanSettings) -> str | None:
    """Why the verdicts on a document must be wrong, or None."""
    words, kept = sum(p.count for p in before), sum(p.count for p in after)
    if not kept:
        return "nothing would be left"
    running, kept_running = sum(p.size for p in before if p.good), sum(p.size for p in after if p.good)
    if kept < settings.min_kept and running and kept_running < settings.min_kept_share * running:
        lost, lost_running = 100 * (words - kept) / words, 100 * (1 - kept_running / running)
        return f"would lose {lost:.0f} % of its words and {lost_running:.0f} % of its sentences"
    return None


def _settled(cuts: list[Cut]) -> list[Cut]:
    """The cuts, each repeat with a partner that no later pass took for a repeat of another."""
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
