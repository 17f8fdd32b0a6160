# The tools of the environment that `just install` makes go before others.
export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")

# list the recipes
default:
    @just --list

# make .venv with the project and its development tools
install:
    bash .ci/install .venv

# run the tests; arguments go to pytest: `just test tests/test_cuts.py -k trailing`
test *arguments:
    pytest -n 2 -q {{ arguments }}

# the tests with other examples each time
explore *arguments:
    pytest -n 2 -q --hypothesis-profile explore {{ arguments }}

# the kernels' tests with each index checked
bounds *arguments:
    bash .ci/bounds {{ arguments }}

# ruff: rules and format
lint:
    bash .ci/check lint format

# mypy
types:
    bash .ci/check types

# import-linter: who may import whom
contracts:
    bash .ci/check contracts

# rebuild dedup/rules/compiled.json from the language files
rules:
    python scripts/make_rules.py

# rebuild the table of the normal form (with Python 3.11, for its Unicode)
table:
    python scripts/make_normal_table.py

# fill the generated parts of the documentation
docs:
    cog -r -I scripts ./*.md docs/*.md docs/commands/*.md benchmarks/*.md

# write what the golden tests compare with
golden:
    pytest tests/test_golden.py --regenerate

# ask a public service for known vulnerabilities of what is installed
audit:
    python -m pip install --quiet pip-audit
    pip-audit --local --skip-editable

# all checks but the tests
check:
    bash .ci/check

# what CI runs: all checks and tests in a fresh environment
ci:
    bash .ci/run
