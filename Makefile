# Linecard. `make` alone lists what it can do.

PYTHON ?= python3
BOOTSTRAP = $(PYTHON) bootstrap.py
BIN = .venv/bin
LOCKING = build/lock
# `make lock UPGRADE=1` takes the newest versions that pyproject.toml allows; without it only what must change does.
UPGRADE ?=
COMPILE = $(LOCKING)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header $(if $(UPGRADE),--upgrade)

# who has nothing left to do takes over tests of the other
WORKERS = -n 2 --dist worksteal

# a browser on a busy machine is late now and then: a journey that fails is tried once more, and named at the end (R)
AGAIN = --reruns 1 -rR

# what is compiled once need not be compiled anew by every process of a test run
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test unit texts coverage lint types format lock clean

help: ## show this
	@echo 'Linecard'
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile
	@echo
	@echo 'run:   LINECARD_PORT (8000), LINECARD_HOST (127.0.0.1), LINECARD_DATA_DIR, DATABASE_URL,'
	@echo '       LINECARD_ADMIN_PASSWORD, LINECARD_ALLOWED_HOSTS; see docs/operating/install.md'
	@echo 'test:  PYTEST="-k name" chooses tests; PYTHON=/path/to/python3 chooses the Python of all'

run: ## prepare everything, then serve; Ctrl-C stops it
	@exec $(BOOTSTRAP) linecard serve

test: ## style, types, layers, tests and browser journeys
	@$(BOOTSTRAP) --dev --browser
	@$(MAKE) lint
	@$(MAKE) -j2 types unit
	$(BIN)/pytest e2e $(WORKERS) $(AGAIN) $(PYTEST)

unit: ## the tests without journeys
	@$(BOOTSTRAP) --dev
	$(BIN)/pytest tests $(WORKERS) $(PYTEST)

texts: ## gather the texts that people see, and compile their translations (LANGUAGE=de begins one)
	@$(BOOTSTRAP) --dev
	$(BIN)/python tools/texts.py $(LANGUAGE)

coverage: ## the tests without journeys, and which lines and branches they miss
	@$(BOOTSTRAP) --dev
	$(BIN)/pytest tests $(WORKERS) --cov --cov-report=term $(PYTEST)

lint: ## style (ruff) and the layers between the rooms (import-linter)
	@$(BOOTSTRAP) --dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: ## strict types (mypy)
	@$(BOOTSTRAP) --dev
	$(BIN)/mypy

format: ## put the code into the project's style
	@$(BOOTSTRAP) --dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## compile pyproject.toml into requirements/*.txt (UPGRADE=1: newest versions)
	@test -x $(LOCKING)/bin/uv || { $(PYTHON) -m venv $(LOCKING) && $(LOCKING)/bin/pip --quiet --disable-pip-version-check install uv; }
	$(COMPILE) --output-file requirements/run.txt
	$(COMPILE) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt

clean: ## remove the environment, caches and build files; the data folder stays
	rm -rf .venv .venv.lock build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage .coverage.*
	find src tests bench e2e -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
