"""Every language knows what its sites show around texts: the lines of `furniture_lines.txt`, by what they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.engines.line_rules import LineRules

LINES = Path(__file__).with_name("furniture_lines.txt")
RULES = {
    "comments": {"heading.comments", "comment.tools"},
    "comment tools": {"comment.tools", "comment.stamp", "cookie", "subscribe"},
    "stamp": {"comment.stamp"},
    "related": {"heading.related", "related.link", "teaser.more", "pager", "navigation", "heading.comments"},
    "more": {"teaser.more", "pager", "heading.related", "navigation"},
    "pager": {"pager", "navigation", "media.control"},
    "navigation": {"navigation", "subscribe", "legal", "advert", "tags", "share"},
    "legal": {"legal", "cookie", "advert"},
    "cookie": {"cookie", "cookie.purpose", "media.consent", "legal"},
    "consent to media": {"media.consent"},
    "share": {"share", "subscribe", "comment.tools"},
    "subscribe": {"subscribe", "navigation"},
    "advert": {"advert"},
    "media": {"media.control", "media.caption", "byline.agency", "byline", "legal"},
    "agency": {"byline.agency", "media.caption", "byline", "legal"},
    "byline": {"byline", "byline.agency"},
    "date": {"page.date", "comment.stamp", "pager"},
    "tags": {"tags", "heading.related"},
}
"""The rules that a line may go by; many serve two ends on one site or another."""


def furniture() -> list[tuple[str, str, list[str]]]:
    """Language, what the lines are for, and the lines."""
    found = []
    language = ""
    for row in LINES.read_text("utf-8").splitlines():
        if row.startswith("@"):
            language = row[1:]
        elif row and not row.startswith("#"):
            use, _, lines = row.partition(": ")
            found.append((language, use, lines.split(" | ")))
    return found


@pytest.fixture(scope="module")
def rules() -> LineRules:
    return LineRules()


@pytest.mark.parametrize(("language", "use", "lines"), furniture(), ids=lambda value: value if isinstance(value, str) else "")
def test_what_sites_show_is_known(rules: LineRules, language: str, use: str, lines: list[str]) -> None:
    known = {}
    for line in lines:
        match = rules.match(line)
        known[line] = match.rule if match is not None else None
    wrong = {line: rule for line, rule in known.items() if rule not in RULES[use]}
    assert not wrong, f"{language}: {wrong}"


def test_there_are_lines_of_many_languages() -> None:
    assert len({language for language, _, _ in furniture()}) >= 30
