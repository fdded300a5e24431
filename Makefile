# The two commands are `make demo` and `make test`; the rest is for those who build.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: setup setup-dev demo test check format lock services vendor translations screenshots clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    set up, harvest the sample sources, serve the portal on http://127.0.0.1:$(PORT)"
	@echo "make test    set up, install what the tests need, pass the tests"
	@echo "make check   format, lint, types, floors, translations"

setup: .venv/ready
setup-dev: .venv/ready-dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Lumbung needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "The venv module is missing: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }

.venv/ready: .venv/bin/python requirements.lock setup.cfg pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-build-isolation --no-deps -e .
	@touch $@

.venv/ready-dev: .venv/bin/python requirements-dev.lock setup.cfg pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-build-isolation --no-deps -e .
	@touch .venv/ready $@

demo: setup
	$(BIN)/lumbung demo --port $(PORT)

# PostgreSQL and Chromium come from Debian's packages where this may install them; otherwise their tests say why they skip.
services:
	@tools/services

test: setup-dev services
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs uv; the development lock keeps to the versions of the first.
lock:
	uv pip compile setup.cfg --extra postgres --extra mysql --extra redis --extra sdmx --extra sftp --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	uv pip compile setup.cfg --all-extras -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements-dev.lock

vendor: setup-dev
	$(BIN)/python tools/vendor.py

# Exits 1 and names what is not translated into Indonesian.
translations: setup-dev
	$(BIN)/python tools/translations.py

clean:
	rm -rf .venv var build *.egg-info
