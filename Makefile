# Each target does all the set-up it needs: a Debian or Ubuntu with python3 >= 3.11, git and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZE ?= small

.PHONY: demo serve test test-postgresql check lint ready bench format clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.ready-to-run ## build the example network, take it in, show Table 1
	$(BIN)/chorok demo demo-network

serve: $(VENV)/.ready-to-run $(VENV)/.look demo-network/ledger/ledger.toml ## the site on the example network, at 127.0.0.1:8000
	$(BIN)/chorok serve --ledger demo-network/ledger $(SERVE)

demo-network/ledger/ledger.toml: | $(VENV)/.ready-to-run
	$(BIN)/chorok demo demo-network

test: $(VENV)/.ready-to-develop $(VENV)/.look ## run all tests
	$(BIN)/python -m pytest $(TESTS)

test-postgresql: $(VENV)/.ready-to-develop $(VENV)/.look ## the tests of the site once more, on a PostgreSQL server of their own
	sh scripts/with_postgresql.sh $(BIN)/python -m pytest tests/site $(TESTS)

check: lint ## lint, types, layers, translations
	$(BIN)/python -m pytest tests/structure

lint: $(VENV)/.ready-to-develop ## what needs no test: lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/.ready-to-develop ## ratios against yardsticks; SIZE=full for the sizes of docs/benchmarks.md
	$(BIN)/python -m benchmarks --size $(SIZE)

format: $(VENV)/.ready-to-develop
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) demo-network build dist bench-data

ready: $(VENV)/.ready-to-develop $(VENV)/.look ## the environment and the look, for all targets

$(VENV)/.look: package.json package-lock.json scripts/site_assets.py | $(VENV)/.ready-to-run
	$(BIN)/python scripts/site_assets.py
	touch $@

$(VENV)/.ready-to-run: requirements.lock pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh requirements.lock
	touch $@

$(VENV)/.ready-to-develop: requirements-dev.lock pyproject.toml scripts/setup.sh
	PYTHON=$(PYTHON) sh scripts/setup.sh requirements-dev.lock
	touch $@ $(VENV)/.ready-to-run
