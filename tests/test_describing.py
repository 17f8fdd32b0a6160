"""Many texts at once, with the compiled kernel, are described and judged as each by itself."""

from __future__ import annotations

import functools
import gzip
import itertools
import json
import os
import pickle
import textwrap
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import ALL, DATA, NEEDED

from dedup.boilerplate import phrases
from dedup.boilerplate.profile import ANY_SITE, Known, Profile
from dedup.choices import MODES
from dedup.engines import describing
from dedup.engines import workers as judging
from dedup.engines.describing import Describer, describe, occurrences_of
from dedup.engines.describing_fast import describe as describe_fast
from dedup.engines.verdict import Judge, Verdict
from dedup.kernels import repeating
from dedup.model import Document
from dedup.repeats import HOLDERS
from dedup.settings import CleanSettings, MainSettings, RepeatSettings
from dedup.text.normal import text_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.choices import Mode
    from dedup.engines.describing import Describe

REAL = ["articles_tehran_times", "articles_buzzfeed_webis", "pages_dragnet", "pages_trafilatura", "pages_wcxb_dev"]
_BATCH = judging._BATCH_CHARACTERS

LEAD = "The ferry between Port Aldis and Marlow Island will run again from the first week of spring, the board decided on 3 May."
BODY = "Shopkeepers on the island welcomed the news. “We have lost a third of our guests,” said the owner of the only bakery."
LICENCE = "All content of the Aldis Courier is licensed for free use."
MENU = "Home Harbour News Tides"

_lines = st.sampled_from(
    [
        LEAD,
        LEAD.replace("3 May", "4 May"),
        f"{LEAD} {BODY}",
        BODY,
        f"{BODY} {LICENCE}",
        LICENCE,
        MENU,
        "by Anna Brook",
        "By anna brook and others",
        "Anna K. says:",
        "安娜说：",
        "6 November 2024",
        "06.11.2024 16:06",
        "Copyright © 2024 Aldis Courier",
        "© 2024",
        "℗",
        "The old pier after the storm. Photo: Ada Brook",
        "A man on the pier (AP Photo/Ada Brook)",
        "Ada Brook/Getty Images",
        "The pier, seen from the hill, via Reuters",
        "The pier\u200bvia Reuters",
        "The pier, vıa Reuters",
        "The pier in spring © Ada Brook / Harbour Agency",
        "暴风雨后的桥 图：新闻社",
        "Read also: The bridge will open in May",
        "Tags: ferry, pier, tides",
        "Next post: The tides of May: a table",
        "Auch interessant: Die Fähre",
        "The views expressed here do not necessarily reflect those of the board.",
        "The board did not say when: it will meet again.",
        "Home > News > Harbour",
        "Home | Harbour | Contact | Privacy policy",
        "首页　新闻　联系我们　关于我们",
        "首页 新闻 财经 体育 社会",
        "灯塔日报记者 李明 王芳",
        "您的位置：灯塔网 > 新闻",
        "« The bridge will open in May | Main | The tides of May »",
        "The tides of May &raquo;",
        "← The tides",
        "All about the harbour ›",
        "Tides >>",
        "[12]Quay",
        "[Foo](/x) [Bar](/y) [Baz](/z)",
        "[1]Foo | [2]Bar | [3]Baz",
        "[Foo][1] [Bar][2] [Baz][]",
        f"  12. javascript:{'-'.join(LEAD.split())}",
        f"  [12]: https://a.example/{'-'.join(LEAD.split())}",
        f"[2]: /news/ ({LEAD})",
        "5 Comments on the ferry and the pier of Port Aldis",
        "Ada Brook wrote on Monday, 6 November 2024 at 16:06",
        "<p>Foo <br>bar</p>",
        f'<li><a class="{"wide " * 60}" href="/pier">Next post</a>: the tides</li>',
        "***",
        "",
        "渡轮明年春天重新开航，镇政府星期三在居民大会上宣布了这一消息，码头此前已经关闭了整整六年。",
        "Паром снова начнёт ходить весной, сообщил во вторник совет гавани после двух лет долгого ожидания.",
        "เรือข้ามฟากระหว่างท่าเรือและเกาะจะเริ่มให้บริการอีกครั้งตั้งแต่สัปดาห์แรกของฤดูใบไม้ผลิปีหน้า",
        "a\u0301\u0323 e\u0301 ﬁne İ ß \ud800 \U0001f600",
    ]
)
_shipped = st.sampled_from(
    [entry.phrase.replace("#", "12").replace("**", "").replace("*", "word") for entry in phrases.load().entries()]
)
_made_up = st.lists(st.sampled_from(LEAD.split()), min_size=1, max_size=40).map(" ".join)
_odd = st.text(st.characters(codec=None), max_size=30)
_gaps = st.sampled_from(["\n", "\n", "\n\n", "\r\n", " \n", "\u2028", "\x85", " "])


@st.composite
def _texts(draw: st.DrawFn) -> str:
    lines = draw(st.lists(_lines | _lines | _shipped | _made_up | _odd, max_size=12))
    lines *= draw(st.sampled_from([1, 1, 1, 2]))
    return "".join(line + draw(_gaps) for line in lines)


@st.composite
def _pages(draw: st.DrawFn) -> str:
    """A page of lines, most of them too long to be hard-wrapped, with furniture between."""
    long = st.sampled_from([f"{LEAD} {BODY}", f"{BODY} {LEAD}", f"{LEAD} {BODY} {LICENCE}", f"{BODY} {BODY}", f"{LEAD} {MENU}"])
    own = st.builds("{} It was said on day {} of the talks.".format, long, st.integers(1, 40))
    lines = draw(st.lists(st.one_of(own, own, long, _lines), max_size=26))
    return draw(st.sampled_from(["\n", "\n\n", "\r\n"])).join(lines)


def _profiles(*, counted: bool = False) -> dict[str, Profile]:
    """What is known; `counted`: of the sentences, their words, too."""

    def known(*texts: str) -> dict[int, Known]:
        return {text_key(text): Known(30, 40, ("a/1", "a/2"), heads=30) for text in texts}

    edges = {key: replace(edge, words=len(LICENCE.split()) if counted else 0) for key, edge in known(LICENCE).items()}
    return {"a": Profile("a", 40, known(MENU), edges), ANY_SITE: Profile(ANY_SITE, 400, known("read 7 more"))}


@functools.cache
def _judge(
    chosen: CleanSettings, way: Describe = describe, *, learned: bool = True, counted: bool = False, notes: bool = True
) -> Judge:
    """One judge for all examples: its sieve takes longer to make than they do, and what it remembers changes no verdict."""
    return Judge(chosen, _profiles(counted=counted) if learned else {}, way, notes=notes)


def _same(texts: Sequence[str], chosen: CleanSettings) -> None:
    plain, fast = describe(texts, chosen), describe_fast(texts, chosen)
    assert len(plain) == len(fast) == len(texts)
    for a, b in zip(plain, fast, strict=True):
        assert (a.text, a.paragraphs, a.count) == (b.text, b.paragraphs, b.count)
        assert a.kept() == b.kept()
        assert a.spans == b.spans
        assert list(a.all_edges()) == list(b.all_edges())
        assert a.occurrences() == b.occurrences()
        assert [a.edges(p) for p in a.paragraphs] == [b.edges(p) for p in b.paragraphs]
        assert a.alike(chosen.repeats) == b.alike(chosen.repeats)
    assert occurrences_of(plain) == occurrences_of(fast)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(_texts(), max_size=5), mode=st.sampled_from(MODES))
def test_many_at_once_are_as_each_by_itself(texts: list[str], mode: Mode) -> None:
    _same(texts, CleanSettings(paragraphs=mode))


def test_a_hard_wrapped_text_among_others() -> None:
    wrapped = "\n".join(textwrap.wrap(" ".join([LEAD, BODY] * 6), 70))
    texts = [LEAD, wrapped, "", f"Ж{wrapped}", BODY]
    _same(texts, CleanSettings())
    assert len(describe_fast(texts, CleanSettings())[1].paragraphs) == 1


def test_no_text_and_no_words() -> None:
    _same([], CleanSettings())
    _same(["", " \n", "***\n…"], CleanSettings())


@pytest.mark.parametrize("least", [0.1, 0.5, 0.8, 1.0])
def test_a_shingle_in_many_sentences_speaks_for_the_first(monkeypatch: pytest.MonkeyPatch, least: float) -> None:
    monkeypatch.setattr(repeating, "_ROOM", 1000)  # pairs, of which there are more here
    sentences = [f"The ferry to the island will leave at number {n} from the old pier." for n in range(HOLDERS + 9)]
    text = "\n".join([*sentences, *sentences[3:7]])
    chosen = CleanSettings(repeats=RepeatSettings(near=least, contained=least))
    _same([LEAD, text, text], chosen)
    assert describe_fast([text], chosen)[0].alike(chosen.repeats)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(_texts(), min_size=1, max_size=4),
    learned=st.booleans(),
    title=st.sampled_from([None, LEAD, MENU]),
    strip=st.sampled_from([(), ("page.date", "byline", "byline.agency")]),
    main=st.sampled_from([None, None, None, MainSettings()]),
)
def test_verdicts_are_the_same(
    texts: list[str], *, learned: bool, title: str | None, strip: tuple[str, ...], main: MainSettings | None
) -> None:
    documents = [Document(f"d{n}", text, "a", title=title) for n, text in enumerate(texts)]
    chosen = CleanSettings(strip=strip, main=main)
    plain = _judge(chosen, learned=learned).judge(documents)
    for notes, counted in itertools.product((True, False), repeat=2):
        fast = _judge(chosen, describe_fast, learned=learned, counted=counted, notes=notes).judge(documents)
        for a, b in zip(plain, fast, strict=True):
            assert (a.found, a.left, a.words, a.kept_words) == (b.found, b.left, b.words, b.kept_words)
            assert (list(a.before), list(a.kept)) == (list(b.before), list(b.kept))
            assert not notes or a.noted == b.noted or (title and not a.found)


@given(
    texts=st.lists(_pages(), min_size=1, max_size=4),
    titles=st.sampled_from([None, "Ferry runs again", MENU]),
    mode=st.sampled_from(MODES),
    counted=st.booleans(),
)
def test_what_whole_lines_leave_is_described_by_what_is_known(
    texts: list[str], titles: str | None, mode: Mode, *, counted: bool
) -> None:
    documents = [Document(str(i), text, "a", title=titles) for i, text in enumerate(texts)]
    chosen = CleanSettings(paragraphs=mode, min_kept=0)
    plain = _judge(chosen, counted=counted).judge(documents)
    fast = _judge(chosen, describe_fast, counted=counted).judge(documents)
    for a, b in zip(fast, plain, strict=True):
        assert (a.found, a.left, a.words, a.kept_words) == (b.found, b.left, b.words, b.kept_words)
        assert (a.kept, a.spans, a.columns()) == (b.kept, b.spans, b.columns())


def test_a_page_of_which_whole_lines_go_is_described_once() -> None:
    article = [f"{LEAD} {BODY} {n} boats" for n in ("one", "two", "three", "four", "five")]
    again = [*article, "Next ferry at nine", "Copyright © 2024 Aldis Courier", "Next ferry at nine"]
    pages = ["\n".join(lines) for lines in ([MENU, *article, MENU], [MENU, *again], ["\n".join(article[:2])])]
    described: list[str] = []

    def spy(texts: Sequence[str], chosen: CleanSettings) -> list[describing.Described]:
        described.extend(texts)
        return describe_fast(texts, chosen)

    judge = Judge(CleanSettings(), _profiles(), spy)
    first, *_ = judge.judge([Document(str(i), page, "a") for i, page in enumerate(pages)])
    assert first.cuts != []
    assert described == pages


def test_no_phrase_is_held_back() -> None:
    lines = [entry.phrase.replace("#", "12").replace("**", "").replace("*", "some word") for entry in phrases.load().entries()]
    documents = [Document(line, f"{LEAD}\n{BODY}\n{line}", title="A title") for line in lines]
    plain, fast = (Judge(CleanSettings(), {}, way).judge(documents) for way in (describe, describe_fast))
    held_back = [d.id for d, a, b in zip(documents, plain, fast, strict=True) if a.found != b.found]
    assert not held_back
    assert sum(bool(verdict.found) for verdict in fast) > len(lines) / 2


@pytest.mark.parametrize(
    "line",
    [
        "[Foo](/x) [Bar](/y) [Baz](/z)",
        "[1]Foo | [2]Bar | [3]Baz",
        "[Foo][1] [Bar][2] [Baz][]",
        f"  12. javascript:{'-'.join(LEAD.split())}",
        f"  [12]: https://a.example/{'-'.join(LEAD.split())}",
        f"[2]: /news/ ({LEAD} {LEAD})",
        f'<a class="{"wide " * 60}" href="/pier">Next post</a>: the tides',
        "Zq ____ (BUTTON) zw",
        f"[Next post](/{'pier-' * 60}): the tides",
    ],
)
def test_no_row_of_links_and_no_address_is_held_back(line: str) -> None:
    document = Document("d", f"{LEAD} [1]Quay\n{line}\n{BODY}", title="A title")
    (plain,), (fast,) = (Judge(CleanSettings(), {}, way).judge([document]) for way in (describe, describe_fast))
    assert [document.text[cut.start : cut.end].strip() for cut in plain.found] == [line.strip()]
    assert fast.found == plain.found


@pytest.mark.parametrize("title", [LEAD, "The ferry will run again"])
def test_what_is_at_an_edge_once_the_headline_is_left_out(title: str) -> None:
    notes = f"It is late. {LICENCE}"  # no running text; outer only because the headline, which is, does not count
    others = f"{BODY} {BODY.replace('bakery', 'forge')}"
    documents = [Document("a", f"{title}\n{notes}\n{others}\n{LEAD} {others}\nThe end.", "a", title=title)]
    documents.append(Document("b", f"{BODY}\n{LEAD} {others}\n{notes}\n{title}", "a", title=title))
    plain, fast = (Judge(CleanSettings(), _profiles(), way).judge(documents) for way in (describe, describe_fast))
    counted = Judge(CleanSettings(), _profiles(counted=True), describe_fast).judge(documents)
    assert [verdict.found for verdict in plain] == [verdict.found for verdict in fast] == [verdict.found for verdict in counted]
    assert any(cut.finding.rule == "site.sentence" for verdict in plain for cut in verdict.found)


def test_texts_that_nobody_looks_at() -> None:
    story = f"{BODY} {LEAD}"
    documents = [
        Document("a", story, title="A title"),
        Document("b", f"{story}\n{MENU}", "a", title="A title"),
    ]
    judge = Judge(CleanSettings(), _profiles(), describe_fast)
    looked_at: list[str] = []
    run = judge._stages.run

    def spy(document: Document, *others: object) -> object:
        looked_at.append(document.id)
        return run(document, *others)  # type: ignore[arg-type]

    judge._stages.run = spy  # type: ignore[method-assign, assignment]
    first, second = judge.judge(documents)
    assert not first.found
    assert [cut.finding.rule for cut in second.found] == ["site.frequency"]
    assert looked_at == ["b"]


def test_few_texts_are_described_plainly_and_many_are_not() -> None:
    describer = Describer(much=100)
    (first,) = describer([LEAD], CleanSettings())
    (second,) = describer([LEAD], CleanSettings())
    assert type(first) is not type(second)
    assert first.paragraphs == second.paragraphs
    assert type(pickle.loads(pickle.dumps(Describer()))([LEAD], CleanSettings())[0]) is type(second)  # noqa: S301 (made here)
    plain = pickle.loads(pickle.dumps(Describer("reference")))  # noqa: S301
    assert type(plain([LEAD], CleanSettings())[0]) is type(first)


def test_a_text_that_is_much_by_itself_is_not_described_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "_HUGE", 2 * len(LEAD))
    first = [Describer()([LEAD * times], CleanSettings())[0].sieved for times in (1, 2)]
    assert first == [False, True]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_huge_document_is_judged_without_being_sent(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(judging, "_HUGE", 2 * _BATCH)
    documents = [Document(str(n), f"{LEAD}\n\n{LEAD}\n\n" + BODY * (3 * _BATCH // len(BODY) if n == 1 else 1)) for n in range(3)]
    documents[0].text *= _BATCH // len(documents[0].text) + 1  # a batch of its own
    with judging.Judges(Judge(CleanSettings(), {}), workers, lambda item: item, _by_whom) as judges:
        made = list(judges.judged(documents))
    assert [item.id for item, _ in made] == ["0", "1", "2"]
    told = [told for _, told in made]
    assert told[1] == ("1", os.getpid(), 1)
    assert [told[0] == ("0", os.getpid(), told[0][2]), told[2] == ("2", os.getpid(), 1)] == [workers == 1] * 2


def _by_whom(document: Document, verdict: Verdict) -> tuple[str, int, int]:
    return document.id, os.getpid(), len(verdict.cuts)


@pytest.mark.parametrize("name", [pytest.param(name, marks=NEEDED) for name in REAL])
def test_the_paragraphs_of_real_texts(name: str) -> None:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = (json.loads(line).get("text") or "" for line in islice(file, None if ALL else 150))
        while batch := list(islice(texts, 100)):
            _same(batch, CleanSettings())
