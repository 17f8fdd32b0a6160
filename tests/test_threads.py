from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lighthouse import BODY, COMMENT, HEADLINE, NOTICE

from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings, MainSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTION = "Which ferry takes bicycles on a Sunday?"
MENU = ["Home", "Timetables", "Weather", "Letters", "About the paper"]
WRITERS = ["Jon M.", "Old sailor", "Anna K.", "Ada", "Old sailor", "Berg"]
STAMPS = [f"{day:02}/03/2024 at 7:{day}2 pm" for day in range(1, 7)]
POSTS = [
    (
        "I want to take mine across the bay on Sunday, and the woman at the counter could not tell me whether that is allowed. "
        "Two years ago I had to leave it on the pier, where it was gone when I came back in the evening, and I do not want to "
        "walk home again. Does anybody know what the rules say, or whom I might ask before I buy the ticket for nothing?"
    ),
    "They have taken mine all summer, but you have to be there before the cars, or the deck is full when your turn comes.",
    "On Sundays the small ferry sails, which has no deck for cars, so you would have to carry it down the stairs to the saloon.",
    "The small one has been in the yard since spring, and nobody at the harbour knows when its engine will be delivered.",
    "Then it must be the big one again, for the timetable on the pier has the same hours that were printed in last year's paper.",
    "I asked the captain himself this morning, and he takes as many as there is room for, on any day and without any fee.",
]
FOOT = ["Terms", "Privacy policy", "Help"]


def cleaned(lines: Sequence[str]) -> list[str]:
    text = "\n".join(lines)
    return apply_cuts(text, judge(Document("a", text), CleanSettings(main=MainSettings()), {}).stretches).split("\n")


def thread(beside: Sequence[str], stamps: Sequence[str] = STAMPS) -> list[str]:
    """Posts with the writer's name, some lines and a stamp above each, and buttons below it."""
    lines = [*MENU, QUESTION]
    for writer, stamp, post in zip(WRITERS, stamps, POSTS, strict=True):
        lines += [writer, *beside, stamp, post, "Share", "Reply", "Log in"]
    return [*lines, *FOOT]


@pytest.mark.parametrize("beside", [["Joined: Mar 2019", "Posts: 204"], ["Member since: 2011", "Moderator", "Location: Harbour"]])
def test_all_posts_of_a_forum_are_its_content(beside: list[str]) -> None:
    left = cleaned(thread(beside))
    assert [line for line in left if line in POSTS] == POSTS
    assert not {*MENU, *FOOT} & {*left}
    assert cleaned(left) == left


def test_posts_stamped_one_way_and_a_forums_line_are_a_thread() -> None:
    lines = thread([])
    lines[-4:-4] = ["Thread tools"]
    lines.insert(len(MENU) + 1, "Thread tools")
    left = cleaned(lines)
    assert [line for line in left if line in POSTS] == POSTS
    assert cleaned(left) == left


def commented(article: Sequence[str], beside: Sequence[str]) -> list[str]:
    """An article with readers' comments below it, each with some lines beside it."""
    comments = [
        (name, *beside, f"{name}, 13 May 2024, 10:1{n}", post) for n, (name, post) in enumerate(zip(WRITERS, POSTS, strict=True))
    ]
    return [*MENU, HEADLINE, "12 May 2024", *article, *(line for comment in comments for line in comment)]


def test_an_article_is_stamped_otherwise_than_its_comments() -> None:
    left = cleaned(["Thread tools", *commented(BODY, [])])
    assert [line for line in left if line in {*BODY, *POSTS}] == BODY


def test_a_forum_below_an_article_is_its_comments() -> None:
    left = cleaned(commented([*BODY, NOTICE, COMMENT, *(f"{line} So it was." for line in BODY)], ["Joined: Mar 2019"]))
    assert not {*POSTS} & {*left}


ENTRIES = [
    "The town council wants to hear in March what the new pier will cost, and who is to pay for the cranes that stand on it.",
    "A retired joiner has built a boat of the wood that the storm threw down, and hopes to sail in it to the islands by summer.",
    "The school at the harbour gets a third class in autumn, because more families have moved into the old ropewalk.",
    "For the first time in nine years the herring came into the bay, and the smokehouses had to send for salt from the mainland.",
    "Nobody was hurt when the roof of the fish hall came down, and the market is held on the square until it is mended.",
    "The library lends nets and rods now, and whoever brings back a rod with a fish at it need not pay for the day.",
]


def dated(dates: Sequence[str], texts: Sequence[str] = ENTRIES) -> list[str]:
    """A list of entries: a title, a date and a text each."""
    listed = zip(("Pier", "Boat", "School", "Herring", "Fish hall", "Library"), dates, texts, strict=True)
    return [*MENU, "News from the harbour", *(line for entry in listed for line in entry), *FOOT]


@pytest.mark.parametrize(
    "dates",
    [
        [f"{day} March 2024" for day in range(11, 17)],
        [f"Dec. {day}, 2024 | Harbour Gazette" for day in range(11, 17)],
        [f"{day}.03.2024" for day in range(11, 17)],
        [f"le {day} février 2024" for day in range(11, 17)],
        [f"2024年3月{day}日" for day in range(11, 17)],
    ],
)
def test_dated_entries_are_no_comments(dates: list[str]) -> None:
    left = cleaned(dated(dates))
    assert [line for line in left if line in ENTRIES] == ENTRIES
    assert not {*MENU, *FOOT} & {*left}
    assert cleaned(left) == left


def test_an_article_above_dated_teasers_is_no_entry() -> None:
    dates = [f"{day} March 2024" for day in range(11, 17)]
    article = f"{' '.join(BODY)} {NOTICE} {COMMENT} {' '.join(POSTS)}"
    left = cleaned(dated(dates, [article, *ENTRIES[1:]]))
    assert article in left
    assert not {*ENTRIES} & {*left}


def test_comments_with_a_time_of_day_are_no_entries() -> None:
    article = " ".join(BODY[:3])
    for time, stay in (("", [article, *ENTRIES[1:]]), (", 10:15", [article])):
        left = cleaned(dated([f"{day} March 2024{time}" for day in range(11, 17)], [article, *ENTRIES[1:]]))
        assert [line for line in left if line in {article, *ENTRIES}] == stay


def test_dates_that_are_cut_between_entries_make_no_article_of_them() -> None:
    texts = [f"{text} So it was written in the paper of that day, number {n} of the year." for n in range(5) for text in ENTRIES]
    lines = [
        line for day, text in enumerate(texts, 1) for line in (f"{day} March 2024" if day not in {15, 16, 17} else "Pier", text)
    ]
    left = cleaned([*MENU, *lines, *FOOT])
    assert [line for line in left if line in texts] == texts
