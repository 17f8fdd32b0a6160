from __future__ import annotations

import pytest

from dedup.engines.rule_names import check_names, known_names
from dedup.errors import UsageError


def test_rules_can_be_kept_by_all_their_names() -> None:
    names = known_names()
    assert {"boilerplate", "repeat", "heading", "heading.related", "boilerplate.heading", "boilerplate.heading.related"} <= names
    assert {"site", "site.sentence", "boilerplate.site.sentence", "repeat.near", "section.comments"} <= names
    check_names(sorted(names), [])


@pytest.mark.parametrize(
    ("keep", "strip", "hint"),
    [(["repaet"], [], "repeat"), ([], ["page.dat"], "page.date"), ([], ["legal"], ""), (["copy.x"], [], "")],
)
def test_unknown_names_are_refused(keep: list[str], strip: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_names(keep, strip)
    assert str([*keep, *strip][0]) in str(caught.value)
    assert hint in str(caught.value)
