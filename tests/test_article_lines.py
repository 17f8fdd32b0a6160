"""Lines that articles have, near to what sites show beside them: no rule that strips may know them."""

from __future__ import annotations

import pytest

from dedup.boilerplate.phrases import load, phrase_words

ARTICLES = {
    "headlines and sentences": [
        "Más de 200 muertos en el terremoto de la costa",
        "Mais de 50 mil pessoas foram às ruas",
        "Gemäß § 12 der Satzung wählt der Rat den Bürgermeister.",
        "Haben Sie Hinweise auf den Fahrer? Die Wache ist rund um die Uhr besetzt.",
        "Jetzt hat auch der Ruderverein einen eigenen Newsletter.",
        "Edición número 30 del festival de cometas, con un premio nuevo.",
        "Overname van de scheepswerf zonder toestemming van de minister blijft verboden.",
        "يمنع القانون دخول المحمية دون إذن من الوزارة.",
        "Il aurait accepté de toucher une commission sur chaque bateau vendu.",
        "Proseguendo la navigazione verso nord, la nave incontrò la nebbia.",
        "My a naši partneři musíme v lednu najít jiné řešení.",
        "Sie sind hier, um zu bleiben",
        "Estás aquí por mi culpa",
        "Vous êtes ici chez vous",
        "Son dakika: Köprü trafiğe kapatıldı",
        "Ultima oră: podul a fost închis",
        "最新消息：大桥今晨封闭。",
        "Im Trend: Karo, Cord und Pullunder",
        "Главный редактор ушёл в отставку",
        "Päätoimittaja erosi tehtävästään.",
        "Подробиці: міст закрили о шостій ранку.",
        "Najważniejsze: most zamknięto o szóstej.",
        "Kaynak belirtilmeden yapılan harcamalar meclisi karıştırdı.",
        "未经书面授权，任何人不得登上灯塔。",
        "Meer uit je vakantie halen",
        "Siste fra fronten",
        "Sunt de acord cu termenii propuși de primar.",
        "Además: el alcalde aún no ha firmado el contrato.",
        "Если вы не согласны с блокировкой карты, напишите заявление в банк.",
        "Прислать фото шторма можно до пятницы, сообщает музей.",
        "Следите за новостями в порту, советует капитан.",
        "Сделать стартовой площадкой для лодок решили старый пирс.",
        "Οι απόψεις που εκφράζονται στα σχόλια του πλοιάρχου ενόχλησαν το λιμεναρχείο.",
        "Άλλα δελτία τύπου δεν βρέθηκαν στο γραφείο.",
        "Если вы нашли ошибку в квитанции, обратитесь в управляющую компанию.",
        "Заметили ошибку слишком поздно: корабль уже ушёл.",
        "Нажимая на кнопку, вы даёте согласие на списание денег, предупреждают в полиции.",
        "Имеются противопоказания: беременность и гипертония.",
        "Учредитель ООО «Маяк» арестован",
        "Телефон редакции прослушивали спецслужбы",
        "Разработка сайта обошлась порту в миллион",
        "Είστε εδώ για να μείνετε, τους είπε ο λιμενάρχης.",
        "Οι πληροφορίες του διαδικτύου δεν υποκαθιστούν τη συμβουλή του γιατρού, τονίζει ο καθηγητής.",
        "Εγγραφή σε σχολείο του νησιού μόνο με βεβαίωση",
        "Ετικέτες χωρίς γλουτένη: τι να προσέχετε",
        "Διευθυντής σύνταξης εφημερίδας συνελήφθη στο λιμάνι",
        "Τα υβριστικά σχόλια στο γήπεδο κόστισαν τρεις βαθμούς.",
        "当前位置距离地球三亿公里，探测器已经飞了四年。",
        "您的位置在第三排，她说。",
        "2012年5月3日起，来源不明的药品一律下架。",
        "他说的不代表本站旅客的意见。",
        "已有三百人跟帖支持，两人反对。",
        "今天是2013年6月18日，离开学还有两个多月。",
        "主办：市文化局　承办：市群众艺术馆",
        "Na skróty przez las szło się godzinę.",
        "Jesteś w domu, powiedziała, i zamknęła drzwi.",
        "Wykop pod basen zalała woda.",
        "Oddaj głos w niedzielę do godziny 21.",
        "W tym temacie minister nie ma nic do dodania.",
        "Redaktor naczelny odszedł ze stanowiska.",
        "Aplikacja nie zastępuje porady lekarskiej.",
    ],
    "service lines": [
        "Weitere Informationen: Tel. 0400 123456",
        "Más información: www.faro.example",
        "Plus d'informations : mairie de Montclair",
        "Lisätietoja: Matti Laine, 040 123 4567",
        "Więcej informacji: biuro@latarnia.example",
        "Mer information: Anna Berg, pressansvarig",
        "Meer informatie: www.veer.example",
        "Label: Nebelhorn Records",
        "客服热线：96511",
        "联系电话：027-85550123",
        "Zapisy: tel. 13 555 22 10",
    ],
    "subheadings": [
        "Folgen",
        "Karriere",
        "Fragen und Antworten",
        "Zur Person",
        "Vie privée",
        "Lecture",
        "Ficha técnica",
        "Начало",
        "Вопросы и ответы",
        "Сравнение",
        "Uvod",
        "Giriş",
        "Later",
        "Más tarde",
        "Kariyer",
        "相关信息",
        "标准",
        "活动安排",
        "Sonda",
        "Skład drużyny",
        "Podpis",
    ],
    "answers": ["– Хорошо.", "— Понятно."],
}


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, lines in ARTICLES.items() for line in lines])
def test_no_rule_that_strips_knows_a_line_of_an_article(kind: str, line: str) -> None:
    phrases = load()
    match = phrases.match(phrase_words(line)) or phrases.labelled(line)
    assert match is None or not phrases.rule(match.rule).strip, f"{kind}: {match}"


@pytest.mark.parametrize(
    "line",
    ["Головне", "Đề xuất", "Recomandări", "Rekomendasi", "Unsere Empfehlung", "En ce moment", "مقترحات"],
)
def test_what_heads_parts_of_articles_too_cuts_nothing_below_it(line: str) -> None:
    match = load().match(phrase_words(line))
    assert match is None or not match.rule.startswith("heading."), match
