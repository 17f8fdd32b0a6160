from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedup.boilerplate.learning import Learner
from dedup.boilerplate.shared_content import of_text
from dedup.engines.describing import describe
from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings
from dedup.text.paragraphs import describe as described
from dedup.text.paragraphs import split

if TYPE_CHECKING:
    from collections.abc import Sequence

MENU = ["The Harbour Gazette", "Tides and winds", "Boats for hire", "Harbour cam"]
FOOT = ["Office hours by the quay", "Fish of the day, every day", "Made in Aldis by gulls"]
TOWNS = ["Aldis", "Bredow", "Corvey", "Denholm", "Elm Cross", "Farrow"]
SIGNS = ["Ram", "Bull", "Twins", "Crab", "Lion", "Maiden"]
PARTS = ["The claim", "The facts", "What the court found"]


def word(*numbers: int) -> str:
    """A word of its own, without digits, which do not tell lines apart."""
    return "w" + "o".join(chr(97 + number) for number in numbers)


def title(page: int) -> str:
    return f"The {word(page)} of {word(page, 1)} and {word(page, 2)}"


def said(page: int, line: int) -> str:
    """A short sentence that no other page has."""
    return f"The {word(page, line, 1)} comes back to {word(page, line, 2)} unasked."


def text(page: int, line: int) -> str:
    """Running text that no other page has."""
    return " ".join(word(page, line, n) for n in range(14)) + "."


def cleaned(pages: Sequence[Sequence[str]], *, titled: bool = False) -> list[list[str]]:
    """What is left of the lines of a site's pages, judged by what they teach; whether the records tell their titles."""
    documents = [Document(f"a/{n}", "\n".join(x), "a", title=title(n) if titled else None) for n, x in enumerate(pages)]
    learner, settings = Learner(CleanSettings().learning), CleanSettings()
    for document in documents:
        learner.add([document], describe([document.text], settings)[0].occurrences())
    profiles = learner.profiles()
    left = []
    for document in documents:
        at, kept = 0, ""
        for cut in judge(document, settings, profiles).cuts:
            kept, at = kept + document.text[at : cut.start], cut.end
        left.append([line for line in (kept + document.text[at:]).split("\n") if line])
    return left


def framed(*lines: str) -> list[str]:
    return [*MENU, *lines, *FOOT]


@pytest.mark.parametrize("labels", [SIGNS, PARTS, [f"What do you know of {town}?" for town in TOWNS]])
@pytest.mark.parametrize("written", [said, text])
def test_labels_between_the_paragraphs_of_a_series_stay(labels: list[str], written: object) -> None:
    assert callable(written)
    pages = [[title(n), *(x for i, label in enumerate(labels) for x in (label, written(n, i)))] for n in range(8)]
    assert cleaned([framed(*page) for page in pages]) == pages


def test_one_line_between_paragraphs_may_be_the_sites() -> None:
    promo = "Our gulls bring it to your window"
    pages = [[title(n), text(n, 0), promo, text(n, 1)] for n in range(8)]
    assert cleaned([framed(*page) for page in pages]) == [[line for line in page if line != promo] for page in pages]


def test_a_table_with_other_numbers_each_week_stays() -> None:
    rows = [[f"{i + 1}. {town} {n + i} {3 * n + 1} {7 * i}" for i, town in enumerate(TOWNS)] for n in range(8)]
    pages = [[title(n), text(n, 0), "The table today", "Club played won points", *rows[n]] for n in range(8)]
    assert cleaned([framed(*page) for page in pages]) == pages


@pytest.mark.parametrize("between", [["Related"], ["Gulls"] * 5])
def test_a_table_that_is_not_the_texts_goes(between: list[str]) -> None:
    rows = [[f"{i + 1}. {town} {n + i} {3 * n + 1} {7 * i}" for i, town in enumerate(TOWNS)] for n in range(8)]
    pages = [[title(n), text(n, 0), text(n, 1), text(n, 2)] for n in range(8)]
    assert cleaned([framed(*page, *between, *row) for page, row in zip(pages, rows, strict=True)]) == pages
    assert cleaned([[*row, *framed(*page)] for page, row in zip(pages, rows, strict=True)]) == pages


def test_an_address_is_no_table() -> None:
    address = ["Quay 4, 31999 Aldis", "Call 05555 12 340", "Fax 05555 12 341"]
    pages = [[title(n), *(text(n, line) for line in range(4))] for n in range(8)]
    assert cleaned([framed(*page, *address) for page in pages]) == pages


def test_where_nothing_is_known_nothing_stands() -> None:
    lines = described("A.\nB.", split("A.\nB.", "line"))
    assert of_text(lines, [None, None], [False, False], None) == set()
    assert of_text([], [], [], None) == set()


@pytest.mark.parametrize("written", [said, text])
def test_the_headline_of_a_short_text_stays_where_other_pages_tease_it(written: object) -> None:
    assert callable(written)
    titles = [title(n) for n in range(9)]
    pages = [[titles[n], *(written(n, i) for i in range(5))] for n in range(9)]
    teased = [[titles[(n + k) % 9] for k in (1, 2, 3, 4)] for n in range(9)]
    assert cleaned([[*MENU, *page, "Most read", *more] for page, more in zip(pages, teased, strict=True)]) == pages


@pytest.mark.parametrize("shown", [1, 2])
def test_the_lead_of_a_text_stays_where_other_pages_tease_it_with_the_headline(shown: int) -> None:
    """They show all of the lead, or its first sentence: none of the two is the site's."""
    leads = [[text(n, i).capitalize() for i in (0, 1)] for n in range(8)]
    pages = [[title(n), " ".join(leads[n]), *(text(n, i) for i in range(2, 5))] for n in range(8)]
    teased = [[x for k in range(1, 8) for x in (title((n + k) % 8), " ".join(leads[(n + k) % 8][:shown]))] for n in range(8)]
    assert cleaned([[*MENU, *page, "Most read", *more] for page, more in zip(pages, teased, strict=True)]) == pages


def test_a_notice_below_a_teased_headline_goes() -> None:
    notice = "Whoever reads this paper agrees that gulls may take from the quay what others leave there."
    pages = [[title(n), *(text(n, i) for i in range(4))] for n in range(8)]
    teased = [[title((n + k) % 8) for k in (1, 2, 3, 4)] for n in range(8)]
    shown = [[page[0], notice, *page[1:], "Most read", *more] for page, more in zip(pages, teased, strict=True)]
    assert cleaned([[*MENU, *page] for page in shown]) == pages


def test_titles_that_are_counted_are_no_rows() -> None:
    slides = [[f"The boats of {town} are back in the harbour again {n + 1} of {n + 5}" for town in TOWNS] for n in range(8)]
    pages = [[title(n), *(text(n, line) for line in range(4))] for n in range(8)]
    assert cleaned([framed(*page, *slide) for page, slide in zip(pages, slides, strict=True)]) == pages


STAPLES = ["Salt and pepper", "2 eggs", "Serves 4", "For the topping"]


def own_lines(page: int, count: int) -> list[str]:
    """Short lines that no other page has."""
    return [f"200 g of {word(page, 40, n)}" for n in range(count)]


def in_a_list(page: int, own: int) -> list[str]:
    return [title(page), text(page, 0), "Ingredients", *own_lines(page, own), *STAPLES, "Method", text(page, 1), text(page, 2)]


def test_what_many_recipes_ask_for_stays() -> None:
    pages = [in_a_list(n, 3) for n in range(8)]
    assert cleaned([framed(*page) for page in pages]) == pages
    below = [[page[0], *page[2:]] for page in pages]
    assert cleaned([framed(*page) for page in below], titled=True) == below  # right under the headline


def test_a_list_of_which_little_is_the_pages_own_goes() -> None:
    pages = [in_a_list(n, 2) for n in range(8)]
    left = [[line for line in page if line not in {"Ingredients", "Method", *STAPLES}] for page in pages]
    assert cleaned([framed(*page) for page in pages]) == left
    offers = [f"{town} by the sea" for town in TOWNS]
    pages = [[title(n), text(n, 0), *own_lines(n, 3), text(n, 1), text(n, 2)] for n in range(8)]
    assert cleaned([framed(*page[:5], *offers, "Out and about", *page[5:]) for page in pages]) == pages


@pytest.mark.parametrize("head", ["Related", "Share this article", "Write to us if you know more about it."])
def test_a_list_that_a_line_of_the_sites_is_among_goes(head: str) -> None:
    pages = [[title(n), text(n, 0), *own_lines(n, 4), text(n, 1), text(n, 2)] for n in range(8)]
    listed = [[*page[:2], head, *STAPLES, *page[2:]] for page in pages]
    assert not any(line in STAPLES for page in cleaned([framed(*page) for page in listed]) for line in page)


def test_a_list_below_the_text_goes() -> None:
    pages = [[title(n), text(n, 0), text(n, 1), *own_lines(n, 4)] for n in range(8)]
    assert cleaned([framed(*page, *STAPLES) for page in pages]) == pages
