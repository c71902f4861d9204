# Every target does its own set-up: a .venv with pinned dependencies. Needs git, make and Python 3.11 or later.
# PYTHON=/path/to/python chooses another interpreter; pip's own variables (PIP_INDEX_URL, PIP_FIND_LINKS ...) are honoured.

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
BIN := .venv/bin
RUN_STAMP := .venv/.stamp-run
DEV_STAMP := .venv/.stamp-dev
# Three on two cores: the tests wait for processes about as long as they work.
JOBS ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types contracts bench bench-peers bench-more soak messages docs wheel clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(RUN_STAMP) ## work tickets of all four workflows in a new workspace and show the board
	@$(BIN)/casewright demo

# Hundreds of processes are started by the tests; where Python may keep no bytecode, each would compile casewright again.
test: $(DEV_STAMP) ## run the tests
	@$(BIN)/python -m compileall -q core plugins tui
	$(BIN)/pytest -q -n $(JOBS) --dist worksteal

check: $(DEV_STAMP) lint types contracts test ## everything CI asks for

lint: $(DEV_STAMP)
	$(BIN)/ruff check core plugins tui tests benchmarks tools
	$(BIN)/ruff format --check core plugins tui tests benchmarks tools

types: $(DEV_STAMP)
	$(BIN)/mypy --strict

contracts: $(DEV_STAMP)
	PYTHONPATH=core:plugins:tui $(BIN)/lint-imports --no-cache

bench: $(DEV_STAMP) ## one table of ratios, into docs/measurements.md: commands, timers, queues, forms, starting; and articles found (half an hour)
	$(BIN)/python benchmarks/hot_path.py
	$(BIN)/python benchmarks/goals.py --record
	$(BIN)/python benchmarks/knowledge.py

bench-peers: $(DEV_STAMP) ## the same ticket work by SpiffWorkflow, DBOS, django-helpdesk and roundup, each in an environment of its own
	$(BIN)/python benchmarks/bench_peers.py --record

bench-more: $(DEV_STAMP) ## idle plugins against none, one pass of routing, proving histories, 32 remote callers against one, keys at the terminal
	$(BIN)/python benchmarks/hooks.py
	$(BIN)/python benchmarks/routing.py
	$(BIN)/python benchmarks/routing_desk.py
	$(BIN)/python benchmarks/audit.py --must
	$(BIN)/python benchmarks/serving.py --must
	$(BIN)/python benchmarks/tui.py --must
	$(BIN)/python benchmarks/tui.py --served --must

soak: $(DEV_STAMP) ## the long runs: kills under load, clocks that jump, ten thousand deadlines in one minute
	$(BIN)/pytest -q -s -m soak --timeout=3600

messages: $(DEV_STAMP) ## collect the sentences of the code and compile the catalogues
	$(BIN)/python tools/messages.py

docs: $(RUN_STAMP) ## write the pages that are generated from the code
	$(BIN)/python -m casewright.cli.reference docs

wheel: $(DEV_STAMP) ## build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove .venv and what was built
	rm -rf .venv .bench-peers dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "casewright needs Python 3.11 or later; name one with PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { echo "no virtual environment could be made (on Debian: apt install python3-venv)" >&2; rm -rf .venv; exit 1; }

# hatchling comes from the constraints as well, so that the build itself is pinned.
$(RUN_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@
