"""Judges a document's paragraphs by what was learned of its site, and shields headline, by-line and date."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

from dedup.boilerplate import heads
from dedup.boilerplate.occurrences import begins
from dedup.model import Finding, Paragraph
from dedup.text import normal, sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Sequence

    from dedup.boilerplate.profile import Known, Profile
    from dedup.text.sentences import Edge, Edges

SITE_FREQUENCY = "site.frequency"
SITE_SENTENCE = "site.sentence"
CORPUS_FREQUENCY = "corpus.frequency"

_HEADLINE_REACH = 8  # lines above the first running text, not counting those that are known, within which the headline stands
_STAMP_REACH = 3  # lines from the headline within which "Posted by Anna K. on 6 November" tells of the article
_OWN_LINES = 6  # lines from the headline or the text within which by-line and date are the article's own
_LONG_WORD = 25  # characters: no line has words as long as that on average
_LIST_LINES = 3  # dates in a row that are a list
_AMID = 3  # paragraphs above and below a line, among which running text makes it a part of the text
_LENGTHS = 8  # of known sentences, in words: to look for more takes longer than to find the sentences at a paragraph's edges
_NO_HEADLINE = 0.5  # of a site's documents: a line on more of them is no headline, whatever its place


def known_lines(paragraphs: Sequence[Paragraph], profiles: Sequence[tuple[str, Profile]]) -> list[tuple[str, Known] | None]:
    """Per paragraph the rule and the counts by which it is furniture, or None.

    Args:
        paragraphs: of one document.
        profiles: those that judge it, as `profile.merged` gives them: ("site" or "corpus", profile).
    """
    found: list[tuple[str, Known] | None] = [None] * len(paragraphs)
    for scope, profile in reversed(profiles):  # the first one that knows a line has it
        rule, lines = f"{scope}.frequency", profile.lines
        for index, paragraph in enumerate(paragraphs):
            if paragraph.key in lines and paragraph.count:
                found[index] = rule, lines[paragraph.key]
    return found


def find_headline(
    paragraphs: Sequence[Paragraph],
    taken: Sequence[bool],
    known: Sequence[tuple[str, Known] | None],
    title: str | None,
    teased: Collection[int] = (),
) -> int | None:
    """The paragraph that is the document's headline, or None.

    With a title: the first paragraph with its words. Else the first line that other pages show below their text, as a
    teaser, and this one above it. Else the nearest line of three words or more above the first running
    text that no phrase takes and that is not on half of the site's documents, unless it has its usual place elsewhere:
    other pages show the headline among their teasers. Where there is no running text, the nearest above the first sentence, if
    the site's other documents have it too ("Horoscope for Friday"): of a list of ingredients, the last is no headline.

    Args:
        paragraphs: of one document.
        taken: per paragraph whether a phrase rule takes or shields it.
        known: as `known_lines` gives them.
        title: as the record gives it, or None.
        teased: what `own_head` gives.
    """
    if title:
        form = normal.normal_form(title)
        titled = next((i for i, p in enumerate(paragraphs) if p.form == form), None)
        if titled is not None:
            return titled
    if teased:
        return min(teased)
    own = (i for i, p in enumerate(paragraphs) if p.says and not taken[i] and known[i] is None)
    text = first = next(own, None)
    if first is not None and not paragraphs[first].good:
        text = next((i for i in own if paragraphs[i].good), None)
    if first is None or text is not None:
        return None if text is None else _nearest(paragraphs, taken, known, text)
    found = _nearest(paragraphs, taken, known, first)
    return None if found is None or known[found] is None else found


def _nearest(
    paragraphs: Sequence[Paragraph], taken: Sequence[bool], known: Sequence[tuple[str, Known] | None], text: int
) -> int | None:
    """The nearest line above the text that reads like a headline."""
    shortest, longest = heads.SIZE
    unknown = 0
    for index in range(text - 1, max(-1, text - 1 - heads.FAR), -1):
        if taken[index] or _in_place(paragraphs, index, known[index]):
            continue
        unknown += 1
        if unknown > _HEADLINE_REACH:
            return None
        if shortest <= paragraphs[index].size <= longest:
            return index
    return None


def own_head(paragraphs: Sequence[Paragraph], taken: Sequence[bool], known: Sequence[tuple[str, Known] | None]) -> set[int]:
    """The lines above the text that on all other pages stand below it: headlines that others tease."""
    heads = {
        i for i, hit in enumerate(known) if hit is not None and not taken[i] and hit[0] == SITE_FREQUENCY and hit[1].heads == 1
    }
    if not heads:
        return heads
    text = begins(paragraphs)  # as `Known.heads` is counted, whoever's text it is
    return {i for i in heads if text is not None and i < text}


def own_lead(paragraphs: Sequence[Paragraph], known: Sequence[tuple[str, Known] | None], teased: Collection[int]) -> int | None:
    """The lead below a headline that others tease: the first running text, unless that of others begins with it, too.

    Args:
        paragraphs: of one document.
        known: as `known_lines` gives them.
        teased: what `own_head` gives.

    Returns:
        None where no headline is teased.
    """
    text = begins(paragraphs) if teased else None
    if text is None or text - max(teased) > heads.FAR:
        return None
    hit = known[text]
    return text if hit is None or (hit[0] == SITE_FREQUENCY and hit[1].heads == 1) else None


def near_article(
    paragraphs: Sequence[Paragraph],
    taken: Sequence[bool],
    known: Sequence[tuple[str, Known] | None],
    headline: int | None,
    dated: Container[int],
) -> set[int]:
    """The paragraphs where an article has its own by-line and date: some lines around headline, first and last running text.

    By-lines and dates (which are `dated`) elsewhere are those of teasers and lists, and go where many pages have them; so do
    three or more in a row, such as the months of an archive. All other paragraphs where nothing reads like an article.
    """
    own = [i for i, p in enumerate(paragraphs) if p.good and not taken[i] and known[i] is None]
    listed = _numbered_lists(paragraphs, taken, known, dated, own[0] if own else 0)
    anchors = {*own[:1], *own[-1:]} | ({headline} if headline is not None else set())
    if not own:
        return set(range(len(paragraphs))) - listed
    return {i for anchor in anchors for i in range(anchor - _OWN_LINES, anchor + _OWN_LINES + 1)} - listed


def by_headline(headline: int | None) -> range:
    """The paragraphs around the headline where what says who wrote something, and when, tells of the article."""
    return range(0) if headline is None else range(headline - _STAMP_REACH, headline + _STAMP_REACH + 1)


def _numbered_lists(
    paragraphs: Sequence[Paragraph],
    taken: Sequence[bool],
    known: Sequence[tuple[str, Known] | None],
    dated: Container[int],
    text: int,
) -> set[int]:
    """The paragraphs of runs of lines with a number that a phrase knows and the site's other pages have.

    Above the `text`, so many of them are `dated`: the date, how often the page was read, how many comments it has are no list.
    """
    found: set[int] = set()
    run: list[int] = []
    for index in range(len(paragraphs) + 1):
        if index < len(paragraphs) and taken[index] and known[index] is not None and "#" in paragraphs[index].numbered:
            run.append(index)
            continue
        if sum(i in dated or i > text for i in run) >= _LIST_LINES:
            found.update(run)
        run = []
    return found


def _in_place(paragraphs: Sequence[Paragraph], index: int, hit: tuple[str, Known] | None) -> bool:
    """Whether a line is on half of the site's documents, and not out of the place that it has on them."""
    if hit is None or hit[1].count < _NO_HEADLINE * hit[1].of:
        return False
    known = hit[1]
    if known.heads < _NO_HEADLINE * known.count:
        return False
    above = paragraphs[index - 1].key if index else 0
    return not known.below or above in known.below


def find_frequent(
    paragraphs: Sequence[Paragraph], known: Sequence[tuple[str, Known] | None], shielded: Container[int]
) -> list[Finding]:
    """Findings for the paragraphs that are furniture by count, in order; shielded ones are left out.

    A line that is frequent on other sites, too, is spared where it says nothing but numbers (rows of tables are alike), and
    amid running text: "Conclusion" and "Overview" head parts of many articles.
    """
    return [
        Finding("boilerplate", paragraph.start, paragraph.end, hit[0], score, evidence=evidence)
        for index, (paragraph, hit) in enumerate(zip(paragraphs, known, strict=True))
        if hit is not None and index not in shielded and not (hit[0] == CORPUS_FREQUENCY and _is_of_text(paragraphs, index))
        for score, evidence in (_evidence(hit[1]),)
    ]


def _is_of_text(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a line has no word but numbers, or stands amid running text."""
    if not paragraphs[index].numbered.strip("# "):
        return True
    before, after = paragraphs[max(0, index - _AMID) : index], paragraphs[index + 1 : index + 1 + _AMID]
    return any(p.good for p in before) and any(p.good for p in after)


class Ends(Protocol):
    """Tells what the paragraphs of a text begin and end with."""

    @property
    def text(self) -> str:
        """The text."""

    def known_edges(self, paragraph: Paragraph, lengths: Collection[int], keys: Container[int]) -> Edges:
        """The sentences at the edges of a paragraph; none need be told where none of them is known (see `may_be_edged`)."""

    def may_be_glued(self, paragraph: Paragraph) -> bool:
        """Whether a known line may stand at its end, behind something else."""


def find_edges(described: Ends, paragraphs: Sequence[Paragraph], profile: Profile) -> list[Finding]:
    """Sentences at the edges of the outer paragraphs that many documents of the site share, and lines glued to their ends.

    Args:
        described: the document's text.
        paragraphs: those still standing; the first and the last of them, and of their running text, are looked at.
        profile: the site's.

    Returns:
        Findings for parts of paragraphs, in order; at most one at either edge of a paragraph, the longest that is known.
    """
    found: list[Finding] = []
    if not profile.edges and not profile.lengths:
        return found
    last = {paragraph.start for paragraph in closing_paragraphs(paragraphs)} if profile.lengths else ()
    for paragraph in sentences.outer(paragraphs):
        at_begin, at_end = described.known_edges(paragraph, profile.edge_lengths, profile.edges) if profile.edges else ((), ())
        ending = _edge(at_end, profile)
        if ending is None and paragraph.start in last and described.may_be_glued(paragraph):
            ending = _glued(described.text, paragraph, profile)
        for finding in (_edge(at_begin, profile), ending):
            if finding is not None and not (found and found[-1].end > finding.start):
                found.append(finding)
    return found


def closing_paragraphs(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The last paragraph, and the last of running text."""
    running = next((p for p in reversed(paragraphs) if p.good), None)
    return [*paragraphs[-1:], *([] if running is None else [running])]


def lengths_tell(lengths: Collection[int]) -> bool:
    """Whether `may_be_edged` is worth asking: known sentences have few lengths, and somebody counted their words."""
    return len(lengths) <= _LENGTHS and 0 not in lengths


def may_be_edged(paragraph: Paragraph, lengths: Collection[int], keys: Container[int]) -> bool:
    """Whether known sentences may begin or end a paragraph: its first or last words, as many as one of them has, are that one.

    No word goes from one sentence into the next. Where `lengths_tell` says no, they always may.

    Args:
        paragraph: any.
        lengths: of the known sentences, in words.
        keys: theirs.
    """
    if not lengths_tell(lengths):
        return True
    numbered = paragraph.numbered.encode("utf-8", "surrogatepass")
    for count in lengths:
        before, after = numbered.rsplit(b" ", count), numbered.split(b" ", count)
        if len(after) < count:
            continue
        whole = len(after) == count
        begin, end = (0, len(numbered)) if whole else (len(before[0]) + 1, len(numbered) - len(after[-1]) - 1)
        if normal.key_of_bytes(numbered[begin:]) in keys or normal.key_of_bytes(numbered[:end]) in keys:
            return True
    return False


def glued_line(paragraph: Paragraph, lengths: Collection[int], keys: Container[int]) -> int:
    """How many words at the end of a paragraph, but not all of it, are a known line by themselves; 0 if none are.

    Args:
        paragraph: any.
        lengths: of the known lines, in words.
        keys: theirs.
    """
    numbered = paragraph.numbered.encode("utf-8", "surrogatepass")
    for count in sorted(lengths):
        before, *words = numbered.rsplit(b" ", count)
        if len(words) < count:
            return 0
        if normal.key_of_bytes(numbered[len(before) + 1 :]) in keys:
            return count
    return 0


def _glued(text: str, paragraph: Paragraph, profile: Profile) -> Finding | None:
    """A line of the site's that stands at the end of a paragraph behind something else: "… on Monday. AB/CD All content …"."""
    length = glued_line(paragraph, profile.lengths, profile.closing)
    if not length:
        return None
    begin, end = max(paragraph.start, paragraph.end - _LONG_WORD * length), paragraph.end
    start, count = end, 0
    for word in reversed(text[begin:end].split()):
        start, count = text.rfind(word, begin, start), count + _count(word)
        if count >= length:
            known = profile.closing.get(_key(text[start:end]))
            if known is None:
                return None
            score, evidence = _evidence(known)
            return Finding("boilerplate", start, end, SITE_SENTENCE, score, evidence=evidence)
    return None


_key = functools.lru_cache(maxsize=1 << 10)(normal.text_key)  # many texts end with the same words


@functools.lru_cache(maxsize=1 << 12)
def _count(piece: str) -> int:
    """The words of a piece of text."""
    return len(normal.words(piece))


def _edge(edges: Sequence[Edge], profile: Profile) -> Finding | None:
    """The longest of some edges of a paragraph that the site's documents share."""
    for edge in reversed(edges):
        known = profile.edges.get(edge.key)
        if known is not None:
            score, evidence = _evidence(known)
            return Finding("boilerplate", edge.start, edge.end, SITE_SENTENCE, score, evidence=evidence)
    return None


def _evidence(known: Known) -> tuple[float, dict[str, object]]:
    evidence: dict[str, object] = {"count": known.count, "of": known.of, "sample": list(known.sample)}
    return round(min(1.0, known.count / max(1, known.of)), 4), evidence
