from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.choices import MODES, Mode
from dedup.model import Cut, Finding, Kind, Span
from dedup.reporting.cuts import apply_cuts, make_cuts
from dedup.reporting.representation import PutBack, put_back
from dedup.text.paragraphs import split

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_ENDS = ("\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

pieces = st.sampled_from([*LINE_ENDS, "\n", "\n\n", " ", "\t", "\xa0", "one", "Two", "漢字", "three.", "—", "\ud800"])
texts = st.lists(pieces, max_size=40).map("".join)
modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)
kinds: st.SearchStrategy[Kind] = st.sampled_from(["boilerplate", "repeat", "copy"])


def finding(span: tuple[int, int], kind: Kind = "boilerplate") -> Finding:
    return Finding(kind, *span, f"rule.of.{kind}")


def spans_of(cuts: Sequence[Cut]) -> list[Span]:
    return [Span(cut.start, cut.end) for cut in cuts]


def cleaned(text: str, *gone: str) -> str:
    """The text without the paragraphs (lines) that are given."""
    spans = split(text, "line")
    return apply_cuts(text, spans_of(make_cuts(text, spans, [finding(s) for s in spans if text[s.start : s.end] in gone])))


@st.composite
def judged(draw: st.DrawFn) -> tuple[str, list[Span], list[Finding]]:
    """A text, its paragraphs, and findings on some of them or on their beginnings and ends."""
    text = draw(texts)
    spans = split(text, draw(modes))
    found = []
    for span in spans:
        ranked = draw(st.lists(kinds, max_size=3, unique=True))
        at = draw(st.integers(span.start, span.end))
        found += [finding((span.start, at if draw(st.booleans()) else span.end), kind) for kind in ranked[:1] if at > span.start]
        found += [finding(span, kind) for kind in ranked[1:]]
        if draw(st.booleans()) and at < span.end:
            found.append(finding((at, span.end)))
    return text, spans, draw(st.permutations(found))


@given(judged())
def test_cuts_are_sorted_disjoint_and_in_range(case: tuple[str, list[Span], list[Finding]]) -> None:
    text, spans, found = case
    cuts = make_cuts(text, spans, found)
    assert all(0 <= cut.start < cut.end <= len(text) for cut in cuts)
    assert all(a.end <= b.start for a, b in pairwise(cuts))


@given(judged())
def test_what_is_found_is_cut_with_white_space_at_most(case: tuple[str, list[Span], list[Finding]]) -> None:
    text, spans, found = case
    cuts = make_cuts(text, spans, found)
    wanted = {i for f in found for i in range(f.start, f.end)}
    taken = {i for cut in cuts for i in range(cut.start, cut.end)}
    assert wanted <= taken
    assert all(text[i].isspace() for i in taken - wanted)


@given(judged())
def test_paragraphs_without_a_finding_keep_their_characters(case: tuple[str, list[Span], list[Finding]]) -> None:
    text, spans, found = case
    taken = {i for cut in make_cuts(text, spans, found) for i in range(cut.start, cut.end)}
    touched = {span for span in spans for f in found if span.start <= f.start < span.end}
    assert not any(i in taken for span in spans if span not in touched for i in range(span.start, span.end))


@given(judged())
def test_a_finding_stands_in_one_cut_by_rank(case: tuple[str, list[Span], list[Finding]]) -> None:
    text, spans, found = case
    rank = {"boilerplate": 0, "repeat": 1, "copy": 2}
    cuts = make_cuts(text, spans, found)
    told = [f for cut in cuts for f in (cut.finding, *cut.also)]
    assert len(told) == len(set(map(id, told)))
    for cut in cuts:
        ranks = [rank[f.kind] for f in (cut.finding, *cut.also)]
        assert ranks == sorted(ranks)
        assert len({(f.start, f.end) for f in (cut.finding, *cut.also)}) == 1


@given(judged())
def test_what_is_cut_can_be_put_back(case: tuple[str, list[Span], list[Finding]]) -> None:
    text, spans, found = case
    cuts = spans_of(make_cuts(text, spans, found))

    def raw(piece: str) -> bytes:
        return piece.encode("utf-8", "surrogatepass")

    back = [PutBack(len(raw(text[:start])), raw(text[start:end])) for start, end in cuts]
    assert put_back(raw(apply_cuts(text, cuts)), back) == raw(text)


@given(judged())
def test_no_finding_no_cut(case: tuple[str, list[Span], list[Finding]]) -> None:
    text, spans, _ = case
    assert make_cuts(text, spans, []) == []
    assert apply_cuts(text, []) == text


@given(texts, modes, st.data())
def test_a_cut_to_the_end_leaves_one_line_end(text: str, mode: Mode, data: st.DataObject) -> None:
    spans = split(text, mode)
    if len(spans) < 2:
        return
    keep = data.draw(st.integers(1, len(spans) - 1))
    left = apply_cuts(text, spans_of(make_cuts(text, spans, [finding(span) for span in spans[keep:]])))
    last = spans[keep - 1].end
    assert left.startswith(text[:last])
    assert len(LINE_END.findall(left[last:])) == 1
    assert LINE_END.split(left[last:])[-1] == ""


@given(texts, modes, st.data())
def test_a_cut_that_leaves_the_end_leaves_its_line_ends(text: str, mode: Mode, data: st.DataObject) -> None:
    spans = split(text, mode)
    if len(spans) < 2:
        return
    gone = data.draw(st.lists(st.sampled_from(spans[:-1]), unique=True))
    left = apply_cuts(text, spans_of(make_cuts(text, spans, [finding(span) for span in gone])))
    assert left.endswith(text[spans[-1].start :])


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
def test_gaps_between_what_stays_are_unchanged(line_end: str) -> None:
    text = line_end.join(["one ", "", "two", "three", "", "", "four", "", ""])
    assert cleaned(text, "two") == line_end.join(["one ", "", "three", "", "", "four", "", ""])
    assert cleaned(text, "one") == line_end.join(["two", "three", "", "", "four", "", ""])
    assert cleaned(text, "three", "four") == line_end.join(["one ", "", "two", ""])
    assert cleaned(text, "four") == line_end.join(["one ", "", "two", "three", ""])


def test_white_space_after_the_last_kept_word_stays_with_it() -> None:
    assert cleaned("one \xa0\n\n\ntwo\n", "two") == "one \xa0\n"


def test_a_text_that_does_not_end_its_last_line() -> None:
    assert cleaned("one\ntwo", "two") == "one\n"
    assert cleaned("one\ntwo", "one") == "two"


@pytest.mark.parametrize(
    ("part", "left"),
    [
        ("Free to use.", "Rain fell all night. It was cold.\n\nNext.\n"),
        ("It was cold. Free to use.", "Rain fell all night.\n\nNext.\n"),
        ("Rain fell all night.", "It was cold.  Free to use.\n\nNext.\n"),
    ],
)
def test_a_part_goes_with_the_space_between(part: str, left: str) -> None:
    text = "Rain fell all night. It was cold.  Free to use.\n\nNext.\n"
    part = part.replace("cold. Free", "cold.  Free")
    start = text.index(part)
    cuts = make_cuts(text, split(text), [finding((start, start + len(part)))])
    assert apply_cuts(text, spans_of(cuts)) == left


def test_a_part_of_the_last_paragraph_leaves_the_end_of_the_text() -> None:
    text = "Rain fell all night. Free to use.\n"
    cuts = make_cuts(text, split(text), [finding((21, 33))])
    assert apply_cuts(text, spans_of(cuts)) == "Rain fell all night.\n"


def test_a_part_of_a_part_makes_no_cut_of_its_own() -> None:
    text = "Rain fell. It was cold. Free to use.\n"
    cuts = make_cuts(text, split(text), [finding((0, 23)), finding((0, 10), "repeat")])
    assert apply_cuts(text, spans_of(cuts)) == "Free to use.\n"
    assert all(cut.start < cut.end for cut in cuts)


def test_a_whole_paragraph_takes_its_parts_with_it() -> None:
    text = "Rain fell. Free to use.\n\nNext.\n"
    cuts = make_cuts(text, split(text), [finding((0, 23)), finding((11, 23), "repeat")])
    assert spans_of(cuts) == [Span(0, 25)]
