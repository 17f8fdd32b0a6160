"""One pass of the stages of `clean` over one state of a document's text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress, repeat
from typing import TYPE_CHECKING, NamedTuple

from dedup import repeats
from dedup.boilerplate import furniture, mainblock, names, phrases, sections, shared_content
from dedup.boilerplate.page import Page
from dedup.boilerplate.threads import is_forum
from dedup.engines.describing import ANYTHING
from dedup.engines.line_rules import ADDRESS, UNKNOWN, LineRules, above_addresses, in_steps
from dedup.model import Cut, Finding, Paragraph, Span
from dedup.reporting.cuts import make_cuts
from dedup.text import links, paragraphs

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from dedup.boilerplate.profile import Known, Profile
    from dedup.engines.describing import Described, MayFind
    from dedup.model import Document
    from dedup.settings import CleanSettings

_QUIET = names.OF_ARTICLE | {names.CAPTION, names.NOTES}
"""Rules that know a line and find nothing by it, unless they are made to strip."""


class Staying(NamedTuple):
    """The paragraphs that stay of a text, in its offsets, when whole lines go.

    Attributes:
        paragraphs: in order.
        suspected: which of them a rule may know; empty: none.
        alike: their `repeats.alike_pairs`.
    """

    paragraphs: list[Paragraph]
    suspected: list[bool]
    alike: list[repeats.Alike]


@dataclass(slots=True)
class PassResult:
    """What one pass found.

    Attributes:
        cuts: in offsets of the text at hand.
        noted: spans that a rule knows and keeps, with the rule's name (headline, by-line, date).
        staying: the paragraphs that the cuts leave, where they are surely those of what is left; else None.
    """

    cuts: list[Cut]
    noted: list[tuple[Span, str]]
    staying: Staying | None = None


class _Seen(NamedTuple):
    """What is known of a document's lines, each by itself, and its headline.

    Attributes:
        matched: per line the phrase rule that knows it, or None.
        stamps: per line whether it says when something was written.
        taken: per line whether either is so.
        counted: per line what is known of it by count, or None: as `furniture.known_lines` gives it.
        teased: the lines that are headlines because other pages tease them: as `furniture.own_head` gives them.
        headline: its index, or None.
        headline_start: where it starts in the text, or None.
        lead: the text's first paragraph, where other pages tease it with the headline: as `furniture.own_lead` gives it.
    """

    matched: list[phrases.Match | None]
    stamps: list[bool]
    taken: list[bool]
    counted: list[tuple[str, Known] | None]
    teased: set[int]
    headline: int | None
    headline_start: int | None
    lead: int | None


class Stages:
    """The stages with their settings; what they remember of lines changes no verdict."""

    def __init__(self, settings: CleanSettings) -> None:
        self.settings = settings
        self._phrases = phrases.load()
        self._lines = LineRules()

    def run(
        self, document: Document, described: Described, profiles: Sequence[tuple[str, Profile]], may_find: MayFind = ANYTHING
    ) -> PassResult:
        """One pass over a state of the document's text.

        Args:
            document: the document.
            described: the text's present state.
            profiles: those that judge it, each with its scope (`profile.merged`).
            may_find: the stages that may find anything.
        """
        settings, listed = self.settings, described.paragraphs
        unknown = may_find.lines is not None and not may_find.lines
        seen = _unknown(document, listed) if unknown else self._see(document, described, profiles, may_find.lines)
        spare = seen.headline_start
        findings: list[Finding] = []
        if settings.main is not None or any(seen.taken) or any(seen.counted):  # no line goes that nobody knows
            findings = self._by_lines(described, seen)
        gone = {f.start for f in findings}
        standing = [p for p in listed if p.start not in gone] if gone else listed
        if gone or may_find.edges:  # other sentences stand at the edges of what is left
            own = {spare, None if seen.lead is None else listed[seen.lead].start}
            findings += (f for f in self._edges(described, standing, profiles, own) if not spared(f, settings))
        if may_find.repeats and not is_forum(m.rule for m in seen.matched if m is not None):  # who answers quotes
            found = repeats.find_repeats(document.id, described.text, standing, settings.repeats, spare, described.alike)
            findings += (f for f in found if not spared(f, settings))
        noted = [(Span(p.start, p.end), m.rule) for p, m in zip(listed, seen.matched, strict=True) if m is not None]
        if seen.headline is not None:
            noted.append((Span(listed[seen.headline].start, listed[seen.headline].end), "headline"))
        cuts = make_cuts(described.text, listed, findings) if findings else []
        suspected = None if seen.lead is not None else may_find.lines  # without lines that count knows, the lead would be none
        return PassResult(cuts, noted, self._staying(described, findings, suspected))

    def _staying(self, described: Described, findings: Sequence[Finding], suspected: Sequence[bool] | None) -> Staying | None:
        """The paragraphs that stay when the findings are cut, or None where the rest has to be split and described anew.

        They stay as they are where the text's paragraphs are its lines, each finding takes a whole one, and the rest is split
        at its lines, too: it must not look hard-wrapped, which enough long lines rule out.
        """
        settings, listed = self.settings, described.paragraphs
        if not findings or suspected is None or not described.lined:
            return None
        gone = {finding.start: finding.end for finding in findings}
        stays = [gone.get(p.start) != p.end for p in listed]
        staying = list(compress(listed, stays))
        if not staying or len(listed) - len(staying) != len(gone):
            return None
        if settings.paragraphs != "line" and (links.are_marked(described.text) or not paragraphs.is_unwrapped(staying)):
            return None
        alike = repeats.still_alike(listed, staying, described.alike(settings.repeats))
        return None if alike is None else Staying(staying, list(compress(suspected, stays)), alike)

    def idle(self, described: Described, profiles: Sequence[tuple[str, Profile]], may_find: MayFind) -> bool:
        """Whether `run` would find nothing, but for what it notes: the lines that are known are by-lines, dates and the like."""
        if may_find.lines is None or may_find.repeats or may_find.edges or self.settings.main is not None:
            return False
        suspected = (described.paragraph(index) for index, is_suspected in enumerate(may_find.lines) if is_suspected)
        return not any(self._acts(described.text, paragraph, profiles) for paragraph in suspected)

    def _acts(self, text: str, paragraph: Paragraph, profiles: Sequence[tuple[str, Profile]]) -> bool:
        """Whether anything may be found by a line: a rule that strips it or heads others, a stamp, a count."""
        line = self._lines.look(text, paragraph)
        if line.stamp or (line.match is not None and (line.match.rule not in _QUIET or self._strips(line.match.rule))):
            return True
        return any(paragraph.key in profile.lines for _, profile in profiles)

    def _see(
        self, document: Document, described: Described, profiles: Sequence[tuple[str, Profile]], suspected: Sequence[bool] | None
    ) -> _Seen:
        """Look at each line by itself (those that are `suspected`, else all), and find the headline."""
        listed, text = described.paragraphs, described.text
        looked = zip(listed, repeat(True) if suspected is None else suspected, strict=False)
        read = [self._lines.look(text, paragraph) if is_suspected else UNKNOWN for paragraph, is_suspected in looked]
        matched, taken = [line.match for line in read], [line is not UNKNOWN for line in read]
        for index in above_addresses(read):
            matched[index] = ADDRESS
        for index in in_steps(read):
            matched[index], taken[index] = None, False
        counted = furniture.known_lines(listed, profiles)
        alone = [match if count is None else None for match, count in zip(matched, counted, strict=True)]
        for index in self._of_which_ends_go(described, alone, profiles):
            matched[index], taken[index] = None, False
        teased = furniture.own_head(listed, [m is not None for m in matched], counted)
        headline = furniture.find_headline(listed, taken, counted, document.title, teased)
        start = None if headline is None else listed[headline].start
        lead = furniture.own_lead(listed, counted, teased)
        return _Seen(matched, [line.stamp for line in read], taken, counted, teased, headline, start, lead)

    def _of_which_ends_go(
        self, described: Described, matched: Sequence[phrases.Match | None], profiles: Sequence[tuple[str, Profile]]
    ) -> Iterator[int]:
        """The lines that hold the words of a legal notice, where the site's documents share the end of the line alone."""
        listed, settings = described.paragraphs, self.settings
        if _named("boilerplate", furniture.SITE_SENTENCE, settings):  # such an end would stay, and the notice with it
            return
        loose = {p.start: i for i, (p, m) in enumerate(zip(listed, matched, strict=True)) if m is not None and _is_loose(m)}
        for paragraph in furniture.closing_paragraphs(listed) if loose else ():
            index = loose.get(paragraph.start)
            match = None if index is None else matched[index]
            if index is None or match is None or _named("boilerplate", match.rule, settings):
                continue
            own = (profile for scope, profile in profiles if scope == "site")
            ends = (f for p in own for f in furniture.find_edges(described, [paragraph], p))
            if any(paragraph.start < f.start and f.end == paragraph.end for f in ends):
                yield index

    def _by_lines(self, described: Described, seen: _Seen) -> list[Finding]:
        """Findings for whole paragraphs: by phrase, by count, by the heading above, and outside of the main block."""
        settings, listed, matched = self.settings, described.paragraphs, seen.matched
        findings = [f for f in self._from_phrases(listed, matched) if f.start != seen.headline_start]
        if any(seen.counted):
            findings += furniture.find_frequent(listed, seen.counted, self._shielded(listed, seen))
        if settings.main is None and not sections.may_begin(m.rule for m in matched if m is not None):
            return [f for f in findings if not spared(f, settings)]
        kept: frozenset[int] = frozenset()
        if settings.keep:
            stay = {f.start for f in findings if spared(f, settings)}
            findings = [f for f in findings if not spared(f, settings)]
            named = (m is not None and _named("boilerplate", m.rule, settings) for m in matched)
            kept = frozenset(i for i, (p, is_named) in enumerate(zip(listed, named, strict=True)) if is_named or p.start in stay)
        gone = {f.start for f in findings}
        cut = [p.start in gone for p in listed]
        rules = [_rule_name(m, c, is_cut) for m, c, is_cut in zip(matched, seen.counted, cut, strict=True)]
        shared = frozenset(i for i, hit in enumerate(seen.counted) if hit is not None)
        page = Page(listed, rules, cut, seen.stamps, kept, shared)
        findings += (f for f in sections.find_sections(page, settings.sections) if not spared(f, settings))
        if settings.main is not None:
            whole = _whole(page, matched, findings)
            found = mainblock.find_main(described.text, whole, seen.headline, settings.main, teased=seen.headline in seen.teased)
            findings += (f for f in found if not spared(f, settings))
        return findings

    def _shielded(self, listed: Sequence[Paragraph], seen: _Seen) -> set[int]:
        """The paragraphs that are the article's own: headline, lead, by-line or date, however often the like is there.

        A forum's lines stay, too: without them the posts that are left would look like comments.
        """
        rules = [None if match is None else match.rule for match in seen.matched]
        own = {i for i, rule in enumerate(rules) if rule is not None and _shields(rule, self.settings)}
        if own:
            near = furniture.near_article(listed, seen.taken, seen.counted, seen.headline, own)
            own = {i for i in own if i in near or rules[i] == names.FORUM}
        own |= seen.teased | shared_content.of_text(listed, rules, [c is not None for c in seen.counted], seen.headline)
        own.update([] if seen.lead is None else [seen.lead])
        head = furniture.by_headline(seen.headline)
        own.update(i for i in head if 0 <= i < len(listed) and (i == seen.headline or seen.stamps[i]))
        return own

    def _from_phrases(self, listed: Sequence[Paragraph], matched: Sequence[phrases.Match | None]) -> list[Finding]:
        """Findings of the phrase rules that strip, by default or by the user's wish."""
        return [
            Finding("boilerplate", p.start, p.end, m.rule, evidence=_evidence(m))
            for i, (p, m) in enumerate(zip(listed, matched, strict=True))
            if m is not None and self._strips(m.rule) and not _is_of_article(listed, matched, i)
        ]

    def _strips(self, rule: str) -> bool:
        return self._phrases.rule(rule).strip or rule in self.settings.strip

    @staticmethod
    def _edges(
        described: Described, standing: Sequence[Paragraph], profiles: Sequence[tuple[str, Profile]], own: Container[int | None]
    ) -> Iterator[Finding]:
        """Findings at the edges of paragraphs that are no boilerplate as a whole, but for headline and lead (`own`: starts)."""
        inner = [p for p in standing if p.start not in own]
        for scope, profile in profiles:
            if scope == "site":
                yield from furniture.find_edges(described, inner, profile)


def _unknown(document: Document, listed: Sequence[Paragraph]) -> _Seen:
    """What is seen where no line is known by itself."""
    count = len(listed)
    counted: list[tuple[str, Known] | None] = [None] * count
    headline = furniture.find_headline(listed, [False] * count, counted, document.title)
    start = None if headline is None else listed[headline].start
    return _Seen([None] * count, [False] * count, [False] * count, counted, set(), headline, start, None)


def _evidence(match: phrases.Match) -> dict[str, object]:
    return {"phrase": match.phrase, "languages": list(match.languages)} if match.phrase else {"shape": match.shape}


def _is_loose(match: phrases.Match) -> bool:
    """Whether a line may say anything before the words that a phrase is known by."""
    return match.phrase.startswith("**")


def _shields(rule: str, settings: CleanSettings) -> bool:
    return (rule in names.OF_ARTICLE or rule == names.FORUM) and rule not in settings.strip


def _is_of_article(listed: Sequence[Paragraph], matched: Sequence[phrases.Match | None], index: int) -> bool:
    """Whether a sentence only holds the words of a notice, amid running text: an article about rights, a site's own terms.

    Notices of several paragraphs are known each by its words; what only begins like one stands among text that nothing knows.
    """
    match = matched[index]
    if match is None or not listed[index].good or not (_is_loose(match) or match.phrase.endswith("**")):
        return False
    near = [i for i in range(max(0, index - 2), min(len(listed), index + 3)) if listed[i].good]
    own = near if _is_loose(match) else [i for i in near if matched[i] is None]
    return any(i < index for i in own) and any(i > index for i in own)


def _rule_name(match: phrases.Match | None, counted: tuple[str, Known] | None, is_cut: bool) -> str | None:
    """What the sections see of a paragraph: a heading counts only where it is cut."""
    if match is not None and (is_cut or not match.rule.startswith("heading.")):
        return match.rule
    return counted[0] if counted is not None and is_cut else None


def _whole(page: Page, matched: Sequence[phrases.Match | None], findings: Iterable[Finding]) -> Page:
    """The page with all that was found so far: per paragraph the rule that cuts it, else the one that knows it."""
    by_start: dict[int, str] = {}
    for finding in findings:
        by_start.setdefault(finding.start, finding.rule)
    rules = [by_start.get(p.start, m.rule if m else None) for p, m in zip(page.paragraphs, matched, strict=True)]
    return Page(page.paragraphs, rules, [p.start in by_start for p in page.paragraphs], page.stamps, page.spared)


def spared(finding: Finding, settings: CleanSettings) -> bool:
    """Whether `--keep` names the finding's kind, its rule, or what its rule lies below."""
    return _named(finding.kind, finding.rule, settings)


def _named(kind: str, rule: str, settings: CleanSettings) -> bool:
    if not settings.keep:
        return False
    full = f"{kind}.{rule}."
    return any(full.startswith(f"{name}.") or f"{rule}.".startswith(f"{name}.") for name in settings.keep)
