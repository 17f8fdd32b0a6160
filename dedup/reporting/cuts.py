"""Turns findings into cuts: sorted, disjoint stretches of text to take out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.model import Cut, Finding, Span
from dedup.text.paragraphs import LINE_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.model import Paragraph

_RANK = {"boilerplate": 0, "repeat": 1, "copy": 2}


def make_cuts(text: str, spans: Sequence[Span | Paragraph], findings: Iterable[Finding]) -> list[Cut]:
    """Turn findings into cuts.

    A finding on a whole paragraph cuts it with the gap after it. Paragraphs cut at the end of the text go with the gap before
    them, but for its first line end. A finding on a part of a paragraph cuts that part with the white space between it
    and what stays.

    Args:
        text: the document's text.
        spans: its paragraphs, in order.
        findings: on paragraphs of `spans` or on parts of them at either edge.

    Returns:
        Cuts in order, disjoint; one for each span that has findings: boilerplate before repeat before copy, the others in
        `also`. Empty without findings.
    """
    by_span: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        by_span.setdefault((finding.start, finding.end), []).append(finding)
    whole = [i for i, span in enumerate(spans) if (span.start, span.end) in by_span]
    cuts = [_whole(text, spans, i, by_span.pop((spans[i].start, spans[i].end))) for i in whole]
    cuts += _trailing(text, spans, cuts, whole)
    taken = {spans[i].start for i in whole} if by_span else set()
    for (start, end), found in by_span.items():
        home = next((s for s in spans if s.start <= start and end <= s.end), None)
        if home is not None and home.start not in taken:
            cuts.append(_part(text, home, Span(start, end), found))
    return _disjoint(sorted(cuts, key=lambda cut: (cut.start, -cut.end))) if len(cuts) > 1 else cuts


def _disjoint(cuts: list[Cut]) -> list[Cut]:
    """Two parts of one paragraph may both claim what lies between them: the first has it; one within another is gone with it."""
    found: list[Cut] = []
    for cut in cuts:
        if found and cut.end <= found[-1].end:
            continue
        if found:
            cut.start = max(cut.start, found[-1].end)
        found.append(cut)
    return found


def _make(start: int, end: int, found: list[Finding]) -> Cut:
    if len(found) == 1:
        return Cut(start, end, found[0])
    first, *rest = sorted(found, key=lambda f: _RANK[f.kind])
    return Cut(start, end, first, tuple(rest))


def _whole(text: str, spans: Sequence[Span | Paragraph], index: int, found: list[Finding]) -> Cut:
    end = spans[index + 1].start if index + 1 < len(spans) else len(text)
    return _make(spans[index].start, end, found)


def _trailing(text: str, spans: Sequence[Span | Paragraph], cuts: list[Cut], whole: list[int]) -> list[Cut]:
    """Let the first of the paragraphs cut at the end begin after the first line end of the gap before it."""
    first = len(spans)
    position = len(whole)
    while position and whole[position - 1] == first - 1:
        first -= 1
        position -= 1
    if position == len(whole) or first == 0:
        return []
    old = cuts.pop(position)
    line_end = LINE_END.search(text, spans[first - 1].end, old.start)
    start = line_end.end() if line_end else old.start
    return [Cut(start, old.end, old.finding, old.also)]


def _part(text: str, home: Span | Paragraph, part: Span, found: list[Finding]) -> Cut:
    """A part of a paragraph, with the white space that parted it from the rest."""
    start, end = part
    if end == home.end:
        while start > home.start and text[start - 1].isspace():
            start -= 1
    else:
        while end < home.end and text[end].isspace():
            end += 1
    return _make(start, end, found)


def apply_cuts(text: str, cuts: Iterable[Span]) -> str:
    """The text without the given stretches (ascending, disjoint)."""
    kept, at = [], 0
    for start, end in cuts:
        kept.append(text[at:start])
        at = end
    kept.append(text[at:])
    return "".join(kept)
