"""What is shown of escaped text; that of links and of tags has its own tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.text import normal
from dedup.text.shown import shown, shown_bytes

PARTS = ["&", "#", ";", "amp", "&amp;", "&#8217;", "&#x41", "&#91;", "12", "]", "](/", "&Eacute;", "&nosuch;", "é", "\ud800", " "]


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text())
def test_bytes_are_shown_as_text_is(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert shown_bytes(data) == shown(text).encode("utf-8", "surrogatepass")


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_the_words_are_those_of_what_is_shown(text: str) -> None:
    assert normal.words(text) == normal.words(shown(text).replace("&", " & ")) or shown(shown(text)) != shown(text)


def test_many_signs_take_no_more_time_each() -> None:
    for part in ("&", "&#", "&amp", "&amp;", "&#1"):
        assert shown(part * 50_000)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("don&#8217;t &amp; won&#x2019;T&nbsp;go", "don\u2019t & won\u2019T\xa0go"),
        ("&copy; 2024 &Eacute;clair &#150; &lt;b&gt;", "\xa9 2024 \xc9clair \u2013 "),
        ("AT&T; Q&A; R&D &nosuch; &amp &; &#; &#x; &#99999999;", "AT&T; Q&A; R&D &nosuch; &amp &; &#; &#x; &#99999999;"),
        ("&#91;12&#93;Home &amp;amp; &#0; &#xD800;", "Home &amp; \ufffd \ufffd"),
        ("", ""),
    ],
)
def test_of_an_entity_its_character_is_shown(written: str, seen: str) -> None:
    assert shown(written) == seen
    assert shown_bytes(written.encode()).decode() == seen


def test_a_copy_that_was_escaped_once_more_is_a_copy() -> None:
    story = " ".join(f"It\u2019s word{number} & the boat\u2019s \u201cname{number}\u201d" for number in range(60))
    escaped = story.replace("&", "&amp;").replace("\u2019", "&#8217;").replace("\u201c", "&ldquo;").replace("\u201d", "&rdquo;")
    found = dedup.find([story, escaped])
    assert len(found.clusters) == 1


def test_an_escaped_notice_is_known() -> None:
    text = "The ferry comes back on Monday.\n&copy;&nbsp;2024 The Quay\nTerms &amp; Conditions\n"
    assert dedup.clean(text).text == "The ferry comes back on Monday.\n"
