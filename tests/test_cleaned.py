from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

import dedup
from dedup.boilerplate.profile import Known, Profile, dump, file_name
from dedup.errors import DedupError, ReportError, UsageError
from dedup.model import Cut, Finding
from dedup.settings import CleanSettings, FindSettings
from dedup.text.normal import text_key

BODY = [
    "Ferry to run again",
    "The ferry will run again from the first week of spring, the harbour board decided on Tuesday after two long years.",
    "A yard in the north of the country has replaced the plates that rust had eaten, and has fitted a quieter engine.",
    "Shopkeepers on the island welcomed the news, and some of them had already begun to look for work on the mainland.",
]
LEGAL = "© 2019 Harbour Media Ltd. All rights reserved."
ARTICLE = "\n\n".join(BODY) + "\n"


def test_clean_gives_the_text_and_why() -> None:
    text = "\n\n".join([*BODY, BODY[1], LEGAL]) + "\n"
    cleaned = dedup.clean(text)
    assert isinstance(cleaned, dedup.Cleaned)
    assert cleaned.text == ARTICLE
    assert cleaned.left is None
    assert isinstance(cleaned.findings, tuple)
    repeat, legal = cleaned.findings
    assert isinstance(repeat, Cut)
    assert isinstance(repeat.finding, Finding)
    assert (repeat.finding.kind, legal.finding.kind, legal.finding.rule) == ("repeat", "boilerplate", "legal")
    assert repeat.finding.partner is not None
    assert text[repeat.finding.partner.start : repeat.finding.partner.end] == BODY[1]
    assert text[legal.finding.start : legal.finding.end] == LEGAL
    assert text[: repeat.start] + text[legal.end :] == cleaned.text


def test_a_clean_text_stays() -> None:
    assert dedup.clean(ARTICLE) == dedup.Cleaned(ARTICLE, ())
    assert dedup.clean("") == dedup.Cleaned("", ())


def test_a_text_that_is_left_alone_says_why() -> None:
    cleaned = dedup.clean(LEGAL)
    assert cleaned.text == LEGAL
    assert cleaned.findings == ()
    assert cleaned.left


def test_results_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        dedup.clean("").text = "x"  # type: ignore[misc]


def test_keep_and_strip() -> None:
    text = "\n\n".join([BODY[0], "By Anna Whitfield", *BODY[1:], LEGAL]) + "\n"
    assert dedup.clean(text, keep=["legal"]).text == text
    assert dedup.clean(text, keep=["legal"], strip=["byline"]).text == text.replace("By Anna Whitfield\n\n", "")


def test_paragraphs_are_split_as_asked() -> None:
    text = f"{BODY[1]}\n{BODY[2]}\n\n{BODY[3]}\n\n{BODY[1]}\n"
    assert dedup.clean(text, paragraphs="line").text == f"{BODY[1]}\n{BODY[2]}\n\n{BODY[3]}\n"
    assert dedup.clean(f"{text}{BODY[2]}\n", paragraphs="blank").text == f"{BODY[1]}\n{BODY[2]}\n\n{BODY[3]}\n"


def test_profiles_as_folder_file_or_mapping(tmp_path: Path) -> None:
    line = "All stories of the harbour"
    name = text_key(line)
    profile = Profile("a.example", 9, {name: Known(8, 9, ("1",))})
    path = tmp_path / file_name("a.example")
    path.write_text(dump(profile, {name: line}), "utf-8")
    text = f"{line}\n\n{ARTICLE}"
    for given in (tmp_path, str(tmp_path), path, {"a.example": profile}):
        cleaned = dedup.clean(text, site="a.example", profile=given)
        assert cleaned.text == ARTICLE
        assert cleaned.findings[0].finding.evidence == {"count": 8, "of": 9, "sample": ["1"]}
        assert dedup.clean(text, site="b.example", profile=given).text == text
        assert dedup.clean(text, profile=given).text == text
    assert dedup.clean(text, site="a.example", title=line, profile=path).text == text


@pytest.mark.parametrize(
    "options",
    [
        {"keep": ["repaet"]},
        {"keep": ["boilerplate.nothing"]},
        {"strip": ["headline"]},
        {"strip": ["legal"]},
        {"strip": ["copy"]},
        {"paragraphs": "words"},
        {"min_kept": -1},
    ],
    ids=str,
)
def test_settings_that_do_not_exist_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        dedup.clean(ARTICLE, **options)  # type: ignore[arg-type]
    assert isinstance(caught.value, DedupError)
    (value,) = options.values()
    assert (value[0] if isinstance(value, list) else str(value)) in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"keep": "repeat"}, r"keep 'repeat': give a list of texts, such as \['repeat'\]"),
        ({"strip": "byline"}, r"strip 'byline': give a list of texts, such as \['byline'\]"),
        ({"keep": 5}, "keep 5: give a list"),
        ({"strip": [None]}, "strip .*: give a list"),
        ({"min_kept": "3"}, "min_kept '3': give a number"),
        ({"min_kept": float("nan")}, "--min-kept nan: give a number of words, 0 or more"),
        ({"paragraphs": "lines"}, "paragraphs 'lines': choose one of auto, line, blank"),
        ({"site": 5}, "site: pass a str or None"),
        ({"title": b"x"}, "title: pass a str or None"),
        ({"profile": 5}, "profile: pass"),
        ({"profile": {"a.example": "x"}}, "profile: pass"),
        ({"text": None}, "text: pass a str, not None"),
        ({"text": b"x"}, "text: pass a str, .*bytes: decode it first"),
        ({"text": ["x"]}, "text: pass a str, .*list"),
    ],
    ids=str,
)
def test_other_types_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        dedup.clean(**{"text": ARTICLE} | options)  # type: ignore[arg-type]


def test_settings_are_checked_where_they_are_made() -> None:
    with pytest.raises(UsageError, match="give a list of texts"):
        CleanSettings(keep="repeat")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="give a list of texts"):
        CleanSettings(strip=(5,))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="give a number"):
        FindSettings(cluster_cap="many")  # type: ignore[arg-type]


def test_what_is_neither_true_nor_false() -> None:
    with pytest.raises(UsageError, match="main 'no': give True or False"):
        dedup.clean(ARTICLE, main="no")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="raw 0: give True or False"):
        dedup.find([ARTICLE], raw=0)  # type: ignore[arg-type]
    assert dedup.find([ARTICLE], raw=np.bool_(True)).counts["documents"] == 1  # type: ignore[arg-type]


def test_profiles_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="nowhere"):
        dedup.clean(ARTICLE, profile=tmp_path / "nowhere")


def test_types_can_be_read() -> None:
    assert get_type_hints(dedup.Cleaned)["findings"] == tuple[Cut, ...]
    assert "profile" in get_type_hints(dedup.clean)


def test_the_face_holds_what_it_says() -> None:
    assert {"Cleaned", "__version__", "clean"} <= set(dedup.__all__)
    assert all(hasattr(dedup, name) for name in dedup.__all__)
    with pytest.raises(dedup.DedupError, match="pass a str"):
        dedup.clean(b"bytes")  # type: ignore[arg-type]
    assert dedup.find([dedup.Document("a", ARTICLE), dedup.Document("b", ARTICLE)]).kept == [0]
    with pytest.raises(AttributeError, match="cleen"):
        _ = dedup.cleen


def test_a_sentence_that_holds_the_words_of_a_legal_line_stays_amid_the_article() -> None:
    before = "The council published the terms of the contract for the new library system on Tuesday after two months of delay."
    sentence = "On the last page of the contract, below the names, the words all rights reserved had been struck out in red."
    after = "Nobody at the company could say who had done so, and the mayor has asked for a new copy by the end of the week."
    found = dedup.clean(f"{before}\n{sentence}\n{after}")
    assert found.text == f"{before}\n{sentence}\n{after}"
    footer = (
        f"{before}\n{after}\n© 2024 The Evening Herald. All rights reserved, in all countries and for all media, by the owners."
    )
    assert dedup.clean(footer).text == f"{before}\n{after}\n"


def test_what_the_readme_shows_runs() -> None:
    root = Path(__file__).resolve().parent.parent
    (shown,) = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text("utf-8"), re.DOTALL)
    shorter = "sum(len(text) < 0.9 * len(record['text']) for text, record in zip(texts, records))"
    told = f"{shown}\nprint(len(cleaned.findings), len(records), len(found.clusters), len(unique), {shorter})"
    done = subprocess.run([sys.executable, "-c", told], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout == "11 41 4 34 41\n"
