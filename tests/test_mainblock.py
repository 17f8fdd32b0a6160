from __future__ import annotations

import time
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lighthouse import BODY, CAPTION, COMMENT, HEADLINE, HEADS, KNOWN, MENU, NOTICE, TEASER, found_in, left, made

from dedup.boilerplate.mainblock import OUTSIDE, find_main, maximal_runs
from dedup.settings import MainSettings


def test_what_stands_around_the_article_goes() -> None:
    assert left([*MENU, HEADLINE, *BODY, "Legal notice", NOTICE, "Imprint"]) == [HEADLINE, *BODY]


def test_findings_tell_rule_score_and_evidence() -> None:
    findings = found_in([*MENU, HEADLINE, *BODY])
    assert [f.rule for f in findings] == [OUTSIDE] * (len(MENU) - 1)
    assert {f.kind for f in findings} == {"boilerplate"}
    words = sum(len(line.split()) for line in [HEADLINE, *BODY])
    assert {(f.score, f.evidence["words"]) for f in findings} == {(1.0, words)}


def test_the_score_is_the_share_of_running_text_that_stays() -> None:
    (finding,) = found_in([*BODY, "Legal notice", NOTICE])
    assert 0.75 < finding.score < 0.9


def test_paragraphs_that_are_cut_already_are_not_found_again() -> None:
    text, page = made([*MENU, "Share", *BODY, "Legal notice"])
    starts = {finding.start for finding in find_main(text, page, None, MainSettings())}
    assert starts.isdisjoint(p.start for p, cut in zip(page.paragraphs, page.cut, strict=True) if cut)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["", "  "],
        MENU,
        [
            *MENU,
            "Oak chair",
            "€ 120",
            "In stock",
            "Oak table",
            "€ 480",
            "Sold out",
            "Solid oak, oiled by hand, made to last for a lifetime of meals.",
        ],
        [f"Story number {n} has a title but no text" for n in range(200)],
    ],
)
def test_pages_without_running_text_keep_all(lines: list[str]) -> None:
    assert found_in(lines) == []


def test_short_lines_within_the_article_stay() -> None:
    lines = [BODY[0], "A long winter", BODY[1], *[f"Plank {n}" for n in range(40)], BODY[2], "Share", BODY[3]]
    assert left(lines) == [line for line in lines if line != "Share"]


def test_a_box_of_furniture_does_not_end_the_article() -> None:
    assert left([*BODY, "Related", "Share", *BODY]) == [*BODY, *BODY]


def test_boxes_that_wait_for_consent_amid_the_article_part_it_no_more_than_players_do() -> None:
    article = [*BODY, *BODY[::-1]]
    box = ["Show the video"] * 4
    assert left([*article, *box, BODY[0], *box, BODY[1]]) == [*article, BODY[0], BODY[1]]


def test_a_second_block_stays_when_it_is_worth_a_share_of_the_best() -> None:
    more = [f"Again: {line}" for line in BODY]
    lines = [*BODY, "Home", "Legal notice", "Home", "Legal notice", *more]
    assert left(lines) == [*BODY, *more]
    assert left([*BODY, *["Legal notice"] * 4, TEASER]) == BODY
    shorter = [*BODY, *["Home"] * 20, *more[1:]]
    assert left(shorter) == BODY
    assert len(found_in(shorter, settings=MainSettings(share_after=0.5))) == 0


def test_headline_byline_and_date_stay() -> None:
    lines = [*MENU, HEADLINE, "Coast", "By Ada Berg", "12 May 2024", *BODY]
    assert left(lines) == [HEADLINE, "By Ada Berg", "12 May 2024", *BODY]


def test_the_lead_above_the_date_belongs_to_the_article() -> None:
    lead = (
        "After eleven dark years the tower at the mouth of the bay guides ships again, thanks to a joiner and many small gifts."
    )
    lines = [*MENU, HEADLINE, lead, "By Ada Berg", "12 May 2024", *BODY]
    assert left(lines) == [HEADLINE, lead, "By Ada Berg", "12 May 2024", *BODY]


@pytest.mark.parametrize("between", [[], ["Aa"] * 12])
def test_a_headline_that_other_pages_tease_stays_above_a_longer_lead(between: list[str]) -> None:
    lead = "After eleven dark years the lamp turns again, and three hundred people came to see it"
    text, page = made([*MENU, HEADLINE, lead, *between, *BODY])
    gone = {finding.start for finding in find_main(text, page, len(MENU), MainSettings(), teased=True)}
    assert gone.isdisjoint({text.index(HEADLINE), text.index(lead)})
    assert text.index(MENU[-1]) in gone


def test_a_known_headline_stays_where_none_stands_above_the_block() -> None:
    lines = [HEADLINE, *MENU, *["x"] * 8, *BODY]
    assert left(lines, headline=0) == [HEADLINE, *BODY]
    assert left(lines) == BODY


def test_short_sentences_at_the_end_stay() -> None:
    assert left([*BODY, "And so it shines.", "Imprint", "Nobody reads this line."]) == [*BODY, "And so it shines."]


def test_stamped_comments_go() -> None:
    comments = ["Anna, 13 May 2024, 10:15", COMMENT, COMMENT, "Reply"] * 3
    assert left([HEADLINE, *BODY, *comments]) == [HEADLINE, *BODY]


def test_comments_longer_than_the_article_go() -> None:
    comments = ["Anna, 13 May 2024, 10:15", *[COMMENT] * 12] * 2
    assert left([HEADLINE, *BODY, *comments]) == [HEADLINE, *BODY]


def test_texts_below_stamps_that_are_much_longer_are_no_comments() -> None:
    posts = [f"{number} {line}" for number in range(5) for line in BODY]
    stamp = "Anna, 13 May 2024, 10:15"
    kept = left([*BODY[:3], stamp, *posts, stamp, *posts])
    assert [line for line in kept if line != stamp] == [*BODY[:3], *posts, *posts]


def test_prices_and_shares_are_no_stamps() -> None:
    text, page = made([*BODY, "Oak, 2024 model: $1,480", *BODY, "Ash, 2024 model: $1,260", *BODY])
    page = replace(page, stamps=["$" in text[p.start : p.end] for p in page.paragraphs])
    assert find_main(text, page, None, MainSettings()) == []


def test_what_is_cut_off_is_a_teaser() -> None:
    assert left([*BODY, f"{TEASER[:-1]} …", f"{NOTICE[:-1]}...", "Imprint"]) == BODY


def test_a_menu_in_one_line_is_no_running_text() -> None:
    assert left([" ".join(MENU * 10), "Share", HEADLINE, *BODY]) == [HEADLINE, *BODY]


OTHER_SCRIPTS = {
    "zh": (
        "港口的旧灯塔在关闭十一年之后，于星期六晚上再次点亮，三百多人站在码头上观看，一支乐队一直演奏到下雨。",
        "灯塔再次照亮海湾上空",
        ["首页", "新闻", "体育"],
    ),
    "ja": (
        "入り江の古い灯台は、十一年を経て土曜日の夜に再び灯され、桟橋には三百人ほどの人々が集まって見守った。",
        "灯台が再び湾を照らす",
        ["ホーム", "天気"],
    ),
    "th": (
        "ประภาคารเก่าที่ปากอ่าวถูกจุดขึ้นอีกครั้งในวันเสาร์หลังจากปิดไปสิบเอ็ดปี มีคนราวสามร้อยคนยืนดูอยู่บนท่าเรือ",
        "ประภาคารส่องแสงอีกครั้ง",
        ["หน้าแรก", "ข่าว"],
    ),
    "ar": (
        "أضيئت المنارة القديمة عند مدخل الخليج مرة أخرى يوم السبت بعد أحد عشر عاما، فهل تبقى مضاءة كل ليلة؟",
        "المنارة تضيء الخليج من جديد",
        ["الرئيسية", "أخبار"],
    ),
    "hi": (
        "खाड़ी के मुहाने पर खड़ा पुराना प्रकाशस्तंभ ग्यारह साल बाद शनिवार को फिर से जलाया गया और तीन सौ लोग घाट पर थे।",
        "प्रकाशस्तंभ फिर से जल उठा",
        ["मुखपृष्ठ", "समाचार"],
    ),
    "el": (
        "Ο παλιός φάρος στην είσοδο του κόλπου άναψε ξανά το Σάββατο, μετά από έντεκα χρόνια· θα μείνει όμως αναμμένος;",
        "Ο φάρος φωτίζει ξανά τον κόλπο",
        ["Αρχική", "Νέα"],
    ),
    "ru": (
        "Старый маяк у входа в бухту снова зажгли в субботу, через одиннадцать лет после того, как его погасили.",
        "Маяк снова светит над бухтой",
        ["Главная", "Новости"],
    ),
}


@pytest.mark.parametrize("language", OTHER_SCRIPTS)
def test_articles_in_other_scripts(language: str) -> None:
    sentence, title, entries = OTHER_SCRIPTS[language]
    body = [sentence] * 8
    assert left([*entries * 3, title, *body, "Legal notice", *entries]) == [title, *body]


@st.composite
def pages(draw: st.DrawFn) -> list[str]:
    """Lines of all kinds in any order."""
    kinds = [*MENU, *BODY, HEADLINE, *KNOWN, *HEADS, NOTICE, TEASER, f"{TEASER} …", "A short sentence it is.", "|"]
    return draw(st.lists(st.sampled_from(kinds), max_size=60))


@given(pages())
def test_findings_are_disjoint_ascending_paragraphs(lines: list[str]) -> None:
    text, page = made(lines)
    findings = find_main(text, page, None, MainSettings())
    uncut = [(p.start, p.end) for p, cut in zip(page.paragraphs, page.cut, strict=True) if not cut]
    found = [(f.start, f.end) for f in findings]
    assert found == [span for span in uncut if span in set(found)]
    assert all(0 < f.score <= 1 for f in findings)


@given(pages())
def test_what_stays_holds_the_least_worth_of_running_text(lines: list[str]) -> None:
    if found_in(lines):
        kept = [p for p in made(left(lines))[1].paragraphs if p.good]
        assert sum(p.size for p in kept) >= MainSettings().words


@given(pages())
def test_repeating_comes_to_an_end_and_spares_the_text(lines: list[str]) -> None:
    first = left(lines)
    again = left(first)
    for _ in range(5):
        first, again = again, left(again)
    assert first == again
    assert bool(first) == any(line not in KNOWN for line in lines)


@given(st.lists(st.integers(-6, 6), max_size=40))
def test_maximal_runs_are_maximal(values: list[int]) -> None:
    runs = maximal_runs(values)
    spans = [(run.start, run.end) for run in runs]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for start, end, value in runs:
        assert sum(values[start:end]) == value
        assert all(total > 0 for total in accumulate(values[start:end]))
        assert all(total > 0 for total in accumulate(reversed(values[start:end])))
    sums = [sum(values[a:b]) for a in range(len(values)) for b in range(a + 1, len(values) + 1)]
    assert max((run.value for run in runs), default=0) == max([0, *sums])
    assert {i for i, value in enumerate(values) if value > 0} <= {i for a, b in spans for i in range(a, b)}


def test_maximal_runs_take_time_in_proportion() -> None:
    values = [1.0, -2.0] * 100_000 + [2.0, -1.0] * 100_000
    start = time.process_time()
    assert len(maximal_runs(values)) == 100_001
    assert time.process_time() - start < 5


def test_captions_go_wherever_they_stand() -> None:
    assert left([HEADLINE, CAPTION, *BODY[:2], CAPTION, *BODY[2:], CAPTION, "Legal notice"]) == [HEADLINE, *BODY]


def test_a_page_of_captions_keeps_all() -> None:
    assert not found_in([CAPTION] * 4)


@pytest.mark.parametrize("end", [" :)", " ;-)", " 😀", " ☀️"])
def test_a_smile_ends_a_sentence(end: str) -> None:
    lines = [line.rstrip(".") + end for line in BODY]
    assert left([*MENU, HEADLINE, *lines, "Imprint"]) == [HEADLINE, *lines]


def test_a_lead_without_a_full_stop_stays_between_headline_and_text() -> None:
    headline = "After eleven years in the dark the lighthouse shines over the bay again"
    lead = "Fishermen pay for the lamp and its keeper"
    assert left([*MENU, headline, "By Ada Berg", lead, "Menu", *BODY]) == [headline, "By Ada Berg", lead, *BODY]


# What was mended: each by what stands on real pages


def test_a_name_an_address_or_a_sentence_right_above_the_date_is_no_headline() -> None:
    headline = "Lighthouse shines over bay again"
    for line in ("Ada Berg", "www.bay.example/news/2011/harbour and pier"):
        assert headline in left([*MENU, headline, line, "12 May 2024", *BODY])
    lead = "The lamp turned and it rained."
    assert left([*MENU, headline, lead, "12 May 2024", *BODY]) == [headline, lead, "12 May 2024", *BODY]


def test_a_short_sentence_above_the_text_is_not_taken_for_the_headline() -> None:
    lead = "The lamp turned, the band played and it rained."
    assert left([*MENU, "Light on again", *MENU[3:5], lead, *BODY], 6) == ["Light on again", lead, *BODY]


def test_the_line_right_above_byline_and_date_is_the_headline_however_long_others_are() -> None:
    headline, notice = "The light burns again today", "Press the button below and you will never again miss what we write"
    lines = [headline, "By Ada Berg", "12 May 2024", notice, *BODY]
    assert left([*MENU, *lines]) == lines  # what stands between headline and text may be a lead
    assert left([*MENU, "Go", "12 May 2024", headline, *BODY]) == ["12 May 2024", headline, *BODY]


def test_a_post_that_the_article_quotes_is_no_comment() -> None:
    quoted = ["I have never seen it shine so bright.", "— Ada Berg (@adaberg), 12 May 2024, 10:15"] * 2
    assert left([HEADLINE, *BODY, *quoted, *BODY[::-1]]) == [HEADLINE, *BODY, *quoted, *BODY[::-1]]


def test_one_date_is_less_than_two() -> None:
    line = "The council of 12 May 2024, 10:15"
    assert left([HEADLINE, *BODY, line, *BODY[:3]]) == [HEADLINE, *BODY, line, *BODY[:3]]
    assert left([HEADLINE, *BODY, line, *BODY[:1], line, *BODY[:1]]) == [HEADLINE, *BODY]


def test_text_right_under_a_heading_of_teasers_is_no_article() -> None:
    lines = ["Related", TEASER, NOTICE, COMMENT, *MENU, HEADLINE, *BODY]
    assert left(lines) == [HEADLINE, *BODY]
    assert left(["Related", "A headline of its own", *BODY]) == ["A headline of its own", *BODY]


def test_a_paragraph_behind_running_text_may_end_in_three_dots() -> None:
    last = f"{COMMENT} Nobody knows how long the lamp will burn, or who will climb the stairs to light it …"
    assert left([HEADLINE, *BODY, last, "Imprint"]) == [HEADLINE, *BODY, last]
    assert left([HEADLINE, *BODY, "Read on", last, "Imprint"]) == [HEADLINE, *BODY]


def test_a_short_sentence_below_the_byline_stays() -> None:
    lines = [HEADLINE, "By Ada Berg", "You know it too.", *BODY]
    assert left([*MENU, *lines]) == lines


def test_behind_a_link_to_another_story_it_does() -> None:
    assert left([HEADLINE, *BODY, *["Read also: a ferry"] * 3, NOTICE]) == [HEADLINE, *BODY, NOTICE]


PARTS = ["Who pays for it", "How the tower was mended", "When the lamp went out"]
CHAPTERS = [line for part, body in zip(PARTS, BODY, strict=False) for line in (part, body, NOTICE)]


def test_a_table_of_contents_stays_with_what_stands_above_it() -> None:
    lines = [HEADLINE, "By Ada Berg", *PARTS, *CHAPTERS]
    assert left([*MENU, "Our paper of today and its many pages", *MENU, *lines, "Imprint"]) == lines
    lead = [HEADLINE, "By Ada Berg", COMMENT, *PARTS, "1", "2", "3", *CHAPTERS]
    assert left([*MENU, *lead]) == lead


def test_lines_that_name_parts_of_no_main_block_go() -> None:
    assert left([HEADLINE, *BODY, *BODY[::-1], *PARTS, *MENU, "Legal notice", *CHAPTERS[:2]]) == [HEADLINE, *BODY, *BODY[::-1]]


NOTE = "Ada Berg has written for this paper since she came home from sea, and lives with two cats in the old pilot house."


def test_a_note_on_the_writer_goes() -> None:
    lines = [HEADLINE, "By Ada Berg", *BODY]
    assert left([*lines, "Ada Berg", NOTE]) == lines
    assert left([*lines, "Ada Berg", "Follow her", NOTE]) == lines


def test_a_note_that_begins_with_the_first_name_goes() -> None:
    lines = [HEADLINE, "By Ada Berg", *BODY]
    assert left([*lines, "About Ada Berg", NOTE.replace("Ada Berg", "Ada")]) == lines


def test_a_note_amid_other_text_goes_where_the_name_is_signed() -> None:
    lines = [HEADLINE, "By Ada Berg", *BODY]
    assert left([*lines, NOTE, *BODY]) == [*lines, *BODY]
    assert NOTE in left([HEADLINE, *BODY, NOTE, *BODY])


def test_what_begins_like_a_note_on_someone_whom_the_text_names_stays() -> None:
    lines = [HEADLINE, "By Ada Berg", *BODY, f"{COMMENT} So says Ada Berg.", NOTE, *BODY]
    assert left(lines) == lines


def test_who_is_told_of_in_the_article_stays() -> None:
    known, others = [HEADLINE, *BODY, "Ada Berg", NOTE, *BODY], [f"{name} Vale" for name in ("Ines", "Jon", "Lea")]
    assert left(known) == known  # nothing above tells that she wrote it, and it is not the end
    people = [HEADLINE, "Ines Vale, Jon Vale, Lea Vale", *BODY]
    people += [line for name in others for line in (name, NOTE.replace("Ada Berg", name))]
    assert left(people)[-6:] == people[-6:]


def test_time_grows_with_the_names() -> None:
    def seconds(count: int) -> float:
        people = [line for n in range(count) for line in (f"Ada Berg{n}", NOTE.replace("Ada Berg", f"Ada Berg{n}"))]
        text, page = made([*BODY, *people])
        begun = time.process_time()
        find_main(text, page, None, MainSettings())
        return time.process_time() - begun

    def least(count: int) -> float:  # what else the machine does is not counted, but is felt
        return min(seconds(count) for _ in range(3))

    seconds(100)
    assert least(4000) < 10 * max(least(1000), 0.01)


def test_what_the_user_spares_stays_wherever_it_stands() -> None:
    text, page = made([*MENU, HEADLINE, *BODY, "Legal notice", NOTICE, "Imprint"])
    page = replace(page, spared=frozenset({1, len(page.paragraphs) - 1}))
    starts = {finding.start for finding in find_main(text, page, None, MainSettings())}
    assert {page.paragraphs[i].start for i in page.spared}.isdisjoint(starts)
    assert page.paragraphs[2].start in starts


def test_two_dates_written_in_two_ways_are_no_comments() -> None:
    menu = [*MENU, TEASER, NOTICE, TEASER, "Anna, 13 May 2024, 10:15", TEASER]
    assert set(BODY) <= set(left([*menu, HEADLINE, "12 May 2024", *BODY, *BODY]))


def test_a_notice_above_the_known_headline_goes() -> None:
    long = [f"{number} {line}" for number in range(3) for line in BODY]
    lines = [NOTICE, *["Home"] * 3, HEADLINE, *long]
    assert left(lines, lines.index(HEADLINE)) == [HEADLINE, *long]
    assert NOTICE in left(lines)


def test_half_of_the_text_above_it_stays() -> None:
    lines = [*BODY[:2], *["Home"] * 3, HEADLINE, *BODY]
    assert left(lines, lines.index(HEADLINE)) == [*BODY[:2], *left(lines[2:])]


@pytest.mark.parametrize(("between", "menu"), [(20, "Home"), (21, "Home"), (21, "Share")])
def test_a_small_text_stays_above_the_article_unless_a_menu_stands_between(between: int, menu: str) -> None:
    long = [f"{number} {line}" for number in range(3) for line in BODY]
    lines = ["Storm over the bay", NOTICE, *[menu] * 3, *[f"Harbour {number}" for number in range(between - 3)], *long]
    assert (NOTICE in left(lines)) == (between <= 20 or menu != "Home")


@pytest.mark.parametrize(
    "told",
    [
        "Here you will find the hours at which the {} of the harbour is open to all in winter and in summer.",
        "Hier stehen die Zeiten, zu denen {} am Hafen im Winter und im Sommer für alle geöffnet ist und wer hilft.",
        "Здесь указаны часы, когда {} в гавани открыт для всех зимой и летом, и кто там может вам помочь.",
    ],
)
def test_a_menu_that_tells_of_its_entries_is_no_part_of_the_article(told: str) -> None:
    long = [f"{number} {line}" for number in range(3) for line in BODY]
    entries = [line for n in range(5) for line in (f"Quay {n}", told.format(f"Quay {n}"))]
    box = ["Home"] * 4
    assert left([*entries, *box, *long]) == long
    assert left([*entries[:6], *box, *long])[-len(long) - 5 :] == [*entries[1:6], *long]  # three parts may be an article's own
    assert set(entries[1:]) <= set(left([*entries, "Home", *long]))  # nor is what stands right above the text
    assert set(entries[1:]) <= set(left([HEADLINE, "12 May 2024", *entries, *box, *long]))  # nor what is dated
    apart = [line for n in range(8) for line in (f"Part {n}", f"{n} {BODY[n % len(BODY)]}")]
    assert set(entries[1:]) <= set(left([*entries, *box, *apart]))  # all that stands there is made so


def test_a_long_text_stays_above_a_menu_and_more_text() -> None:
    lines = [*BODY, "Home", "Home", "Home", *[f"Harbour {number}" for number in range(40)], *BODY, *BODY]
    assert left(lines).count(BODY[0]) == 3


def test_time_grows_with_the_texts_above_a_menu() -> None:
    long = [f"{number} {line}" for number in range(3) for line in BODY]

    def seconds(count: int) -> float:
        text, page = made([*([NOTICE, *["Share"] * 3] * count), "Home", *[f"Harbour {number}" for number in range(20)], *long])
        begun = time.process_time()
        find_main(text, page, None, MainSettings())
        return time.process_time() - begun

    seconds(100)
    assert min(seconds(8000) for _ in range(3)) < 10 * max(min(seconds(2000) for _ in range(3)), 0.01)


def test_a_note_that_ends_the_text_goes_with_the_name_above_it() -> None:
    lines = [HEADLINE, *BODY, *[f"Again: {line}" for line in BODY]]
    assert left([*lines, "Ada Berg", "Staff writer", NOTE]) == lines
    assert left([*lines, "About Bay Lights Ltd", NOTE.replace("Ada Berg", "Bay Lights Ltd"), "Imprint"]) == lines
    assert left([*lines, "What she wrote", NOTE])[-2:] == ["What she wrote", NOTE]


def test_offers_under_a_form_for_the_newsletter_are_none_of_the_article() -> None:
    things = ("boat", "walk", "ride", "meal", "night")
    offers = [
        f"Our {thing} for the winter takes you from harbour to harbour, with guides who know each island." for thing in things
    ]
    article = [*BODY, *BODY[::-1]]
    assert 75 < sum(len(offer.split()) for offer in offers) < 150
    assert left([HEADLINE, *article, "Newsletter", *offers]) == [HEADLINE, *article]
    assert left([HEADLINE, *article, "Newsletter", *article]) == [HEADLINE, *article, *article]


def test_a_share_bar_behind_each_entry_of_a_list_empties_no_page() -> None:
    entries = [line for text in BODY for line in (text, "Share")]
    assert left(entries) == BODY
