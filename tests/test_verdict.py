from __future__ import annotations

import random
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from ferry import BODY, FURNITURE, LEAD, LICENCE, OWN, SITE_LINES, TEASER, TITLES, cleaned, judged, rules
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.boilerplate import phrases
from dedup.boilerplate.profile import Known, Profile
from dedup.engines.rule_names import check_names
from dedup.model import Span
from dedup.reporting.cuts import apply_cuts
from dedup.text import normal
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


pieces = st.sampled_from(
    [
        *BODY,
        *FURNITURE.values(),
        *OWN.values(),
        *TITLES,
        *SITE_LINES,
        TEASER,
        "Ferry to run again",
        "Yes.",
        "* * *",
        "",
        f"{LEAD[:-1]}, the agency reported.",
        f"{LEAD[:74]}.",
        f"{BODY[2]} {LICENCE}",
        f"{LICENCE} {BODY[1]}",
        LICENCE,
        "“I know nothing about it,” said the old captain.",
        "3 hours ago",
        "- two spoons of flour, sifted with a pinch of salt",
        "相关新闻",
        "渡轮明年春天重新开航，镇政府星期三在居民大会上宣布了这一消息，码头此前已经关闭了整整六年。",
        "Комментарии",
        "Паром снова начнёт ходить весной, сообщил во вторник совет гавани после двух лет долгого ожидания на острове.",
    ]
)
gaps = st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", " \n", "\n \xa0\n\n", "\u2028", "\x85", "\n\n\n"])
words = st.sampled_from(LEAD.split())


@st.composite
def messy(draw: st.DrawFn) -> str:
    """Paragraphs, furniture and repeats in any order, with one kind of gap or several, now and then wrapped or made up."""
    made_up = st.lists(words, min_size=1, max_size=40).map(" ".join)
    lines = draw(st.lists(pieces | pieces | pieces | made_up, max_size=16))
    again = draw(st.booleans())
    if lines and again:
        lines = (lines + lines[draw(st.integers(0, len(lines) - 1)) :]) * draw(st.integers(1, 3))
    gap = draw(gaps)
    mixed = draw(st.booleans())
    text = "".join(line + (draw(gaps) if mixed else gap) for line in lines)
    return draw(st.sampled_from(["", "\n", " \n\n"])) + (text.rstrip() if draw(st.booleans()) else text)


def running(number: int, size: int) -> str:
    """The sentence of a number, of so many words."""
    names = [f"{a}{b}{c}" for a in ("ba", "de", "fi", "go", "lu", "mi") for b in "rnls" for c in ("an", "el", "or", "in", "ut")]
    return f"{' '.join(random.Random(number).choices(names, k=size)).capitalize()}."  # noqa: S311 (the same in each run)


@pytest.mark.parametrize(("size", "left"), [(19, True), (20, False)])
def test_a_document_that_would_keep_less_than_a_fifth_of_its_sentences_is_left_alone(size: int, left: bool) -> None:
    stock = [running(number, 20) for number in range(4)]
    profile = Profile("a", 10, {normal.text_key(line): Known(10, 10, ()) for line in stock})
    verdict = judged("\n\n".join([running(9, size), *stock]), {"a": profile})
    assert (verdict.left is not None) == left
    assert verdict.kept_words == (size + 80 if left else size)


@pytest.mark.parametrize(("size", "left"), [(24, True), (25, False)])
def test_a_document_that_keeps_25_words_is_not(size: int, left: bool) -> None:
    stock = [running(number, 40) for number in range(4)]
    profile = Profile("a", 10, {normal.text_key(line): Known(10, 10, ()) for line in stock})
    verdict = judged("\n\n".join([running(9, size), *stock]), {"a": profile})
    assert (verdict.left is not None) == left


# Properties of any document


@settings(max_examples=150, deadline=None)
@given(
    text=messy(),
    learned=st.booleans(),
    keep=st.sampled_from([(), (), ("heading",), ("repeat.exact",), ("site",)]),
    strip=st.sampled_from([(), (), ("byline", "page.date"), ("byline.agency",)]),
    title=st.sampled_from([None, None, TITLES[0], LEAD]),
)
def test_cleaning_the_cleaned_changes_nothing(
    *, profiles: dict[str, Profile], text: str, learned: bool, keep: tuple[str, ...], strip: tuple[str, ...], title: str | None
) -> None:
    known = profiles if learned else {}
    first = judged(text, known, keep=keep, strip=strip, title=title)
    once = apply_cuts(text, [Span(cut.start, cut.end) for cut in first.cuts])
    again = judged(once, known, keep=keep, strip=strip, title=title)
    assert again.cuts == []
    assert again.words == first.kept_words


@settings(max_examples=40, deadline=None)
@given(
    text=messy(),
    learned=st.booleans(),
    keep=st.sampled_from([(), ("repeat",), ("heading",), ("boilerplate.legal", "section.related")]),
)
def test_cuts_fit_the_text(profiles: dict[str, Profile], text: str, learned: bool, keep: tuple[str, ...]) -> None:
    verdict = judged(text, profiles if learned else {}, keep=keep)
    assert all(0 <= cut.start < cut.end <= len(text) for cut in verdict.found)
    assert all(a.end <= b.start for a, b in pairwise(verdict.found))
    for cut in verdict.found:
        for finding in (cut.finding, *cut.also):
            assert 0 <= finding.start < finding.end <= len(text)
            assert finding.start < cut.end
            assert cut.start < finding.end
            assert not text[cut.start : finding.start].strip()
            assert not text[finding.end : cut.end].strip()
            assert 0 <= finding.score <= 1
            if finding.partner is not None:
                assert finding.partner.document == "d"
                assert 0 <= finding.partner.start < finding.partner.end <= len(text)
    assert all(0 <= span.start < span.end <= len(text) for span, _ in verdict.noted)


@settings(max_examples=40, deadline=None)
@given(text=messy(), learned=st.booleans())
def test_every_verdict_has_its_evidence(profiles: dict[str, Profile], text: str, learned: bool) -> None:
    for cut in judged(text, profiles if learned else {}).found:
        for finding in (cut.finding, *cut.also):
            assert (finding.partner is not None) == (finding.kind == "repeat")
            if finding.rule.startswith(("site.", "corpus.")):
                assert {"count", "of", "sample"} <= finding.evidence.keys()
            elif finding.kind == "boilerplate":
                assert {"phrase", "heading", "stamps"} & finding.evidence.keys()


@settings(max_examples=40, deadline=None)
@given(text=messy(), learned=st.booleans())
@example(text="\n".join([LEAD, OWN["byline"], LEAD] * 4), learned=False)
def test_the_span_a_repeat_names_is_kept(profiles: dict[str, Profile], text: str, learned: bool) -> None:
    """At the end, of what was repeated something stays, or another verdict took it."""
    verdict = judged(text, profiles if learned else {})
    for cut in verdict.found:
        partner = cut.finding.partner
        if partner is not None:
            takers = [c for c in verdict.found if c.start < partner.end and partner.start < c.end]
            assert all(taker.finding.kind == "boilerplate" for taker in takers)


@settings(max_examples=40, deadline=None)
@given(text=messy(), learned=st.booleans())
def test_no_document_is_emptied(profiles: dict[str, Profile], text: str, learned: bool) -> None:
    verdict = judged(text, profiles if learned else {})
    left = apply_cuts(text, [Span(cut.start, cut.end) for cut in verdict.cuts])
    assert bool(normal.words(left)) == bool(normal.words(text))
    assert len(normal.words(left)) == verdict.kept_words
    assert len(normal.words(text)) == verdict.words


@settings(max_examples=40, deadline=None)
@given(text=messy())
def test_what_is_cut_to_the_end_leaves_one_line_end(text: str) -> None:
    cuts = judged(text).cuts
    if cuts and cuts[-1].end == len(text):
        left = cleaned(text)
        assert left.strip()
        assert len((left[len(left.rstrip()) :] + "|").splitlines()) == 2


@settings(max_examples=40, deadline=None)
@given(text=messy(), learned=st.booleans())
def test_only_white_space_and_cuts_tell_the_texts_apart(profiles: dict[str, Profile], text: str, learned: bool) -> None:
    """What stays is the text's own characters; paragraphs do not grow together."""
    left = cleaned(text, profiles if learned else {})
    assert set(normal.words(left)) <= set(normal.words(text))


@settings(max_examples=60, deadline=None)
@given(text=messy(), learned=st.booleans(), keep=st.sampled_from([(), ("repeat",), ("section",)]))
@example(text="\n".join(FURNITURE.values()), learned=False, keep=())
@example(text="\n".join([*BODY, "Related Contents", TITLES[0], *BODY, LEAD]), learned=True, keep=())
@example(text=f"{BODY[0]}\n{BODY[2]} {LICENCE}\n", learned=True, keep=())
def test_what_is_kept_is_told(profiles: dict[str, Profile], text: str, learned: bool, keep: tuple[str, ...]) -> None:
    verdict = judged(text, profiles if learned else {}, keep=keep)
    left = apply_cuts(text, [Span(cut.start, cut.end) for cut in verdict.cuts])
    told = describe(left, split(left))
    assert [(p.words, p.size, p.sentence) for p in verdict.kept] == [(p.words, p.size, p.sentence) for p in told]
    assert all(a.end <= b.start for a, b in pairwise(verdict.kept))
    gone = {i for cut in verdict.cuts for i in range(cut.start, cut.end)}
    for paragraph, own in zip(verdict.kept, told, strict=True):
        piece = "".join(text[i] for i in range(paragraph.start, paragraph.end) if i not in gone)
        assert piece == left[own.start : own.end]


def test_a_line_that_is_longer_than_any_rule_knows_is_not_looked_at() -> None:
    page = "\n\n".join([*BODY, FURNITURE["legal"]])
    assert rules(judged(page)) == {"boilerplate.legal"}
    assert rules(judged(page + "\u200b" * phrases.MOST_CHARACTERS)) == set()


def test_time_grows_with_the_length_only() -> None:
    """Each of these took several times as long when headings, runs or cuts looked at the whole page again."""
    for line in ("Yes.", "Related\nA title of this", f"{LEAD}\nYes.", "Related\n© 2019 Harbour Media Ltd."):
        started = time.process_time()
        judged(f"{line}\n" * 8_000)
        assert time.process_time() - started < 5


@settings(max_examples=40, deadline=None)
@given(text=messy())
def test_keeping_all_cuts_nothing(text: str) -> None:
    assert judged(text, keep=["boilerplate", "repeat"]).found == []


# Examples


def test_a_page_with_everything(article: tuple[str, ...], profiles: dict[str, Profile]) -> None:
    page = [
        SITE_LINES[0], OWN["page.date"], *article, article[1], "Related Contents", TITLES[0], TITLES[0], TEASER,
        "Comments", "About time.", SITE_LINES[1], FURNITURE["legal"],
    ]  # fmt: skip
    text = "\n\n".join(page) + "\n"
    kept = "\n\n".join((OWN["page.date"], *article)) + "\n"
    assert cleaned(text, profiles) == kept
    assert cleaned(text.replace("\n", "\r\n"), profiles) == kept.replace("\n", "\r\n")


def test_a_page_without_blank_lines(article: tuple[str, ...]) -> None:
    text = "\n".join([*article, "Related Contents", TITLES[0], TITLES[0], TEASER, FURNITURE["legal"]])
    assert cleaned(text) == "\n".join(article) + "\n"


@pytest.mark.parametrize("times", [2, 3, 5])
def test_a_page_pasted_again(article: tuple[str, ...], times: int) -> None:
    assert cleaned("\n\n".join(article * times) + "\n") == "\n\n".join(article) + "\n"


def test_a_title_three_times(article: tuple[str, ...]) -> None:
    assert cleaned("\n\n".join((article[0], article[0], *article)) + "\n") == "\n\n".join(article) + "\n"


def test_a_headline_that_the_lead_repeats_is_kept() -> None:
    headline = "The ferry will run again from the first week of spring, the harbour board decided."
    text = "\n\n".join((headline, *BODY)) + "\n"
    assert apply_cuts(text, [Span(c.start, c.end) for c in judged(text, title=headline).cuts]) == text


def test_a_headline_without_stops_that_the_lead_repeats_is_kept() -> None:
    """Thai ends no sentence with a mark: a headline there is as little a sentence as elsewhere."""
    headline = "เทศบาลเตรียมเปิดตลาดน้ำเก่าริมคลองอีกครั้งในต้นปีหน้า"
    body = f"{headline}หลังจากปิดซ่อมมานานกว่าห้าปีเพราะตลิ่งพังและสะพานไม้ผุจนชาวบ้านเดินข้ามไม่ได้"
    more = "ช่างไม้ในชุมชนช่วยกันซ่อมเรือนแพสามหลังโดยใช้ไม้เก่าที่เก็บรักษาไว้ในวัดและวาดลวดลายตามแบบเดิม"
    text = f"{headline}\n\n{body}\n\n{more}\n"
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("heading", "language"),
    [
        ("Verwandte Artikel", "de"),
        ("Articles similaires", "fr"),
        ("Читайте также:", "ru"),
        ("相关新闻", "zh"),
        ("【関連記事】", "ja"),
        ("Διαβάστε επίσης:", "el"),
        ("اقرأ أيضا:", "ar"),
        ("यह भी पढ़ें:", "hi"),
        ("Related", "en"),
    ],
)
def test_related_headings_of_many_languages(articles: Mapping[str, Sequence[str]], heading: str, language: str) -> None:
    article = articles[language]
    text = "\n".join([*article, heading, TITLES[0], TITLES[0], TEASER, TITLES[1], TITLES[1], TEASER])
    assert cleaned(text) == "\n".join(article) + "\n"


@pytest.mark.parametrize(
    ("link", "language"),
    [
        ("Διαβάστε επίσης: Τι τρώνε οι γλάροι;", "el"),
        ("Читайте также: Что едят чайки?", "ru"),
        ("Читайте також: Що їдять чайки?", "uk"),
        ("Read also: What do gulls eat?", "en"),
    ],
)
def test_a_link_with_its_title_heads_nothing(articles: Mapping[str, Sequence[str]], link: str, language: str) -> None:
    article = [*articles.get(language, articles["en"]), "4. Σκόρδο", "5. Βρόμη"]
    assert cleaned("\n".join([*article[:-2], link, *article[-2:]])) == "\n".join(article)


def test_a_comment_bar_above_the_article_goes_alone(article: tuple[str, ...]) -> None:
    assert cleaned("\n".join((article[0], "12 comments", *article[1:]))) == "\n".join(article)


THREAD = [
    *("Which ferry takes bicycles?", "Thread starter", "Jon M.", "Start date: 4 Mar 2024", *BODY),
    *("Old sailor", "Joined: Mar 2019", "Posts: 204", "3 hours ago", BODY[1], "That is not what the harbour master told me."),
    *("Anna K.", "Joined: May 2021", "Posts: 12", "2 hours ago", BODY[2], "They take them on weekdays, as far as I know."),
    *("Old sailor", "Joined: Mar 2019", "Posts: 204", "1 hour ago", "Then I shall try it with mine before the summer is over."),
]


def test_who_answers_on_a_forum_quotes() -> None:
    assert judged("\n".join(THREAD)).found == []


def test_what_tells_a_forum_stays_on_all_pages_of_its_site() -> None:
    lines = [line for line in THREAD if line.startswith(("Joined", "Posts", "Thread"))]
    known = {normal.text_key(line): Known(9, 10, ()) for line in lines}
    assert judged("\n".join(THREAD), {"a": Profile("a", 10, known)}).found == []


def test_a_headline_far_above_the_text_is_kept_with_what_says_who_posted_it() -> None:
    """Other pages show it among the stories that are read most; a bar of links stands between it and the text."""
    head = ["Ferry to run again after the long winter", "Posted by Anna Lee on 4 March 2024 at 6:48 pm"]
    bar = [
        f"Bar {word}" for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "more", "less")
    ]
    menu = ["Harbour news", "Weather and tides", "Letters to the editor", "The week in pictures"]
    known = {normal.text_key(line): Known(11, 11, (), heads=11) for line in [*menu, *bar]}
    known |= {normal.text_key(line): Known(5, 11, (), heads=2) for line in head}
    profile = {"a": Profile("a", 11, known)}
    assert cleaned("\n".join([*menu, *head, *bar, *BODY]), profile) == "\n".join([*head, *BODY])


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("between", [0, 2, 3, 4])
def test_what_says_who_posted_it_tells_of_the_article_within_three_lines_of_its_headline(between: int, above: bool) -> None:
    head, stamp = "Ferry to run again after the long winter", "Posted by Anna Lee on 4 March 2024 at 6:48 pm"
    menu = ["Harbour news", "Weather and tides", "Letters to the editor", "The week in pictures"]
    bar = [f"Bar {word}" for word in ("one", "two", "three", "four")][:between]
    known = {normal.text_key(line): Known(11, 11, (), heads=11) for line in [*menu, *bar]}
    known |= {normal.text_key(line): Known(5, 11, (), heads=2) for line in (head, stamp)}
    lines = [stamp, *bar, head] if above else [head, *bar, stamp]
    own = [line for line in lines if line == head or (line == stamp and between < 3)]
    assert cleaned("\n".join([*menu, *lines, *BODY]), {"a": Profile("a", 11, known)}) == "\n".join([*own, *BODY])


def test_a_line_far_above_the_text_is_no_headline_where_unknown_lines_stand_between() -> None:
    line, known = "Ferry to run again after the long winter", Known(5, 11, (), heads=2)
    profile = {"a": Profile("a", 11, {normal.text_key(line): known})}
    names = [f"Isle {word}" for word in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]]
    assert cleaned("\n".join([line, *names, *BODY]), profile) == "\n".join([*names, *BODY])


def test_a_sentence_about_privacy_stays() -> None:
    body = [*BODY, "Privacy policy was the matter of the evening, and the terms of use were read out to the board once again."]
    assert judged("\n".join(body)).found == []


def test_a_document_is_left_alone_rather_than_emptied() -> None:
    text = "\n".join(FURNITURE.values())
    verdict = judged(text)
    assert verdict.left
    assert verdict.cuts == []
    assert verdict.found
    assert verdict.kept_words == verdict.words


def test_a_page_that_is_mostly_furniture_is_cleaned(profiles: dict[str, Profile]) -> None:
    lines = [*SITE_LINES * 5, *BODY, *list(FURNITURE.values())[2:], *SITE_LINES * 9]
    assert cleaned("\n".join(lines), profiles) == "\n".join(BODY) + "\n"


@pytest.mark.parametrize("text", ["", "\n", " \r\n\xa0", "Yes.", "© 2019 Harbour Media Ltd. All rights reserved.", "* * *"])
def test_tiny_documents_stay(text: str) -> None:
    assert cleaned(text) == text


# Names


@settings(max_examples=40, deadline=None)
@given(text=messy())
@example(text="\n".join([*BODY, *BODY, *FURNITURE.values()]))
def test_every_rule_that_speaks_can_be_kept(profiles: dict[str, Profile], text: str) -> None:
    check_names([f.rule for cut in judged(text, profiles).found for f in (cut.finding, *cut.also)], [])
