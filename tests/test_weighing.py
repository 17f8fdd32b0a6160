from __future__ import annotations

from dataclasses import replace

import pytest
from lighthouse import BODY, CAPTION, COMMENT, HEADLINE, NOTICE, TEASER, made

from dedup.boilerplate.weighing import Weighed, is_own, kind, weigh

ARTICLE = 60  # words
STAMP = "Anna, 13 May 2024, 10:15"  # known as a comment's by its phrase
DATE = "12 May 2024"


def weighed(*lines: str) -> Weighed:
    text, page = made(lines)
    return weigh(text, page, ARTICLE)


def values(*lines: str) -> list[float]:
    return weighed(*lines).values


def words(line: str) -> int:
    return len(line.split())


def test_nothing_weighs_nothing() -> None:
    assert weighed() == ([], [], [], set(), {}, [])


def test_running_text_counts_its_words_up_to_a_cap() -> None:
    long = " ".join(BODY)
    assert words(long) > 60
    assert values(BODY[0], long) == [words(BODY[0]), 60]


def test_of_lines_in_a_row_the_first_three_count_against() -> None:
    lines = ["Oars", "Ropes", "Sails", "Nets", "Masts"]
    assert values(*lines, BODY[0], *lines) == [-6, -6, -6, -0.1, -0.1, words(BODY[0]), -6, -6, -6, -0.1, -0.1]
    assert values("Oars", "***", "Ropes") == [-6, 0, -6]
    assert values(*lines[:3], "Home", "Nets") == [-6, -6, -6, -75, -0.1]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Home", -75),
        ("Legal notice", -150),
        ("Newsletter", -150),
        ("Share", -30),
        ("Related", -18),
        ("Reply", -150),
        ("Advertisement", -12),
        ("Read also: a ferry", -3),
    ],
)
def test_furniture_counts_against_by_its_kind(line: str, value: float) -> None:
    assert values(*BODY, line) == [*map(words, BODY), value]


def test_a_box_amid_the_text_counts_as_a_link() -> None:
    text, page = made([*BODY, "Related", HEADLINE, *BODY])
    rules = [*page.rules]
    rules[len(BODY) + 1] = "section.related"
    boxed = replace(page, rules=rules, cut=[rule is not None for rule in rules])
    assert weigh(text, boxed, ARTICLE).values[len(BODY) : len(BODY) + 2] == [-3, -3]


def test_stamps_below_an_article_are_those_of_comments() -> None:
    found = weighed(STAMP, *BODY, STAMP, COMMENT, STAMP, COMMENT)
    assert [found.values[i] for i in (0, 5, 7)] == [-6, -150, -150]
    assert found.comments == [5, 7]


def test_a_stamp_without_text_below_it_is_a_line() -> None:
    assert values(*BODY, STAMP, "Oars", "Ropes", "Sails", COMMENT)[4] == -6
    assert values(*BODY, STAMP, "Oars", "Ropes", COMMENT)[4] == -150


def test_a_stamp_that_a_phrase_knows_needs_no_date() -> None:
    text, page = made([*BODY, "Anna says", COMMENT])
    known = replace(page, rules=[*page.rules[:4], "comment.stamp", None])
    assert weigh(text, known, ARTICLE).values[4] == -150


def test_one_date_is_as_well_the_article_s() -> None:
    found = weighed(*BODY, DATE, *BODY)
    assert (found.values[4], found.comments) == (-40, [])
    found = weighed(*BODY, DATE, COMMENT, DATE, COMMENT)
    assert ([found.values[i] for i in (4, 6)], found.comments) == ([-150, -150], [4, 6])


@pytest.mark.parametrize("line", ["Oak, 2024 model: $1,480", "Ada Berg (@ada) 12 May 2024", "Regatta of 12 May"])
def test_prices_signatures_and_days_without_a_year_are_no_stamps(line: str) -> None:
    text, page = made([*BODY, line, COMMENT, line, COMMENT])
    stamped = replace(page, stamps=[text[p.start : p.end] == line for p in page.paragraphs])
    found = weigh(text, stamped, ARTICLE)
    assert ([found.values[i] for i in (4, 6)], found.comments) == ([-6, -6], [])


def test_a_by_line_or_date_below_an_article_may_begin_another_text() -> None:
    assert values("By Ada Berg", *BODY, "By Ada Berg", "Oars")[::5] == [-6, -18]
    assert values(*BODY, DATE, "Oars", "Ropes", "Sails")[4] == -18
    text, page = made([*BODY, "12 May"])
    assert weigh(text, replace(page, rules=[*page.rules[:4], "page.date"]), ARTICLE).values[4] == -6  # or a table's number


def test_text_right_below_a_heading_of_teasers_is_a_teaser_above_an_article() -> None:
    assert values("Related", TEASER, NOTICE, "Oars", BODY[0]) == [-18, -6, -6, -6, words(BODY[0])]
    assert values(*BODY, "Related", TEASER)[5] == words(TEASER)


def test_titles_glued_to_their_teasers_are_teasers_wherever_they_stand() -> None:
    glued = (
        "Ferry Still Lies in the YardThe ferry that should have sailed in spring still lies in the yard, and nobody can tell why."
    )
    assert values(*BODY, glued, glued)[4:] == [-6, -6]
    assert values(*BODY, glued, "Oars")[4] > 0  # one alone may have a name in it


def test_a_table_of_contents_counts_nothing() -> None:
    parts = ["The tower and its lamp", "The men who paid for it", "The nights without light"]
    found = weighed(*parts, *(line for part, body in zip(parts, BODY, strict=False) for line in (part, body)))
    assert found.table == {0: 3, 1: 5, 2: 7}
    assert found.values[:4] == [0, 0, 0, -6]


def test_notes_on_the_writer_count_against_below_an_article() -> None:
    note = (
        "Ada Berg has written for this paper since 2012, mostly on ferries and lights, and lives with two cats in the old town."
    )
    found = weighed(HEADLINE, "By Ada Berg", *BODY, "Ada Berg", note)
    assert (found.values[-1], found.notes) == (-40, {6, 7})
    found = weighed(HEADLINE, "By Ada Berg", note, *BODY)
    assert (found.values[2], found.notes) == (words(note), set())


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        (BODY[0], True),
        (BODY[0][:-1], False),  # no stop
        (f"{BODY[0][:-1]} :-)", True),
        (f"{BODY[0]} Ropes and oars and sails and nets lay dry", True),  # 28 words with a stop within
        ("Nobody came. The light burned all the same, as it had in the years before the war", False),  # 17
        ("Oars " * 30 + "lay there. " + "Ropes " * 28, True),
        ("Oars " * 30 + "lay there. " + "Ropes " * 29, False),  # more than 60 words a stop
        (f"{TEASER[:-1]} …", False),
        ("The light burns.", False),
        (CAPTION, False),
        ("Home", False),
    ],
)
def test_what_running_text_is(line: str, runs: bool) -> None:
    assert weighed(line).running == [runs]


@pytest.mark.parametrize(("rule", "cut"), [("media.caption", False), ("site.frequency", True)])
def test_a_sentence_that_a_rule_takes_or_that_is_a_caption_is_no_running_text(rule: str, cut: bool) -> None:
    text, page = made([BODY[0]])
    assert weigh(text, replace(page, rules=[rule], cut=[cut]), ARTICLE).running == [False]


def test_a_long_paragraph_that_is_cut_off_goes_on_with_the_text_above_it() -> None:
    cut_off = f"{BODY[0]} {BODY[1][:-1]} …"
    assert weighed(*BODY, cut_off).running[-1]
    assert not weighed(*BODY, "Oars", cut_off).running[-1]
    assert not weighed(*BODY, f"{BODY[0][:-1]} …").running[-1]


def test_a_line_is_the_text_s_own_where_nothing_knows_it() -> None:
    lines = ["Oars", "Home", "By Ada Berg", "Anna, 2024", "They met again at 12:05 in 2024."]
    text, page = made(lines)
    assert [is_own(text, page, i) for i in range(len(lines))] == [True, False, False, False, False]
    days = replace(page, stamps=[True] * len(lines))
    assert not is_own(text, days, 0)
    text, page = made(["They met again on Monday."])
    assert is_own(text, replace(page, stamps=[True]), 0)


def test_the_kind_of_a_rule_is_the_first_part_of_its_name() -> None:
    assert [kind(rule) for rule in ("heading.related", "legal", None)] == ["heading", "legal", ""]
