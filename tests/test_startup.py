from __future__ import annotations

import gc
import re
import subprocess
import sys

import pytest

from dedup.cli import app

HEAVY = {"charset_normalizer", "datasketch", "numba", "numpy", "pyarrow", "scipy", "tqdm"}
KEPT = """The bridge at Fallow Mill closes on Monday

The county closes the stone bridge at Fallow Mill on Monday, because two of its arches have moved since the flood in March.

Lorries have been kept off it since April, and the bus to Upper Fallow has gone round by the quarry road ever since then.

The work is to last until the autumn and costs, the county's engineer said, about as much as a new bridge of plain concrete.
"""
LEAD = KEPT.splitlines()[2]
ARTICLE = f"{KEPT}\n{LEAD}\n\nRelated articles\n\nTwelve new benches for the square\n\n© 2025 The Fallow Echo\n"


def imported_by(*arguments: str, given: str = "") -> tuple[set[str], str]:
    """The top-level modules that a fresh Python imports, and what it prints."""
    command = [sys.executable, "-X", "importtime", "-X", "utf8", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", check=True)
    names = re.findall(r"^import time:\s+\d+ \|\s+\d+ \|\s+([^\s.]+)", done.stderr, re.MULTILINE)
    return set(names), done.stdout


def test_import_times_are_understood() -> None:
    modules, _ = imported_by("-c", "import tqdm, json.decoder")
    assert {"tqdm", "json"} <= modules


def test_the_package_brings_no_command_line() -> None:
    modules, _ = imported_by("-c", "import dedup")
    assert "dedup" in modules
    assert not modules & {*HEAVY, "typer", "rich", "xxhash", "orjson"}


def test_the_command_line_imports_nothing_heavy() -> None:
    modules, _ = imported_by("-c", "import dedup.cli")
    assert "typer" in modules
    assert not modules & {*HEAVY, "xxhash", "orjson"}


def test_of_the_package_the_command_line_imports_words_and_errors_only() -> None:
    code = "import sys, dedup.cli; print(*(name for name in sys.modules if name.startswith('dedup.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    own = {name for name in done.stdout.split() if not name.startswith("dedup.cli")}
    assert own <= {"dedup.choices", "dedup.errors", "dedup.stopping"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["clean", "--help"]], ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    modules, printed = imported_by("-m", "dedup", *arguments)
    assert "dedup" in printed
    assert not modules & {*HEAVY, "xxhash", "orjson"}


def test_cleaning_one_article_imports_nothing_heavy() -> None:
    modules, printed = imported_by("-m", "dedup", "clean", given=ARTICLE)
    assert printed == KEPT
    assert "dedup" in modules
    assert not modules & HEAVY


def test_garbage_is_looked_for_once_a_command_runs(capsys: pytest.CaptureFixture[str]) -> None:
    gc.disable()
    try:
        assert app(["rules", "legal"], standalone_mode=False) == 0
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
    assert "legal" in capsys.readouterr().out


@pytest.mark.parametrize(("own", "told"), [(True, "False False scipy.linalg"), (False, "True True scipy.linalg")])
def test_numba_loads_no_blas_in_a_process_that_is_our_own(own: bool, told: str) -> None:
    code = [
        f"import sys; from dedup import stopping; {own} and stopping.listen()",
        "import dedup.kernels.jit; import numba.np.arraymath as made",
        "print('scipy.linalg' in sys.modules, made._HAVE_BLAS, end=' ')",
        "import scipy.linalg; print(scipy.linalg.__name__)",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(code)], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == told
