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
