"""Invented texts and small workers that several test modules share."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import sys
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import ferry
import pytest
from hypothesis import HealthCheck, settings

from dedup.engines.describing import describe
from dedup.learning import Learner
from dedup.settings import CleanSettings, LearnSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dedup.model import Document
    from dedup.profile import Profile

# No deadlines: what is slow once, because it compiles or the machine is busy, is no failure. The same examples each time, so that
# a failure is of the change that made it; `just explore` looks for others.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", _PATIENT)
settings.register_profile("same", _PATIENT, derandomize=True)
settings.load_profile("same")

# Blocks between blank lines are paragraphs: a headline, a lead and four more. Lines join with a space, or with nothing where
# the script has none.
_BLOCKS = {
    "en": """
Ferry to Marlow Island will run again from spring

The ferry between Port Aldis and Marlow Island will run again from the first week of spring, the harbour board decided on
Tuesday after two years in which islanders had to rely on private boats and on the goodwill of fishermen

The old vessel had failed its inspection because rust had eaten through several plates below the water line. A yard in the
north of the country has now replaced them and fitted a quieter engine.

Shopkeepers on the island welcomed the news. "We have lost a third of our summer guests, and some of us had already started to
look for work on the mainland," said the owner of the only bakery.

Tickets will cost slightly more than before, but children under twelve and people who live on the island all year round are to
travel without paying anything at all.

Critics in the town council doubt that the sum set aside for repairs will last longer than three winters. They had asked for a
bridge, which the province refused to pay for.
""",
    "de": """
Alte Mühle am Wiesenbach wird zur Bücherei

Die alte Mühle am Wiesenbach wird nach langem Streit zur Bücherei der Gemeinde umgebaut, wie der Rat am Donnerstagabend mit
knapper Mehrheit gegen die Stimmen der Opposition und gegen den Rat der eigenen Verwaltung beschlossen hat

Das Gebäude steht seit mehr als zwanzig Jahren leer, und durch das Dach tropft bei jedem Gewitter das Wasser bis in den Keller.
Ein Verein hatte wenigstens das Mühlrad vor dem Verfall gerettet.

Nach den Plänen einer Architektin aus der Nachbarstadt sollen die Regale zwischen den alten Balken stehen, während im früheren
Mehllager ein Raum für Lesungen entsteht.

Der Bürgermeister hält die Kosten für vertretbar, weil das Land mehr als die Hälfte übernimmt und weil die bisherige Bücherei
ohnehin hätte saniert werden müssen.
""",
    "fr": """
Le vieux marché couvert rouvre ses portes à Vernaison

Le vieux marché couvert de Vernaison rouvrira ses portes au début du mois de juin, après des travaux qui ont duré deux fois plus
longtemps que prévu et qui ont coûté à la commune presque toutes ses réserves

Les habitants ont découvert dimanche une charpente entièrement rénovée, des étals plus larges et une fontaine que plus personne
n'avait vue couler depuis la guerre.

La mairie espère que les maraîchers de la vallée reviendront vendre leurs légumes sur la place plutôt que dans les grandes
surfaces de la périphérie.

Une partie des commerçants regrette toutefois que le loyer des emplacements augmente d'un quart, ce que l'adjointe aux finances
juge inévitable.
""",
    "ru": """
В Заречье откроют школу у старой пристани

Новую школу у старой пристани откроют в Заречье к началу учебного года, сообщил в среду глава района на встрече с родителями,
которые уже третий год возят детей на автобусе через реку в соседний посёлок

Строители обещают закончить отделку классов до конца июля, однако спортивный зал и столовая будут готовы только следующей
весной, потому что подрядчик сменился в разгар работ.

Учителей пока не хватает, и молодым специалистам предлагают служебное жильё рядом с парком, а также небольшую прибавку к
зарплате в первые годы.

Жители просят сохранить и старое деревянное здание, в котором учились их деды и где до сих пор каждую зиму топят огромную
изразцовую печь.
""",
    "el": """
Ανοίγει ξανά το παλιό θέατρο στο λιμάνι της Καλλίπετρας

Το παλιό θέατρο στο λιμάνι της Καλλίπετρας ανοίγει ξανά τις πόρτες του το φθινόπωρο, ανακοίνωσε την Τρίτη ο δήμος, έπειτα από
δεκαπέντε χρόνια εγκατάλειψης και από πολλές υποσχέσεις που δεν τηρήθηκαν ποτέ

Οι εργάτες βρήκαν κάτω από τη σκηνή μια μικρή αποθήκη γεμάτη κοστούμια, αφίσες και επιστολές ηθοποιών που έπαιξαν εκεί πριν από
τον πόλεμο.

Η πρώτη παράσταση θα είναι δωρεάν για όσους δούλεψαν στην ανακαίνιση, ενώ τα υπόλοιπα εισιτήρια θα πουληθούν μόνο στο ταμείο του
θεάτρου.

Οι κάτοικοι της γειτονιάς ζητούν τώρα από τον δήμο περισσότερες θέσεις στάθμευσης και ένα λεωφορείο που να φτάνει μέχρι αργά το
βράδυ.
""",
    "ar": """
إعادة افتتاح المكتبة القديمة في حي الزيتون

تعيد بلدية المدينة افتتاح المكتبة القديمة في حي الزيتون مطلع الشهر المقبل بعد أعمال ترميم استمرت أربع سنوات وشملت السقف الخشبي
والقاعة الكبيرة والحديقة التي كان يجتمع فيها الشعراء كل مساء

وقال مدير المشروع إن العمال عثروا خلف أحد الجدران على صناديق مليئة بالمخطوطات والصور التي لم يكن أحد يعرف بوجودها من قبل

وسوف تخصص الإدارة قاعة كاملة للأطفال كما ستفتح الأبواب مجانا في السنة الأولى أمام طلاب المدارس والجامعات وسكان الحي جميعا

ويأمل التجار القريبون من المكان أن يعود الزوار إلى الشارع الذي فقد معظم متاجره منذ أغلقت المكتبة أبوابها قبل سنوات طويلة
""",
    "hi": """
नदी किनारे के पुराने घाट की मरम्मत शुरू

नगर परिषद ने नदी किनारे के पुराने घाट की मरम्मत सोमवार से शुरू कर दी है और अधिकारियों का कहना है कि बरसात आने से पहले सारी सीढ़ियाँ और
दोनों मंडप फिर से खड़े कर दिए जाएंगे ताकि मेले में आने वाले लोग सुरक्षित रहें

पिछले साल की बाढ़ में घाट की आधी से ज़्यादा सीढ़ियाँ बह गई थीं और तब से नाविक अपनी नावें गाँव के दूसरे छोर पर बाँधने को मजबूर हैं

स्थानीय दुकानदारों को उम्मीद है कि काम पूरा होने के बाद यात्री लौटेंगे और बाज़ार में पहले जैसी चहल पहल फिर से दिखाई देने लगेगी

परिषद के कुछ सदस्य मानते हैं कि इतने कम पैसों में मज़बूत घाट नहीं बन सकता इसलिए वे राज्य सरकार से और सहायता माँग रहे हैं
""",
    "zh": """
青石镇老码头明年春天重新开放

青石镇老码头将于明年春天重新向游客开放，镇政府星期三在居民大会上宣布了这一消息，
此前码头因为堤岸塌陷已经关闭了整整六年，渔民只能把船停到下游的河湾里

负责修缮的工程队在清理淤泥时发现了两段古老的石阶，专家认为它们至少有四百年的历史，决定原样保留下来供人参观

附近的茶馆和旅店已经开始重新装修，老板们希望热闹的集市能够回来，也希望年轻人愿意留在镇上工作和生活

不过也有居民担心停车的地方不够，他们要求镇政府在开放之前先把通往码头的小路拓宽，并且增加夜间的公共汽车
""",
    "ja": """
旧灯台が来春から資料館として公開へ

岬の旧灯台が来年の春から資料館として公開されることになり、町は水曜日の説明会で住民に計画の内容を明らかにした、
灯台は十年前に役目を終えてから立ち入りが禁止され、窓や階段の傷みがひどくなっていた

工事を請け負った会社によると、最上階の大きなレンズはほとんど傷がなく、磨けば昔のように光を放つことができるという

近くの食堂や民宿では早くも看板を塗り替える動きが始まっており、店主たちは客足が戻ることに大きな期待を寄せている

一方で道が狭く駐車場も足りないため、住民からは夏の混雑を心配する声が上がっていて、町は臨時のバスを走らせる考えだ
""",
    "th": """
ชาวบ้านดีใจเรือนแพจะกลับมาคึกคัก

เทศบาลเตรียมเปิดตลาดน้ำเก่าริมคลองอีกครั้งในต้นปีหน้าหลังจากปิดซ่อมมานานกว่าห้าปีเพราะตลิ่งพังและสะพานไม้ผุจนชาวบ้านเดินข้ามไม่ได้
พ่อค้าแม่ค้าต้องย้ายไปขายของริมถนนใหญ่ซึ่งมีฝุ่นมากและลูกค้าน้อยลงทุกวัน

ช่างไม้ในชุมชนช่วยกันซ่อมเรือนแพสามหลังโดยใช้ไม้เก่าที่เก็บรักษาไว้ในวัดและวาดลวดลายตามแบบเดิมที่คนเฒ่าคนแก่ยังจำได้

ร้านอาหารหลายแห่งประกาศรับคนงานเพิ่มเพราะเชื่อว่านักท่องเที่ยวจะกลับมาและเด็กรุ่นใหม่จะได้ทำงานใกล้บ้านของตนเอง

อย่างไรก็ตามชาวบ้านบางส่วนกังวลเรื่องขยะและที่จอดรถจึงขอให้เทศบาลวางแผนให้ชัดเจนก่อนที่จะเปิดให้คนเข้าชม
""",
}
_UNSPACED = {"zh": "。", "ja": "。", "th": ""}
_STOPS = {"hi": "।"} | _UNSPACED


def _article(language: str) -> tuple[str, ...]:
    joiner = "" if language in _UNSPACED else " "
    headline, *body = (block.replace("\n", joiner) for block in _BLOCKS[language].strip().split("\n\n"))
    stop = _STOPS.get(language, ".")
    return (headline, *(p if p.endswith((".", "»")) else p + stop for p in body))


# Processes inherit which signals are ignored, and in the background of a shell SIGINT is: here the tests say who hears what.
for _name in ("SIGINT", "SIGTERM", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the golden files anew instead of comparing with them")


@pytest.fixture(scope="session", params=sorted(_BLOCKS))
def article(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """A headline and the paragraphs of running text under it, in one language after the other."""
    return _article(request.param)


@pytest.fixture(scope="session")
def english() -> tuple[str, ...]:
    """The headline and five paragraphs in English."""
    return _article("en")


@pytest.fixture(scope="session")
def articles() -> Mapping[str, Sequence[str]]:
    """All articles by language."""
    return {language: _article(language) for language in _BLOCKS}


@pytest.fixture(scope="session")
def story() -> Callable[[int], list[str]]:
    """Makes the story of a number: a headline and four paragraphs that no other number's story has a line of."""

    def make(number: int) -> list[str]:
        chance = random.Random(number)  # noqa: S311 (the same stories in each run)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]
        words = ["".join(chance.choices(syllables, k=chance.choice((2, 2, 3)))) for _ in range(120)]
        bounds = [0, 6, 34, 60, 90, 120]
        lines = [" ".join(words[a:b]).capitalize() for a, b in pairwise(bounds)]
        return [lines[0], *(f"{line}." for line in lines[1:])]

    return make


@pytest.fixture(scope="session")
def learned() -> Callable[..., dict[str, Profile]]:
    """Learns profiles from documents, as the engine does."""

    def learn(documents: Iterable[Document], settings: LearnSettings | None = None) -> dict[str, Profile]:
        learner = Learner(settings or LearnSettings())
        for document in documents:
            (described,) = describe([document.text], CleanSettings())
            learner.add(document.id, document.site, described.occurrences())
        return learner.profiles()

    return learn


class Done(NamedTuple):
    """How a command ended, and what it said.

    Attributes:
        status: its exit status.
        out: standard output.
        err: standard error.
    """

    status: int
    out: bytes
    err: str


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def dedup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Runs the command line in this process, in an empty folder; `given` None: standard input is a terminal."""
    from dedup.cli import app  # noqa: PLC0415 (most tests need no command line)

    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, given: bytes | None = b"") -> Done:
        stdin = _Terminal(io.BytesIO()) if given is None else io.TextIOWrapper(io.BytesIO(given))
        monkeypatch.setattr(sys, "stdin", stdin)
        status = app([str(argument) for argument in arguments], standalone_mode=False)
        out, err = capsysbinary.readouterr()
        return Done(status, out, err.decode())

    return run


@pytest.fixture(scope="module")
def programs() -> Iterator[Callable[..., SimpleNamespace]]:
    """Loads programs of `benchmarks/` by name, as they see each other; they are no package."""
    folder = str(Path(__file__).resolve().parent.parent / "benchmarks")
    loaded: list[str] = []

    def load(*names: str) -> SimpleNamespace:
        loaded.extend(names)
        return SimpleNamespace(**{name: __import__(name) for name in names})

    sys.path.insert(0, folder)
    try:
        yield load
    finally:
        sys.path.remove(folder)
        for name in loaded:
            sys.modules.pop(name, None)


class Kiosk(NamedTuple):
    """An article with a repeat and a footer, for the tests of what goes wrong outside.

    Attributes:
        kept: what is left of it.
        article: all of it.
    """

    kept: str
    article: str

    def jsonl(self, count: int) -> bytes:
        """So many records with the article."""
        return b"".join(json.dumps({"id": str(number), "text": self.article}).encode() + b"\n" for number in range(count))


@pytest.fixture(scope="session")
def kiosk() -> Kiosk:
    """The article of the kiosk."""
    kept = """Kiosk on Elder Square opens again

The kiosk on Elder Square opens again on Friday, two years after a lorry had driven backwards through its only window.

Its new tenant wants to sell newspapers, plums and bicycle tubes, as his grandfather did when trams still turned there.
"""
    return Kiosk(kept, f"{kept}\n{kept.splitlines()[2]}\n\n© 2025 The Elder Post. All rights reserved\n")


class Watched(NamedTuple):
    """How a command ended, of which `told_well` is true."""

    status: int
    out: bytes
    lines: list[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in; temporary files go to a folder of its own beside it."""
    for name in ("here", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("PYTHONUTF8", "1")
    return tmp_path / "here"


@pytest.fixture
def told_well(here: Path) -> Callable[[bytes], list[str]]:
    """Gives the lines that a command told when it ended: no traceback is among them, and no temporary file is left."""

    def lines_of(told: bytes) -> list[str]:
        lines = told.decode().splitlines()
        assert not [line for line in lines if "Traceback" in line or "Exception" in line]
        assert list((here.parent / "temporary").iterdir()) == []
        assert not list(here.rglob(".dedup-*"))
        return lines

    return lines_of


@pytest.fixture
def watched(
    told_well: Callable[[bytes], list[str]], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Watched]:
    """Runs the command line in this process."""
    from dedup.cli import app  # noqa: PLC0415 (most tests need no command line)

    monkeypatch.setattr(tempfile, "tempdir", None)

    def run(*arguments: str) -> Watched:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        status = app(list(arguments), standalone_mode=False)
        out, err = capsysbinary.readouterr()
        return Watched(status, out, told_well(err))

    return run


@pytest.fixture
def process(told_well: Callable[[bytes], list[str]]) -> Callable[..., Watched]:
    """Runs the command line in a process of its own; with a limit, files of more bytes fail as on a full disk."""

    def run(*arguments: str, given: bytes = b"", limit: int | None = None, redirect: str = "") -> Watched:
        command: list[str] = [sys.executable, "-m", "dedup", *arguments]
        if redirect:
            command = ["sh", "-c", f'exec "$@" {redirect}', "sh", *command]
        before = None if limit is None else partial(_limit_files, limit)
        done = subprocess.run(command, input=given, capture_output=True, check=False, preexec_fn=before)
        return Watched(done.returncode, done.stdout, told_well(done.stderr))

    return run


def _limit_files(size: int) -> None:
    import resource  # noqa: PLC0415 (not on Windows)

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture(scope="session")
def profiles() -> dict[str, Profile]:
    """What was learned of the harbour town's paper; see `ferry`."""
    return ferry.learned()
