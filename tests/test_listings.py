from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lighthouse import BODY, HEADLINE

from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings, MainSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from conftest import Done

    from dedup.engines.verdict import Verdict

MENU = ["Harbour", "Fisheries", "Old town", "Sailing school", "Letters", "Weather"]
FOOT = ["Our offices", "Work with us", "Sailing school", "All about the harbour"]


def read() -> Iterator[list[tuple[str, str]]]:
    """Titles and teasers, a language at a time."""
    for block in (Path(__file__).parent / "listed_stories.txt").read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        yield list(zip(lines[::2], lines[1::2], strict=True))


ENGLISH, GERMAN, RUSSIAN, JAPANESE, ARABIC = read()
GOODS = [
    "Rope of hemp, ten metres",
    "Lantern with a brass lid",
    "Oilskin coat for children",
    "Oak bucket with a lid",
    "Tide tables in a tin box",
    "Sailmaker's palm and needles",
]
SHOP = (
    "All that we sell is made within a day's walk of the harbour, by people whose names we can tell you. The hemp grows behind "
    "the dyke, the brass comes from old ships, and the oilskin is rubbed with linseed three times before anybody may wear it. "
    "What breaks within ten years we mend, and what we cannot mend we take back, for nobody should have to throw good rope away."
)
SHORT = ["The pier was wet all night.", "Nobody slept before four.", "Then the lamp began to turn."]


def judged(lines: Sequence[str]) -> Verdict:
    return judge(Document("a", "\n".join(lines)), CleanSettings(main=MainSettings()), {})


def cleaned(lines: Sequence[str]) -> list[str]:
    return apply_cuts("\n".join(lines), judged(lines).stretches).rstrip("\n").split("\n")


def page(title: str, entries: Iterable[Sequence[str]]) -> list[str]:
    return [*MENU, title, *(line for entry in entries for line in entry), *FOOT]


def stays(lines: Sequence[str], wanted: Sequence[str]) -> None:
    """All that is wanted is left, and nothing of menu and foot; of what is left, all is left again."""
    left = cleaned(lines)
    assert [line for line in left if line in wanted] == list(wanted)
    assert not {*MENU, *FOOT} & {*left}
    assert cleaned(left) == left


def of_list(lines: Sequence[str]) -> bool:
    """Whether a page is seen as a list."""
    return any("listing" in cut.finding.evidence for cut in judged(lines).found)


@pytest.mark.parametrize("stories", [ENGLISH, RUSSIAN, ARABIC], ids=["en", "ru", "ar"])
def test_a_section_front_keeps_its_stories(stories: list[tuple[str, str]]) -> None:
    entries = [(title, f"1{n}.05.2024 09:1{n}", teaser) for n, (title, teaser) in enumerate(stories)]
    stays(page("The harbour today", entries), [line for entry in entries for line in entry])


def test_a_blog_index_keeps_its_posts() -> None:
    entries = [(title, "von Ada Berg", f"{n + 2}. Mai 2024", text, "Weiterlesen") for n, (title, text) in enumerate(GERMAN)]
    stays(page("Das Dorf schreibt", entries), [line for title, _, _, text, _ in entries for line in (title, text)])


def test_a_list_of_episodes_keeps_them() -> None:
    entries = [(title, text, "もっと", f"4{n}分 - 2024年5月1{n}日") for n, (title, text) in enumerate(JAPANESE)]
    stays(page("岬の町の話", entries), [line for title, text, *_ in entries for line in (title, text)])


def test_results_of_a_search_keep_the_parts_that_some_of_them_have() -> None:
    entries = [
        (f"Paper of the {'north' if n % 2 else 'south'}", title, teaser, f"{n}d", *["with pictures"] * (n % 3 == 0))
        for n, (title, teaser) in enumerate(ENGLISH, 1)
    ]
    stays(page('Results for "harbour"', entries), [line for _, title, teaser, *_ in entries for line in (title, teaser)])


def test_goods_stay_with_their_prices_above_what_the_shop_tells() -> None:
    entries = [(name, f"{12 + n},50 €", f"({30 + n})") for n, name in enumerate([*GOODS, *(f"{name}, used" for name in GOODS)])]
    lines = page("Useful things for sailors", entries)
    stays([*lines[: -len(FOOT)], SHOP, *FOOT], [line for entry in entries for line in entry] + [SHOP])


def rated() -> list[str]:
    things = [f"{name}, {how}" for how in ("new", "used", "to mend", "for children") for name in GOODS]
    return [line for n, name in enumerate(things) for line in (f"{7 * n + 3} letters / {n % 5 + 1} stars", name)]


def test_a_paragraph_that_leads_in_to_many_entries_is_no_article() -> None:
    lead = (
        SHOP.partition(" What")[0]
        + " Nothing of it is stored, and all of it is shown on the ground floor of the old customs house."
    )
    stays([*MENU, "What readers think of it", lead, *rated(), *FOOT], [lead, *rated()])
    left = cleaned([*MENU, "What readers think of it", lead, BODY[0], *rated(), *FOOT])
    assert [line for line in left if line in {lead, BODY[0], *rated()}] == [lead, BODY[0]]


def test_what_stays_as_a_list_is_told(dedup: Callable[..., Done]) -> None:
    entries = [(title, f"1{n}.05.2024 09:1{n}", teaser) for n, (title, teaser) in enumerate(ENGLISH)]
    lines = page("The harbour today", entries)
    evidence = next(cut.finding.evidence for cut in judged(lines).found if cut.finding.rule == "main.outside")
    start = len("\n".join([*MENU, "The harbour today", ""]))
    listed = "\n".join(line for entry in entries for line in entry)
    assert (evidence["listing"], evidence["entries"]) == ((start, start + len(listed)), 6)
    Path("a.txt").write_text("\n".join(lines), encoding="utf-8")
    told = dedup("explain", "--main", "a.txt").out.decode()
    place = f"{start}..{start + len(listed)}"
    assert told.splitlines()[1] == f"kept as a whole: a list of 6 entries at {place}, in which the page has its content"
    assert f"main.outside: outside of the list at {place}\n    Harbour\n" in told


RELATED = [line for title, teaser in ENGLISH for line in (title, "12.05.2024 10:15", teaser)]


@pytest.mark.parametrize("body", [BODY, [" ".join(BODY)]], ids=["paragraphs", "one paragraph"])
def test_a_list_below_an_article_goes(body: list[str]) -> None:
    left = cleaned([*MENU, HEADLINE, "12.05.2024 10:15", *body, *RELATED, *FOOT])
    assert left == [HEADLINE, "12.05.2024 10:15", *body]


def test_a_list_above_an_article_is_not_what_the_page_has() -> None:
    article = [HEADLINE, "12.05.2024 10:15", *(text for _, text in GERMAN)]
    assert not of_list([*MENU, *RELATED, *article, *FOOT])


def test_goods_below_what_is_told_of_one_go() -> None:
    goods = [line for n, name in enumerate(GOODS) for line in (name, f"{12 + n},50 €")]
    left = cleaned([*MENU, "Rope for the harbour", *BODY, *goods, *FOOT])
    assert [line for line in left if line in {*BODY, *goods}] == BODY


TEASERS = [teaser for _, teaser in ENGLISH]
QUESTIONS = ["And who paid for all of that?", "Did nobody say no to it?", "What did the fishermen want?", "When does it end?",
             "Who looks after the lamp now?", "Would you do it again?"]  # fmt: skip


def between(heads: Sequence[str], *bodies: Sequence[str]) -> list[str]:
    return [line for parts in zip(heads, *bodies, strict=True) for line in parts]


@pytest.mark.parametrize(
    "article",
    [
        between([title for title, _ in ENGLISH], [f"{teaser} {BODY[0]}" for teaser in TEASERS]),
        between([title for title, _ in ENGLISH], TEASERS, [*BODY, *SHORT[:2]]),
        between([f"{n + 9}:15" for n in range(6)], TEASERS),
        between(
            [f"1{n}.05.2024, {n + 9}:15" for n in range(6)], [title for title, _ in ENGLISH], [f"{t} {BODY[1]}" for t in TEASERS]
        ),
        between(QUESTIONS, TEASERS),
        between([f"Question: {question}" for question in QUESTIONS], [f"Answer: {teaser}" for teaser in TEASERS]),
        [BODY[0], BODY[1], "Serves 4", *(f"{n}00 g of {what}" for n, what in enumerate(["flour", "butter", "salt herring"], 1)),
         *(line for n, teaser in enumerate(TEASERS, 1) for line in (f"Step {n}", teaser))],
        [*BODY[:2], *SHORT, *BODY[2:]],
        [*BODY[:2], *(line for verse in range(6) for line in (f"{verse} times the bell", *SHORT)), *BODY[2:]],
    ],
    ids=["headings", "two paragraphs each", "day", "ticker", "interview", "answers", "recipe", "voices", "poem"],
)  # fmt: skip
def test_an_article_is_no_list(article: list[str]) -> None:
    lines = [*MENU, HEADLINE, "By Ada Berg", "12.05.2024 10:15", *article]
    left = cleaned([*lines, "More for you", *(title for title, _ in GERMAN), *FOOT])
    text = [line for line in article if line in {*BODY, *SHORT} or len(line) > len(BODY[0]) // 2]
    assert [line for line in left if line in text] == text
    assert not {title for title, _ in GERMAN} & {*left}


def test_few_entries_are_no_list() -> None:
    entries = [(title, f"1{n}.05.2024 09:1{n}", teaser) for n, (title, teaser) in enumerate(ENGLISH[:4])]
    assert not of_list(page("The harbour today", entries))
