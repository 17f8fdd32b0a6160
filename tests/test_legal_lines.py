"""Of a line with a legal notice in it, what goes is what the site's documents share."""

from __future__ import annotations

import pytest

from dedup.boilerplate.profile import Known, Profile
from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings, MainSettings
from dedup.text.normal import text_key

BODY = [
    "The ferry will run again from the first week of spring, the harbour board decided on Tuesday after two long years.",
    "Shopkeepers on the island welcomed the news, and some of them had already begun to look for work on the mainland.",
    "Critics in the council doubt that the sum set aside for repairs will last longer than three winters in a row.",
]


@pytest.mark.parametrize(
    ("said", "main"),
    [
        ("The council will vote on the plan on Monday.", None),
        ("The council will vote on the plan on Monday.", MainSettings()),
        ("AB/CD", None),
    ],
)
def test_of_a_line_with_a_legal_notice_what_the_site_shares_goes(said: str, main: MainSettings | None) -> None:
    notice = "All content of the Harbour Gazette is licensed under a Creative Commons Attribution 4.0 licence."
    text = "\n".join([*BODY, f"{said} {notice}"])
    profile = Profile(
        "a", 40, {text_key(notice): Known(30, 40, ("a/1", "a/2"), words=16)}, {text_key(notice): Known(30, 40, ("a/1",))}
    )
    settings = CleanSettings(main=main)
    document = Document("a/9", text, "a", title="A title")
    learned = [text[c.start : c.end].strip() for c in judge(document, settings, {"a": profile}).found]
    assert notice in learned
    assert not any(said in cut for cut in learned)
    alone = [text[c.start : c.end].strip() for c in judge(document, settings, {}).found]
    assert f"{said} {notice}" in alone  # nobody knows where the notice begins


@pytest.mark.parametrize("kept", ["site.sentence", "legal"])
def test_what_the_site_shares_of_a_legal_line_is_no_matter_where_either_is_kept(kept: str) -> None:
    last = "Published by the Harbour Gazette. All rights reserved by the owner. Follow us for more."
    profile = Profile("a", 40, {}, {text_key("Follow us for more."): Known(30, 40, ("a/1",))})
    document = Document("a/9", "\n".join([*BODY, "Comments", last]), "a", title="A title")
    for chosen in (CleanSettings(keep=(kept,)), CleanSettings(keep=(kept,), main=MainSettings())):
        gone = "".join(document.text[cut.start : cut.end] for cut in judge(document, chosen, {"a": profile}).found)
        assert "Comments" in gone
        assert ("All rights reserved" in gone) == (kept == "site.sentence")
