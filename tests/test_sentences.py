from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.boilerplate import furniture
from dedup.engines.describing import describe
from dedup.settings import CleanSettings
from dedup.text import normal
from dedup.text.paragraphs import ends_sentence
from dedup.text.sentences import edges_of, outer, split_sentences

pieces = st.sampled_from(
    [
        "Word",
        "word",
        "U.S.",
        "3.5",
        ".",
        "!",
        "?",
        "؟",
        "।",
        "。",
        "”",
        "»",
        ")",
        " ",
        "\n",
        "\xa0",
        "漢字",
        "สวัสดี",
        "é",
        "Է:",
        ":",
        "ա",
        "။",
        "។",
        "e\u0301",
        "-",
        "\u200b",
        "\u0301",
        "’",
        "#",
        "7",
    ]
)
messy = st.lists(pieces, max_size=40).map("".join) | st.text()

ENDS = {
    "English": "The ferry will run again.",
    "question": "Will the ferry run again?",
    "exclamation": "The ferry runs again!",
    "ellipsis": "And so the ferry waited…",
    "closing quote": "“We have waited for two years.”",
    "straight quote": 'She said: "We have waited."',
    "German quote": "„Wir haben lange gewartet.“",
    "guillemets": "« Nous avons attendu deux ans. »",
    "turned guillemets": "»Wir haben lange gewartet.«",
    "bracket": "(The board did not answer.)",
    "footnote": "The board did not answer.[3]",
    "Spanish": "¿Cuándo volverá el barco?",
    "Arabic question": "متى تعود العبارة إلى العمل؟",
    "Urdu stop": "کشتی دوبارہ چلے گی۔",
    "Greek question": "Πότε θα ξαναφύγει το πλοίο;",
    "Greek question mark": "Πότε θα ξαναφύγει το πλοίο\u037e",
    "danda": "नाव फिर से चलेगी।",
    "double danda": "नाव फिर से चलेगी॥",
    "Chinese": "渡轮明年春天重新开航。",
    "Chinese question": "渡轮什么时候开航？",
    "Japanese quote": "「来年の春には再開する。」",
    "half-width stop": "フェリーは再開する｡",
    "Korean": "여객선이 다시 다닌다.",
    "Thai": "เทศบาลเตรียมเปิดตลาดน้ำเก่าริมคลองอีกครั้งในต้นปีหน้าหลังจากปิดซ่อมมานานกว่าห้าปี",
    "Lao": "ເທດສະບານກຽມເປີດຕະຫຼາດນ້ຳເກົ່າແຄມຄອງອີກຄັ້ງໃນຕົ້ນປີໜ້າຫຼັງຈາກປິດສ້ອມແປງມາດົນນານ",
    "Armenian": "Լաստանավը գարնանը կրկին կաշխատի։",
    "Ethiopic": "ጀልባው በፀደይ እንደገና ይሠራል።",
    "Burmese": "ကူးတို့သင်္ဘော ပြန်လည်ပြေးဆွဲမည်။",
    "Khmer": "សាឡាងនឹងដំណើរការឡើងវិញ។",
    "Khmer end of a text": "សាឡាងនឹងដំណើរការឡើងវិញ៕",
    "Armenian question": "Ե՞րբ է լաստանավը կրկին աշխատելու։",
    "Armenian colon": "Լաստանավը գարնանը կրկին աշխատելու է:",
    "Armenian dot": "Լաստանավը բացվել է 2024թ․",
    "Ethiopic question": "ጀልባው መቼ ይመለሳል?",
    "Ethiopic end of a paragraph": "ጀልባው ይመለሳል፨",
    "Burmese quote": "“သင်္ဘော ပြန်လာမည်။”",
    "Malayalam": "ബോട്ട് വീണ്ടും ഓടും.",
    "Nepali question": "डुङ्गा कहिले फर्कन्छ?",
    "Gurmukhi": "ਬੇੜੀ ਫਿਰ ਚੱਲੇਗੀ।",
}


@pytest.mark.parametrize("piece", ENDS.values(), ids=ENDS)
def test_what_ends_as_a_sentence(piece: str) -> None:
    assert ends_sentence(piece)


@pytest.mark.parametrize(
    "piece",
    [
        "Related Contents",
        "Home",
        "",
        "Verwandte Artikel",
        "相关新闻",
        "関連記事",
        "ข่าวที่เกี่ยวข้อง",
        "اقرأ أيضا",
        "Next »",
        "« Zurück",
        "यह भी पढ़ें",
        "Σχόλια (4)",
    ],
)
def test_what_does_not(piece: str) -> None:
    assert not ends_sentence(piece)


@pytest.mark.parametrize(
    "listed",
    [
        ["The ferry runs again.", "Islanders rejoice!", "Who pays?"],
        ["“We have waited.”", "She smiled."],
        ["متى تعود العبارة؟", "لا أحد يعرف."],
        ["नाव फिर से चलेगी।", "लोग खुश हैं।"],
        ["کشتی دوبارہ چلے گی۔", "لوگ خوش ہیں۔"],
        ["Das Schiff fährt.", "Ändern wird sich wenig."],
        ["Паром снова ходит.", "Жители рады."],
        ["Πότε θα φύγει το πλοίο\u037e", "Κανείς δεν ξέρει."],
        ["Լաստանավը կրկին աշխատում է։", "Կղզին ուրախ է։"],
        ["Լաստանավը կրկին աշխատում է:", "Ո՞վ է վճարում:", "«Մենք սպասել ենք:»", "Կղզին ուրախ է:"],
        ["ጀልባው እንደገና ይሠራል።", "ደሴቱ ተደስቷል።"],
        ["សាឡាងដំណើរការឡើងវិញ។", "អ្នកកោះសប្បាយចិត្ត៕"],
        ["ਬੇੜੀ ਫਿਰ ਚੱਲੀ।", "ਲੋਕ ਖੁਸ਼ ਹਨ।"],
        ["Ferjan siglir m.a. á morgun.", "Íbúar fagna."],
        ["Паром ходзіць з 8 гадз. і да ночы.", "Жыхары рады."],
    ],
    ids=["en", "quotes", "ar", "hi", "ur", "de", "ru", "el", "hy", "hy colon", "am", "km", "pa", "is", "be"],
)
def test_sentences_with_space_between(listed: list[str]) -> None:
    text = "  ".join(listed)
    assert [text[a:b] for a, b in split_sentences(text, 0, len(text))] == listed


@pytest.mark.parametrize(
    "listed",
    [["渡轮重新开航。", "居民很高兴！", "谁来付钱？"], ["「再開する。」", "町は喜んだ。"], ["သင်္ဘော ပြန်လာသည်။", "လူများ ပျော်ကြသည်။"]],
    ids=["zh", "ja", "my"],
)
def test_sentences_without_space_between(listed: list[str]) -> None:
    text = "".join(listed)
    assert [text[a:b] for a, b in split_sentences(text, 0, len(text))] == listed


@given(messy, st.data())
def test_sentences_and_white_space_join_to_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = split_sentences(text, start, end)
    edges = [start, *(offset for span in spans for offset in span), end]
    assert edges == sorted(edges)
    assert all(not text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))
    assert not any(a == b for a, b in spans)


@given(messy)
def test_keys_of_edges_are_those_of_their_text(text: str) -> None:
    (described,) = describe([text], CleanSettings(paragraphs="blank"))
    for paragraph in described.paragraphs:
        for start, end, key, words in itertools.chain(*edges_of(text, paragraph)):
            assert key == normal.text_key(text[start:end])
            assert words == len(normal.words(text[start:end]))


@given(messy)
def test_sentences_at_the_edges_are_found_by_their_words_alone(text: str) -> None:
    (described,) = describe([text], CleanSettings(paragraphs="blank"))
    for paragraph in described.paragraphs:
        for edge in itertools.chain(*edges_of(text, paragraph)):
            assert not edge.words or furniture.may_be_edged(paragraph, {edge.words}, {edge.key})


def test_other_sentences_are_told_from_known_ones_by_their_words() -> None:
    described = describe(["The ferry runs again. The tides of May are high. All rights reserved.", "Reserved"], CleanSettings())
    (long,), (short,) = (each.paragraphs for each in described)
    known = {normal.text_key("All rights reserved.")}
    assert furniture.may_be_edged(long, {3}, known)
    assert not furniture.may_be_edged(long, {2, 4}, known)
    assert not furniture.may_be_edged(long, {3}, {normal.text_key("The tides of May")})
    assert not furniture.may_be_edged(short, {3}, known)
    assert furniture.may_be_edged(short, {0}, known)
    assert furniture.may_be_edged(short, range(1, 20), known)


@given(messy)
def test_edges_begin_or_end_an_outer_paragraph_and_are_never_all_of_it(text: str) -> None:
    (described,) = describe([text], CleanSettings(paragraphs="line"))
    listed = described.paragraphs
    whole = {(p.start, p.end) for p in listed}
    starts, ends = {p.start for p in outer(listed)}, {p.end for p in outer(listed)}
    for edge in described.all_edges():
        assert edge.start in starts or edge.end in ends
        assert edge[:2] not in whole
        assert text[edge.start : edge.end].strip()


def test_edges_of_the_last_line() -> None:
    text = "A headline\nThe lead has one sentence only.\nThe end is near. It was written by us. All of it is free."
    (described,) = describe([text], CleanSettings())
    edges = [text[edge.start : edge.end] for edge in described.all_edges()]
    assert "All of it is free." in edges
    assert "It was written by us. All of it is free." in edges
    assert not any("headline" in edge or "lead" in edge for edge in edges)


def test_no_paragraph_no_edge() -> None:
    assert [list(described.all_edges()) for described in describe([""], CleanSettings())] == [[]]
    assert outer([]) == []
    assert split_sentences("", 0, 0) == []
