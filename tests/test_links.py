from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.boilerplate import endings
from dedup.engines.line_rules import LineRules
from dedup.text import links, normal, paragraphs

PARTS = [
    "[",
    "]",
    "](",
    "(",
    ")",
    "<",
    ">",
    '"',
    "'",
    " ",
    "\t",
    "/",
    "#",
    ".html",
    "https://",
    "www.a.example",
    "é",
    "。",
    "\u2028",
    "-\n",
    "Home",
    "[12]",
    "][3]",
    "][]",
    "(",
    "|",
    "\x1c",
]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("[Home](https://a.example/)", "[Home]"),
        ("* [Home](/) | [News](/news/ 'All news') | [Sport](//a.example/sport)", "* [Home] | [News] | [Sport]"),
        ("Read [the report](https://a.example/a_(b).pdf), please.", "Read [the report], please."),
        ("[![A map](https://a.example/m.png)](/map.html)", "[![A map]]"),
        ('[Up](#top "Back to the top") [Mail](mailto:a@a.example) [Call](TEL:123)', "[Up] [Mail] [Call]"),
        ("[Old](story.php?id=3) [Same](./x) [None]() [Odd](<a b c>)", "[Old] [Same] [None] [Odd]"),
        ("![](data:image/png;base64,iVBORw0KGgo=)", "![]"),
        ("He [the mayor](sic) said [so](and more).", "He [the mayor](sic) said [so](and more)."),
        ("[1](page 3) and f[x](y)", "[1](page 3) and f[x](y)"),
        ("[a](https://a.example/b c)", "[a](https://a.example/b c)"),
        ('[a](/b "It ends. It goes on.")', '[a](/b "It ends. It goes on.")'),
        ("[a](https://a.example/\n)", "[a](https://a.example/\n)"),
        ("[a](https://a-\nb.example/c-\r\nd.html)", "[a]"),
        ("[a](https://a-\n\nb.example/)", "[a](https://a-\n\nb.example/)"),
        ("* [Home][1] | [![A map][2]][3] | [None][]", "* [Home] | [![A map]] | [None]"),
        ("[Covid-19][4] and [in 2024][12], a[5]", "[Covid-19] and [in 2024], a[5]"),
        ("It ends.[1][2] Or there.[12][3456][7] [a][12345] [a][b]", "It ends.[1][2] Or there.[12][3456][7] [a][12345] [a][b]"),
        ("   [1]Home | [2]News (from [13]Reuters) #[4]feed", "   Home | News (from Reuters) #feed"),
        ('[12][logo.png] [7]"Yes", [8]日本 [9999]2024', '[logo.png] "Yes", 日本 2024'),
        ("It ends.[12] [13] Smith, 2001. a[1]b [12345]x [1]. [ 1]x", "It ends.[12] [13] Smith, 2001. a[1]b [12345]x [1]. [ 1]x"),
        ("", ""),
    ],
)
def test_of_a_link_its_text_is_shown(written: str, seen: str) -> None:
    assert links.shown(written) == seen
    assert normal.words(written) == normal.words(seen)


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text())
def test_bytes_are_shown_as_text_is(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert links.shown_bytes(data) == links.shown(text).encode("utf-8", "surrogatepass")


def test_many_brackets_take_no_more_time_each() -> None:
    for part in ("](", "](/", '](/ "', "](<", "](a.", "](/(", "]( '", "](/a-\n", "-\n", "[1]", " [1]a", "][", "][1"):
        assert links.shown("](/" + part * 20_000).startswith("]")


def test_many_spaces_and_signs_in_a_list_take_no_more_time_each() -> None:
    for part in (" ", "/a", "(", "a)", "/.", "-\n", ") ", "'", '"', "a- ", "<"):
        for begin in ("[1]: ", "[1]: /a ", "[1]: https:", "1. https:", '[1]: /a "', "[1]: /a (", "[1]: <"):
            assert not links.is_listed(f"{begin}{part * 50_000} x y")


def test_many_links_in_a_line_are_split_in_no_more_time_each() -> None:
    for part in ("](", "](a", "[a](b)", "[a][1]"):
        assert paragraphs.split(f"[a](/b)\n{part * 50_000} x\n{part * 50_000} y")


def test_a_linked_sentence_ends_as_one() -> None:
    assert paragraphs.ends_sentence("[They met again.](https://a.example/they-met)")
    assert not paragraphs.ends_sentence("[They met again](https://a.example/they.met.)")


PAGE = """\
[![The Quay](https://quay.example/logo.png)](https://quay.example/)

* [Home](https://quay.example/ "Start")
* [Contact us](https://quay.example/contact-us/)

# The ferry comes back

By Ada Berg

The [ferry](https://quay.example/tags/ferry/) comes back on Monday, said the harbour office, after a winter in the yard.

It was due in [March](/2024/03/), but the [new engine](/engine.html "The engine"), which came from Kiel, had to be fitted twice.

The first boat leaves at noon, and who lives on the island goes free until the end of the week, for they have waited long enough.

## [Related Contents](https://quay.example/more/)

* [A winter without a ferry](https://quay.example/a-winter-without-a-ferry/)
* [What the new engine costs](https://quay.example/what-the-new-engine-costs/)

[©2024 The Quay. All rights reserved](https://quay.example/legal/)
"""


def test_a_page_in_markdown_is_cleaned_as_the_same_page_without_addresses() -> None:
    cleaned = dedup.clean(PAGE)
    assert links.shown(cleaned.text) == dedup.clean(links.shown(PAGE)).text
    assert "comes back on Monday" in cleaned.text
    assert "Related" not in cleaned.text
    assert "engine costs" not in cleaned.text
    assert "reserved" not in cleaned.text
    assert cleaned.text.count("](/") == 2  # what is kept keeps its links


def test_a_story_with_links_is_a_copy_of_the_story_without() -> None:
    story = " ".join(f"word{number} of [link{number}](https://a.example/{number}/story.html)" for number in range(60))
    found = dedup.find([story, links.shown(story).replace("[", "").replace("]", "")])
    assert len(found.clusters) == 1


ARTICLE = """\
* [Home](https://quay.example/)
* [Harbours](https://quay.example/harbours/)

{head}

By [Ada Berg](https://quay.example/by/ada-berg/)

12 March 2024, 14:05

The ferry comes back on Monday, said the harbour office, after a winter in the yard that was longer than planned.

It was due in early March, but the new engine, which came from Kiel, had to be fitted twice before it ran.

The first boat leaves at noon, and who lives on the island goes free until the end of the week, says the office.

### More on harbours

* [A winter without a ferry](https://quay.example/2024/02/03/a-winter-without-a-ferry/)
* [What the new engine costs](https://quay.example/2024/03/11/what-the-new-engine-costs/)
"""


@pytest.mark.parametrize(
    "head",
    [
        "# [Island has its boat back after four months](https://quay.example/2024/03/12/island-has-its-boat-back/)",
        "Island has its boat back after four months\n==========================================",
        "[Island has its boat back after four months](/2024/03/12/island-has-its-boat-back/)\n\n---",
    ],
)
def test_a_headline_may_be_a_link_or_underlined(head: str) -> None:
    text = dedup.clean(ARTICLE.format(head=head), main=True).text
    assert text.startswith(head.splitlines()[0])
    assert text.rstrip().endswith("says the office.")


def test_stops_in_addresses_end_no_sentence() -> None:
    tags = ", ".join(
        f"[harbours and boats of {name}](https://quay.example/tag/{name}.html)" for name in ("Lund", "Kiel", "Holm", "Ell")
    )
    page = (
        ARTICLE.format(head="# Island has its boat back after four months")
        + f"\nSeen beside it: {tags}, [and many other places](/x.y)\n"
    )
    assert "Kiel.html" not in dedup.clean(page, main=True).text


def test_a_linked_teaser_is_cut_off_as_one_without_a_link() -> None:
    line = (
        "[The ferry comes back on Monday, said the harbour office, after a winter in the yard at Kiel …](https://quay.example/a)"
    )
    (paragraph,) = paragraphs.describe(line, paragraphs.split(line))
    assert endings.is_cut_off(line, paragraph)


WRAPPED = """\
  * [Home](https://quay.example/)
  * [All the news from the harbours of the northern coast](https://quay.example/harbours/of-the-northern-coast/and-its-news/)

# [Island has its boat back after four months](https://quay.example/island-has-
its-boat-back-after-four-months/)

The [ferry](https://quay.example/tags/ferry/) comes back on Monday, said the
harbour office, after a winter in the yard that was longer than planned.

It was due in early March, but the [new engine](https://quay.example/all-of-
the-tags/new-engine/), which came from Kiel, had to be fitted twice.

The first boat leaves at noon, and who lives on the island goes free until the
end of the week, for they have waited long enough.

### Related Contents

  * [A winter without a ferry](https://quay.example/a-winter-without-a-ferry/and-what-the-island-did/)
  * [What the new engine costs](https://quay.example/what-the-new-engine-costs/and-who-pays-for-it/)
"""


def test_paragraphs_that_html2text_wrapped_are_joined_and_items_are_not() -> None:
    pieces = [WRAPPED[start:end] for start, end in paragraphs.split(WRAPPED)]
    assert len(pieces) == 9
    assert links.shown(pieces[2]) == "# [Island has its boat back after four months]"
    assert links.shown(pieces[4]).replace("\n", " ").startswith("It was due in early March, but the [new engine], which")
    assert links.alone(pieces[8]) == 1
    cleaned = dedup.clean(WRAPPED).text
    assert "Home" not in cleaned
    assert "engine costs" not in cleaned
    assert cleaned.rstrip().endswith("long enough.")
    assert dedup.clean(cleaned).text == cleaned


def test_an_item_goes_on_in_further_lines() -> None:
    item = "- A winter without a ferry, and what the whole island did on all of the\n  [long evenings](/a) of it."
    text = "The ferry comes back on Monday, said the office of the harbour, after a\nwinter in the yard."
    page = f"{text}\n\n{item}\n{item}\n\n{text}\n"
    assert [page[start:end] for start, end in paragraphs.split(page)] == [text, item, item, text]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("*Photo: Jan Holm / Getty Images*", "media.caption"),
        ("**Photo:** Jan Holm", "media.caption"),
        ("_Photo: [Jan Holm](/by/jan-holm) / The Quay_", "media.caption"),
        ("_Anna K. says:_", "comment.stamp"),
        ("**[Anna K.](/users/7)** says:", "comment.stamp"),
        ("**Read also:** [Bridge to be checked](/bridge)", "related.link"),
        ("### [3 comments](#comments)", "heading.comments"),
        ("### 5. Comments", None),  # a part of a contract
        ("5\\. Comments", None),
        ("> **5. Comments**", None),
        ("**I agree.**", None),  # an answer, not a button
        ("_Later!_", None),
    ],
)
def test_a_line_is_known_with_the_marks_of_markdown(line: str, rule: str | None) -> None:
    match = LineRules().match(line)
    assert (match and match.rule) == rule


@pytest.mark.parametrize(
    "line", ["**They met again.**", "_“They met again.”_", "They met.[[1]](#note-1)[[23]](#note-23)", "`They met.`"]
)
def test_a_sentence_ends_before_the_marks_of_markdown(line: str) -> None:
    assert paragraphs.ends_sentence(line)
    assert not paragraphs.ends_sentence("I agree that my data are kept. *")  # of a form


DUMP = """\
   #[1]Feed [2]Start [3]next

   [4][logo.png]
     * [5]Home
     * [6]Contact us

The ferry comes back

   By Ada Berg

   The [7]ferry comes back on Monday, said the harbour office, after a
   winter in the yard that was longer than planned.

   It was due in [8]March, but the [9]new engine, which came from Kiel, had
   to be fitted twice before it ran.

   The first boat leaves at noon, and who lives on the island goes free
   until the end of the week, for they have waited long enough; the others
   pay what they paid in autumn, when the old engine still ran, and a book
   of ten costs as much as nine.
   [10]Share
   [11]Print

  [12]Related Contents

     * [13]A winter without a ferry
     * [14]What the new engine costs

   ©2024 The Quay. All rights reserved

References

   Visible links:
   1. https://quay.example/feed
   2. https://quay.example/
   7. https://quay.example/tags/ferry/?of=one.
   8. javascript:void(0)
"""


def test_what_a_text_browser_wrote_is_cleaned_as_the_page() -> None:
    cleaned = dedup.clean(DUMP)
    assert "until the end of the week" in cleaned.text
    for furniture in (
        "Feed",
        "Home",
        "Contact",
        "Share",
        "Print",
        "Related",
        "engine costs",
        "reserved",
        "References",
        "quay.example",
    ):
        assert furniture not in cleaned.text
    shapes = {cut.finding.evidence["shape"] for cut in cleaned.findings if "shape" in cut.finding.evidence}
    assert shapes == {"links", "address"}


def test_sources_of_a_text_without_numbered_links_stay() -> None:
    text = "The survey counted ten boats.\n\nReferences\n\n1. https://a.example/survey\n2. https://a.example/boats\n"
    assert dedup.clean(text).text == text
    assert dedup.clean(f"[1]Home\n\n{text}").text.strip() == "The survey counted ten boats."


def test_a_row_of_numbered_links() -> None:
    assert links.alone("[12]Home | [13]News | [14]Sport and more") == 3
    assert links.alone("  * [12]Home") == 1
    assert not links.alone("Home | [13]News | [14]Sport")
    assert not links.alone("[12]Ann Lee wrote of [13]the war, again, and [14]why")
    assert not links.alone("no link at all")


def test_a_story_with_numbers_is_a_copy_of_the_story_without() -> None:
    story = " ".join(f"word{number} of [{number}]link{number}" for number in range(60))
    found = dedup.find([story, links.shown(story)])
    assert len(found.clusters) == 1


def test_addresses_longer_than_the_lines_are_lines_of_their_own() -> None:
    address = "https://quay.example/" + "a-winter-without-a-ferry-and-what-it-cost-the-island/" * 2
    text = DUMP + "".join(f"  {number}. {address}{number}\n" for number in range(9, 30))
    assert len(paragraphs.split(text)) == len(paragraphs.split(DUMP)) + 21
    assert dedup.clean(text).text == dedup.clean(DUMP).text


def _referring(page: str) -> tuple[str, list[str]]:
    """A page in Markdown with its links' addresses in a list, as `[text][12]` refers to it."""
    listed: list[str] = []

    def refer(link: re.Match[str]) -> str:
        address, _, title = link[1].partition(" ")
        listed.append(f"   [{len(listed) + 1}]: {address}" + (f" ({title[1:-1]})" if title else ""))
        return f"][{len(listed)}]"

    return re.sub(r"\]\(([^()]*)\)", refer, page), listed


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_page_with_its_addresses_in_a_list_is_cleaned_as_one_with_them_in_its_links(between: str) -> None:
    page, listed = _referring(PAGE)
    cleaned = dedup.clean(f"{page}\n{between.join(listed)}\n").text
    assert links.shown(cleaned).rstrip() == links.shown(dedup.clean(PAGE).text).rstrip()
    assert dedup.clean(cleaned).text == cleaned


def test_addresses_in_a_list_may_be_wrapped() -> None:
    page, listed = _referring(WRAPPED.replace("-\n", "-"))
    blocks = [block if block.lstrip().startswith("*") else textwrap.fill(block, 60) for block in page.split("\n\n")]
    addresses = "\n\n".join(textwrap.fill(line, 60, break_long_words=False) for line in listed)
    cleaned = dedup.clean("\n\n".join([*blocks, addresses])).text
    assert "-\n" in addresses
    assert cleaned.rstrip().endswith("long enough.")
    assert "Home" not in cleaned


def test_addresses_of_no_links_stay() -> None:
    text = "The survey counted ten boats.\n\n[1]: https://a.example/survey\n[2]: /boats\n"
    assert dedup.clean(text).text == text
    assert dedup.clean(f"See [here][1].\n\n{text}").text.rstrip().endswith("boats.")
    note = "See [here][1].\n\n[1]: They counted ten boats.\n"
    assert dedup.clean(note).text == note


def test_addresses_that_cannot_be_broken_do_not_widen_the_column() -> None:
    address = "https://www.quay.example/2024/03/12/a_winter_without_a_ferry_and_what_it_cost_the_island/12345678.html"
    page = WRAPPED + "".join(
        f"\n[A winter without a ferry, and what the people of the island did in the old\nharbour]({address}?of={n})\n"
        for n in range(20)
    )
    pieces = [page[start:end] for start, end in paragraphs.split(page)]
    assert len(pieces) == 9 + 20
    assert links.shown(pieces[4]).replace("\n", " ").startswith("It was due in early March, but the [new engine], which")
