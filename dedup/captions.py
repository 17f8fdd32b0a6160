"""Lines that name who made a picture, known by how credits are written: label and colon, sign, agency and bar."""

from __future__ import annotations

import re

MOST = 400
"""The most characters of a line that is a caption."""

_REACH = 160  # characters of its end: a label and a name are no longer
_HINT = re.compile(r"[:：/©|–(]|via ", re.IGNORECASE)  # noqa: RUF001 (every credit has one of these)

# A credit ends its line: "Foto: A. Name", "© Agency", "(AP Photo/A. Name)", "A. Name/Getty Images".
_LABEL = (
    r"(?:photo(?:graph|graphs|s)?|photo credit|image credit|picture|pic|image|images|illustration|credit|credits|courtesy|foto"
    r"|fotos|fotograf(?:ie|ía|ia|e)?|bild|bilder|abbildung|grafik|bildquelle|imagen|imágenes|imagem|crédito|créditos|crédit|crédits|credito"
    r"|immagine|zdjęcie|fot|kép|fotó|valokuva|kuva|фото|светлина|φωτογραφία|φωτο|fotoğraf|صورة|عکس|צילום|写真|图|圖|사진|ảnh)"
)
_AGENCY = (
    r"(?:getty images|getty|reuters|afp|ap photo|ap|epa(?:-efe)?|efe|dpa|apa|ansa|imago(?: images)?|picture alliance|shutterstock"
    r"|istock(?:photo)?|unsplash|pexels|pixabay|alamy|adobe stock|keystone|telam|télam|andina|xinhua|tass|anadolu)"
)
_NAME = r"(?:\b\w\.|[^.!?。]){2,60}"
_CREDIT = re.compile(
    rf"(?:(?:^|[\s(\[|.]){_LABEL}\s?\.?(?: by| von| de| di)?\s*[:：/©]{_NAME}"  # noqa: RUF001 (the full-width colon)
    rf"|©\s?{_NAME}"
    rf"|\({_AGENCY}(?: photo)?\s*[/|–-][^()]{{2,50}}\)"  # noqa: RUF001 (a dash that agencies write)
    rf"|[/|–]\s?{_AGENCY}|\bvia {_AGENCY})[\s)\].]*\Z",  # noqa: RUF001
    re.IGNORECASE,
)


def is_credited(line: str) -> bool:
    """Whether a line ends by naming who made a picture.

    Args:
        line: its text; long ones are none.
    """
    if len(line) > MOST:
        return False
    tail = line.strip()[-_REACH:]
    return _HINT.search(tail) is not None and _CREDIT.search(tail) is not None
