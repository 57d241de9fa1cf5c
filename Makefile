# The commands of this project. Only git, make and some python3 are needed; `make run` and
# `make test` set up the rest by themselves and do nothing that is already done.

.DEFAULT_GOAL := help
.PHONY: help run setup test test-long check format bench lock messages clean

# Some machines forbid Python to keep compiled code; every start would then take twice as long.
unexport PYTHONDONTWRITEBYTECODE

ifdef PYTHON
export PYTHON
endif
ifdef PORT
export PORT
endif

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## set up what is missing, then the portal with demo content on http://127.0.0.1:8000 (PORT=)
	@sh tools/run

setup: ## the same set-up without starting the portal
	@sh tools/setup

test: ## all tests but the long ones on SQLite; those of the database also on PostgreSQL
	@sh tools/prepare --dev && .venv/bin/python tools/test.py $(ARGS)

test-long: ## what takes minutes each: walks, storms, killed processes, training
	@sh tools/prepare --dev && .venv/bin/python tools/test.py --long

check: ## lint, format, types, import contracts, templates, migrations, messages
	@sh tools/prepare --dev && .venv/bin/python tools/check.py $(ARGS)

format: ## bring the code into the project's format
	@sh tools/prepare --dev && .venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

bench: ## measure speed against the bars of the design (ONLY= SCALE=), table and var/bench.json
	@sh tools/prepare --dev && .venv/bin/python -m tests.benchmarks

messages: ## bring the message catalogue to what code and templates use
	@sh tools/prepare --dev && .venv/bin/portal messages update

lock: ## requirements/*.txt from pyproject.toml (UPGRADE=1 for the newest versions)
	@sh tools/prepare --dev && sh tools/lock

clean: ## remove the environment and what tools left; var/ with all content stays
	rm -rf .venv .venv-rasa .venv-uv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	    .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
