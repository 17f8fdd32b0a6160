from __future__ import annotations

import pytest

from dedup.boilerplate.menus import is_menu, is_row_of_links
from dedup.boilerplate.phrases import load, phrase_words
from dedup.engines.line_rules import LineRules
from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings

TEXT = "The ferry between Port Aldis and Marlow Island will run again from the first week of spring, the board said on Monday."


def knows(line: str) -> bool:
    phrases = load()

    def stripped(entry: str) -> bool:
        match = phrases.match(phrase_words(entry))
        return match is not None and phrases.rule(match.rule).strip

    return is_menu(line, phrases.rule("navigation").words, stripped)


@pytest.mark.parametrize(
    "line",
    [
        "Home > News > Harbour",
        "Home » Harbour » The ferry will run again in spring, the board of the harbour said",
        "Home / News / Harbour",
        "You are here: Aldis Courier > Harbour",
        "Startseite › Nachrichten",
        "Strona główna / Aktualności / Kultura",
        "Jesteś w: Gazeta nad Wartą > Wiadomości > Samorząd",
        "Accueil → Région",
        "首页 > 新闻中心",
        "江城网 > 新闻中心 > 社会 > 正文",
        "当前位置：灯塔网 >> 工作动态",
        "首頁＞生活",
    ],
)
def test_the_path_to_a_page_is_a_menu(line: str) -> None:
    assert knows(line)


@pytest.mark.parametrize(
    "line",
    [
        "Home | About us | Contact | Privacy policy",
        "O nas | Reklama | Prenumerata | Kontakt | Regulamin | Polityka prywatności | RSS",
        "Impressum · Datenschutz · Kontakt",
        "网站地图 | 联系我们 | 版权声明 | 隐私保护",
        "关于我们　广告服务　联系我们　招聘信息",
        "登录 | 注册 | 消息 | 退出",
        "首页 新闻 评论 财经 体育 娱乐",
        "首页|疾病|症状|用药|养生|饮食",
        "島報 首頁 即時 政治 社會 生活",
    ],
)
def test_a_bar_of_entries_is_a_menu(line: str) -> None:
    assert knows(line)


@pytest.mark.parametrize(
    "line",
    [
        "Home / Away",
        "Home | Away | Attendance",
        "Home | 2 | 1",
        "Press the key, then Settings > Sound > Bells.",
        "Home > Away, said the coach, is how it has always been.",
        "Contact | Ada Brook, 0400 123 456",
        "Turm > Rathaus > Markt: So läuft der Umzug",
        "Tower > Town hall > Market",
        "Ada Brook | Harbour master",
        "1. FC Bad Holm | 14 | 11 | 2",
        "武汉 > 宜昌 > 重庆",
        "主队 | 客队 | 比分",
        "本·拉登",
        "江堤 码头 渡口 老街 石桥",
        "他说 那张 首页 照片 是 父亲 拍的",
        "他把首页 交给了 那位 从远方来的老朋友 保管 多年",
        "他说：回家 > 上班",
        ">",
        "|",
        "",
    ],
)
def test_what_is_divided_otherwise_is_none(line: str) -> None:
    assert not knows(line)


def test_the_path_goes_and_the_headline_stays() -> None:
    text = f"Aldis Courier\nHome > News > Harbour\nThe ferry will run again\n{TEXT}"
    (cut,) = judge(Document("a", text), CleanSettings(), {}).cuts
    assert text[cut.start : cut.end] == "Home > News > Harbour\n"
    assert cut.finding.rule == "navigation"


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("[Harbour](/harbour/) [Island](/island/) [Theatre](/theatre/)", True),
        ("| [EN](/en) | [DE](/de) | [FR](/fr) |", True),
        ("* [A](/a) · [B](/b) · **[C](/c)**", True),
        ("[Harbour](/harbour/) [Island](/island/)", False),
        ("[Ada Berg](/ada), [Ben Lund](/ben), [Cy Moe](/cy)", False),
        ("See [this](/a), [that](/b) and [those](/c)", False),
        ("[1](a) [2](b) [3](c)", False),
        ("[Harbour] [Island] [Theatre]", False),
    ],
)
def test_a_row_of_links_is_a_menu(line: str, row: bool) -> None:
    assert is_row_of_links(line) == row
    rule = "navigation" if row else None
    cleaned = judge(Document("a", "\n\n".join([line, TEXT, TEXT.replace("ferry", "boat")])), CleanSettings(), {})
    assert [cut.finding.rule for cut in cleaned.cuts if cut.finding.start == 0] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("   (BUTTON) Menu", "media.control"),
        ("Enter a search term ____________________ (BUTTON)", "media.control"),
        ("(BUTTON) Accept all (BUTTON) Reject", "media.control"),
        ("Press the (button) marked with a star.", None),
        ("The page had a (BUTTON) in capitals, and who pressed it was told of every ferry of that week.", None),
        ("(BUTTON)", "media.control"),
    ],
)
def test_a_button_as_a_text_browser_writes_it(line: str, rule: str | None) -> None:
    match = LineRules().match(line)
    assert (match and match.rule) == rule
