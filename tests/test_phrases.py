from __future__ import annotations

import importlib.util
import itertools
import re
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.boilerplate.phrase_file import WrittenPhrase, compiled_phrase, read_file
from dedup.boilerplate.phrases import Entry, Match, Phrases, Rule, load, phrase_words
from dedup.errors import ReportError
from dedup.text.normal import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

ROOT = Path(__file__).parent.parent
LANGUAGE_FILES = sorted(path for path in (ROOT / "dedup" / "rules").glob("*.toml") if path.name != "rules.toml")
RULES = {name: Rule(name, "for tests", most, strip=True) for name, most in (("a", 6), ("b", 9), ("c", 60))}


def phrases_of(*entries: tuple[str, str]) -> Phrases:
    return Phrases(RULES, [Entry(rule, compiled_phrase(phrase), ("xx",)) for rule, phrase in entries], frozenset(), frozenset())


# The language files


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_rules", ROOT / "scripts" / "make_rules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_language_files() -> None:
    assert "en" in {path.stem for path in LANGUAGE_FILES}


@pytest.mark.parametrize("path", LANGUAGE_FILES, ids=lambda path: path.stem)
def test_examples_match_their_rule_and_counter_examples_nothing(path: Path) -> None:
    complaints = load().complaints(read_file(path, [rule.name for rule in load().rules()]))
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("path", LANGUAGE_FILES, ids=lambda path: path.stem)
def test_language_files_are_complete(path: Path) -> None:
    data = tomllib.loads(path.read_text("utf-8"))
    assert set(data) == {"language", "name", "date", "menu", "phrase"}
    assert data["language"] == path.stem
    assert data["name"]
    assert set(data["date"]) == {"words", "marks"}
    assert set(data["date"]["marks"]) <= set(data["date"]["words"])
    assert set(data["menu"]) == {"parts"}
    assert len(data["menu"]["parts"]) >= 15
    assert all(entry.keys() == set(WrittenPhrase._fields) for entry in data["phrase"])
    assert all(all(value.strip() for value in entry.values()) for entry in data["phrase"])


@pytest.mark.parametrize("path", LANGUAGE_FILES, ids=lambda path: path.stem)
def test_no_phrase_comes_twice_in_a_language(path: Path) -> None:
    forms = [item.phrase for item in read_file(path, [rule.name for rule in load().rules()]).phrases]
    assert len(set(forms)) == len(forms), sorted(form for form in forms if forms.count(form) > 1)


def test_compiled_file_is_up_to_date(script: ModuleType) -> None:
    assert script.TARGET.read_text("utf-8") == script.compiled(script.read_languages()), "run scripts/make_rules.py"


def test_no_phrase_stands_under_two_rules(script: ModuleType) -> None:
    clashes = script.clashes(script.read_languages())
    assert not clashes, "\n".join(clashes)


def test_clashes_are_told_with_both_rules_and_their_languages(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, rule in (("de", "tags"), ("fr", "legal"), ("it", "tags")):
        (tmp_path / f"{code}.toml").write_text(f'[[phrase]]\nrule = "{rule}"\nphrase = "Info"\n', "utf-8")
    rules = script.RULES / "rules.toml"
    (tmp_path / "rules.toml").write_text(rules.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(script, "RULES", tmp_path)
    assert script.clashes(script.read_languages()) == ["'info' is legal in fr but tags in de, it"]


def test_words_of_rules_are_written_as_lines_are_folded() -> None:
    """A Greek "του" opens by-lines as it is; "της" never would, because the form of a line has "τησ"."""
    for rule in load().rules():
        assert {normal_form(word) for word in rule.words} == rule.words, rule.name


def test_shipped_rules_have_what_callers_need() -> None:
    shipped = load()
    assert shipped.rule("heading.related").strip
    assert not shipped.rule("page.date").strip
    assert shipped.rule("byline.agency").max_words > 0
    without_phrases = {"media.caption", "related.link"}  # known by how a line is written
    assert {rule.name for rule in shipped.rules()} == {entry.rule for entry in shipped.entries()} | without_phrases
    with pytest.raises(KeyError):
        shipped.rule("no.such")


# Matching


def fits_by_the_book(tokens: Sequence[str], words: Sequence[str]) -> bool:
    if not tokens:
        return not words
    first, rest = tokens[0], tokens[1:]
    if first == "**":
        return any(fits_by_the_book(rest, words[taken:]) for taken in range(len(words) + 1))
    if first == "*":
        return any(fits_by_the_book(rest, words[taken:]) for taken in range(1, min(8, len(words)) + 1))
    return bool(words) and words[0] == first and fits_by_the_book(rest, words[1:])


def match_by_the_book(entries: Sequence[tuple[str, str]], words: Sequence[str]) -> tuple[str, str] | None:
    fitting = [
        ("*" in phrase, -sum("*" not in token for token in phrase.split()), rule, phrase)
        for phrase, rule in {phrase: rule for rule, phrase in entries}.items()
        if len(words) <= RULES[rule].max_words and fits_by_the_book(phrase.split(), words)
    ]
    return min(fitting)[2:] if fitting else None


TOKENS = st.lists(st.sampled_from(["x", "y", "z", "#", "*", "**"]), min_size=1, max_size=6)
PHRASE = TOKENS.filter(lambda tokens: not {"#", "*", "**"}.issuperset(tokens)).map(" ".join)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(RULES)), PHRASE), max_size=6),
    st.lists(st.sampled_from(["x", "y", "z", "#", "w"]), max_size=12),
)
@example([("a", "x *"), ("b", "x **"), ("c", "x * y")], ["x", "w", "y"])
@example([("a", "x **"), ("b", "x")], ["x"])
@example([("c", "x *")], ["x", *"wwwwwwww"])
@example([("c", "x *")], ["x", *"wwwwwwwww"])
def test_match_agrees_with_trying_every_phrase(entries: list[tuple[str, str]], words: list[str]) -> None:
    found = phrases_of(*entries).match(words)
    assert (found and found[:2]) == match_by_the_book(entries, words)


def test_match_tells_rule_phrase_and_languages() -> None:
    phrases = Phrases(RULES, [Entry("a", "by *", ("de", "en"))], frozenset(), frozenset())
    assert phrases.match(["by", "ann", "lee"]) == Match("a", "by *", ("de", "en"))
    assert phrases.match([]) is None


def test_lines_longer_than_the_rule_allows_never_match() -> None:
    phrases = phrases_of(("a", "x **"), ("a", "one two three four five six seven"))
    assert phrases.match(["x", *"wwwww"])
    assert not phrases.match(["x", *"wwwwww"])
    assert not phrases.match(phrase_words("one two three four five six seven"))


def test_scripts_without_spaces_may_have_twice_as_many_words() -> None:
    phrases = phrases_of(("a", "関連 **"), ("a", "関連記事はこちらへ"))
    assert phrases.match(phrase_words("関連記事はこちらへ"))
    assert phrases.match(phrase_words("関連記事一二三四五六七八"))
    assert not phrases.match(phrase_words("関連記事一二三四五六七八九"))


def test_no_phrase_and_line_take_long() -> None:
    phrases = phrases_of(("c", "** x ** x ** x ** x ** x ** x ** x ** x ** y **"), ("c", "x " + "* " * 40 + "y *"))
    begin = time.process_time()
    for _ in range(100):
        assert phrases.match(["x"] * 60) is None
        assert phrases.match(["x"] * 1000) is None
        assert phrases.match(["x"] * 58 + ["y", "w"])
    assert time.process_time() - begin < 2


# Dates


@pytest.mark.parametrize(
    "line",
    [
        "14.06.2024",
        "14 06 2024",
        "Friday 14 June 2024",
        "Friday, 14th June",
        "June 14, 2024 at 7:05 pm GMT",
        "7pm today",
        "12:30",
        "14h30",
        "2024-06-14T12:30:00Z",
        "2025 оны 3 сарын 12, Лхагва гараг",
        "2025ko martxoaren 12a",
        "12 сакавіка 2025, 10:30",
        "12 mars 2025, ora 10:30",
        "12. mars 2025 kl. 10:30",
        "12 մարտի, 2025թ.",
        "१२ मार्च २०२५, १०:३०",
        "२९ फागुन २०८१, बिहिबार",
        "12 മാർച്ച് 2025",
        "మార్చి 12, 2025",
        "መጋቢት 3 ቀን 2017 ዓ.ም",
    ],
)
def test_dates(line: str) -> None:
    assert load().is_date(phrase_words(line))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2024",
        "Friday",
        "Friday, June",
        "the 2024",
        "June 14: the flood",
        "24 people and 2 dogs",
        "A5 B12",
        "1 " * 13,
    ],
)
def test_no_dates(line: str) -> None:
    assert not load().is_date(phrase_words(line))


def test_date_words_come_from_the_rules() -> None:
    phrases = Phrases(RULES, [], frozenset({"o", "clock"}), frozenset({"quintidi"}))
    assert phrases.is_date(["#", "quintidi"])
    assert phrases.is_date(["#", "o", "clock", "#"])
    assert not phrases.is_date(["#", "o", "clock"])
    assert not phrases.is_date(["#", "june", "#"])


# Users' files


def test_a_users_file_adds_phrases_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[date]\nwords = ["of quintidi"]\nmarks = ["quintidi"]\n'
        '[[phrase]]\nrule = "b"\nphrase = "Our Own *"\n[[phrase]]\nrule = "c"\nphrase = "x"\n'
        '[[phrase]]\nrule = "a"\nphrase = "Y!"\n',
        "utf-8",
    )
    before = phrases_of(("a", "x"), ("a", "y"))
    after = before.with_file(path)
    assert after.match(["our", "own", "line"]) == Match("b", "our own *", ("mine",))
    assert after.match(["x"]) == Match("c", "x", ("mine",))
    assert after.match(["y"]) == Match("a", "y", ("mine", "xx"))
    assert after.is_date(["#", "of", "quintidi"])
    assert before.match(["our", "own", "line"]) is None
    assert before.match(["x"]) == Match("a", "x", ("xx",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[phrase]", "line 1"),
        ('[[phrase]]\nrule = "no.such"\nphrase = "x"', "phrase 1 ('x'): there is no rule 'no.such'; the rules are a, b"),
        ('[[phrase]]\nrule = "a"\nphrase = "x"\n[[phrase]]\nphrase = "y"', "phrase 2 ('y'): it has no rule"),
        ('[[phrase]]\nrule = "a"', "phrase 1: it has no phrase"),
        ('[[phrase]]\nrule = "a"\nphrase = 3', "phrase 1: phrase: this should be a text"),
        ('[[phrase]]\nrule = "a"\nphrase = "* #"', "phrase 1 ('* #'): a phrase needs a word that is written out"),
        ('[[phrase]]\nrule = "a"\nphrase = "x ***"', "phrase 1 ('x ***'): *** is no wildcard"),
        ('[[phrase]]\nrule = "a"\nphrase = "x"\nregex = "y"', "phrase 1 ('x'): 'regex' is not known"),
        ('phrase = "x"', "phrase: this should be a list"),
        ('phrase = ["x"]', "phrase 1: this should be a table"),
        ('words = ["x"]', "'words' is not known; known are date, language, menu, name, phrase"),
        ("date = 1", "date: this should be a table"),
        ('[date]\nwords = "x"', "date.words: this should be a list"),
        ("[date]\nmarks = [1]", "date.marks: this should be a text"),
        ("language = 1", "language: this should be a text"),
    ],
)
def test_what_is_wrong_in_a_users_file_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ReportError, match=re.escape(told)) as caught:
        phrases_of().with_file(path)
    assert "mine.toml" in str(caught.value)


def test_an_unreadable_users_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"language = '\xe9'")
    for name in ("missing.toml", "latin.toml"):
        with pytest.raises(ReportError, match=name):
            phrases_of().with_file(tmp_path / name)


def test_complaints_name_what_examples_show() -> None:
    phrases = phrases_of(("a", "x *"), ("b", "x y"))
    path_phrases = [
        WrittenPhrase("a", "x *", "", "X z", "A line"),
        WrittenPhrase("a", "x *", "", "X y", "X it is"),
        WrittenPhrase("b", "x y", "", "no"),
        WrittenPhrase("b", "x y"),
    ]
    file = read_file(LANGUAGE_FILES[0], [rule.name for rule in load().rules()])._replace(phrases=path_phrases)
    assert phrases.complaints(file) == [
        "a: 'x *': the example 'X y' matches b: 'x y'",
        "a: 'x *': the counter-example 'X it is' matches a: 'x *'",
        "b: 'x y': the example 'no' matches nothing",
    ]


def test_every_phrase_matches_itself_with_its_wildcards_filled() -> None:
    shipped = load()
    for entry in itertools.islice(shipped.entries(), 0, None, 7):
        words = entry.phrase.replace("**", "").replace("*", "q").split()
        found = shipped.match(words)
        assert found is not None
        assert found == entry or "*" in entry.phrase


# Labels


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Read also: Bridge to be checked before the snow", "related.link"),
        ("RELATED: Who pays for the bridge?", "related.link"),
        ("Lesen Sie auch: Brücke wird vor dem Winter geprüft", "related.link"),
        ("À lire aussi : le pont sera contrôlé avant l'hiver", "related.link"),
        ("Vea también: El puente será revisado", "related.link"),
        ("Читайте также: Мост проверят до зимы", "related.link"),
        ("اقرأ أيضا: سيفحص الجسر قبل الشتاء", "related.link"),
        ("関連記事：橋は冬の前に点検される", "related.link"),
        ("【関連記事】橋は冬の前に点検される", "related.link"),
        ("【あわせて読みたい】誰が橋の費用を払うのか", "related.link"),
        ("Tags: bridges, goats, weather", "tags"),
        ("Schlagwörter: Brücken, Ziegen", "tags"),
        ("Previous post: How the bridge was built", "pager"),
        ("Next post: The bridge over the harbour will be checked before the snow, and nobody pays", "pager"),
        ("下一篇：全省农村饮水安全工作现场会在安陵召开 厅长到会讲话", "pager"),
    ],
)
def test_a_phrase_and_a_colon_label_the_line(line: str, rule: str) -> None:
    match = load().labelled(line)
    assert match is not None
    assert match.rule == rule


@pytest.mark.parametrize(
    "line",
    [
        "",
        ":",
        "Related:",
        "The mayor said: the bridge is safe",
        "Facebook: a firm and its founder",
        "He read also: letters, maps and bills of the harbour",
        "Related: " + "word " * 60,
        "Next: the council of the harbour votes on the bridge, and the mayor must sign by Friday.",
        "上一页：" + "字" * 90,
        "【東京】知事は6日、橋を閉じると発表した。",
        "【関連記事】",
    ],
)
def test_other_lines_have_no_label(line: str) -> None:
    assert load().labelled(line) is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("برچسب\u200cها", "tags"),
        ("برچسب ها", "tags"),
        ("کلیدواژه\u200cها", "tags"),
        ("相關文章", "heading.related"),
        ("この記事を書いた人", "heading.author"),
        ("Σχόλια (4)", "heading.comments"),
        ("संबंधित खबरें", "heading.related"),
        ("ΔΕΙΤΕ ΕΠΊΣΗΣ", "heading.related"),
        ("„Empfohlen für dich“", "heading.related"),
        ("Empfohlen fu\u0308r dich", "heading.related"),
    ],
)
def test_phrases_as_the_scripts_write_them(line: str, rule: str) -> None:
    match = load().match(phrase_words(line))
    assert match is not None
    assert match.rule == rule


@pytest.mark.parametrize(
    ("counted", "title"),
    [
        ("7 thoughts on", "why the light at the mouth of the bay went out and who is paying for it now"),
        ("1 response to", "the bridge"),
        ("12 Kommentare zu", "der Frage, warum das Licht an der Mündung der Bucht nach elf Jahren wieder brennt"),
        ("3 commentaires sur", "ce que la mer a laissé au bord de la route quand elle est enfin repartie"),
        ("5 комментариев к", "тому, как на старом маяке спустя одиннадцать лет снова зажгли огонь"),
    ],
)
def test_a_count_of_comments_heads_them_with_a_title_of_any_length(counted: str, title: str) -> None:
    match = load().match(phrase_words(f"{counted} “{title}”"))
    assert match is not None
    assert match.rule == "heading.comments"


@pytest.mark.parametrize(
    "line",
    [
        "One thought on what the sea leaves behind when it goes, and on those who gather it by night.",
        "Une réflexion sur ce que la mer laisse derrière elle quand elle se retire, et sur ceux qui le ramassent la nuit.",
        "Ein Kommentar zu dem, was das Meer zurücklässt, wenn es geht, und zu denen, die es nachts einsammeln.",
    ],
)
def test_without_a_number_a_long_line_is_a_sentence(line: str) -> None:
    assert load().match(phrase_words(line)) is None


@pytest.mark.parametrize("line", ["HABERİN DEVAMI İÇİN TIKLAYINIZ", "TÜM YAZILARI", "Yazıyı Küçült", "YAZIYI KÜÇÜLT"])
def test_turkish_capitals_are_known(line: str) -> None:
    assert load().match(phrase_words(line)) is not None


@pytest.mark.parametrize(
    "line", ["Показать ещё комментарии", "Показать еще комментарии", "Поделиться статьей", "Партнерские ссылки"]
)
def test_russian_phrases_are_known_with_the_dots_of_a_letter_and_without(line: str) -> None:
    assert load().match(phrase_words(line)) is not None


LONG = "and none of the harbour's own pages would work without them, as the keeper of the light explains below. " * 3


@pytest.mark.parametrize(
    "beginning",
    [
        "These cookies are necessary for the website to function",
        "Diese Cookies sind zum Funktionieren der Website erforderlich",
        "Estas cookies son necesarias para que el sitio web funcione",
        "Content presented to you on this service can be based on limited data",
        "We and our 843 partners store and access information on a device",
        "Wir und unsere 120 Partner speichern Informationen auf einem Gerät",
    ],
)
def test_the_texts_of_consent_boxes_may_be_whole_paragraphs(beginning: str) -> None:
    known = load().match(phrase_words(f"{beginning} {LONG}"))
    assert known is not None
    assert known.rule == "cookie.purpose"


def test_other_lines_on_cookies_are_short() -> None:
    words = normal_form(f"We use cookies {LONG}").split()
    assert load().match(words[:40]) is not None
    assert load().match(words) is None
