"""`clean --strip copy`: what stands in a better ranked document goes, but never all of a document."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import reading
from dedup.engines import finding
from dedup.engines.cleaning import clean
from dedup.engines.inputs import Inputs
from dedup.matching.clusters import Preference
from dedup.reporting.report import Report
from dedup.settings import CleanSettings, FindSettings
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

PARAGRAPHS = [
    "The harbour board bought a second dredger on Monday because the old one can no longer reach the bar at low tide.",
    "It was built for a gravel company that gave up last spring, and it will arrive with its own crew of seven.",
    "Fishermen asked for the work to be done by night so that the boats can land their catch in the morning.",
    "A school in the hills has taught its pupils to keep bees, and they now sell forty jars of honey every autumn.",
    "Nobody was hurt when the roof of the old cannery came down in the storm, but two cars were buried under the slates.",
]
OWN = [
    "The council of the valley met in the open for the first time since the hall was closed by the inspectors.",
    "A film about the last ferryman of the estuary opens on Friday in the only cinema that is left in the county.",
    "Twelve runners took part in the race up the hill, and all of them came back before the rain set in.",
]
TENTH = "The harbour board bought a third dredger on Monday because the old one can not any longer reach the bar at low tide."


def cleaned(texts: Sequence[str], folder: Path, preference: Preference | None = None) -> tuple[list[str], list[dict[str, Any]]]:
    """The texts that are left, and the cuts."""
    folder.mkdir(exist_ok=True)
    source = folder / "in.jsonl"
    source.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    options: dict[str, Any] = dict.fromkeys(("root", "files_from", "format", "site"))
    inputs = Inputs(*reading.find_sources([str(source)], include=(), exclude=(), **options))
    cleaning = CleanSettings(learn=False)
    found = finding.find(
        inputs,
        cleaning=cleaning,
        settings=FindSettings(),
        profiles={},
        kernel="reference",
        preference=preference or Preference(),
        folder=folder,
    )
    to = outputs.plan(inputs.sources, str(folder / "out.jsonl"), fields=inputs.fields, single=True, folders=(), force=True)
    with (folder / "report").open("wb") as stream:
        clean(inputs, cleaning, {}, Report(stream), to, copied=finding.copied_paragraphs(found))
    left = [json.loads(line)["text"] for line in (folder / "out.jsonl").read_text().splitlines()]
    entries = [json.loads(line) for line in (folder / "report").read_text().splitlines()]
    return left, [entry for entry in entries if "document" in entry and "start" in entry]


def joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def test_a_paragraph_stays_in_the_first_document_that_has_it(tmp_path: Path) -> None:
    texts = [joined(OWN[0], PARAGRAPHS[0]), joined(PARAGRAPHS[0], OWN[1]), joined(OWN[2], TENTH, PARAGRAPHS[1])]
    left, cuts = cleaned(texts, tmp_path)
    assert left == [texts[0], OWN[1], joined(OWN[2], PARAGRAPHS[1])]
    start, end = len(OWN[0]) + 2, len(texts[0])
    assert [(cut["kind"], cut["rule"], cut["document"]) for cut in cuts] == [("copy", "copy.family", n) for n in "12"]
    assert [cut["partner"] for cut in cuts] == [{"document": "0", "start": start, "end": end}] * 2
    assert cuts[0]["score"] == 1.0 > cuts[1]["score"] > 0.5
    assert cuts[0]["text"] == PARAGRAPHS[0] + "\n\n"


def test_what_is_like_another_copy_only_does_not_go_with_it(tmp_path: Path) -> None:
    """The second goes for the first; the third is like the second, not like the first, and would be gone altogether."""
    words = PARAGRAPHS[0].split()
    second = " ".join([*words[:-7], "keel can pass over it when the tide runs out."])
    third = " ".join(["Two years ago the towns along the", *second.split()[7:]])
    texts = [joined(own, copy) for own, copy in zip(OWN, [PARAGRAPHS[0], second, third], strict=True)]
    left, cuts = cleaned(texts, tmp_path)
    assert [(cut["document"], cut["partner"]["document"]) for cut in cuts] == [("1", "0")]
    assert left == [texts[0], OWN[1] + "\n", texts[2]]
    assert cleaned(texts[1:], tmp_path)[0] == [texts[1], OWN[2] + "\n"]  # without the first, the third goes


def test_it_stays_in_the_preferred_document(tmp_path: Path) -> None:
    texts = [joined(OWN[0], PARAGRAPHS[0]), joined(PARAGRAPHS[0], OWN[1], *PARAGRAPHS[2:4])]
    left, _ = cleaned(texts, tmp_path, Preference("longest"))
    assert left == [OWN[0] + "\n", texts[1]]


def test_of_an_equal_document_goes_what_goes_of_a_near_one(tmp_path: Path) -> None:
    text = joined("Bees on the hill", *PARAGRAPHS)
    texts = [text, text, text.replace("Bees", "Honey"), joined(OWN[0], PARAGRAPHS[3])]
    assert cleaned(texts, tmp_path)[0] == [text, "Bees on the hill\n", "Honey on the hill\n", OWN[0] + "\n"]


def test_what_an_equal_document_before_has_goes(tmp_path: Path) -> None:
    """The first and the last are equal, and the last has the smaller id as a string is compared ("10" before "2")."""
    both = joined(OWN[0], PARAGRAPHS[0])
    texts = [joined(OWN[1], PARAGRAPHS[1]), joined("So be it", "Or so."), both, joined(PARAGRAPHS[0], OWN[2]), *["x"] * 6, both]
    left, _ = cleaned(texts, tmp_path)
    assert left[2:4] == [both, OWN[2]]
    assert left[10] == both  # all of it is in the first


def test_short_paragraphs_stay(tmp_path: Path) -> None:
    texts = [joined("So they say.", OWN[0]), joined(OWN[1], "So they say.")]
    assert cleaned(texts, tmp_path) == (texts, [])


def test_a_document_never_loses_its_last_content(tmp_path: Path) -> None:
    texts = [joined(*PARAGRAPHS), joined(*PARAGRAPHS[2:4]), joined(*PARAGRAPHS), PARAGRAPHS[0], joined(PARAGRAPHS[0], "!")]
    assert cleaned(texts, tmp_path)[0] == texts


def test_a_repeat_and_a_copy_are_one_cut(tmp_path: Path) -> None:
    texts = [joined(OWN[0], PARAGRAPHS[0]), joined(OWN[1], PARAGRAPHS[0], OWN[2], PARAGRAPHS[0])]
    left, cuts = cleaned(texts, tmp_path)
    assert left == [texts[0], joined(OWN[1], OWN[2]) + "\n"]
    assert sorted(cut["kind"] for cut in cuts) == ["copy", "repeat"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.sampled_from([*PARAGRAPHS, *OWN, TENTH, "So they say."]), max_size=5), max_size=6))
def test_nothing_is_gone_from_all_documents(corpus: Sequence[Sequence[str]]) -> None:
    texts = [joined(*listed) for listed in corpus]
    with tempfile.TemporaryDirectory() as name:
        left, cuts = cleaned(texts, Path(name))
    together = joined(*left)
    for listed, text in zip(corpus, left, strict=True):
        assert bool(text) is bool(listed)
        for paragraph in listed:
            assert paragraph in together or paragraph in {PARAGRAPHS[0], TENTH}
    assert not any(PARAGRAPHS[0] in text or TENTH in text for text in texts) or PARAGRAPHS[0] in together or TENTH in together
    for cut in cuts:
        if cut["kind"] == "copy":
            assert int(cut["partner"]["document"]) < int(cut["document"])
