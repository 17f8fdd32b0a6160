from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dedup.boilerplate import phrases
from dedup.cli import made, options
from dedup.engines import rule_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

LEAD = "The mill at Corben burns oak chips for heat since Monday, after gas had become too dear for the weavers who rent it."
ARTICLE = f"""Weavers of Corben heat with oak chips

{LEAD}

Nobody had touched the old furnace for thirty years, and two masons needed a whole summer to line it with new bricks.

The weavers hope to save a third of what they paid for gas, while the forester is glad to be rid of the chips.

{LEAD}

Related articles

Corben's bridge gets a new coat of paint

© 2025 The Corben Gazette
"""


def test_a_long_line_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "Tide\u200b tables\x1b[2J\tand \U0001f600 more; " * 9
    shown = options.printable(line)
    assert shown.startswith("Tide\u200b tables\\u001b[2J\tand \U0001f600 more; Tide")
    monkeypatch.setattr(options, "_PIECE", 7)
    assert options.printable(line) == shown


def test_explain_counts_one_word_as_one(dedup: Callable[..., Done]) -> None:
    Path("a.txt").write_text("Word\n")
    assert dedup("explain", "a.txt").out.startswith(b"a.txt: 1 word, 0 of them cut\n")


def verdicts(shown: str) -> list[str]:
    """The lines that tell of a paragraph, without its place."""
    return [" ".join(line.split()[:1] + line.split()[2:]) for line in shown.splitlines() if line.startswith(("keep", "CUT"))]


def test_explain_shows_each_paragraph_with_verdict_and_evidence(dedup: Callable[..., Done]) -> None:
    Path("a.txt").write_text(ARTICLE)
    done = dedup("explain", "a.txt")
    start = ARTICLE.index(LEAD)
    lead = f"repeat repeat.exact: 100% alike to what stands at {start}..{start + len(LEAD)}"
    heading = ARTICLE.index("Related")
    assert (done.status, done.err) == (0, "")
    assert done.out.decode().startswith("a.txt: ")
    told = verdicts(done.out.decode())
    assert [told[0], *told[4:]] == [
        "keep headline",
        f"CUT {lead}",
        'CUT boilerplate heading.related: the phrase "related articles" (en)',
        f"CUT boilerplate section.related: under the heading at {heading}..{heading + len('Related articles')}",
        told[-1],
    ]
    assert told[-1].startswith("CUT boilerplate legal: the phrase")
    assert told[1:4] == ["keep"] * 3
    assert [line.strip() for line in done.out.decode().splitlines() if line.startswith("    ")] == [
        p for p in ARTICLE.split("\n") if p
    ]


def test_explain_picks_one_document_of_several(dedup: Callable[..., Done], story: Callable[[int], list[str]]) -> None:
    texts = ["\n\n".join(["Gazette of Corben, town edition", *story(n)]) for n in range(8)]
    lines = [json.dumps({"id": f"no {n}", "site": "corben.example", "text": text}) + "\n" for n, text in enumerate(texts)]
    Path("a.jsonl").write_text("".join(lines))
    done = dedup("explain", "a.jsonl", "--document", "no 5")
    assert done.out.decode().startswith("no 5, site corben.example: ")
    assert "boilerplate site.frequency: on 8 of 8 documents, such as no 0" in verdicts(done.out.decode())[0]
    assert texts[5].split("\n\n")[2] in done.out.decode()
    assert dedup("explain", "a.jsonl").out.decode().startswith("no 0, ")


def test_explain_says_that_numbers_were_not_compared(dedup: Callable[..., Done], story: Callable[[int], list[str]]) -> None:
    texts = ["\n\n".join([f"Gazette of Corben, number {n + 100}", *story(n)]) for n in range(8)]
    lines = [json.dumps({"id": f"no {n}", "site": "corben.example", "text": text}) + "\n" for n, text in enumerate(texts)]
    Path("a.jsonl").write_text("".join(lines))
    Path("a.jsonl").write_text(f"{lines[0]}no record\n{''.join(lines[1:])}")
    first = dedup("explain", "a.jsonl")
    assert (first.status, first.out.split(b",")[0]) == (0, b"no 0")
    assert first.err == "dedup: the input holds more documents, and this is the first: --document ID names another\n"
    told = verdicts(dedup("explain", "a.jsonl", "--document", "no 5").out.decode())[0]
    assert "boilerplate site.frequency: on 8 of 8 documents, numbers aside, such as no 0" in told


def test_explain_of_a_document_that_is_left_alone_says_why(dedup: Callable[..., Done]) -> None:
    done = dedup("explain", given=b"Related articles\n\nShare this\n\nAll rights reserved\n")
    lines = done.out.decode().splitlines()
    assert "left alone: nothing would be left" in lines
    assert lines[0].endswith(" words, 0 of them cut")
    told = [line.split("  ")[0] for line in lines if line and not line.startswith("    ")][2:]
    assert told == ["would cut 0..16", "would cut 18..28", "would cut 30..49"]


def test_explain_tells_of_the_document_that_is_asked_for_only(dedup: Callable[..., Done]) -> None:
    Path("in").mkdir()
    Path("in/a.jsonl").write_text('no JSON\n{"id": "a", "text": "The mill burns oak chips."}\n')
    Path("in/bad.txt.gz").write_bytes(gzip.compress(ARTICLE.encode())[:-20])
    done = dedup("explain", "in", "--document", "nope")
    told = "--document nope: no document of the inputs has this id; ids are such as a (2 inputs or records could not be read)"
    assert done == (2, b"", f"dedup: error: {told}\n")
    for document in ("a.jsonl:1", "bad.txt.gz"):
        done = dedup("explain", "in", "--document", document)
        assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
        assert done.err.startswith(f"dedup: {document}: ")


def test_explain_names_an_id_like_the_one_that_is_asked_for(dedup: Callable[..., Done]) -> None:
    Path("in/site").mkdir(parents=True)
    for name in ("a", "b"):
        Path(f"in/site/{name}.txt").write_text(ARTICLE)
    for asked, like in (("in/site/b.txt", "b"), ("b.txt", "b"), ("nope", "a")):
        done = dedup("explain", "in", "--document", asked)
        told = f"--document {asked}: no document of the inputs has this id; ids are such as site/{like}.txt"
        assert (done.status, done.err) == (2, f"dedup: error: {told}\n")


def test_rules_takes_a_name_with_its_kind(dedup: Callable[..., Done]) -> None:
    assert dedup("rules", "boilerplate.heading.related") == dedup("rules", "heading.related")


def test_explain_shows_what_could_steer_a_terminal_as_escapes(dedup: Callable[..., Done]) -> None:
    done = dedup("explain", given=b"A title with \x1b[31mcolour and a \x07bell in its line of words\n")
    assert "\\u001b[31mcolour and a \\u0007bell" in done.out.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.txt", "b.txt"], "several inputs: name the document to show with --document ID"),
        (["."], "several inputs: name the document"),
        (["a.txt", "--document", "c.txt"], "--document c.txt: no document of the inputs has this id"),
        (["nowhere"], "dedup: nowhere: no such file or folder"),
        (["a.txt", "--profile", "nowhere"], "nowhere: "),
    ],
)
def test_explain_refuses_in_one_line(dedup: Callable[..., Done], arguments: list[str], words: str) -> None:
    for name in ("a.txt", "b.txt"):
        Path(name).write_text(ARTICLE)
    done = dedup("explain", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err


def test_rules_lists_all_rules_with_their_meaning(dedup: Callable[..., Done]) -> None:
    done = dedup("rules")
    known = phrases.load().rules()
    assert done.status == 0
    lines, notes = done.out.decode().split("\n\n")
    by_name = {line.split()[0]: line for line in lines.splitlines()}
    assert list(by_name) == sorted([*(rule.name for rule in known), *rule_names.OTHER_RULES, "copy"])
    for rule in known:
        assert rule.meaning in by_name[rule.name]
        assert ("stripped" if rule.strip else "kept") in by_name[rule.name]
    for name, meaning in rule_names.OTHER_RULES.items():
        assert f"{'kept' if name == 'main.outside' else 'stripped'}  {meaning}".split() == by_name[name].split()[1:]
    assert by_name["copy"].split()[1] == "kept"
    assert "--keep" in notes
    assert "--strip" in notes


def test_rules_says_what_a_rule_without_phrases_is(dedup: Callable[..., Done]) -> None:
    told = "site.frequency: stands on many documents of the site; it goes by no phrases\n"
    assert dedup("rules", "site.frequency") == (0, told.encode(), "")
    rules_of = defaultdict(set)
    for entry in phrases.load().entries():
        for language in entry.languages:
            rules_of[language].add(entry.rule)
    without = min(language for language, rules in rules_of.items() if "related.link" not in rules)
    told = f"; no phrase is its own ({without})\n"
    assert dedup("rules", "related.link", "--language", without).out.endswith(told.encode())
    assert dedup("rules", "copy").out.startswith(b"copy: stands in an earlier or preferred document")


def test_rules_of_a_language_are_those_with_phrases(dedup: Callable[..., Done]) -> None:
    lines = dedup("rules", "--language", "de").out.decode().splitlines()
    assert [line.split()[0] for line in lines] == sorted(rule.name for rule in phrases.load().rules())


def test_rules_shows_the_phrases_of_a_rule_by_language(dedup: Callable[..., Done]) -> None:
    german = dedup("rules", "heading.related", "--language", "de").out.decode().splitlines()
    everyone = dedup("rules", "heading.related").out.decode().splitlines()
    assert german
    assert set(german) < set(everyone)
    assert all("de" in line.split(":")[0].split(", ") for line in german)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Related Articles:", 'heading.related: "related articles" (en)'),
        ("© 2025 Tilda Oakes", "legal: "),
        ("Monday, 3 March 2025", "page.date: when the page was published or changed\n"),
        ("By Tilda Oakes and Bo Lind", "byline: "),
        ("Read also: Quinces are dear this year", 'related.link: "read also" (en)'),
        ("Photo: Tilda Oakes/Orchard Wire", "media.caption: says what a picture shows and who made it\n"),
        ("Tilda O. says:", "comment.stamp: "),
        ("5. Comments", "no rule takes it"),
        ("Share this", "share: "),
        ("“Share this.”", "no rule takes it"),
        ("The harvest of quinces was small this year.", "no rule takes it"),
        ("", "no rule takes it"),
    ],
)
def test_rules_says_which_rule_takes_a_line(dedup: Callable[..., Done], line: str, words: str) -> None:
    done = dedup("rules", "--match", line)
    assert done.status == 0
    assert done.out.decode().startswith(words)


def test_rules_checks_the_files_that_are_shipped(dedup: Callable[..., Done]) -> None:
    shipped = Path(phrases.__file__).parent.with_name("rules") / "sv.toml"
    done = dedup("rules", "--check", shipped)
    assert (done.status, done.err) == (0, "")
    assert done.out.decode().endswith("phrases, 0 complaints\n")


def test_rules_complains_of_a_phrase_that_takes_its_counter_example(dedup: Callable[..., Done]) -> None:
    shipped = (Path(phrases.__file__).parent.with_name("rules") / "sv.toml").read_text(encoding="utf-8")
    lines = shipped.splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("example = "))
    counter = next(n for n, line in enumerate(lines) if n > number and line.startswith("counter_example"))
    lines[counter] = "counter_" + lines[number]
    Path("sv.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = dedup("rules", "--check", "sv.toml")
    assert done.status == 1
    assert done.out.decode().endswith("phrases, 1 complaint\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["heading.relatde"], "heading.relatde: no such rule; did you mean heading.related? (`dedup rules` lists them)"),
        (["heading"], "heading: no such rule: those below it are heading.author, heading.comments, heading.related ("),
        (["--language", "xx"], "--language xx: no phrases; there are af, "),
        (["--check", "nowhere.toml"], "nowhere.toml: "),
        (["legal", "--match", "Read also"], "RULE and --match exclude each other"),
        (["--language", "de", "--match", "Read also"], "--language and --match exclude each other"),
        (["--match", "Read also", "--check", "nowhere.toml"], "--match and --check exclude each other"),
    ],
)
def test_rules_refuses_in_one_line(dedup: Callable[..., Done], arguments: list[str], words: str) -> None:
    done = dedup("rules", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err


COMMANDS = ["clean", "learn", "explain", "restore", "rules"]


def page(*arguments: str) -> list[str]:
    """A help page's lines, as on a terminal of 100 columns."""
    columns = {"COLUMNS": "100", "TERMINAL_WIDTH": "100"}
    result = CliRunner().invoke(made(), [*arguments, "--help"], prog_name="dedup", env=columns)
    assert result.exit_code == 0
    return [line.strip() for line in result.output.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_each_example_on_its_line(command: str) -> None:
    lines = page(command)
    examples = lines[lines.index("Examples:") + 1 :]
    assert f"dedup {command} " in examples[0]
    assert "dedup " in examples[1]
    assert not [line for line in lines if "[[" in line or "..]" in line]


def test_help_names_inputs_and_defaults() -> None:
    text = " ".join(page("clean"))
    assert "dedup clean [OPTIONS] [INPUT]..." in text
    for words in ("(default: here)", "(default: standard output)", "[default: 25]"):
        assert words in " ".join(text.replace("│", " ").split())


def test_help_lists_the_exit_statuses() -> None:
    lines = page()
    listed = lines[lines.index("Exit status:") + 1 :][:6]
    assert [line.split()[0] for line in listed] == ["0", "1", "2", "3", "4", "130"]
