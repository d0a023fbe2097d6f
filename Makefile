# make demo   read a sample return and say where to look
# make test   all tests that CI runs
# make test-browser   the page of a report in Chromium, where it is installed
# Every target sets up what it needs in .venv; nothing is installed outside it, but for Debian's
# python3-venv where it is missing and this user may install it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CASE := demo/case
EXAMPLES := 2000

.PHONY: demo test test-slow test-browser fuzz bench lint format docs lock clean setup

demo: setup
	rm -rf demo
	$(BIN)/triage sample demo --pages 400 --seed 1
	$(BIN)/triage run demo/return.zip --case $(CASE)
	@echo
	@echo "Read first   $(CASE)/reports/sheet.pdf"
	@echo "Look at      $(CASE)/reports/report.html"
	@echo "Search       $(BIN)/triage search $(CASE) rodeway"
	@echo "By value     $(BIN)/triage search $(CASE) phone:0128"
	@echo "Notebook     $(BIN)/jupyter execute notebooks/start_here.ipynb"

# worksteal: each worker begins with half of the files, so that few fixtures are made by both
test: setup lint
	$(BIN)/pytest -q -m "not slow and not fuzz and not browser" -n 2 --dist worksteal

test-slow: setup
	$(BIN)/pytest -q -m slow

test-browser: setup
	$(BIN)/pytest -q -m browser tests/browser

fuzz: setup
	$(BIN)/pytest -q -m "hypothesis and not slow and not fuzz and not browser" -n 2 --hypothesis-profile=wide
	FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -q -m fuzz -n 2 tests/fuzz

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/triage bench --pages 40000

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup
	$(BIN)/python -m schemas.describe > docs/tables.md

lock: setup
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev \
		--no-header --quiet setup.cfg -o requirements.lock

clean:
	rm -rf $(VENV) demo build *.egg-info

setup: $(VENV)/ready

$(VENV)/ready: requirements.lock setup.cfg
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed (PYTHON=python3.12 make ...)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/install-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
