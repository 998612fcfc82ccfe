# make demo   set up, then walk the main journey in a temporary workspace
# make test   set up, then run the tests
# make check  what CI runs: lint, types, layers, tests
# make docs   write the generated documentation; make site builds the site, make recording the README's picture
# make bench  start-up and throughput, beside named peers in the same run
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Some tests wait for something: one more at a time than there are processors.
JOBS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.DEFAULT_GOAL := help
.PHONY: help setup demo test chaos lint types layers check docs site recording bench lock clean

help:
	@sed -n 's/^# //p' Makefile

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "civgen needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python tests/journey/demo.py

test: setup
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

chaos: setup
	CIVGEN_CHAOS_LINES=2000 $(BIN)/python -m pytest -n 0 tests/jobs/test_chaos.py
	CIVGEN_CHAOS_LINES=1000 $(BIN)/python -m pytest -n 0 tests/jobs/shared -k two_workers

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

check: lint types layers test

docs: setup
	$(BIN)/python -m tools.docs

site: docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

recording: setup
	$(BIN)/python -m tools.recording

bench: setup
	$(BIN)/python -m benchmarks

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--group dev pyproject.toml -o requirements/dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
