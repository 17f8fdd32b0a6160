from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.boilerplate.learning import Learner
from dedup.boilerplate.profile import ANY_SITE, Profile
from dedup.engines import describing, describing_fast
from dedup.engines.verdict import judge
from dedup.model import Document, Span
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings, LearnSettings
from dedup.text.normal import text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Story = Callable[[int], list[str]]
    Learn = Callable[..., dict[str, Profile]]

MENU = "All stories of the harbour"
LICENCE = "This text is free to use under the terms of the Harbour Commons."


def page(number: int, *lines: str, site: str | None = "a.example") -> Document:
    return Document(f"{site}/{number:04}", "\n\n".join(lines) + "\n", site)


def pages(
    story: Story, count: int, *extra: str, holders: int | None = None, first: int = 0, site: str | None = "a.example"
) -> list[Document]:
    """Pages with a story each; the first `holders` of them (or all) have the extra lines at the end."""
    with_extra = count if holders is None else holders
    return [page(i, *story(i), *(extra if i - first < with_extra else ()), site=site) for i in range(first, first + count)]


def is_line(profiles: dict[str, Profile], text: str, site: str = "a.example") -> bool:
    return site in profiles and text_key(text) in profiles[site].lines


def cleaned(document: Document, profiles: dict[str, Profile], *, strip: Sequence[str] = ()) -> str:
    verdict = judge(document, CleanSettings(strip=tuple(strip)), profiles)
    return apply_cuts(document.text, [Span(cut.start, cut.end) for cut in verdict.cuts])


def test_documents_of_several_sites_may_be_counted_at_once(story: Story, learned: Learn) -> None:
    sites = ("a.example", "b.example", None)
    documents = [d for i in range(36) for d in pages(story, 1, MENU, LICENCE, first=i, site=sites[i // 2 % 3])]
    documents.insert(7, page(99, site="b.example"))
    described = describing.describe([document.text for document in documents], CleanSettings())
    for counted in (described, describing_fast.describe([document.text for document in documents], CleanSettings())):
        learner = Learner(LearnSettings())
        learner.add(documents, describing.occurrences_of(counted))
        assert learner.profiles() == learned(documents)
    assert is_line(learned(documents), MENU, "b.example")


# Floors


@pytest.mark.parametrize("count", [2, 3, 4, 10, 40])
def test_two_documents_teach_nothing(story: Story, learned: Learn, count: int) -> None:
    assert not is_line(learned(pages(story, count, MENU, holders=2)), MENU)


@pytest.mark.parametrize("count", [12, 40])
def test_a_line_on_all_documents_is_furniture(story: Story, learned: Learn, count: int) -> None:
    documents = pages(story, count, MENU)
    profiles = learned(documents)
    known = profiles["a.example"].lines[text_key(MENU)]
    assert (known.count, known.of) == (count, count)
    assert list(known.sample) == sorted(known.sample)
    assert set(known.sample) <= {document.id for document in documents}
    assert profiles["a.example"].documents == count


def test_what_stands_on_one_document_each_is_not(story: Story, learned: Learn) -> None:
    profiles = learned(pages(story, 12, MENU))
    assert not any(is_line(profiles, line) for i in range(12) for line in story(i))


def test_a_line_twice_on_a_document_counts_once(story: Story, learned: Learn) -> None:
    assert not is_line(learned(pages(story, 12, MENU, "And more", MENU, holders=2)), MENU)


def test_floors_grow_with_the_site(learned: Learn) -> None:
    """On how many documents the rarest line that is learned stands, on sites of several sizes."""
    rarest = []
    for size in (4, 30, 300):
        words = ["".join(chr(97 + int(digit)) for digit in str(i)) for i in range(size + 1)]
        documents = [page(i, f"Own line of {words[i]}", *(f"Line of {word}" for word in words[i + 1 :])) for i in range(size)]
        profiles = learned(documents)  # line n stands on n documents
        rarest.append(min(i for i in range(1, size + 1) if is_line(profiles, f"Line of {words[i]}")))
    assert rarest[0] >= 3
    assert all(a <= b for a, b in pairwise(rarest))
    assert rarest[0] < rarest[-1]


def test_numbers_do_not_tell_lines_apart(story: Story, learned: Learn) -> None:
    documents = [page(i, *story(i), f"Read {100 + i} times, page {i} of 30") for i in range(12)]
    assert is_line(learned(documents), "Read 5 times, page 3 of 7")


def test_sites_are_told_apart(story: Story, learned: Learn) -> None:
    documents = pages(story, 12, MENU) + pages(story, 12, first=20, site="b.example")
    profiles = learned(documents)
    assert is_line(profiles, MENU)
    assert not is_line(profiles, MENU, "b.example")


def test_documents_without_words(learned: Learn) -> None:
    assert learned([]) == {}
    profiles = learned([page(i, "", " * * * ") for i in range(5)])
    assert all(not profile.lines and not profile.edges for profile in profiles.values())


# Near-copies


@pytest.mark.parametrize(("copies", "count"), [(6, 20), (8, 40), (5, 8), (4, 4)])
def test_near_copies_of_one_article_are_no_furniture(story: Story, learned: Learn, copies: int, count: int) -> None:
    article = story(99)
    caption = "The old lighthouse at dawn"
    versions = [page(100 + i, story(100 + i)[0], *article[1:], caption) for i in range(copies)]
    profiles = learned(versions + pages(story, count - copies))
    assert not any(is_line(profiles, line) for line in (*article[1:], caption))


def test_furniture_is_learned_beside_near_copies(story: Story, learned: Learn) -> None:
    versions = [page(100 + i, *story(99), MENU) for i in range(6)]
    assert is_line(learned(versions + pages(story, 20, MENU)), MENU)


def sentence(number: int, size: int) -> str:
    """The sentence of a number, of so many words."""
    names = [f"{a}{b}{c}" for a in ("ba", "de", "fi", "go", "lu", "mi") for b in "rnls" for c in ("an", "el", "or", "in", "ut")]
    return f"{' '.join(random.Random(number).choices(names, k=size)).capitalize()}."  # noqa: S311 (the same in each run)


@pytest.mark.parametrize(
    ("passages", "size", "own", "one"),
    [(3, 60, 20, True), (3, 60, 21, False), (3, 20, 0, True), (3, 19, 0, False), (2, 60, 0, False)],
    ids=["nine tenths are shared", "less", "60 words are shared", "less than 60", "two passages"],
)
def test_pages_that_share_hardly_less_than_all_are_one_content(
    learned: Learn, passages: int, size: int, own: int, one: bool
) -> None:
    """What they share stands on all pages of the site, as its furniture would."""
    shared = [sentence(900 + number, size) for number in range(passages)]
    documents = [
        page(number, sentence(500 + number, 6)[:-1], *shared, *([sentence(number, own)] if own else []), MENU)
        for number in range(10)
    ]
    assert is_line(learned(documents), MENU) != one


def test_a_story_on_many_sites_is_no_furniture_of_all(story: Story, learned: Learn) -> None:
    """What stands on several sites with the story around it is a copy."""
    article = story(99)
    subheading = "What the fishermen say"
    documents = [
        document
        for number in range(40)
        for site in (f"site{number}.example",)
        for document in (
            page(0, *article[:3], subheading, *article[3:], site=site),
            *pages(story, 2, first=100 + 2 * number, site=site),
        )
    ]
    assert not is_line(learned(documents), subheading, ANY_SITE)


# Any site


def test_lines_of_many_sites(story: Story, learned: Learn) -> None:
    documents = [d for i in range(40) for d in pages(story, 1, MENU, first=i, site=f"site{i}.example")]
    assert is_line(learned(documents), MENU, ANY_SITE)


@pytest.mark.parametrize("count", [2, 10, 19])
def test_lines_of_any_site_stand_on_twenty_documents_at_least(story: Story, learned: Learn, count: int) -> None:
    documents = [d for i in range(count) for d in pages(story, 1, MENU, first=i, site=f"site{i}.example")]
    assert ANY_SITE not in learned(documents)
    documents += pages(story, 30, first=100, site=None)
    assert not is_line(learned(documents), MENU, ANY_SITE)


def test_lines_of_any_site_stand_on_two_sites_at_least(story: Story, learned: Learn) -> None:
    documents = pages(story, 60, MENU) + pages(story, 10, first=100, site="b.example")
    profiles = learned(documents)
    assert is_line(profiles, MENU)
    assert not is_line(profiles, MENU, ANY_SITE)


def test_lines_of_any_site_are_short(story: Story, learned: Learn) -> None:
    passage = story(99)[1]
    documents = [d for i in range(40) for d in pages(story, 1, passage, first=i, site=f"site{i}.example")]
    assert not is_line(learned(documents), passage, ANY_SITE)


def test_documents_without_a_site_are_no_site(story: Story, learned: Learn) -> None:
    documents = pages(story, 60, MENU, site=None)
    assert learned(documents) == {}
    one_site = pages(story, 1, MENU, first=100)
    assert not is_line(learned(documents + one_site), MENU, ANY_SITE)  # one site is not two


def test_a_site_named_like_all_sites_is_one_site(story: Story, learned: Learn) -> None:
    profiles = learned(pages(story, 12, MENU, site="*"))
    other = page(50, *story(50), MENU, site="b.example")
    assert cleaned(other, profiles) == other.text


# What is an article's own


def test_headline_by_line_and_date_are_shielded(story: Story, learned: Learn) -> None:
    own = ("Weather on the coast today", "By Anna Whitfield", "Published: 3 May 2021, 10:15")
    weather = [page(i, *own, *story(i)[1:], MENU) for i in range(5)]
    documents = weather + [page(i, story(i)[0], *own[1:], *story(i)[1:], MENU) for i in range(10, 20)]
    profiles = learned(documents)
    for document in documents:
        assert cleaned(document, profiles) == document.text.replace(f"\n\n{MENU}", "")
    assert cleaned(weather[0], profiles, strip=["byline"]).startswith(f"{own[0]}\n\n{own[2]}\n\n")
    assert cleaned(weather[0], profiles, strip=["page.date"]).startswith(f"{own[0]}\n\n{own[1]}\n\n{story(0)[1][:10]}")


def test_the_title_of_the_record_is_shielded(story: Story, learned: Learn) -> None:
    title = "Weather on the coast today"
    documents = [page(i, title, "Coast", "Sea", *story(i)[1:]) for i in range(5)] + pages(story, 10, first=20)
    for document in documents[:5]:
        document.title = title
    profiles = learned(documents)
    assert is_line(profiles, title)
    assert cleaned(documents[0], profiles).startswith(f"{title}\n")


def test_a_line_on_all_documents_is_no_headline(story: Story, learned: Learn) -> None:
    documents = [page(i, "The best news of the coast", *story(i)[1:]) for i in range(12)]
    profiles = learned(documents)
    assert cleaned(documents[0], profiles) == "\n\n".join(story(0)[1:]) + "\n"


# Sentences at the edges


@pytest.mark.parametrize(
    "notice",
    [
        LICENCE,
        "Dieser Text darf frei verwendet werden. Er stammt vom Hafenblatt.",
        "«Вестник гавани» разрешает перепечатку этого текста.",
    ],
)
def test_a_licence_on_the_last_line_is_cut_from_it(story: Story, learned: Learn, notice: str) -> None:
    documents = [page(i, *story(i)[:-1], f"{story(i)[-1]} {notice}") for i in range(20)]
    profiles = learned(documents)
    for i, document in enumerate(documents):
        (cut,) = judge(document, CleanSettings(), profiles).cuts
        assert cut.finding.rule == "site.sentence"
        assert {"count", "of", "sample"} <= cut.finding.evidence.keys()
        assert document.text[cut.start : cut.end].strip() == notice
        assert cleaned(document, profiles) == "\n\n".join(story(i)) + "\n"


def test_a_notice_at_the_beginning_is_cut_too(story: Story, learned: Learn) -> None:
    notice = "From our harbour office, with pictures by the readers."
    documents = [page(i, f"{notice} {story(i)[1]}", *story(i)[2:]) for i in range(20)]
    profiles = learned(documents)
    assert cleaned(documents[3], profiles) == "\n\n".join(story(3)[1:]) + "\n"


def test_a_licence_without_space_before_it(learned: Learn) -> None:
    chance = random.Random(7)  # noqa: S311 (the same texts in each run)
    notice = "本文由港湾社授权转载。"

    def sentence() -> str:
        return "".join(chance.choices("山川海风云雨雪花鸟鱼虫草木石田村城路桥船车马牛羊", k=50)) + "。"

    bodies = [[sentence() for _ in range(4)] for _ in range(20)]
    documents = [page(i, *body[:-1], body[-1] + notice) for i, body in enumerate(bodies)]
    profiles = learned(documents)
    assert cleaned(documents[0], profiles) == "\n\n".join(bodies[0]) + "\n"


@pytest.mark.parametrize("begins", ["Mr. Holm", "U.S. Marines", "St. Anna", "3. Salt", "Am 3. Oktober", "Prof. Dr. Ines Holm"])
def test_a_stop_behind_an_abbreviation_or_a_number_begins_no_notice(story: Story, learned: Learn, begins: str) -> None:
    documents = [page(i, *story(i)[:-1], f"{begins} {story(i)[-1]}") for i in range(20)]
    profiles = learned(documents)
    assert not profiles.get("a.example", Profile("a.example", 20)).edges
    assert [cleaned(document, profiles) for document in documents] == [document.text for document in documents]


@pytest.mark.parametrize("ends", ["in St. Petersburg.", "on the 3. October."])
def test_a_stop_behind_an_abbreviation_or_a_number_ends_no_notice(story: Story, learned: Learn, ends: str) -> None:
    documents = [page(i, *story(i)[:-1], f"{story(i)[-1][:-1]} {ends}") for i in range(20)]
    assert [cleaned(document, learned(documents)) for document in documents] == [document.text for document in documents]


def test_a_notice_of_two_words_at_the_end(story: Story, learned: Learn) -> None:
    documents = [page(i, *story(i)[:-1], f"{story(i)[-1]} Copyright 2024.") for i in range(20)]
    assert cleaned(documents[0], learned(documents)) == "\n\n".join(story(0)) + "\n"


def test_sentences_of_two_documents_are_no_furniture(story: Story, learned: Learn) -> None:
    documents = [page(i, *story(i)[:-1], f"{story(i)[-1]} {LICENCE}") for i in range(2)]
    documents += pages(story, 10, first=20)
    profiles = learned(documents)
    assert not profiles["a.example"].edges
    assert cleaned(documents[0], profiles) == documents[0].text


# Order


@settings(max_examples=15, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(story: Story, learned: Learn, chance: random.Random) -> None:
    documents = pages(story, 8, MENU, "Follow the harbour")
    documents += [page(100 + i, story(100 + i)[0], *story(99)[1:], "The old lighthouse") for i in range(4)]
    documents += [page(200 + i, *story(200 + i)[:-1], f"{story(200 + i)[-1]} {LICENCE}") for i in range(6)]
    documents += [d for i in range(25) for d in pages(story, 1, MENU, first=300 + i, site=f"s{i}.example")]
    documents += pages(story, 3, MENU, first=400, site=None)
    expected = learned(documents)
    chance.shuffle(documents)
    assert learned(documents) == expected
    assert list(learned(documents)) == list(expected)


# Lines of all sites


def other_sites(story: Story, *extra: str, count: int = 24) -> list[Document]:
    """Pages of as many sites, each with a story and the extra lines behind it."""
    return [page(i, *story(i), *extra, site=f"{i}.example") for i in range(count)]


def test_a_line_of_many_sites_amid_running_text_heads_a_part_of_it(story: Story, learned: Learn) -> None:
    profiles = learned(other_sites(story, "Our conclusion"))
    lines = story(99)
    amid = page(99, *lines[:3], "Our conclusion", *lines[3:], site="z.example")
    below = page(99, *lines, "Our conclusion", "Word", "Word", site="z.example")
    assert "Our conclusion" in cleaned(amid, profiles)
    assert "Our conclusion" not in cleaned(below, profiles)


@pytest.mark.parametrize("line", ["12", "3 / 5", "$ 29.99", "(602) 900-0807"])
def test_lines_of_numbers_are_no_furniture_of_all_sites(story: Story, learned: Learn, line: str) -> None:
    profiles = learned(other_sites(story, line))
    assert line in cleaned(page(99, *story(99), line, "Word", "Word", site="z.example"), profiles)


def test_the_months_of_an_archive_are_no_dates_of_an_article(story: Story, learned: Learn) -> None:
    months = ["November 2012", "October 2012", "September 2012", "August 2012"]
    profiles = learned(pages(story, 12, *months))
    assert cleaned(page(99, "Some words", *months), profiles) == "Some words\n"
    dated = page(99, story(99)[0], months[0], *story(99)[1:])
    assert months[0] in cleaned(dated, profiles)


def test_a_date_between_counts_of_readers_and_comments_is_the_article_s(story: Story, learned: Learn) -> None:
    def headed(number: int) -> Document:
        counts = [f"1{number} October 2012 18:4{number % 10}", f"Просмотров: {205 + number}", f"Комментариев: {number}"]
        return page(
            number, story(number)[0], *counts, "Print", f"Photo of quay {'abcdefghijkl'[number]} by night", *story(number)[1:]
        )

    profiles = learned([headed(number) for number in range(12)])
    dated = [story(3)[0], "13 October 2012 18:43", "Photo of quay d by night", *story(3)[1:]]
    assert cleaned(headed(3), profiles) == "\n\n".join(dated) + "\n"


def test_a_licence_on_a_line_of_its_own_counts_for_those_within_lines(story: Story, learned: Learn) -> None:
    alone = pages(story, 30, LICENCE)
    within = [page(i, *story(i)[:-1], f"{story(i)[-1]} {LICENCE}") for i in (40, 41)]
    profiles = learned([*alone, *within])
    for document, number in zip(within, (40, 41), strict=True):
        assert cleaned(document, profiles) == "\n\n".join(story(number)) + "\n"
