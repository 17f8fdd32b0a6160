from __future__ import annotations

import pytest

from dedup.boilerplate import names, phrases
from dedup.engines.rule_names import OTHER_RULES, check_names, for_strip, known_names
from dedup.errors import UsageError


def test_rules_can_be_kept_by_all_their_names() -> None:
    known = known_names()
    assert {"boilerplate", "repeat", "heading", "heading.related", "boilerplate.heading", "boilerplate.heading.related"} <= known
    assert {"site", "site.sentence", "boilerplate.site.sentence", "repeat.near", "section.comments"} <= known
    check_names(sorted(known), [])


@pytest.mark.parametrize(
    ("keep", "strip", "hint"),
    [(["repaet"], [], "repeat"), ([], ["page.dat"], "page.date"), (["copy.x"], [], "")],
)
def test_unknown_names_are_refused(keep: list[str], strip: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_names(keep, strip)
    assert str([*keep, *strip][0]) in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("keep", "strip", "words"),
    [
        (["copy"], [], "--keep copy: copies stay anyway; `clean --strip copy` is what strips them"),
        ([], ["legal"], "--strip legal: is stripped anyway (--keep legal would spare it)"),
        ([], ["repeat"], "--strip repeat: is stripped anyway (--keep repeat would spare it)"),
        ([], ["section.related"], "--strip section.related: is stripped anyway"),
        ([], ["page"], "--strip page: name the rule itself: page.date"),
        ([], ["boilerplate.byline"], "--strip boilerplate.byline: name the rule itself: byline or byline.agency"),
        ([], ["main.outside"], "--strip main.outside: `clean --main` is what strips it"),
        (["page.date"], ["page.date"], "--keep page.date spares what --strip page.date would strip: leave one of them out"),
        (["boilerplate.byline"], ["byline.agency"], "--keep boilerplate.byline spares what --strip byline.agency would strip"),
        (["legal,share"], [], "--keep legal,share: no such kind or rule; give one at a time, the option once for each"),
        ([], ["nothing.such"], "--strip nothing.such: no such kind or rule (`dedup rules` lists them)"),
    ],
)
def test_names_without_effect_are_refused_with_what_to_do(keep: list[str], strip: list[str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_names(keep, strip)
    assert str(caught.value).startswith(words)


def test_what_is_kept_beside_what_is_stripped() -> None:
    check_names(["byline.agency", "legal"], ["page.date", "copy", "byline"])


def test_what_strip_takes_is_what_is_kept() -> None:
    assert {"copy", "page.date", "byline.agency"} <= for_strip()
    check_names([], sorted(for_strip()))
    assert not for_strip() & set(OTHER_RULES)


def test_rules_that_the_code_names_are_there() -> None:
    named = {value for name, value in vars(names).items() if name.isupper() and isinstance(value, str)}
    assert named <= {rule.name for rule in phrases.load().rules()}
    assert named >= names.OF_ARTICLE > {names.DATE}
