from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.repeats import find_repeats
from dedup.settings import RepeatSettings
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.choices import Mode
    from dedup.model import Finding

ATTRIBUTIONS = {
    "en": ", the state news agency reported",
    "de": ", wie die Agentur am Sonntag meldete",
    "fr": ", a rapporté l'agence samedi",
    "ru": ", сообщило агентство в субботу",
    "el": ", μετέδωσε το πρακτορείο",
    "ar": "، بحسب ما أفادت الوكالة",
    "hi": ", समाचार एजेंसी ने बताया",
    "zh": "，据新华社报道",
    "ja": "と通信社が伝えた",
}


def findings_in(text: str, mode: Mode = "auto") -> list[Finding]:
    return find_repeats("d", text, describe(text, split(text, mode)), RepeatSettings())


def repeats(lines: Sequence[str], mode: Mode = "auto") -> dict[int, int]:
    """Which line (by number) goes for which."""
    text = "\n\n".join(lines)
    at = 0
    starts: dict[int, int] = {}
    for number, line in enumerate(lines):
        starts[at] = number
        at += len(line) + 2
    found: dict[int, int] = {}
    for finding in findings_in(text, mode):
        assert finding.kind == "repeat"
        assert finding.partner is not None
        assert finding.partner.document == "d"
        gone, kept = starts[finding.start], starts[finding.partner.start]
        assert finding.end == finding.start + len(lines[gone].rstrip())
        assert finding.partner.end == finding.partner.start + len(lines[kept].rstrip())
        found[gone] = kept
    return found


def shortened(paragraph: str) -> str:
    """The first seven tenths of a sentence, with its stop."""
    words = paragraph.split()
    stop = paragraph[-1] if paragraph[-1] in ".。।" else ""
    if len(words) > 10:
        return " ".join(words[: len(words) * 7 // 10]).rstrip(",") + stop
    return paragraph[: len(paragraph) * 7 // 10] + stop


def lengthened(paragraph: str, attribution: str) -> str:
    return paragraph[:-1] + attribution + paragraph[-1]


# What goes


def test_an_article_without_repeats(article: tuple[str, ...]) -> None:
    assert repeats(article) == {}


def test_the_lead_that_comes_again_at_the_end(article: tuple[str, ...]) -> None:
    assert repeats((*article, article[1])) == {len(article): 1}


def test_folded_differences_are_none(english: tuple[str, ...]) -> None:
    again = english[1].upper().replace(" ", "\xa0 ").replace(",", " –")
    assert repeats((*english, again)) == {6: 1}


def test_a_lead_that_differs_in_a_word(english: tuple[str, ...]) -> None:
    lead = english[1]
    assert repeats((*english, lead.replace("fishermen", "sailors"))) == {6: 1}
    assert repeats((*english, lead.replace("The ferry", "A ferry"))) == {6: 1}


def test_a_lead_that_comes_again_shortened(article: tuple[str, ...]) -> None:
    assert repeats((*article, shortened(article[1]))) == {len(article): 1}


@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_a_lead_that_comes_again_lengthened(articles: Mapping[str, Sequence[str]], language: str) -> None:
    article = articles[language]
    assert repeats((*article, lengthened(article[1], ATTRIBUTIONS[language]))) == {len(article): 1}


@pytest.mark.parametrize(("size", "added"), [(42, 12), (14, 6)], ids=["a share of the lead", "words of any lead"])
def test_how_much_may_be_added_to_what_comes_again(size: int, added: int) -> None:
    """Three tenths of the lead's shingles of three words, or six words."""
    names = [f"{a}{b}{c}" for a in ("ba", "de", "fi", "go") for b in "rnls" for c in ("an", "el", "or", "in")]
    lead, body = " ".join(names[:size]), " ".join(reversed(names))
    for words, goes in ((added, {3: 1}), (added + 1, {})):
        longer = " ".join([lead, *(f"{name}um" for name in names[:words])])
        assert repeats(["A headline of the town", f"{lead}.", f"{body}.", f"{longer}."]) == goes


def test_the_later_is_kept_when_it_is_longer_and_stands_in_the_body(article: tuple[str, ...]) -> None:
    headline, *body = article
    assert repeats((headline, shortened(body[0]), *body)) == {1: 2}


def test_the_first_is_kept_when_the_longer_one_closes_the_text(article: tuple[str, ...]) -> None:
    """Two thirds more words of its own are no lengthening: both are kept."""
    headline, lead, *body = article
    ending = f"{lead} {body[-1]}"
    assert repeats((headline, lead, *body[:-1], ending)).keys() <= {1}


def test_doubled_titles(article: tuple[str, ...]) -> None:
    headline, *body = article
    assert repeats((headline, headline, *body)) == {1: 0}


@pytest.mark.parametrize("times", [2, 3, 5])
def test_a_body_pasted_again(article: tuple[str, ...], times: int) -> None:
    assert repeats(article * times) == {i: i % len(article) for i in range(len(article), times * len(article))}


@pytest.mark.parametrize("times", [2, 5])
@pytest.mark.parametrize("short", ["Yes.", "* * *", "What next?"])
def test_a_body_pasted_again_goes_with_its_short_lines(english: tuple[str, ...], times: int, short: str) -> None:
    body = (english[0], english[1], short, english[2], english[3], short, english[4])
    assert repeats(body * times).keys() == set(range(len(body), times * len(body)))


def test_a_body_pasted_again_without_its_headline(article: tuple[str, ...]) -> None:
    body = article[1:]
    assert repeats((*article, *body, *body)).keys() == set(range(len(article), len(article) + 2 * len(body)))


def test_a_hard_wrapped_body_pasted_again(english: tuple[str, ...]) -> None:
    lead, other = english[1], english[2]
    half = lead[:60].rsplit(" ", 1)[0]
    text = f"{lead}\n\n{other}\n\n{half}\n{lead[len(half) + 1 :]}\n"
    (finding,) = findings_in(text, "blank")
    assert text[finding.start : finding.end].replace("\n", " ") == lead


def test_the_partner_stays_when_a_lead_goes_for_a_longer_one(english: tuple[str, ...]) -> None:
    """The partner is the span that is kept, though the first of three goes itself."""
    headline, lead, *body = english
    found = repeats((headline, shortened(lead), body[0], shortened(lead), lead, *body[1:]))
    assert found.keys() == {1, 3}
    assert not set(found.values()) & found.keys()


# What is spared


def spared(*lines: str, mode: Mode = "auto") -> bool:
    return not findings_in("\n".join(lines), mode) and not findings_in("\n\n".join(lines), mode)


@pytest.mark.parametrize(
    "short", ["Yes.", "* * *", "“No,” she said.", "He shrugged.", "—", "Да.", "是的。", "はい。", "Advertisement"]
)
def test_short_lines_may_come_again(article: tuple[str, ...], short: str) -> None:
    headline, *body = article
    assert spared(headline, short, body[0], short, body[1], body[2], short, *body[3:])


REFRAIN = [
    "O carry me down to the harbour light,",
    "O carry me down once more,",
    "For the boats are in and the moon is bright,",
    "And the foam forgets the shore.",
]
VERSES = [
    [
        "The lamp is out, the boats are in,",
        "The wind has dropped to sleep,",
        "And under every copper fin",
        "A herring dreams the deep.",
    ],
    [
        "The baker's girl has shut her door,",
        "The dog has found his bed,",
        "And no one counts the nets ashore",
        "Or what the captain said.",
    ],
    [
        "The bell has rung for those who sail,",
        "The rope is coiled and dry,",
        "And far away a single whale",
        "Is writing on the sky.",
    ],
]


@pytest.mark.parametrize("mode", ["auto", "line", "blank"])
def test_refrains_are_spared(mode: Mode) -> None:
    song = "\n\n".join("\n".join(stanza) for verse in VERSES for stanza in (verse, REFRAIN))
    assert findings_in(f"Song of the harbour\n\n{song}\n", mode) == []


@pytest.mark.parametrize("mode", ["auto", "line", "blank"])
def test_refrains_with_long_lines_and_stops_are_spared(mode: Mode) -> None:
    refrain = ["The river runs on and the river runs home to the sea.", "And nobody asks it, and nobody asks after me."]
    song = "\n\n".join("\n".join(stanza) for verse in VERSES for stanza in (verse, refrain))
    assert findings_in(f"Song of the river\n\n{song}\n", mode) == []


@pytest.mark.parametrize(
    "question",
    [
        "What would you tell those who want to go to sea for the first time in their lives?",
        "Что бы вы сказали тем, кто впервые в жизни хочет выйти в море на таком корабле?",
        "Τι θα λέγατε σε όσους θέλουν να βγουν στη θάλασσα για πρώτη φορά στη ζωή τους;",
        "ماذا تقول لمن يريد أن يخرج إلى البحر للمرة الأولى في حياته على هذه السفينة؟",
    ],
)
def test_a_question_that_several_people_answer_is_spared(english: tuple[str, ...], question: str) -> None:
    lines = [line for answer in english[1:4] for line in (question, answer)]
    assert repeats([english[0], *lines]) == {}
    assert repeats([english[0], question, *english[1:4], question]) == {5: 1}


def test_a_song_in_which_a_line_is_doubled() -> None:
    song = [line for verse in VERSES for line in (*verse, "Row on, my brother, row on,", "Row on, my brother, row on,")]
    assert findings_in("\n".join(song)) == []


def test_a_refrain_quoted_in_an_article_is_spared(english: tuple[str, ...]) -> None:
    lines = [*english[:3], *REFRAIN, *VERSES[0], *REFRAIN, *VERSES[1], *REFRAIN, *english[3:]]
    assert findings_in("\n".join(lines)) == []


@pytest.mark.parametrize(
    "speech",
    [
        "“I have told you all that I know about it.”",
        '"I have told you all that I know about it," he said.',
        "— I have told you all that I know about it.",
        "- I have told you all that I know about it.",
        "„Ich habe Ihnen doch schon alles gesagt, was ich weiß.“",
        "« Je vous ai déjà dit tout ce que je sais de lui. »",
        "— Я уже рассказал вам всё, что я об этом знаю.",
        "「私が知っていることはもう全部話しました。」",
    ],
)
def test_dialogue_is_spared(english: tuple[str, ...], speech: str) -> None:
    assert spared(english[1], speech, english[2], speech, "“Then tell me again.”", speech, english[3])


@pytest.mark.parametrize(
    "row",
    [
        "Northfield\tplayed 12\twon 7\tdrawn 3\tlost 2\tgoals 20\tagainst 11\tpoints 24",
        "| Northfield | played | twelve | won | seven | drawn | three | lost | two |",
        "Northfield | not yet played | not yet played | not yet played | no points at all",
        "Northfield    not yet played    not yet played    not yet played    no points",
        "- two spoons of flour, sifted with a pinch of salt and of baking powder.",
        "• two spoons of flour, sifted with a pinch of salt and of baking powder.",
        "* two spoons of flour, sifted with a pinch of salt and of baking powder.",
        "3. Leave the dough to rest under a clean cloth for as long as it takes.",
        "3) Leave the dough to rest under a clean cloth for as long as it takes.",
    ],
)
def test_rows_of_tables_and_lists_are_spared(english: tuple[str, ...], row: str) -> None:
    assert spared(english[1], row, "Eastham", row, english[2], row, english[3])


@pytest.mark.parametrize(
    "sentence",
    [
        "In the north the morning will be cloudy with light winds from the sea, and it will reach {} degrees by the afternoon.",
        "Im Norden bleibt es am Vormittag bewölkt, es weht ein schwacher Wind vom Meer, und es wird bis zu {} Grad warm.",
        "В северных районах утром облачно, ветер слабый с моря, днём воздух прогреется до {} градусов тепла по всему побережью.",
        "北部地区上午多云，有微弱的海风，下午最高气温将上升到{}度，夜间沿海一带有雾，请注意行车安全。",
    ],
    ids=["en", "de", "ru", "zh"],
)
def test_equal_sentences_with_other_numbers_are_spared(sentence: str) -> None:
    assert spared("Weather for the week", *(sentence.format(degrees) for degrees in (12, 14, 9, 17)))


def test_results_with_other_numbers_are_spared() -> None:
    result = (
        "Northfield United and the visitors from Eastham Rovers parted {} after a lively match in front of a full house on {}."
    )
    assert spared("Results", result.format("3-1", "Saturday"), result.format("2-2", "Sunday"), result.format("0-4", "Monday"))


def test_results_with_numbers_exchanged_are_spared() -> None:
    result = "Northfield United and the visitors from Eastham parted {} after a lively match before a full house at the harbour"
    result += ", on the last and warmest evening that the month of May had to offer to the people of the coast."
    assert spared("Results", result.format("3-1"), result.format("1-3"))


@pytest.mark.parametrize(
    "names",
    [("harbour_count", "tide_list", "pier_owner"), ("Aldis", "Marlow", "Ravensby"), ("gRPC", "gHTTP", "gFTP")],
)
def test_equal_sentences_on_other_things_are_spared(names: Sequence[str]) -> None:
    within = "The argument {} is built into the language of the tables and controls how the program makes the rows that it has."
    begins = "{} is an argument that is built into the language and controls how the program makes the rows of all the tables."
    for sentence in (within, begins):
        assert spared("Arguments", *(sentence.format(name) for name in names))


def test_a_lead_with_a_name_more_or_with_other_words_is_a_repeat() -> None:
    lead = "The ferry between the harbour and the island will run again from the first week of spring, the board said on Monday."
    other = "Shopkeepers on the island welcomed the news, for they have lost a third of their guests since the old ferry burned."
    assert repeats([lead, other, lead.replace("the board", "the Aldis board")]) == {2: 0}
    assert repeats([lead, other, lead.replace("island", "isle")]) == {2: 0}


def test_a_long_paragraph_with_another_name_is_a_repeat() -> None:
    sentence = "The ferry between {} and the island will run again from the first week of {}, the harbour board said at noon."
    long = " ".join(sentence.format("the harbour", month) for month in ("spring", "summer", "autumn", "winter"))
    other = "Shopkeepers on the island welcomed the news, for they have lost a third of their guests since the old ferry burned."
    assert repeats([long, other, long.replace("the harbour and", "Aldis and", 1)]) == {2: 0}


def test_numbers_of_other_digits_count_too() -> None:
    sentence = "في شمال البلاد يكون الجو غائما في الصباح مع رياح خفيفة من جهة البحر وتصل درجة الحرارة بعد الظهر إلى {} درجة."
    assert spared(*(sentence.format(degrees) for degrees in ("١٢", "١٤", "٩")))


def test_articles_on_one_matter_are_no_repeats(articles: Mapping[str, Sequence[str]]) -> None:
    assert repeats([line for article in articles.values() for line in article]) == {}


# Always

lines_of_any_kind = st.sampled_from(
    [
        "A headline of the day",
        "Yes.",
        "* * *",
        "The ferry will run again from the first week of spring, the harbour board decided on Tuesday.",
        "The ferry will run again from the first week of spring, the harbour board decided.",
        "The ferry will run again from the first week of spring, the harbour board decided on Tuesday, the agency reported.",
        "The ferry will run again from the second week of spring, the harbour board decided on Tuesday.",
        "Critics doubt that the sum set aside for repairs will last longer than three winters in a row.",
        "Critics doubt that the sum set aside for repairs will last longer than 4 winters in a row.",
        "Critics doubt that the sum set aside for repairs will last longer than 5 winters in a row.",
        "- a row of a list that has more than a few words in it, all told.",
        "“I do not know it, and nobody has told me.”",
    ]
)


@given(st.lists(lines_of_any_kind, max_size=14))
def test_findings_are_in_order_and_their_partners_stay(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    spans = set(split(text))
    found = findings_in(text)
    starts = [finding.start for finding in found]
    assert starts == sorted(set(starts))
    for finding in found:
        assert (finding.start, finding.end) in spans
        assert finding.partner is not None
        assert (finding.partner.start, finding.partner.end) in spans
        assert finding.partner.start not in starts
        assert 0 < finding.score <= 1
        assert finding.rule.startswith("repeat.")


@given(st.lists(lines_of_any_kind, max_size=14))
def test_no_kind_of_paragraph_vanishes(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    gone = {finding.start for finding in findings_in(text)}
    kept = [text[a:b] for a, b in split(text) if a not in gone]
    for opening in ("The ferry", "Critics", "Yes.", "* * *", "- a row", "“I do", "A headline"):
        assert any(line.startswith(opening) for line in lines) == any(line.startswith(opening) for line in kept)


def test_a_headline_is_kept_whatever_repeats_it(english: tuple[str, ...]) -> None:
    headline, lead, *body = english
    text = "\n\n".join((headline, headline, lead, *body))
    second = len(headline) + 2
    (finding,) = find_repeats("d", text, describe(text, split(text)), RepeatSettings(), second)
    assert finding.start == 0
    assert finding.partner is not None
    assert finding.partner.start == second
    text = "\n\n".join((shortened(lead), lead, *body))
    assert len(findings_in(text)) == 1
    assert find_repeats("d", text, describe(text, split(text)), RepeatSettings(), 0) == []


def test_what_differs_too_much_from_what_is_kept_in_the_end_stays(english: tuple[str, ...]) -> None:
    """A lead in two lengths before the longest: either goes for it, or is told to stay."""
    headline, lead, *body = english
    lines = (headline, shortened(shortened(lead)), shortened(lead), lead, *body)
    found = repeats(lines)
    assert set(found.values()).isdisjoint(found)


def test_nothing_gives_nothing() -> None:
    assert findings_in("") == []
    assert findings_in("One paragraph only, which is long enough to be compared with others, were there any.") == []


@pytest.mark.parametrize("gap", ["\n\x0c\n", "\n\x0b", "\n\u2028", "\n\x85\n"])
def test_a_stanza_with_a_line_of_nothing_but_another_line_end(gap: str) -> None:
    stanza = f"The tide went out and never{gap}came back to where we waited,\nso we walked home along\nthe empty shore."
    assert findings_in(f"{stanza}\n\nThe board met.\n\n{stanza}", "blank") == []


def test_headings_that_a_table_of_contents_names_stay(english: tuple[str, ...]) -> None:
    headings = [
        "How the harbour wall of the old town was built",
        "Who has to pay when the wall breaks again",
        "What the engineers want to do before the winter comes",
    ]
    chapters = [line for heading, text in zip(headings, english[1:], strict=False) for line in (heading, text)]
    assert repeats([*headings, *chapters]) == {}
    assert repeats([headings[0], english[4], *chapters]) == {2: 0}
