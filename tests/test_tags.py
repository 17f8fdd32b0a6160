from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.text import normal, paragraphs, tags
from dedup.text.shown import shown

PARTS = [
    "<",
    "</",
    ">",
    "/>",
    "br",
    "p",
    "LI",
    "a",
    " ",
    "\n",
    " href='/a.html'",
    " title='It ends. Not so.'",
    "=",
    ".",
    "。",
    "<br>",
    "</p>",
    "<!--",
    "-->",
    "é",
    "word",
    "\u017f",
    "\u212a",
]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<p>The ferry<br>comes <b>back</b>.</p>", " The ferry comes back. "),
        ('<li class="a"><a href="https://a.example/b.html?c=1&d" title="All of it">Home</a></LI>', " Home "),
        ("H<sub>2</sub>O and 10<SUP>3</SUP>,<br /><BR/><hr/>then", "H2O and 103,   then"),
        ('<img src="/a.png" alt="A map"><h2 id=b>A head</h2>', " A head "),
        (
            "a < b and c > d, <file> of List<String>, <basic> <url> </ p> <p",
            "a < b and c > d, <file> of List<String>, <basic> <url> </ p> <p",
        ),
        ("<!-- wp:paragraph {'a':1.5} -->\n<p>One</p>\n<!-- /wp:paragraph --><!---->", "\n One \n"),
        ("a <-- b, <!-- It ends. It goes on. --> and <!-- never", "a <-- b, <!-- It ends. It goes on. --> and <!-- never"),
        ('<a title="It ends. It goes on.">so</a>', '<a title="It ends. It goes on.">so'),
        ("", ""),
    ],
)
def test_of_a_tag_nothing_is_shown(written: str, seen: str) -> None:
    assert tags.shown(written) == seen
    assert normal.words(written) == normal.words(seen)
    assert paragraphs.ends_sentence(written) is paragraphs.ends_sentence(seen)


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text())
def test_bytes_are_shown_as_text_is(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert tags.shown_bytes(data) == tags.shown(text).encode("utf-8", "surrogatepass")
    assert tags.shown(text) == text or re.search(tags.TAG, data, re.IGNORECASE)


def test_many_tags_take_no_more_time_each() -> None:
    for part in ("<", "<p", "<p ", "<a href=", "<br>", "</p> ", "<p>", "<a .", "< >", "<!--", "<!-- a", "-->"):
        assert len(shown("<p " + part * 20_000)) > 3
        assert paragraphs.split(f"a{part * 20_000}b")


def test_tags_that_end_lines() -> None:
    text = "<p>One</p><p>two<br><br/>\tthree</p> <ul> <li>four</li></ul></div> five <b>six</b>\n<br>seven\n<br>\n"
    pieces = [text[start:end] for start, end in paragraphs.split(text)]
    assert pieces == [
        "<p>One</p>",
        "<p>two<br><br/>",
        "three</p>",
        "<ul> <li>four</li></ul></div>",
        "five <b>six</b>",
        "<br>",
        "seven",
        "<br>",
    ]
    assert len(paragraphs.split(text, "line")) == 3


PAGE = """\
<ul class="menu">
<li><a href="/">Home</a></li>
<li><a href="/contact">Contact us</a></li>
</ul>
<p>The <a href="/tags/ferry">ferry</a> comes back on Monday, said the harbour office, after a winter in the yard.</p>
<p>It was due in early March, but the <em>new engine</em>, which came from Kiel, had to be fitted twice before it ran.</p>
<p>The first boat leaves at noon, and who lives on the island goes free until the end of the week, says the office.</p>
<p>The others pay what they paid in autumn, when the old engine still ran, and a book of ten costs as much as nine.</p>
<h3>Related Contents</h3>
<p><a href="/winter">A winter without a ferry</a></p>
<p><a href="/engine">What the new engine costs</a></p>
<p>&copy;2024 The Quay. All rights reserved</p>
"""


@pytest.mark.parametrize("between", ["\n", "\r\n", "", " "])
@pytest.mark.parametrize("main", [False, True])
def test_a_piece_of_html_is_cleaned_as_its_text(between: str, *, main: bool) -> None:
    text = PAGE.replace("\n", between)
    seen = "\n".join(filter(None, (shown(line).strip() for line in PAGE.splitlines())))
    cleaned = dedup.clean(text, main=main).text
    kept = [shown(cleaned[start:end]).strip() for start, end in paragraphs.split(cleaned)]
    assert list(filter(None, kept)) == dedup.clean(seen, main=main).text.splitlines()
    assert dedup.clean(cleaned, main=main).text == cleaned


@pytest.mark.parametrize("end", ["<br>\n", "<br />\r\n", "<br>", "<BR/><BR/>"])
def test_a_text_whose_lines_end_in_tags_is_cleaned_as_one_without(end: str) -> None:
    lines = [shown(line).strip() for line in PAGE.splitlines()[4:]]
    kept = dedup.clean("\n".join(lines)).text.splitlines()
    assert len(kept) == 4
    assert dedup.clean(end.join(lines)).text.rstrip() == end.join(kept) + end.rstrip()


def test_a_story_with_tags_is_a_copy_of_the_story_without() -> None:
    story = " ".join(f"word{number} of <b>number</b> {number},<br>" for number in range(60))
    found = dedup.find([story, tags.shown(story)])
    assert len(found.clusters) == 1
