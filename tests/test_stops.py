from __future__ import annotations

import pytest

from dedup.boilerplate.spoken import is_spoken
from dedup.text import paragraphs, stops


@pytest.mark.parametrize(
    "line", ["Later.", "後で。", "後で｡", "後で．", "बाद में।", "बाद में।।", "بعد میں۔", "Ավելի ուշ։", "ቆይቶ።", "နောက်မှ။", "ពេលក្រោយ។"]
)
def test_a_line_ends_in_the_full_stop_of_its_script(line: str) -> None:
    assert stops.ENDS_FULLY.search(line)
    assert stops.ENDS.search(line)
    assert paragraphs.ends_sentence(line)


@pytest.mark.parametrize("line", ["Who?", "Now!", "誰？", "من؟", "ማን፧", "Ποιος\u037e"])
def test_a_question_or_a_call_ends_without_a_full_stop(line: str) -> None:
    assert stops.ENDS.search(line)
    assert not stops.ENDS_FULLY.search(line)
    assert paragraphs.ends_sentence(line)


@pytest.mark.parametrize("line", ["More stories...", "続きを読む。。。", "Agree", "A colon:"])
def test_three_dots_are_no_full_stop(line: str) -> None:
    assert not stops.ENDS_FULLY.search(line)


@pytest.mark.parametrize("line", ["He agreed.”", "(He agreed.)", "[He agreed.]", "**He agreed.** ", "「そうだ。」"])
def test_marks_may_close_behind_a_stop(line: str) -> None:
    assert stops.ENDS_FULLY.search(line)


def test_a_half_width_stop_makes_an_answer_of_a_button() -> None:
    assert is_spoken("同意｡", "cookie", "同意")
    assert not is_spoken("同意", "cookie", "同意")
