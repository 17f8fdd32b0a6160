from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.choices import MODES, Mode
from dedup.text import normal
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LINE_ENDS = ("\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
WRAPS = (60, 72, 80)

modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)
pieces = st.sampled_from(
    [*LINE_ENDS, " ", "\t", "\xa0", "\u3000", "\u200b", "a", "Bee", "漢", "สวัสดี", ".", "—", "\ud800", "\x00"]
)
messy = st.lists(pieces, max_size=60).map("".join) | st.text(st.characters()) | st.text()
plain_words = st.lists(st.text("abcdefghij", min_size=1, max_size=9), min_size=1, max_size=60).map(" ".join)


def split_text(text: str, mode: Mode = "auto") -> list[str]:
    return [text[start:end] for start, end in split(text, mode)]


def words_by_paragraph(text: str) -> list[list[str]]:
    return [normal.words(piece) for piece in split_text(text)]


def wrapped(paragraphs: Sequence[str], width: int, line_end: str = "\n", indent: str = "") -> str:
    blocks = [textwrap.wrap(p, width, break_long_words=False, break_on_hyphens=False, initial_indent=indent) for p in paragraphs]
    return (2 * line_end).join(line_end.join(lines) for lines in blocks) + line_end


@given(messy, modes)
@example("", "auto")
@example(" \n\t\r\n\xa0", "auto")
def test_paragraphs_and_gaps_join_to_the_text(text: str, mode: Mode) -> None:
    spans = split(text, mode)
    edges = [0, *(offset for span in spans for offset in span), len(text)]
    assert edges == sorted(edges)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        assert not text[start:end].strip()  # a gap is white space
    for start, end in spans:
        assert text[start:end].strip()
        assert not text[end - 1].isspace()


@given(messy, modes)
def test_a_paragraph_begins_with_its_line(text: str, mode: Mode) -> None:
    starts = {0} | {at + 1 for at, char in enumerate(text) if char in "".join(LINE_ENDS)}
    assert {start for start, _ in split(text, mode)} <= starts


@given(messy)
def test_no_mode_parts_a_line_or_joins_blocks(text: str) -> None:
    """Paragraphs of `auto` lie between those of `line` and those of `blank`."""
    lines, found, blocks = split(text, "line"), split(text), split(text, "blank")
    for finer, coarser in ((lines, found), (found, blocks)):
        assert all(any(c.start <= f.start and f.end <= c.end for c in coarser) for f in finer)
        assert {c.start for c in coarser} <= {f.start for f in finer}


@given(messy, modes)
def test_description_keeps_spans_and_words(text: str, mode: Mode) -> None:
    spans = split(text, mode)
    described = describe(text, spans)
    assert [(p.start, p.end) for p in described] == spans
    assert [list(p.words) for p in described] == [normal.words(text[start:end]) for start, end in spans]
    assert [word for p in described for word in p.words] == normal.words(text)


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
@pytest.mark.parametrize("mode", MODES)
def test_every_kind_of_line_end_is_one(line_end: str, mode: Mode) -> None:
    assert split_text(f"One{line_end}{line_end}Two three{line_end}", mode) == ["One", "Two three"]


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
def test_modes_differ_in_single_line_ends(line_end: str) -> None:
    text = f"First line,{line_end}second line.{line_end} {line_end}Third.{line_end}"
    assert split_text(text, "line") == ["First line,", "second line.", "Third."]
    assert split_text(text, "blank") == [f"First line,{line_end}second line.", "Third."]


def test_crlf_is_no_blank_line() -> None:
    assert split_text("a\r\nb", "blank") == ["a\r\nb"]


def test_indentation_belongs_to_the_paragraph_and_trailing_space_does_not() -> None:
    assert split_text("   Indented.  \n\n\xa0Hard space.\xa0\n") == ["   Indented.", "\xa0Hard space."]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r\n\r\n", "\x85", "\u2028", "\n\xa0\n\n"], ids=ascii)
def test_a_line_per_paragraph(article: tuple[str, ...], gap: str) -> None:
    assert split_text(gap.join(article) + gap) == list(article)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\x85", "\u2028"], ids=ascii)
@pytest.mark.parametrize("width", WRAPS)
def test_a_wrapped_article_has_the_words_of_the_unwrapped(
    articles: Mapping[str, Sequence[str]], width: int, line_end: str
) -> None:
    for language in ("en", "de", "fr", "ru", "el", "ar", "hi"):
        article = articles[language]
        assert words_by_paragraph(wrapped(article, width, line_end)) == words_by_paragraph("\n".join(article)), language


@pytest.mark.parametrize("language", ["zh", "ja"])
@pytest.mark.parametrize("width", [24, 36, 40, 60])
def test_a_wrapped_article_without_spaces(articles: Mapping[str, Sequence[str]], language: str, width: int) -> None:
    article = articles[language]
    text = "\n\n".join("\n".join(p[at : at + width] for at in range(0, len(p), width)) for p in article)
    assert words_by_paragraph(text) == words_by_paragraph("\n".join(article))


@given(st.lists(plain_words, min_size=1, max_size=8), st.sampled_from(WRAPS), st.sampled_from(["\n", "\r\n", "\x85"]))
def test_any_wrapped_document_has_the_words_of_the_unwrapped(paragraphs: list[str], width: int, line_end: str) -> None:
    assert words_by_paragraph(wrapped(paragraphs, width, line_end)) == [normal.words(p) for p in paragraphs]


@pytest.mark.parametrize("width", WRAPS)
def test_wrapped_lines_without_blank_ones_end_where_a_line_is_short(english: tuple[str, ...], width: int) -> None:
    """Where the last line of a paragraph is clearly short, the next line begins another."""
    long = f"{' '.join(english[1:3])} {' '.join(english[3:5])}"
    first, second = (textwrap.wrap(long + more, width, break_on_hyphens=False) for more in ("", " It had to."))
    text = "\n".join([*first[:-1], "So it was.", *second[:-1], "So it is."])
    assert words_by_paragraph(text) == [
        normal.words(" ".join([*x[:-1], y])) for x, y in ((first, "So it was."), (second, "So it is."))
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_headline_over_a_short_text(article: tuple[str, ...], count: int) -> None:
    text = "\n".join(article[: 1 + count])
    assert split_text(text) == list(article[: 1 + count])


def test_a_paragraph_over_a_closing_line(english: tuple[str, ...]) -> None:
    sentence = "The ferry will run again from the first week of spring, the harbour board decided on Tuesday."
    assert split_text(f"{sentence}\nAll rights reserved") == [sentence, "All rights reserved"]
    assert split_text(f"{sentence}\n{english[2]}") == [sentence, english[2]]


@pytest.mark.parametrize(
    "titles",
    [
        [
            "Harbour wall to be raised before the winter",
            "Old bakery burns down in Aldis at midnight",
            "Pupils plant four hundred trees by the sea",
            "Islanders wait two years for a new ferry",
            "The board will not pay for a larger bridge",
        ],
        [
            "Hafenmauer soll vor dem Winter wachsen",
            "Alte Bäckerei brennt um Mitternacht ab",
            "Schüler pflanzen vierhundert neue Bäume",
            "Insel wartet zwei Jahre auf ein Schiff",
            "Rat will keine größere Brücke bezahlen",
        ],
    ],
    ids=["en", "de"],
)
def test_titles_of_one_length_are_no_wrapped_text(titles: list[str]) -> None:
    assert split_text("\n".join(titles)) == titles


def test_lines_around_one_that_is_longer(english: tuple[str, ...]) -> None:
    """Nobody wraps all lines but one."""
    menu = [f"the {word} of the harbour and what is said of it" for word in ("boats", "wharf", "board", "tides")]
    assert split_text("\n".join([*menu, english[2]])) == [*menu, english[2]]


def test_page_text_with_a_line_an_html_block(english: tuple[str, ...]) -> None:
    menu = ["Home", "News", "Sport", "Weather", "Contact us", "Log in"]
    page = [
        *menu,
        *english,
        "Share",
        "Read next",
        "Harbour wall to be raised",
        "Bakery burns down in Aldis",
        "All rights reserved",
    ]
    assert split_text("\n".join(page)) == page


VERSE = """The lamp is out, the boats are in,
The wind has dropped to sleep,
And under every copper fin
A herring dreams the deep.

O carry me down to the water's edge,
O carry me down once more,
Where rushes rattle along the hedge
And foam forgets the shore.
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\u2028"], ids=ascii)
def test_lines_of_verse_stay_apart(line_end: str) -> None:
    lines = [line for line in VERSE.split("\n") if line]
    assert split_text(VERSE.replace("\n", line_end)) == lines


def test_good_paragraphs_are_sentences_of_some_length(article: tuple[str, ...]) -> None:
    text = "\n".join((*article, "Yes.", "Related"))
    *_, answer, heading = described = describe(text, split(text))
    assert all(p.good for p in described[1:-2])
    assert not answer.good
    assert not heading.good


def test_nothing_gives_nothing() -> None:
    assert split("") == []
    assert split(" \n \n") == []
    assert describe("", []) == []


def dump(page: Sequence[str], menu: Sequence[str], width: int, item: str) -> str:
    """A page as a text browser writes it: entries of menus a line each, wrapped blocks, buttons right below them."""
    entries = "\n".join(f"{item}{entry}" for entry in menu)
    return f"{entries}\n\n{wrapped(page, width, indent='   ')}\nShare\nPrint this page\n\n{entries}\n"


@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "el", "ar", "hi"])
@pytest.mark.parametrize("item", ["", "  * ", "• ", "12. "])
@pytest.mark.parametrize("width", [72, 80, 100])
def test_a_page_with_menus_as_text_browsers_write_it(
    articles: Mapping[str, Sequence[str]], language: str, item: str, width: int
) -> None:
    menu = ["Home", "News of the day", "All about boats and the people on them", "Contact us"] * 15
    article = [*articles[language], *articles[language]]
    expected = [*(normal.words(item + entry) for entry in menu), *map(normal.words, article)]
    expected += [["share"], ["print", "this", "page"], *(normal.words(item + entry) for entry in menu)]
    assert words_by_paragraph(dump(article, menu, width, item)) == expected


@pytest.mark.parametrize("beyond", [1, 12])
def test_lines_that_reach_beyond_others_are_not_wrapped(english: tuple[str, ...], beyond: int) -> None:
    lines = [line for paragraph in english * 2 for line in textwrap.wrap(paragraph, 60, break_on_hyphens=False)]
    long = ["and here is a line that goes on for longer than all the others of this text do, and has no stop"] * beyond
    menu = ["Home", "News", "Sport"] * 60
    assert (len(split_text("\n".join([*menu, *lines, *long]))) == len(menu) + len(lines) + beyond) == (beyond > 1)


def test_a_line_that_begins_with_a_date_is_no_item_of_a_list(english: tuple[str, ...]) -> None:
    lines = textwrap.wrap(" ".join(english), 70, break_on_hyphens=False)
    number = next(i for i in range(3, len(lines)) if lines[i][0].islower())
    lines[number] = f"3. {lines[number]}"
    page = ["Home", "News", "Sport"] * 30
    assert len(split_text("\n".join([*page, "", *lines]))) == len(page) + 1
    assert (
        len(split_text("\n".join([*page, "", *lines, "", "1. One thing that is said of boats", "2. Another"]))) == len(page) + 3
    )


def test_titles_cut_to_one_length_above_a_chinese_article_are_not_wrapped(articles: Mapping[str, Sequence[str]]) -> None:
    article = [p * 3 for p in articles["zh"][1:3]]
    titles = [("".join(articles["zh"])[at:] + "文")[:22] for at in range(80)]
    titles = [title for title in titles if not title.endswith(("。", "，"))]
    assert split_text("\n".join([*titles, *article])) == [*titles, *article]
