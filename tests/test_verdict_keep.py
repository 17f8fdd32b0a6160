"""What `--keep` and `--strip` change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ferry import BODY, FURNITURE, LEAD, OWN, SITE_LINES, TITLES, cleaned, judged, rules

from dedup.engines.verdict import judge
from dedup.model import Document, Span
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings, MainSettings

if TYPE_CHECKING:
    from dedup.boilerplate.profile import Profile


@pytest.mark.parametrize(
    ("keep", "spared"),
    [
        ("boilerplate", "boilerplate."),
        ("repeat", "repeat."),
        ("legal", "boilerplate.legal"),
        ("boilerplate.legal", "boilerplate.legal"),
        ("share", "boilerplate.share"),
        ("site.frequency", "boilerplate.site.frequency"),
        ("boilerplate.site", "boilerplate.site."),
        ("corpus", "boilerplate.corpus."),
        ("repeat.exact", "repeat.repeat.exact"),
    ],
)
def test_keep_spares_what_it_names_and_no_more(profiles: dict[str, Profile], keep: str, spared: str) -> None:
    lines = [SITE_LINES[0], SITE_LINES[3], "Ferry to run again", *BODY, LEAD, FURNITURE["share"], FURNITURE["legal"]]
    text = "\n".join(lines)
    before, after = rules(judged(text, profiles)), rules(judged(text, profiles, keep=[keep]))
    assert any(rule.startswith(spared) for rule in before)
    assert after == {rule for rule in before if not rule.startswith(spared)}


def test_keeping_headings_keeps_what_stands_under_them() -> None:
    text = "\n".join([*BODY, FURNITURE["heading.related"], *TITLES])
    assert cleaned(text, keep=["heading"]) == text
    assert cleaned(text, keep=["section"]) == text.replace("Related Contents\n", "")


@pytest.mark.parametrize("main", [False, True])
def test_what_is_kept_is_kept_under_headings_too(main: bool) -> None:
    text = "\n".join([*BODY, FURNITURE["heading.related"], TITLES[0], FURNITURE["legal"], *TITLES[1:]])
    settings = CleanSettings(keep=("legal",), main=MainSettings() if main else None)
    spans = [Span(cut.start, cut.end) for cut in judge(Document("a", text), settings, {}).cuts]
    assert apply_cuts(text, spans).rstrip().split("\n") == [*BODY, FURNITURE["legal"]]


@pytest.mark.parametrize("main", [False, True])
@pytest.mark.parametrize("keep", ["site.frequency", "site", "boilerplate.site.frequency"])
def test_what_counts_know_is_kept_under_headings_too(profiles: dict[str, Profile], main: bool, keep: str) -> None:
    text = "\n".join([*BODY, FURNITURE["heading.comments"], TITLES[0], SITE_LINES[1], TITLES[1]])
    chosen = [CleanSettings(keep=names, main=MainSettings() if main else None) for names in ((), (keep,), ("legal",))]
    left = []
    for each in chosen:
        spans = [Span(cut.start, cut.end) for cut in judge(Document("a", text, "a"), each, profiles).cuts]
        left.append(apply_cuts(text, spans).rstrip().split("\n"))
    assert left == [BODY, [*BODY, SITE_LINES[1]], BODY]


@pytest.mark.parametrize("rule", OWN)
def test_strip_takes_what_is_kept_by_default(rule: str) -> None:
    text = "\n".join(["Ferry to run again", *OWN.values(), *BODY])
    assert judged(text).found == []
    assert cleaned(text, strip=[rule]) == text.replace(f"{OWN[rule]}\n", "")


def test_strip_takes_them_all() -> None:
    text = "\n".join(["Ferry to run again", *OWN.values(), *BODY])
    assert cleaned(text, strip=list(OWN)) == "\n".join(["Ferry to run again", *BODY])


def test_keep_outranks_strip() -> None:
    text = "\n".join(["Ferry to run again", *OWN.values(), *BODY])
    assert cleaned(text, strip=["byline"], keep=["byline"]) == text
