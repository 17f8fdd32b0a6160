from __future__ import annotations

import pytest

from dedup.boilerplate.spoken import is_spoken
from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings

BEFORE = "Then the judge asked both of them whether they would sell the boat and share what they got for it, and she waited."
MIDDLE = (
    "Neither of the two brothers answered her, because each of them had been waiting for the other one to speak for eleven years."
)
AFTER = "The clerk wrote that down, and the court rose at noon, while the rain went on drumming upon the roof of the old hall."


def cut(*lines: str) -> list[str]:
    """The lines that go."""
    text = "\n".join(lines)
    return [
        line
        for found in judge(Document("a", text), CleanSettings(), {}).cuts
        for line in text[found.start : found.end].split("\n")
        if line
    ]


@pytest.mark.parametrize(
    "said",
    [
        "I agree.",
        "“Help!”",
        "Later.",
        "No, thanks.",
        "Einverstanden.",
        "D'accord.",
        "De acuerdo.",
        "Согласен.",
        "Avanti.",
        "同意。",
        "موافق.",
    ],
)
def test_an_answer_is_no_button(said: str) -> None:
    assert cut(BEFORE, said, AFTER) == []


@pytest.mark.parametrize(
    "said",
    [
        "More from the minister on Monday.",
        "“More from the minister on Monday.”",
        "Altri articoli di legge restano in vigore.",
    ],
)
def test_a_sentence_is_no_heading(said: str) -> None:
    assert cut(BEFORE, said, AFTER) == []


@pytest.mark.parametrize(
    "heading", ["More from the Courier", "Altri articoli di Marco Bianchi", "Related stories", "Mehr von uns:"]
)
def test_a_heading_without_a_full_stop_goes(heading: str) -> None:
    assert cut(BEFORE, MIDDLE, AFTER, heading) == [heading]


@pytest.mark.parametrize(
    "button",
    [
        "I agree",
        "Help",
        "No thanks",
        "Search...",
        "Follow us!",
        "Subscribe!",
        "Read more.",
        "同意",
        "Previous post: Rain at last!",
    ],
)
def test_a_button_goes(button: str) -> None:
    assert cut(BEFORE, button, AFTER) == [button]


@pytest.mark.parametrize(
    "line",
    [
        "“We use cookies to improve your experience”: no sentence of our time is read more often, and none is understood less.",
        "« Nous utilisons des cookies pour améliorer votre expérience. » Vous avez lu cette phrase ce matin, et hier dix fois.",
        "„Wir verwenden Cookies, um Ihnen ein besseres Erlebnis zu bieten“, steht seit gestern auch am Schuppen des Nachbarn.",
    ],
)
def test_a_notice_that_is_quoted_stays(line: str) -> None:
    assert cut(line, BEFORE, AFTER) == []


@pytest.mark.parametrize("line", ["« Précédent", "» Weiterlesen", "« Previous page"])
def test_arrows_are_no_quotation_marks(line: str) -> None:
    assert cut(BEFORE, AFTER, line) == [line]


@pytest.mark.parametrize(
    ("line", "rule", "phrase", "spoken"),
    [
        ("“We use cookies”, it said", "cookie", "we use cookies **", True),
        ("We use cookies. Really.", "cookie", "we use cookies **", False),
        ("“The Gazette”. All rights reserved.", "legal", "** all rights reserved", False),
        ("Sign in to reply to this.", "comment.tools", "sign in to reply to this", False),
        ("Subscribe!", "subscribe", "subscribe", False),
        ("Comments.", "heading.comments", "comments", False),
        ("Comments are closed.", "comment.tools", "comments are closed", False),
        ("Lecture 3 min.", "pager", "lecture # min", False),
        ("続きを読むにはログインが必要です。", "subscribe", "続きを読むにはログインが必要です", False),
        ("", "pager", "next", False),
    ],
)
def test_what_is_spoken(line: str, rule: str, phrase: str, spoken: bool) -> None:
    assert is_spoken(line, rule, phrase) == spoken


def test_a_notice_among_the_terms_of_a_site_stays() -> None:
    about = (
        "We use cookies to remember the language that you chose. You can refuse them in the settings of your browser at any time."
    )
    account = (
        "You must be eighteen or over to register, and you are responsible for keeping your password to yourself at all times."
    )
    assert cut(BEFORE, "3. Cookies", about, "4. Your account", account) == []
    assert cut(BEFORE, AFTER, about) == [about]


@pytest.mark.parametrize("heading", ["5. Comments", "12) Kommentare", "3. Comentarios"])
def test_the_number_of_a_heading_counts_no_comments(heading: str) -> None:
    assert cut(BEFORE, MIDDLE, heading, AFTER, "6. Liability", "Nobody is liable for wet feet.") == []


@pytest.mark.parametrize("heading", ["5 Comments", "12 Kommentare"])
def test_the_count_of_comments_heads_them(heading: str) -> None:
    lines = ["Old sailor", "3 hours ago", "About time that somebody asked them.", "Reply"]
    assert cut(BEFORE, MIDDLE, AFTER, heading, *lines) == [heading, *lines]
