from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.boilerplate.names import AUTHOR, COMMENTS, FORUM, RELATED, TOOLS
from dedup.boilerplate.page import Page
from dedup.boilerplate.sections import find_sections
from dedup.engines.verdict import judge
from dedup.model import Document, Finding, Span
from dedup.settings import CleanSettings, SectionSettings
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Story = Callable[[int], list[str]]

HEADINGS = {"Related": RELATED, "Comments": COMMENTS, "About the author": AUTHOR}
TITLES = ["Harbour wall to be raised before winter", "Old bakery burns down in Aldis", "Pupils plant four hundred trees"]
TEASERS = [
    "Engineers say that the wall which has guarded the town for a century must grow by a metre before the storms of autumn come.",
    "The fire broke out on Sunday night in a storeroom behind the oven, and nobody was hurt, the fire brigade told our reporter.",
    "Children of three schools spent their holiday on the bare hill above the quarry, with spades that the council had lent.",
]
STAMPS = ["3 hours ago", "4 hours ago", "Yesterday at 10:15", "2 days ago"]
COMMENTED = [
    "Anna K. wrote on Tuesday:",
    "About time that somebody did it.",
    "Old sailor, 3 hours ago:",
    "My grandfather helped to build that ferry, and he would be ashamed to see what they have made of it over all those years.",
    "+1",
]


def found_in(lines: Sequence[str], others: Mapping[str, str] | None = None) -> list[Finding]:
    """The findings in lines of which the headings, and `others` by their rule, are cut."""
    text = "\n\n".join(lines)
    rules = [HEADINGS.get(line) or (others or {}).get(line) for line in lines]
    listed = describe(text, split(text, "line"))
    page = Page(listed, rules, [rule is not None for rule in rules], [line in STAMPS for line in lines])
    return find_sections(page, SectionSettings())


def gone(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines under headings that go."""
    starts = {span.start: i for i, span in enumerate(split("\n\n".join(lines), "line"))}
    return {starts[finding.start] for finding in found_in(lines)}


def numbers(lines: Sequence[str], wanted: Sequence[str]) -> set[int]:
    return {i for i, line in enumerate(lines) if line in wanted}


def teasers(*, doubled: bool = False, count: int = 3) -> list[str]:
    groups = zip(TITLES[:count], TEASERS, strict=False)
    return [line for title, teaser in groups for line in (*[title] * (1 + doubled), teaser)]


def test_without_headings_nothing_goes(article: tuple[str, ...]) -> None:
    assert gone([*article, *teasers()]) == set()
    assert gone([]) == set()


@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_related_titles_and_teasers_at_the_end(article: tuple[str, ...], doubled: bool, count: int) -> None:
    under = teasers(doubled=doubled, count=count)
    lines = [*article, "Related", *under]
    assert gone(lines) == set(range(len(article) + 1, len(lines)))


def test_related_titles_alone_at_the_end(article: tuple[str, ...]) -> None:
    lines = [*article, "Related", *TITLES]
    assert gone(lines) == set(range(len(article) + 1, len(lines)))


def test_findings_name_their_heading(english: tuple[str, ...]) -> None:
    lines = [*english, "Related", *TITLES]
    start = len("\n\n".join(english)) + 2
    told = [(finding.kind, finding.rule, finding.evidence["heading"]) for finding in found_in(lines)]
    assert told == [("boilerplate", "section.related", Span(start, start + len("Related")))] * len(TITLES)


def test_the_site_s_name_after_the_teasers_goes_too(english: tuple[str, ...]) -> None:
    lines = [*english, "Related", *teasers(doubled=True), "Users say", "The Aldis Courier"]
    assert gone(lines) == set(range(len(english) + 1, len(lines)))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_doubled_titles_and_teasers_in_the_middle(article: tuple[str, ...], story: Story, count: int) -> None:
    under = teasers(doubled=True, count=count)
    lines = [*article, "Related", *under, *story(1)[1:]]
    assert gone(lines) == numbers(lines, under)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_doubled_titles_and_teasers_early_in_the_article(article: tuple[str, ...], story: Story, count: int) -> None:
    under = teasers(doubled=True, count=count)
    lines = [*article[:2], "Related", *under, *article[2:], *story(1)[1:]]
    assert gone(lines) == numbers(lines, under)


@pytest.mark.parametrize("count", [2, 3])
def test_titles_and_teasers_in_the_middle_take_nothing_of_the_article(article: tuple[str, ...], story: Story, count: int) -> None:
    """The last title and teaser may be taken for a subheading and its paragraph; the ones before may not."""
    under = teasers(count=count)
    lines = [*article, "Related", *under, *story(1)[1:]]
    assert numbers(lines, under[:-2]) <= gone(lines) <= numbers(lines, under)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_bare_list_of_titles_in_the_middle(article: tuple[str, ...], story: Story, count: int) -> None:
    lines = [*article, "Related", *TITLES[:count], *story(1)[1:]]
    assert gone(lines) == numbers(lines, TITLES[:count])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_bare_list_of_titles_early_takes_nothing_of_the_article(article: tuple[str, ...], story: Story, count: int) -> None:
    lines = [*article[:2], "Related", *TITLES[:count], *article[2:], *story(1)[1:]]
    assert gone(lines) <= numbers(lines, TITLES[:count])


def test_related_above_the_whole_article(article: tuple[str, ...]) -> None:
    """A box of links at the head of a page takes no running text of the article with it."""
    lines = ["Related", *TITLES, *article]
    assert not gone(lines) & set(range(len(TITLES) + 2, len(lines)))


def test_a_subheading_after_the_teasers_stays(english: tuple[str, ...]) -> None:
    under = teasers(doubled=True, count=2)
    lines = [*english[:3], "Related", *under, "Not cheap", *english[3:]]
    assert gone(lines) == numbers(lines, under)


def test_a_menu_whose_names_stand_twice_takes_no_lead_with_it(english: tuple[str, ...], story: Story) -> None:
    menu = ["Town", "Harbour", "Island", "Town", "Harbour", "Island", "Sport", "Letters", "Weather"]
    lines = [*story(1), "Related", *menu, *english]
    assert not gone(lines) & set(range(len(lines) - len(english) + 1, len(lines)))


def test_a_heading_with_the_article_right_under_it(article: tuple[str, ...]) -> None:
    lines = [*article[:3], "Related", *article[3:]]
    assert gone(lines) == set()


def test_comments_above_the_article_head_nothing(article: tuple[str, ...]) -> None:
    assert gone([article[0], "Comments", *article[1:]]) == set()
    assert gone(["Comments", *article]) == set()


def test_comments_at_the_end(article: tuple[str, ...]) -> None:
    lines = [*article, "Comments", *COMMENTED]
    assert gone(lines) == set(range(len(article) + 1, len(lines)))
    assert {finding.rule for finding in found_in(lines)} == {"section.comments"}


SHORT = [
    "A crane fell into the harbour basin on Tuesday night, and the ferry has been waiting outside the wall since then.",
    "Nobody was hurt, the harbour master said; divers are to look at the wreck as soon as the storm has passed over.",
]
SAID = ["Anna", STAMPS[0], "I saw it fall, and it made hardly any noise at all.", "Old sailor", STAMPS[1], "About time."]


def test_stamped_comments_go_below_a_short_text() -> None:
    lines = [*SHORT, "Comments", *SAID]
    assert gone(lines) == numbers(lines, SAID)
    assert not gone([*SHORT, "Comments", *(line for line in SAID if line not in STAMPS)])


def test_what_is_longer_than_a_short_text_is_not_its_comments() -> None:
    longer = [f"{number} {line}" for number in range(2) for line in SHORT]
    assert not gone([*SHORT, "Comments", STAMPS[0], *longer, STAMPS[1]])


def test_a_heading_at_the_very_end(article: tuple[str, ...]) -> None:
    assert gone([*article, "Related"]) == set()
    assert gone([*article, "Comments"]) == set()


def test_related_then_comments_at_the_end(article: tuple[str, ...]) -> None:
    lines = [*article, "Related", *teasers(), "Comments", *COMMENTED]
    assert gone(lines) == set(range(len(article) + 1, len(lines))) - numbers(lines, ["Comments"])


def test_related_in_the_middle_and_at_the_end(english: tuple[str, ...]) -> None:
    first, second = TITLES[:2], TITLES[2:] + TEASERS[2:]
    lines = [*english[:3], "Related", *first, *english[3:], "Related", *second]
    assert gone(lines) == numbers(lines, [*first, *second])


def test_related_in_the_middle_and_comments_at_the_end(english: tuple[str, ...]) -> None:
    under = teasers(count=2, doubled=True)
    lines = [*english[:3], "Related", *under, *english[3:], "Comments", *COMMENTED]
    assert gone(lines) == numbers(lines, [*under, *COMMENTED])


def test_a_comment_bar_above_and_comments_below(english: tuple[str, ...]) -> None:
    lines = [english[0], "Comments", *english[1:], "Comments", *COMMENTED]
    assert gone(lines) == numbers(lines, COMMENTED)


def test_what_another_rule_cuts_is_left_to_it(english: tuple[str, ...]) -> None:
    lines = [*english, "Related", TITLES[0], "Share", TITLES[1]]
    text = "\n\n".join(lines)
    assert [text[f.start : f.end] for f in found_in(lines, {"Share": "share"})] == TITLES[:2]


def test_stamps_over_an_article_make_no_comments_of_it(english: tuple[str, ...]) -> None:
    """A live blog says before each of its entries when it was written."""
    lines = [english[0], *(line for pair in zip(STAMPS, english[1:], strict=False) for line in pair)]
    assert gone(lines) == set()


POSTED = ["Thread starter", "Joined: Mar 2019", "Posts: 204"]


def posts(english: Sequence[str], marks: Sequence[str]) -> list[str]:
    """A thread: an opening post, then answers with a forum's lines and a stamp above each."""
    answers = [(mark, stamp, line) for mark, stamp, line in zip(marks, STAMPS, COMMENTED[1:], strict=False)]
    return [*english, "Comments", *(line for answer in answers for line in answer)]


def test_on_a_forum_no_post_is_a_comment(english: tuple[str, ...]) -> None:
    lines = posts(english, POSTED)
    assert found_in(lines, dict.fromkeys(POSTED, FORUM)) == []


def test_one_line_as_a_forum_has_it_makes_no_forum(english: tuple[str, ...]) -> None:
    lines = posts(english, ["Anna K.", "Joined: Mar 2019", "Old sailor"])
    found = {finding.rule for finding in found_in(lines, {"Joined: Mar 2019": FORUM})}
    assert found == {"section.comments"}


def listed(english: Sequence[str], *, dated: bool) -> list[str]:
    """Stories on a front page, each with a count of its comments."""
    dates = ["4 March 2024"] if dated else []
    return [
        *english,
        *(line for lead, count in zip(TEASERS, (3, 0, 12), strict=True) for line in (lead, *dates, f"{count} comments")),
    ]


@pytest.mark.parametrize("dated", [False, True])
def test_a_count_of_comments_under_each_story_but_the_last_heads_nothing(english: tuple[str, ...], dated: bool) -> None:
    lines = [*listed(english, dated=dated), *TITLES]
    headings = {line: COMMENTS for line in lines if line.endswith("comments")}
    assert [finding.start for finding in found_in(lines, headings)] == [span.start for span in split("\n\n".join(lines), "line")][
        -3:
    ]


def test_of_many_counts_below_no_article_the_last_one_heads_nothing_unless_marks_follow(english: tuple[str, ...]) -> None:
    lines = [line for lead in [*TEASERS, *TITLES] for line in (lead, "4 March 2024", "4 comments")]
    assert len(TEASERS) + len(TITLES) >= 6
    headings = {line: COMMENTS for line in lines if line.endswith("comments")}
    assert found_in([*lines, *TITLES], headings) == []
    assert len(found_in([*lines, "Reply", *COMMENTED], {**headings, "Reply": TOOLS})) == len(COMMENTED)
    assert len(found_in([*english, *lines, *TITLES], headings)) == len(TITLES)


def test_the_last_of_these_heads_comments_that_are_marked(english: tuple[str, ...]) -> None:
    lines = [*listed(english, dated=False), "Reply", *COMMENTED]
    headings = {line: COMMENTS for line in lines if line.endswith("comments")}
    found = found_in(lines, {**headings, "Reply": TOOLS})
    assert len(found) == len(COMMENTED)


lines_of_any_kind = st.sampled_from(["Related", "Comments", "* * *", *TITLES, *TEASERS, *COMMENTED])


@given(st.lists(lines_of_any_kind, max_size=20))
def test_findings_are_paragraphs_below_a_heading_in_order(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    spans = split(text, "line")
    starts = [finding.start for finding in found_in(lines)]
    assert starts == sorted(set(starts))
    assert {(f.start, f.end) for f in found_in(lines)} <= set(spans)
    headings = [span.start for span, line in zip(spans, lines, strict=True) if line in HEADINGS]
    assert all(headings[0] < start for start in starts)
    assert not set(headings) & set(starts)


# Above the article


def test_headline_and_lead_under_a_heading_above_the_article_stay(english: tuple[str, ...]) -> None:
    """A bar "Top stories" above a page's headline and lead reads like a heading with a title and its teaser."""
    assert not gone(["Menu", "Related", *english])
    assert not gone(["Menu", "Related", "By Ada Berg", *english])


def test_a_list_of_titles_without_an_article_stays() -> None:
    assert not gone(["Menu", "Related", *TITLES, "The Aldis Courier"])


def test_an_article_that_goes_on_after_two_boxes_stays(english: tuple[str, ...], story: Story) -> None:
    lines = [*english, "Related", *TITLES[:2], "Related", TITLES[2], *story(1)[1:], "One line", "Other line", "Last line"]
    assert gone(lines) == numbers(lines, TITLES)


# On the writer

NOTE = "Ada Berg has written about harbours and those who live on them for twenty years, and keeps two goats on a roof."


@pytest.mark.parametrize("names", [[], ["Ada Berg"], ["Ada Berg", "Editor", "Follow her"]])
def test_the_note_on_the_writer_goes(english: tuple[str, ...], story: Story, names: list[str]) -> None:
    lines = [*english, "About the author", *names, NOTE, *story(1)[1:]]
    assert gone(lines) == numbers(lines, [*names, NOTE])
    assert {finding.rule for finding in found_in(lines)} == {"section.author"}


def test_a_heading_on_the_writer_above_an_article_heads_nothing(english: tuple[str, ...]) -> None:
    assert not gone(["About the author", *english])


def test_a_heading_on_the_writer_without_a_note(english: tuple[str, ...]) -> None:
    assert not gone([*english, "About the author", "Menu", "Imprint", "Contact", "Weather", "Sport", NOTE])
    assert not gone([*english, "About the author"])


def test_what_the_user_spares_stays_under_a_heading(article: tuple[str, ...]) -> None:
    lines = [*article, "Related", *TITLES, "Comments", *COMMENTED]
    text = "\n\n".join(lines)
    listed = describe(text, split(text, "line"))
    rules = [HEADINGS.get(line) for line in lines]
    spared = frozenset({lines.index(TITLES[1]), len(lines) - 1})
    page = Page(listed, rules, [rule is not None for rule in rules], [line in STAMPS for line in lines], spared)
    starts = [p.start for p in listed]
    found = {starts.index(finding.start) for finding in find_sections(page, SectionSettings())}
    assert found == gone(lines) - spared
    assert spared <= gone(lines)


NAMES = ["Anna Abel says:", "Peter Borg wrote:", "Carla Dunn says:"]


def cut(lines: Sequence[str]) -> list[str]:
    """The lines that `clean` takes out."""
    text = "\n".join(lines)
    cuts = judge(Document("a", text), CleanSettings(), {}).cuts
    return [line for found in cuts for line in text[found.start : found.end].split("\n") if line]


def test_people_who_speak_in_an_article_write_no_comments(article: tuple[str, ...]) -> None:
    voices = [line for pair in zip(NAMES, TEASERS, strict=True) for line in pair]
    assert not cut([*article, *voices])
    dated = [line for group in zip(NAMES, STAMPS, TEASERS, strict=False) for line in group]
    assert cut([*article, *dated]) == dated


def test_the_tools_of_comments_are_not_those_of_who_speaks_above(article: tuple[str, ...]) -> None:
    voices = [line for pair in zip(NAMES, TEASERS, strict=True) for line in pair]
    comments = ["Comments", "Old sailor", STAMPS[0], "About time that they did it.", "Reply", "Gull", STAMPS[1], "+1", "Reply"]
    assert cut([*article, *voices, *comments]) == comments


def test_a_part_of_a_text_may_be_called_comments(article: tuple[str, ...]) -> None:
    assert gone([*article, "Comments", *TEASERS]) == set()
    assert gone([*article, "Comments", "Old sailor", *TEASERS]) == {*range(len(article) + 1, len(article) + 5)}


def test_the_heading_that_a_site_s_pages_have_is_no_part_of_a_text(article: tuple[str, ...]) -> None:
    lines = [*article, "Comments", *TEASERS]
    text = "\n\n".join(lines)
    listed, rules = describe(text, split(text, "line")), [HEADINGS.get(line) for line in lines]
    page = Page(listed, rules, [rule is not None for rule in rules], [False] * len(lines), shared={len(article)})
    found = find_sections(page, SectionSettings())
    assert [finding.start for finding in found] == [paragraph.start for paragraph in listed[len(article) + 1 :]]


@pytest.mark.parametrize(
    "notes",
    [
        "References",
        "Einzelnachweise",
        "Notes et références",
        "Bibliografia",
        "Przypisy",
        "Примечания",
        "المراجع",
        "参考资料",
        "脚注",
        "각주",
    ],
)
def test_the_notes_of_a_text_below_links_to_others_stay(article: tuple[str, ...], notes: str) -> None:
    links = ["See also", "List of swing bridges", "Tarn Navigation"]
    assert cut([*article, *links, notes, "1. Marlowe 1980, p. 14.", "2. Binns 1931."]) == links


@pytest.mark.parametrize("own", ["Quay office: 05555 12 340 81", "1. Aldis 12 10 1 1 31", "12 October 2023, 10:15"])
def test_comments_with_a_heading_begin_at_no_number_above_it(article: tuple[str, ...], own: str) -> None:
    comments = [
        "Comments",
        "Old sailor",
        "3 hours ago",
        "About time that they did it.",
        "Reply",
        "Gull",
        "4 hours ago",
        "+1",
        "Reply",
    ]
    assert cut([*article, own, "The last of it.", *comments]) == comments


@pytest.mark.parametrize("count", [2, 3])
def test_one_last_paragraph_below_a_box_amid_an_article_stays(english: tuple[str, ...], story: Story, count: int) -> None:
    lines = [*story(4), "Related", *TITLES[:count], english[1]]
    assert gone(lines) == numbers(lines, TITLES)


@pytest.mark.parametrize("box", [["Related"], ["Related", "Advertisement"], ["Advertisement", "Read also", "Related"]])
@pytest.mark.parametrize("count", [0, 2])
def test_a_box_amid_an_article_may_be_empty_and_have_an_advertisement(
    english: tuple[str, ...], story: Story, box: list[str], count: int
) -> None:
    lines = [*story(4), *box, *TITLES[:count], english[1], "Share this"]
    found = found_in(lines, {"Advertisement": "advert", "Read also": RELATED, "Share this": "share"})
    text = "\n\n".join(lines)
    assert [text[f.start : f.end] for f in found] == TITLES[:count]


def test_a_longer_list_below_an_article_is_no_box(english: tuple[str, ...], story: Story) -> None:
    lines = [*story(4), "Related", *TITLES, "Ferry fares to rise in May", english[1]]
    assert gone(lines) == set(range(6, len(lines)))


MENU = ["Weather", "Business", "Sport", "What's On", "Motors"]
HEAD = [
    "Ferry ratings: Okland shines as the harbour team holds on",
    "Seven out of ten for the keeper",
    "By Ada Berg",
    "12 May 2024",
]
RATINGS = ["Okland, goal: 7", "Perry, defence: 5", "Marsh, attack: 6", "Lund, bench: 4"]


def test_a_headline_below_a_menu_that_begins_like_a_list_of_stories_stays(english: tuple[str, ...]) -> None:
    lines = ["Related", *MENU, *HEAD, *RATINGS, *english]
    text = "\n\n".join(lines)
    starts = {span.start: i for i, span in enumerate(split(text, "line"))}
    found = {starts[finding.start] for finding in found_in(lines)}
    assert found & numbers(lines, HEAD)  # as long as nothing tells where the head is
    rules = [{"Related": RELATED, "By Ada Berg": "byline", "12 May 2024": "page.date"}.get(line) for line in lines]
    page = Page(describe(text, split(text, "line")), rules, [rule == RELATED for rule in rules], [False] * len(lines))
    spans = find_sections(page, SectionSettings())
    assert {starts[finding.start] for finding in spans} == numbers(lines, MENU[:-1])


def test_comments_under_a_short_news_item(english: tuple[str, ...]) -> None:
    item = [
        english[0],
        "The ferry to Marlow Island will run again from Monday, the harbour board said after a meeting last night.",
        "It had been in the dock since a storm in March, when a wave broke two of its four doors.",
    ]
    assert gone([*item, "Comments", *COMMENTED]) == set()  # nothing tells when: what stands there may be the text's
    dated = [
        line for pair in zip(STAMPS, ["About time.", "+1", "Who pays for it?", "Nobody asked us"], strict=True) for line in pair
    ]
    assert gone([*item, "Comments", *dated]) == set(range(len(item) + 1, len(item) + 1 + len(dated)))
    assert gone([*item, "Comments", *STAMPS, *english]) == set()  # a bar above the article: a lead is none


def test_an_article_goes_on_with_a_short_line_below_a_box_of_one_title(english: tuple[str, ...], story: Story) -> None:
    lines = [*story(4), "Related", TITLES[0], english[1], "And who pays for it?", "Nobody does, the mayor said."]
    assert gone(lines) == numbers(lines, TITLES)


def test_a_headline_alone_above_the_date_below_a_menu_stays(english: tuple[str, ...]) -> None:
    lines = ["Related", *MENU, HEAD[0], "12 May 2024", *RATINGS, *english]
    text = "\n\n".join(lines)
    spans = split(text, "line")
    rules = [{"Related": RELATED, "12 May 2024": "page.date"}.get(line) or ("site" if line in MENU else None) for line in lines]
    page = Page(describe(text, spans), rules, [rule in {RELATED, "site"} for rule in rules], [False] * len(lines))
    starts = {span.start: i for i, span in enumerate(spans)}
    assert {starts[finding.start] for finding in find_sections(page, SectionSettings())} == set()


@pytest.mark.parametrize("buttons", [[], ["Copy link", "Listen to it"], ["Copy link", "Listen to it", "Text size", "Save"]])
def test_a_headline_stays_below_latest_news_in_a_menu_whatever_stands_below_its_date(
    english: tuple[str, ...], buttons: list[str]
) -> None:
    lines = ["Latest news", "Bridge over the Stell shut for three months", "Ann Lee", "12 May 2024", *buttons, *english]
    found = found_in(lines, {"Latest news": RELATED, "12 May 2024": "page.date"})
    assert found == []


def test_a_note_below_a_long_article_is_none_of_it(english: tuple[str, ...], story: Story) -> None:
    lines = [*(line for i in range(8) for line in story(i)), "Related", *TITLES[:2], english[1]]
    assert gone(lines) == set(range(41, len(lines)))


def test_a_count_that_stands_again_below_the_article_heads_nothing_above_it(story: Story) -> None:
    article, count = story(1), "4 Comments"
    dated = [line for title, stamp in zip(TITLES, STAMPS, strict=False) for line in (title, stamp)]  # of other stories
    lines = [*story(2), article[0], count, *article[1:], count, *dated]
    starts = {span.start: i for i, span in enumerate(split("\n\n".join(lines), "line"))}
    cut = {starts[finding.start] for finding in found_in(lines, {count: COMMENTS})}
    assert cut == set(range(lines.index(count) + len(article) + 1, len(lines)))
    again = [*article, count, *COMMENTED, *(f"{i} h ago" for i in range(3)), *STAMPS, *COMMENTED, count]
    starts = {span.start: i for i, span in enumerate(split("\n\n".join(again), "line"))}
    cut = {starts[finding.start] for finding in found_in(again, {count: COMMENTS})}
    assert cut == set(range(len(article) + 1, len(again))) - {len(again) - 1}
