from __future__ import annotations

from itertools import combinations
from textwrap import fill
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.reading.encodings import decode, prefix_offsets
from dedup.reading.text import is_binary

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = {
    "cp1252": [
        "Café à Paris",
        "Le maire a déclaré que l’été serait très chaud et que la fête aurait lieu.",
        "Die Bürger müssen größere Gebühren zahlen, erklärte der Bürgermeister am Freitag.",
        "El niño comió mañana la paella; ¿qué pasó después?",
        "“We don’t know,” she said – and that’s all. It costs £5.",
        "A situação não é fácil, disse o ministro em São Paulo.",
    ],
    "cp1250": [
        "Prezydent ogłosił, że żadna ze spółek nie będzie mogła wziąć udziału w przetargu.",
        "Příští týden bude ve městě velká slavnost, řekl starosta v úterý večer.",
        "A polgármester szerint a következő évben több pénzt kapnak a kórházak és az iskolák.",
    ],
    "cp1251": ["Мэр заявил, что новая программа начнёт работать в следующем году."],
    "koi8-r": ["Мэр заявил, что новая программа начнет работать в следующем году."],
    "cp1253": ["Ο δήμαρχος δήλωσε ότι το νέο πρόγραμμα θα ξεκινήσει τον επόμενο χρόνο."],
    "cp1254": ["Belediye başkanı şöyle konuştu: bu şehrin geleceği için çalışıyoruz, dedi."],
    "cp1255": ["ראש העיר אמר כי התוכנית החדשה תתחיל לפעול בשנה הבאה."],
    "cp1256": ["قال رئيس البلدية إن البرنامج الجديد سيبدأ العمل في العام المقبل."],
    "cp874": ["นายกเทศมนตรีกล่าวว่าโครงการใหม่จะเริ่มในปีหน้า"],
    "gb18030": ["市长宣布，新的计划将于明年开始实施。城市居民对此表示欢迎。"],
    "cp950": ["市長宣布，新的計畫將於明年開始實施。城市居民對此表示歡迎。"],
    "cp932": ["市長は、新しい計画が来年から始まると発表した。市民は歓迎している。"],
    "euc_jp": ["市長は、新しい計画が来年から始まると発表した。市民は歓迎している。"],
    "cp949": ["시장은 새로운 계획이 내년부터 시작될 것이라고 발표했다. 시민들은 환영했다."],
}
STATELESS = ("utf-8", "utf-16-le", "utf-32-be", "cp1252", "gb18030", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp950", "koi8-r")


def check_offsets(raw: bytes) -> None:
    """Cutting code points cuts exactly their bytes."""
    decoded = decode(raw)
    text = decoded.text
    bounds = list(range(len(text) + 1))
    offsets = decoded.byte_offsets(bounds)
    assert offsets == sorted(offsets)
    assert offsets[-1] <= len(raw)
    errors = "surrogatepass" if decoded.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    codec = decoded.encoding.removesuffix("-sig")
    for at in bounds[:-1]:
        assert raw[offsets[at] : offsets[at + 1]] == text[at].encode(codec, errors)
    step = bounds[:: max(1, len(bounds) // 7)]
    assert decoded.byte_offsets(step) == [offsets[at] for at in step]
    assert raw[: offsets[0]] in {b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff"}
    assert len(raw) - offsets[-1] < 4


@given(st.binary(max_size=60))
@example(b"\xff\xfea")
@example(b"\xff\xfe\x00\xd8")
@example(b"\xff\xfe\x00\x00\xff\xff\xff\xff")
@example(b"\xef\xbb\xbf\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"\xe4\xb8\xad\xe6")
@example(b"\x81\x8d")
def test_any_bytes_are_decoded_and_found_again(raw: bytes) -> None:
    check_offsets(raw)


@given(st.text(max_size=40), st.sampled_from(STATELESS))
def test_offsets_of_every_encoding(text: str, encoding: str) -> None:
    raw = text.encode(encoding, "ignore")
    check_offsets(raw)
    text = raw.decode(encoding)
    offsets = prefix_offsets(text, encoding, "strict", 0, range(len(text) + 1))
    assert offsets == [len(text[:end].encode(encoding)) for end in range(len(text) + 1)]


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_is_never_guessed_at(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    if encoding != "utf-8":
        assert decoded.text == text
        assert decoded.encoding in {"utf-8-sig", "utf-16-le", "utf-32-le"}
    elif not text.startswith("\ufeff"):
        assert (decoded.text, decoded.encoding) == (text, "utf-8")
    assert decoded.note is None


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in SAMPLES.items() for text in texts])
def test_legacy_encodings_are_told_from_one_sentence(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == encoding
    assert decoded.note == f"encoding detected as {encoding}"


WESTERN = [
    "Der Fluß führt Hochwasser, die Brücke bleibt für längere Zeit gesperrt, erklärte der Bürgermeister.",
    "La rivière a débordé et le maire a déclaré que l’école resterait fermée, à son grand regret.",
    "El río creció mucho y el alcalde señaló que los daños no serán mayores mañana.",
    "Il fiume è uscito dagli argini e la città, così il sindaco, riaprirà il ponte lunedì.",
    "O prefeito disse que a situação não é grave e que a ponte abrirá às três horas da manhã.",
    "Borgmästaren sade att ån har svämmat över och att bron förblir stängd på lördag.",
]
CENTRAL = [
    "Rzeka wylała, a burmistrz oświadczył, że część mieszkańców może już wrócić do domów.",
    "Řeka se vylila z břehů a starosta řekl, že most zůstane uzavřen až do příští středy.",
    "A folyó kiöntött, és a polgármester szerint a híd több napig zárva marad, őrzik is.",
    "Der Fluß führt Hochwasser, die Brücke bleibt für längere Zeit gesperrt, hieß es.",
]


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [("cp1252", rows) for number in (2, 3) for rows in combinations(WESTERN, number)]
    + [("cp1250", rows) for number in (2, 3) for rows in combinations(CENTRAL, number)],
)
@pytest.mark.parametrize("width", [40, 1000])
def test_a_text_in_several_languages_is_told_line_by_line(encoding: str, rows: Sequence[str], width: int) -> None:
    text = "\n".join(fill(row, width) for row in rows) + "\n"
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


def test_vietnamese_is_told_though_no_tone_is_a_letter() -> None:
    text = (
        "Chu\u0309 tịch tha\u0300nh phô\u0301 cho biê\u0301t con đươ\u0300ng ven sông vâ\u0303n bi\u0323 đo\u0301ng cư\u0309a.\n"
    )
    text = text.replace("ị", "i\u0323")
    decoded = decode(text.encode("cp1258"))
    assert (decoded.text, decoded.encoding) == (text, "cp1258")


def test_utf_8_with_some_damage_stays_utf_8() -> None:
    raw = "Größe und Maß".encode() + b"\xff und mehr"
    decoded = decode(raw)
    assert decoded.encoding == "utf-8"
    assert decoded.text == "Größe und Maß\udcff und mehr"
    assert decoded.note == "1 byte is not UTF-8"
    assert decode("Straße".encode() + b"\xe2\x80").encoding == "utf-8"


def test_one_stray_byte_in_ascii_is_a_legacy_letter() -> None:
    assert decode(b"a caf\xe9 here").text == "a café here"
    assert decode(b"a caf\xe9").text == "a café"


def test_multi_byte_text_that_is_cut_in_a_character_is_told() -> None:
    raw = ("市长宣布，新的计划将于明年开始实施。\n" * 5).encode("gb18030")[:-2]
    decoded = decode(raw)
    assert decoded.encoding == "gb18030"
    assert decoded.text.endswith("\udca1")
    assert decoded.note is not None
    assert "1 byte means nothing" in decoded.note


def test_what_is_nothing_known_is_read_byte_by_byte() -> None:
    decoded = decode(bytes(range(128, 256)))
    assert decoded.text.encode(decoded.encoding, "surrogateescape") == bytes(range(128, 256))


def test_a_cut_unit_at_the_end_stays_out_of_the_text() -> None:
    decoded = decode(b"\xfe\xff\0a\0")
    assert (decoded.text, decoded.encoding) == ("a", "utf-16-be")
    assert decoded.byte_offsets([0, 1]) == [2, 4]
    assert decoded.note == "utf-16-be text is cut off in the middle of a character"


def test_a_long_text_is_told_by_its_telling_lines() -> None:
    raw = b"plain words only\n" * 10_000 + "Le maire a déclaré que l’été serait très chaud.\n".encode("cp1252") * 3
    assert decode(raw).encoding == "cp1252"


@pytest.mark.parametrize(
    "head",
    [b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"PK\x03\x04", b"\x7fELF", b"SQLite format 3\0", b"\x1f\x8b\x08", bytes(range(32)) * 4]
    + [b"a.txt".ljust(257, b"0") + magic for magic in (b"ustar\x0000", b"ustar  \0")],
)
def test_binary_is_told(head: bytes) -> None:
    assert is_binary(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"a\0b",
        b"text\0" + b"word " * 500,
        b"\x1b[1mbold\x1b[0m\b\f\r\n\t" * 20,
        b"a line\vanother, as word processors break them\v" * 20,
        "текст".encode("utf-16"),
        "字".encode("gb18030"),
        b"." * 256 + b"mustard",  # no tape archive
        b"." * 256 + b"mustard and cress",
    ],
)
def test_text_is_not_taken_for_binary(head: bytes) -> None:
    assert not is_binary(head)
