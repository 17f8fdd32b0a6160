from __future__ import annotations

import importlib.util
import sys
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.errors import DedupError
from dedup.text import normal
from dedup.text.normal import CharClass, is_no_space, normal_form, numbered, table, unicode_version, words

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parent.parent / "scripts" / "make_normal_table.py"

# Characters that meet each other in the machine's corners: marks of several combining classes, zero-width ones, letters
# with and without precomposed forms, scripts without spaces, digits.
TRICKY = (
    "aAßıİǰŉΣςᾳΐ йЙи\u0306\u0323\u0301\u0345\u20dd\u0308 が か\u3099\u309a漢々ーｱﾞ กัำ ๑ ကို ខ្មែ ລາ "
    "\u200b\u200d\u00ad\ufeff\ufe0f\u034f"
    "1٣Ⅷ² ≠\u0338῁.,'’\t\n\x00\x01\x02\xa0\ud800\udfff\ufffd\ue000\U0010ffff\U00020000\U00031350 "
    "दि\u093c ש\u05c1\u05bcשּׁ"
)
TRICKY += "ʻʼŉൽൻല്ৎত\u09cd"
TRICKY += "أإآاىيیكکـًٌَّٰؤئﻻﻲ שָלוֹ"
tricky_text = st.text(st.sampled_from(TRICKY))
any_text = st.text(st.characters()) | tricky_text | st.text(st.sampled_from(TRICKY) | st.characters())


def words_by_the_book(text: str) -> list[str]:
    """The machine of the module's docstring, a code point at a time."""
    shipped = table()
    found: list[list[int]] = []
    after = CharClass.SEPARATOR
    for unit in (unit for char in text for unit in shipped.units(ord(char))):
        kind = CharClass(shipped.action_class[shipped.action(unit)])
        if kind is CharClass.MARK:
            if after is CharClass.LATIN_GREEK:
                continue
            kind = CharClass.LETTER if after is CharClass.SEPARATOR else after
        if kind is CharClass.SEPARATOR:
            after = kind
            continue
        is_mark = shipped.action_class[shipped.action(unit)] == CharClass.MARK
        begins = after is CharClass.SEPARATOR or (not is_mark and CharClass.NO_SPACE in (kind, after))
        if begins:
            found.append([])
        found[-1].append(unit)
        after = kind
    return ["".join(map(chr, ordered_by_the_book(word))) for word in found]


def ordered_by_the_book(word: list[int]) -> list[int]:
    """The word with neighbouring marks exchanged until they are in order."""
    shipped = table()
    order = [shipped.action_order[shipped.action(code)] for code in word]
    for end in range(len(word), 1, -1):
        for at in range(1, end):
            if order[at - 1] > order[at] > 0:
                word[at - 1 : at + 1] = word[at], word[at - 1]
                order[at - 1 : at + 1] = order[at], order[at - 1]
    return word


@given(any_text)
@example("".join(chr(code) for code in range(0x300, 0x370)))
@example("и\u0306\u0323 й\u0323 и\u0323\u0306")
@example("か\u3099a か\ufe0f\u3099漢 x\u3099")
def test_words_are_those_of_the_machine(text: str) -> None:
    assert words(text) == words_by_the_book(text)


@given(any_text)
def test_a_normal_form_folds_to_itself(text: str) -> None:
    assert words(normal_form(text)) == words(text)
    assert normal_form(text) == " ".join(words(text))


def is_hangul(char: str) -> bool:
    return unicodedata.name(char, "").startswith("HANGUL")


@given(any_text)
@example("и\u0306\u0323")
@example("ệ ᾧ й́ ё שּׁ ≠")
def test_canonically_equivalent_texts_agree(text: str) -> None:
    text = "".join(char for char in text if not is_hangul(char))
    assert words(unicodedata.normalize("NFC", text)) == words(text)
    assert words(unicodedata.normalize("NFD", text)) == words(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_takes_the_same_way_as_the_rest(text: str) -> None:
    assert words(text) == words(text + " é")[:-1]


@given(st.text(), st.text())
def test_a_separator_parts_texts(first: str, second: str) -> None:
    assert words(f"{first}\n{second}") == words(first) + words(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ᾳ ᾴ α\u0345\u0301 α\u0301\u0345 ι", ["α", "α", "α", "α", "ι"]),
        (" \t…!?\u00a0€\x00", []),
        ("Don't STOP", ["don", "t", "stop"]),
        ("Naïve\u00a0Straße", ["naive", "strasse"]),
        ("ẞ ﬁ Ĳ", ["ss", "fi", "ĳ"]),  # casefolding spells out ﬁ but not ĳ
        ("İSTANBUL ısı", ["istanbul", "ısı"]),
        ("Ελλάδα ΟΔΟΣ οδός", ["ελλαδα", "οδοσ", "οδοσ"]),
        ("й и\u0306 и", ["и\u0306", "и\u0306", "и"]),
        ("Ёлка ґрунт Ґ", ["е\u0308лка", "ґрунт", "ґ"]),
        ("e\u0301 e\u200d\u0301\u0323t", ["e", "et"]),
        ("\u0301a .\u0301b", ["\u0301a", "\u0301b"]),
        ("がか\u3099か", ["か\u3099", "か\u3099", "か"]),
        ("漢字abc々", ["漢", "字", "abc", "々"]),
        ("2024年6月", ["2024", "年", "6", "月"]),
        ("ラーメン", ["ラ", "ー", "メ", "ン"]),
        ("ｶﾞｿﾘﾝ ー", ["カ\u3099", "ソ", "リ", "ン", "ー"]),
        ("２０２４年 ＮＨＫ", ["2024", "年", "nhk"]),
        ("ภาษา ๑๒", ["ภ", "า", "ษ", "า", "๑๒"]),
        ("ที่", ["ท\u0e35\u0e48"]),
        ("မြန်", ["မ\u103c", "န\u103a"]),
        ("ខ្មែរ", ["ខ\u17d2", "ម\u17c2", "រ"]),
        ("ລາວ", ["ລ", "າ", "ວ"]),
        ("\uf900\U0002f800", ["\u8c48", "\u4e3d"]),
        ("한글 뉴스", ["한글", "뉴스"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("zero\u200bwidth so\u00adft \ufeffbom a\u202eb", ["zerowidth", "soft", "bom", "ab"]),
        ("x\ufe0f 👩\u200d👧 ok", ["x", "ok"]),
        ("a\ud800b \ufffd", ["a\ufffdb", "\ufffd"]),
        ("x² Ⅷ №", ["x²", "ⅷ"]),
        ("\ue000 a\uf8ffb \U000f0001Share \u0378 \U0010ffff", ["a", "b", "share", "\u0378", "\U0010ffff"]),
        ("Kelvin Å", ["kelvin", "a"]),
    ],
)
def test_folding(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("", ""),
        ("page 12 of 300", "page # of #"),
        ("٣٤ a1b22 ๑๒ x²", "# a#b# # x²"),
        ("2024 年 6 月", "# 年 # 月"),
    ],
)
def test_numbered(form: str, expected: str) -> None:
    assert numbered(form) == expected


@given(any_text)
def test_digit_folding_is_idempotent_and_leaves_normal_forms(text: str) -> None:
    once = numbered(normal_form(text))
    assert numbered(once) == once
    assert normal_form(once.replace("#", "0")) == once.replace("#", "0")


@pytest.mark.parametrize("char", "漢々〇ひがヶーｱกຂខက\U00020000\U0003ffff"[:-1])
def test_no_space_characters(char: str) -> None:
    assert is_no_space(char)


@pytest.mark.parametrize("char", "aяא한ह1๑។、・ \u0e31\u3099\ud800")
def test_other_characters_are_no_words_by_themselves(char: str) -> None:
    assert not is_no_space(char)


def test_every_replacement_stands_for_itself() -> None:
    shipped = table()
    for unit in set(shipped.replacements):
        assert shipped.units(unit) == [unit]


def test_only_marks_that_stand_for_themselves_have_an_order() -> None:
    shipped = table()
    rows = zip(shipped.action_class, shipped.action_length, shipped.action_order, strict=True)
    assert all(kind == CharClass.MARK and not length for kind, length, order in rows if order)


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_normal_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(
    unicodedata.unidata_version != unicode_version,
    reason=f"the table is of Unicode {unicode_version}, this Python has {unicodedata.unidata_version}",
)
def test_the_table_is_what_the_script_makes() -> None:
    script = load_script()
    assert script.TARGET.read_bytes() == script.table()


@pytest.mark.parametrize("damage", [b"", b"DEDUPNF1", b"cut", b"version"])
def test_a_damaged_table_is_told(damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(normal.__file__).with_name("normal_table.bin").read_bytes()
    if damage == b"cut":
        data = data[:-1]
    elif damage == b"version":
        data = data[:8] + b"\x0f" + data[9:]
    else:
        data = damage
    (tmp_path / "normal_table.bin").write_bytes(data)
    monkeypatch.setattr(normal, "__file__", str(tmp_path / "normal.py"))
    with pytest.raises(DedupError, match="normal_table"):
        table.__wrapped__()


def test_importing_reads_no_table() -> None:
    spec = importlib.util.spec_from_file_location("fresh_normal", normal.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    sys.modules["fresh_normal"] = fresh
    try:
        spec.loader.exec_module(fresh)
        assert fresh.table.cache_info().currsize == 0
        assert fresh.words("Ä") == ["a"]
        assert fresh.table.cache_info().currsize == 1
    finally:
        del sys.modules["fresh_normal"]


def test_many_marks_take_linear_time() -> None:
    begin = time.process_time()
    assert len(words("и" + "\u0306\u0323" * 100_000)[0]) == 200_001
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("أعلن الوزير عامًا", "اعلن الوزیر عاما"),  # hamza, tanwin, Arabic yeh
        ("عَــــــاجِل", "عاجل"),  # signs of vowels, a stretched word
        ("آخر مسؤول", "اخر مسوول"),
        ("كتاب على الطاولة", "کتاب علی الطاولة"),  # Arabic kaf and alef maksura; teh marbuta is a letter of its own
        ("ﺍﻟﺴﻼﻡ", "السلام"),  # letters in their shapes
        ("שָׁלוֹם לְכֻלָּם", "שלום לכלם"),
        ("שּׁלום", "שלום"),
    ],
)
def test_what_arabic_and_hebrew_may_be_written_without_is_dropped(written: str, bare: str) -> None:
    assert normal_form(written) == bare
    assert normal_form(unicodedata.normalize("NFD", written)) == bare


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("oʻqing, togʻlar", "o'qing, tog‘lar"),  # Uzbek
        ("зʼява", "з'ява"),  # Ukrainian and Belarusian
        ("ഇമെയിൽ അവൻ അവൾ ഊൺ കാർ", "ഇമെയില്\u200d അവന്\u200d അവള്\u200d ഊണ്\u200d കാര്\u200d"),
        ("হঠাৎ", "হঠাত্\u200d"),
    ],
)
def test_letters_that_are_written_in_two_ways_are_one(written: str, otherwise: str) -> None:
    assert normal_form(written) == normal_form(otherwise)


def test_letters_and_marks_that_tell_words_apart_stay() -> None:
    assert normal_form("مدرسة") != normal_form("مدرسه")
    assert normal_form("גּן") == normal_form("גן")
    assert normal_form("कि") != normal_form("की")
    assert normal_form("پدر") != normal_form("بدر")
