from __future__ import annotations

import time

import pytest

from dedup.boilerplate.captions import is_credited
from dedup.text.normal import words


@pytest.mark.parametrize(
    "line",
    [
        "The bridge after the storm. Photo: Ada Berg",
        "The bridge after the storm (Photo: Ada Berg / Hill Agency)",
        "Die Brücke nach dem Sturm. Foto: Ada Berg/dpa",
        "El puente después de la tormenta. Imagen: A. Berg",
        "Le pont après la tempête © Ada Berg / Harbour Agency",
        "Мост после бури. Фото: А. Берг",
        "暴风雨后的桥 图：新闻社",
        "A man crosses the bridge (AP Photo/Ada Berg)",
        "A man crosses the bridge (Reuters/Ada Berg)",
        "Ada Berg/Getty Images",
        "The bridge, seen from the hill, via Getty Images",
        "The bridge after the storm Getty Images",
        "The new arch of the bridge Alamy Stock Photo",
        "Die Brücke nach dem SturmBild: AFP/Ada Berg",
        "Le pont après la tempête / (C) Ada Berg",
        "The bridge, drawn by pupils. CC BY-SA 4.0",
        "© agency/Hill, Ada Berg via www.agency.example",
    ],
)
def test_lines_that_name_who_made_a_picture(line: str) -> None:
    assert is_credited(line, words(line))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "She took a photo of the bridge and went home.",
        "Das Bild: Es hing seit Jahren in der Halle, bis jemand es stahl. Nun sucht die Polizei nach dem Dieb.",
        "HARBOUR (AP) — The bridge was closed on Sunday.",
        "The agency Reuters reported the news first.",
        "The village lives of the pictures that it sells to Getty Images, said the mayor.",
        "Er kaufte das Wandbild: ein Schiff im Sturm. Dann ging er nach Hause.",
        "Nobody knew what CC meant in the letter.",
        "Images of the bridge went around the world, and people came to see it.",
    ],
)
def test_lines_that_do_not(line: str) -> None:
    assert not is_credited(line, words(line))


def test_long_lines_take_no_time() -> None:
    start = time.process_time()
    for line in ("foto " * 80, "© " * 190, "(AP " * 99, "/" * 399, "Photo: " * 57):
        is_credited(line, words(line))
        is_credited(line * 1000, line.split())
    assert time.process_time() - start < 1
