from __future__ import annotations

import pytest

from dedup.boilerplate import phrases
from dedup.boilerplate.persons import is_byline, is_reported, is_saying

OPENERS = phrases.load().rule("byline").words
VERBS = phrases.load().rule("comment.stamp").words


@pytest.mark.parametrize(
    "line",
    [
        "Anna K. says:",
        "old sailor wrote:",
        "Robert aus dem Norden schrieb:",
        "Thea (from the yard) says:",
        "The Hammer said:",
        "Jón de la Vega dijo:",
        "ICH sagt:",
        "أحمد قال:",
        "Анна К. пишет：",
    ],
)
def test_a_name_says_something(line: str) -> None:
    assert is_saying(line, VERBS)


@pytest.mark.parametrize(
    "line",
    [
        "He said:",
        "She writes:",
        "Er sagte:",
        "Она пишет:",
        "The report says:",
        "Der alte Wärter schrieb:",
        "Here is what my brother wrote:",
        "About the ferry, she writes:",
        "A keeper of the old light said:",
        "Anna K. says hello",
        "says:",
        "… says:",
    ],
)
def test_a_sentence_that_leads_to_a_quotation_names_nobody(line: str) -> None:
    assert not is_saying(line, VERBS)


@pytest.mark.parametrize(
    ("line", "stamps"),
    [
        ("6.11.2024", True),
        ("Anna K. 06/11/2024 16:06", True),
        ("2024-11-06T16:06:12.000+01:00", True),
        ("Pages: 1 2 3 4 5 6 7 8 9 10", False),
        ("5 10 15 20 25 30 35 40 45 50", False),
    ],
)
def test_numbers_in_a_row_are_a_date_as_long_as_a_date_has_so_many(line: str, stamps: bool) -> None:
    assert phrases.load().is_stamp(phrases.phrase_words(line)) is stamps


@pytest.mark.parametrize("line", ["Του Νίκου Ρήγα", "της Βάσως Ρήγα", "Των Άννας Ρήγα, Νίκου Ρήγα", "Συντάκτης: Άννα Ρήγα"])
def test_greek_bylines_have_their_names_in_the_genitive(line: str) -> None:
    assert is_byline(line, OPENERS)


@pytest.mark.parametrize("line", ["Της θάλασσας το μεγάλο ψάρι", "Των Αγίων Πάντων γιορτάζει το νησί"])
def test_a_genitive_with_small_letters_is_no_greek_byline(line: str) -> None:
    assert not is_byline(line, OPENERS)


@pytest.mark.parametrize(
    "line",
    [
        "海潮新闻记者 顾一鸣",
        "记者：李明",
        "（记者 李明）",
        "灯塔日报见习记者 李明、王芳",
        "本报记者 李明 通讯员 王芳",
        "島報記者 王明",
    ],
)
def test_a_reporter_and_names_are_a_byline(line: str) -> None:
    assert is_reported(line)


@pytest.mark.parametrize(
    "line",
    [
        "两名新闻记者遇难",
        "记者昨天从气象局获悉",
        "记者：听说您有退休金？",
        "他当了三十年记者 至今没有后悔过",
        "记者",
        "记者 ",
        "",
        "记者 Li Ming",
    ],
)
def test_what_reporters_do_and_ask_is_none(line: str) -> None:
    assert not is_reported(line)
