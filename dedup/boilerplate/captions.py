"""Lines that name who made a picture, known by how credits are written: label and colon, sign, agency and bar."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from dedup.text import normal

if TYPE_CHECKING:
    from collections.abc import Collection

MOST = 400
"""The most characters of a line that is a caption."""

_REACH = 160  # characters of its end: a label and a name are no longer
MARKS = ":：/©|–("  # noqa: RUF001 (marks of many scripts)
"""Most credits have one of these; lines without are not read (the sieve of `engines` looks for them in bytes)."""
_MARK = re.compile(f"[{MARKS}]")

# A credit ends its line: "Foto: A. Name", "© Agency", "(AP Photo/A. Name)", "A. Name/Getty Images", "CC BY 4.0".
_LABELS = (
    *("photo", "photos", "photograph", "photographs", "photo credit", "image credit", "picture", "pic", "image", "images"),
    *("illustration", "credit", "credits", "courtesy", "foto", "fotos", "fotograf", "fotografe", "fotografía", "fotografia"),
    *("fotografie", "bild", "bilder", "abbildung", "grafik", "bildquelle", "imagen", "imágenes", "imagem", "crédito", "créditos"),
    *("crédit", "crédits", "credito", "immagine", "zdjęcie", "fot", "kép", "fotó", "valokuva", "kuva", "фото", "светлина"),
    *("φωτογραφία", "φωτο", "fotoğraf", "صورة", "عکس", "צילום", "写真", "图", "圖", "사진", "ảnh"),
)
_AGENCIES = (
    *("getty images", "getty", "reuters", "afp", "ap photo", "ap", "epa-efe", "epa", "efe", "dpa", "apa", "ansa", "imago images"),
    *("imago", "picture alliance", "shutterstock", "istockphoto", "istock", "unsplash", "pexels", "pixabay", "alamy"),
    *("adobe stock", "keystone", "telam", "télam", "andina", "xinhua", "tass", "anadolu"),
)
# They sell pictures and nothing else: their names end a line without a mark, too.
_PICTURES = ("getty images", "shutterstock", "istockphoto", "alamy stock photo")
# Their label may be glued to the line's end; a label in small letters would be the end of a word.
_GLUED = (
    "Photo",
    "Photos",
    "Photograph",
    "Image",
    "Foto",
    "Fotos",
    "Bild",
    "Bilder",
    "Imagen",
    "Imagem",
    "Immagine",
    "Фото",
    "Φωτο",
)
_LABEL, _AGENCY, _PICTURE = (f"(?:{'|'.join(words)})" for words in (_LABELS, _AGENCIES, _PICTURES))
_LABEL_GLUED = f"(?-i:{'|'.join(_GLUED)})"
_NAME = r"(?:\b\w\.|\.(?=\w)|[^.!?。]){2,60}"
_COMMONS = r"CC[ -](?:BY(?:[ -](?:SA|NC|ND))*|0)(?:[ -]\d\.\d)?"
_CREDIT = re.compile(
    rf"(?:(?:^|[\s(\[|.*_]){_LABEL}\s?\.?(?: by| von| de| di)?\s*[:：/©]{_NAME}"  # noqa: RUF001 (the full-width colon)
    rf"|(?<=\w){_LABEL_GLUED}\s?[:：]{_NAME}"  # noqa: RUF001 (the full-width colon)
    rf"|(?:©|\(c\))\s?{_NAME}"
    rf"|(?:^|\s){_PICTURE}"
    rf"|[\s(/|]{_COMMONS}"
    rf"|\({_AGENCY}(?: photo)?\s*[/|–-][^()]{{2,50}}\)"  # noqa: RUF001 (a dash that agencies write)
    rf"|[/|–]\s?{_AGENCY}|\bvia {_AGENCY})[\s)\].*_]*\Z",  # noqa: RUF001
    re.IGNORECASE,
)


@functools.cache
def signal_words() -> frozenset[str]:
    """What a line that ends so has one of, in normal form, unless it has the sign; "c" and "cc" are marks of rights."""
    return frozenset({"c", "cc", *(normal.words(written)[0] for written in (*_LABELS, *_AGENCIES))})


@functools.cache
def bare_words() -> frozenset[str]:
    """Of these, what a credit without a mark has one of, in normal form."""
    return frozenset({"via", "cc", *(normal.words(written)[0] for written in _PICTURES)})


def is_credited(line: str, words: Collection[str]) -> bool:
    """Whether a line ends by naming who made a picture.

    Args:
        line: its text; long ones are none.
        words: of its normal form.
    """
    if len(line) > MOST or (signal_words().isdisjoint(words) and "©" not in line):
        return False
    tail = line.strip()[-_REACH:]
    return (_MARK.search(tail) is not None or not bare_words().isdisjoint(words)) and _CREDIT.search(tail) is not None
