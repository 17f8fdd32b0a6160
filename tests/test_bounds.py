"""Inputs of extreme shape under a memory cap: each ends, with the status that is promised, in bounded memory and in linear time.

`DEDUP_FULL=1 pytest tests/test_bounds.py` takes the full sizes (tens of minutes, several GB); by default they are small.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from dedup.reading.decompress import load_zstd

if TYPE_CHECKING:
    from collections.abc import Callable

resource = pytest.importorskip("resource", reason="memory is capped as on POSIX")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is told in KiB on Linux")
FULL = "DEDUP_FULL" in os.environ
BASE = 400 << 20
"""What Python, the compiled kernels and the rules take, with some room."""


class Ran(NamedTuple):
    status: int
    seconds: float
    """Of processor time, so that nothing depends on what else the machine does."""
    peak: int
    """Bytes of memory that were resident at most, of the main process."""
    told: str


def run(*arguments: str, cap: int, given: str = os.devnull) -> Ran:
    """Run `dedup` with so many bytes of data at most; what needs more gets a MemoryError. `given` comes through a pipe."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (cap + BASE, cap + BASE))

    command = [sys.executable, "-m", "dedup", *arguments]
    with Path("told").open("wb") as told, subprocess.Popen(["cat", given], stdout=subprocess.PIPE) as pipe:
        process = subprocess.Popen(command, stdin=pipe.stdout, stdout=subprocess.DEVNULL, stderr=told, preexec_fn=limit)  # noqa: PLW1509 (it only sets a limit)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    ran = Ran(process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10, Path("told").read_text())
    print(f"{' '.join(arguments)}: {ran.peak >> 20} MiB, {ran.seconds:.0f} s")  # noqa: T201 (`pytest -s`: what docs/reliability.md tells)
    assert "Traceback" not in ran.told
    assert ran.peak < max(cap, 0) + BASE  # mapped files are no data
    return ran


@pytest.fixture(scope="module", autouse=True)
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiles the kernel, which takes memory of its own, once: what is measured are runs that find it compiled."""
    path = tmp_path_factory.mktemp("compiled") / "many.jsonl"
    path.write_text("".join(page(number) for number in range(3_000)), "utf-8")
    subprocess.run([sys.executable, "-m", "dedup", "find", path, "-q"], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def size(small: int, full: int) -> int:
    return full if FULL else small


def write(name: str, pieces: Callable[[int], str], count: int, ending: str = "") -> int:
    with Path(name).open("w", encoding="utf-8") as stream:
        stream.writelines(map(pieces, range(count)))
        stream.write(ending)
    return Path(name).stat().st_size


LINES = {
    "words": "".join(f"word{n} " for n in range(5_000)),
    "sentences": "".join(f"word{n}{'.' if n % 20 == 19 else ''} " for n in range(5_000)),
    "no spaces": "".join(f"word{n}x" for n in range(5_000)),
    "Chinese": "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(10_000)),
}


def fill(name: str, kind: str, least: int, before: str = "", ending: str = "\n") -> int:
    """Write a line of so many bytes at least."""
    piece = LINES[kind].encode()
    with Path(name).open("wb") as stream:
        stream.write(before.encode())
        stream.writelines(piece for _ in range(-(-least // len(piece))))
        stream.write(ending.encode())
    return Path(name).stat().st_size


@pytest.mark.parametrize("kind", LINES)
def test_a_single_line(kind: str) -> None:
    length = fill("line.txt", kind, size(8 << 20, 2_000_000_000))
    assert run("clean", "line.txt", cap=6 * length).status == 0


def test_a_single_record() -> None:
    length = fill("line.jsonl", "words", size(8 << 20, 2_000_000_000), '{"text": "', '"}\n')
    assert run("clean", "line.jsonl", "-q", cap=7 * length).status == 0


@pytest.mark.parametrize("command", ["explain", "find"])
def test_a_single_line_that_is_more_than_cleaned(command: str) -> None:
    length = fill("line.txt", "words", size(8 << 20, 200_000_000))
    assert run(command, "line.txt", cap=12 * length).status == 0


def test_a_single_line_with_a_footer_that_is_cut() -> None:
    ending = "\n\nRelated Contents\n\nAnother story of the harbour\n\n© 2025 The Island Post. All rights reserved\n"
    length = fill("line.txt", "sentences", size(8 << 20, 1_000_000_000), ending=ending)
    assert run("clean", "line.txt", "--report", "r", cap=14 * length).status == 0
    rules = [json.loads(line).get("rule") for line in Path("r").read_text().splitlines()]
    assert {"heading.related", "section.related", "legal"} <= set(rules)


def test_too_little_memory_is_told_in_one_line() -> None:
    write("line.txt", lambda n: f"word{n % 5000} ", 3_000_000, "\n")
    ran = run("clean", "line.txt", cap=(200 << 20) - BASE)
    told = "not enough memory: a document takes five times its size, and up to sixty times where its lines are short"
    assert (ran.status, ran.told) == (2, f"dedup: error: {told}\n")


def test_a_single_line_that_is_no_record() -> None:
    length = write("line.jsonl", lambda n: f"word{n % 5000} ", size(1_000_000, 200_000_000), "\n")
    ran = run("clean", "line.jsonl", "-q", cap=6 * length)
    assert (ran.status, ran.told.count("\n")) == (2, 1)
    assert "line.jsonl:1: not JSON" in ran.told


def test_a_record_with_a_long_text() -> None:
    length = write("long.jsonl", lambda n: ('{"text": "' if n == 0 else "") + f"Line {n}.\\n", size(200_000, 20_000_000), '"}\n')
    assert run("clean", "long.jsonl", "--no-learn", cap=120 * length).status == 0


def test_a_document_of_many_paragraphs() -> None:
    def line(n: int) -> str:
        return f"Paragraph {n} says that {n * 7} boats of kind {n % 97} came to the port {n % 1013} today.\n"

    small, large = (write(f"{n}.txt", line, n) for n in (size(5_000, 250_000), size(20_000, 1_000_000)))
    first = run("clean", f"{size(5_000, 250_000)}.txt", cap=60 * small)
    second = run("clean", f"{size(20_000, 1_000_000)}.txt", cap=60 * large)
    assert (first.status, second.status) == (0, 0)
    assert second.seconds < 8 * first.seconds + 5  # four times as much


def test_what_is_learned_from_many_documents() -> None:
    def document(n: int) -> str:
        own = [f"Boat {n * 7 + i} of kind {n % 97} came to port {n % 1013} on day {i * n}, as was told." for i in range(3)]
        stock = [f"The harbour of number {(n + i) % 40} is closed to all boats on the first day of each month." for i in range(2)]
        text = "\n".join([*own, *stock, "Read more stories of the day"])
        return json.dumps({"id": f"d{n}", "site": f"s{n % 5}", "text": text}) + "\n"

    count = size(5_000, 200_000)
    write("many.jsonl", document, count)
    assert run("learn", "many.jsonl", "-o", "profiles", cap=4096 * count).status == 0


def page(n: int) -> str:
    own = [f"Boat {n * 7 + i} of kind {n % 97} came to port {n % 1013} on day {i * n}, as was told." for i in range(30)]
    text = "\n".join([f"The harbour post, part {n % 5}", *own, "© 2025 The harbour post. All rights reserved"])
    return json.dumps({"id": f"d{n}", "site": f"s{n % 5}", "text": text}) + "\n"


def test_a_stream_of_records_takes_no_more_memory_the_longer_it_is() -> None:
    small, large = size(1_000, 80_000), size(8_000, 500_000)
    write("learned.jsonl", page, 500)
    assert run("learn", "learned.jsonl", "-o", "profiles", "-q", cap=0).status == 0
    peaks = []
    for count in (small, large):
        write("many.jsonl", page, count)
        ran = run("clean", "--profile", "profiles", "--workers", "1", "-q", cap=100 << 20, given="many.jsonl")
        assert ran.status == 0
        peaks.append(ran.peak)
    assert peaks[1] < peaks[0] + (64 << 20)


def test_records_in_a_pipe_that_are_compared() -> None:
    length = write("many.jsonl", page, size(3_000, 400_000))
    assert run("find", "-", "-q", cap=length, given="many.jsonl").status == 0


def test_one_word_again_and_again() -> None:
    length = write("word.txt", lambda _: "word ", size(400_000, 10_000_000))
    assert run("clean", "word.txt", cap=60 * length).status == 0


def test_one_line_again_and_again() -> None:
    length = write("lines.txt", lambda _: "The ferry was late again on Monday.\n", size(20_000, 1_000_000))
    assert run("clean", "lines.txt", cap=60 * length).status == 0


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_json_that_is_nested_deeply(bracket: str) -> None:
    depth = size(200_000, 20_000_000)
    write(
        "deep.jsonl", lambda n: '{"text": "x", "a": ' if n == 0 else bracket, depth, "\n" + '{"text": "A text of some words."}\n'
    )
    ran = run("clean", "deep.jsonl", "-q", cap=16 * 5 * depth)
    assert (ran.status, ran.told.count("\n")) == (3, 1)
    assert "deep.jsonl:1: not JSON" in ran.told or "deep.jsonl:1: nested too deeply" in ran.told


@pytest.mark.parametrize("command", [["clean"], ["find"], ["filter"]], ids=" ".join)
def test_many_copies_of_one_document(command: list[str]) -> None:
    text = "\n\n".join(" ".join(f"w{(number * place) % 9973}" for number in range(1, 40)) for place in range(1, 7))
    for name, count in (("few", size(500, 12_500)), ("many", size(2_000, 50_000))):
        write(f"{name}.jsonl", lambda n: json.dumps({"id": str(n), "text": text}) + "\n", count)
    few, many = (run(*command, f"{name}.jsonl", "-q", cap=300 << 20) for name in ("few", "many"))
    assert (few.status, many.status) == (0, 0)
    assert many.seconds < 8 * few.seconds + 5
    assert "(" not in many.told


def test_many_files_in_one_folder() -> None:
    Path("in/site").mkdir(parents=True)
    count = size(1_500, 100_000)
    for n in range(count):
        Path(f"in/site/{n}.txt").write_text(f"The harbour post\n\nStory {n} tells of {n * 31} boats and of {n * 17} gulls.\n")
    assert run("clean", "in", "-o", "out", "--report", "r.jsonl", "-q", cap=400 << 20).status == 0
    assert sum(1 for _ in Path("out/site").iterdir()) == count


def packed(kind: str, size: int) -> bytes:
    """So many MiB of one letter: as one stream, or as members that are no bomb each."""
    block = b"a" * (1 << 20)
    if kind == "gz":
        packer = zlib.compressobj(9, wbits=31)
        return b"".join([*(packer.compress(block) for _ in range(size)), packer.flush()])
    if kind == "zst":
        press = load_zstd().ZstdCompressor()
        return b"".join([*(press.compress(block) for _ in range(size)), press.flush()])
    return gzip.compress(block * 100, 9, mtime=0) * -(-size // 100)


@pytest.mark.parametrize("ending", ["txt", "jsonl"])
@pytest.mark.parametrize("kind", ["gz", "zst", "gz members"])
def test_a_bomb(kind: str, ending: str) -> None:
    name = f"bomb.{ending}.{kind.split(maxsplit=1)[0]}"
    Path(name).write_bytes(packed(kind, size(1_100, 10_000)))
    ran = run("clean", name, cap=3 << 30)
    assert (ran.status, ran.told.count("\n")) == (2, 1)
    assert "grows like a decompression bomb" in ran.told
    ran = run("clean", name, "--max-decompressed", "1000000", cap=0)
    assert (ran.status, ran.told.count("\n")) == (2, 1)
    assert "is larger than allowed when decompressed (--max-decompressed)" in ran.told


def repeated(piece: str, before: str = "", ending: str = "\n") -> Callable[[str, int], int]:
    """Writes a piece so often that it makes a share of a hundred of 8 MiB."""
    return lambda name, share: write(name, lambda n: before * (n == 0) + piece, (share << 23) // 100 // len(piece), ending)


SHAPES: dict[str, tuple[Callable[[str, int], int], str, int]] = {
    **{kind: (lambda name, share, k=kind: fill(name, k, (share << 23) // 100), "txt", 0) for kind in LINES},
    "one record": (lambda name, share: fill(name, "words", (share << 23) // 100, '{"text": "', '"}\n'), "jsonl", 0),
    "no record": (repeated("word "), "jsonl", 2),
    "one word": (repeated("word "), "txt", 0),
    "one line": (repeated("The ferry was late again on Monday.\n"), "txt", 0),
    "empty lines": (repeated("\n"), "txt", 0),
    "brackets": (repeated("[", '{"text": "x", "a": '), "jsonl", 2),
    "quotes": (repeated('\\"', '{"text": "', '"}\n'), "jsonl", 0),
    "one cell": (repeated('word ""and"" ', 'text\n"', '"\n'), "csv", 0),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_as_much_takes_four_times_as_long(shape: str) -> None:
    make, ending, status = SHAPES[shape]
    seconds = []
    for share in (25, 100):
        make(f"{share}.{ending}", share)
        ran = run("clean", f"{share}.{ending}", "-q", cap=1 << 30)
        assert ran.status == status
        seconds.append(ran.seconds)
    assert seconds[1] < 7 * seconds[0] + 1


def test_a_text_of_lists_takes_time_in_proportion_with_main() -> None:
    lines = "- Boat {0} was late again on Monday, and nobody at the quay knew why it was, said one.\n" + "- short {0}\n" * 30
    end = "- The last and longest part tells of the harbour, of the boats and of all who lived there once.\n" * 8
    seconds = []
    for count in (500, 2_000):
        write(f"{count}.txt", lines.format, count, end)
        ran = run("clean", f"{count}.txt", "--main", "-q", cap=1 << 30)
        assert ran.status == 0
        seconds.append(ran.seconds)
    assert seconds[1] < 7 * seconds[0] + 1
