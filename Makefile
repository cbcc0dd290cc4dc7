# Everything a person or a machine runs here. `make` alone shows the list.

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
SAMPLE ?= sample_data/scope403-2026.2.9/evidence
REPORT ?= report
# What one module does, and every registry on its own samples: no process, no kernel, no report.
QUICK := $(addprefix tests/test_,$(addsuffix .py,additions calls causes detectors envelopes error_text event_kinds \
  failures lost_results profiles reason_table reasons records recoveries releases retry_loops silence stale_overrides \
  stores templates triage windows))

.DEFAULT_GOAL := help
.PHONY: help setup check lint format types layers quick test report lab bench fuzz clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Create .venv with everything needed (the other targets do it by themselves)

# A stamp, so that nothing is installed twice and every target works on a clean clone.
$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (once; about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

check: $(READY) ## Lint, format, types and layers (seconds)
	@$(MAKE) --no-print-directory -j 4 lint format types layers

lint:
	@$(BIN)/ruff check --quiet . && echo "lint    ok"

format:
	@$(BIN)/ruff format --quiet --check . && echo "format  ok"

types:
	@$(BIN)/mypy --no-error-summary && echo "types   ok"

layers:
	@out=$$($(BIN)/lint-imports --no-logo 2>&1) && echo "layers  ok" || { echo "$$out"; exit 1; }

quick: $(READY) ## Run the tests of single modules and registries (under a minute)
	@$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not planted" $(QUICK)

# One file per worker (loadfile): the cells of a notebook share a kernel and must stay together. In the order they are in:
# files with few tests are often the slow ones, and must not all come last.
test: check ## Run every check, every test and every notebook (minutes)
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --nbval-lax --nbval-current-env --durations=15 --durations-min=2 \
	  tests notebooks

report: $(READY) ## Write the postmortem of a sample case, fit to be shared, into report/share/
	@$(BIN)/forensics report $(SAMPLE) --share -o $(REPORT) > /dev/null
	@echo "The report: $(abspath $(REPORT))/share/postmortem.html"

lab: $(READY) ## Open the notebooks in JupyterLab
	@$(BIN)/forensics lab

BUDGET ?= 600
fuzz: $(READY) ## Throw made-up bytes at every parser for BUDGET seconds (600)
	@$(BIN)/python -c 'import atheris' 2> /dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[fuzz]' || echo "The fuzzer (atheris) cannot be installed here"
	@$(BIN)/python tests/fuzz/campaign.py $(BUDGET)

bench: $(READY) ## Measure speed and memory beside ripgrep, jq and DuckDB (SMALL=1: in a minute)
	@$(BIN)/python tests/benchmarks/bench.py $(if $(SMALL),--small)

clean: ## Remove the environment, caches and written reports
	@rm -rf .venv build dist $(REPORT) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
