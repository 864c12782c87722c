# Targets run from a bare checkout: only Python 3.11 or later and make are assumed.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help guide test check publish prose serve format lint bench relevance coverage mutation fuzz \
	reproduce lock audit clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

guide: .venv/guide.stamp ## build the whole guide into site/
	@$(BIN)/guide build

check: .venv/guide.stamp ## check every YAML file
	@$(BIN)/guide check

publish: .venv/guide.stamp ## list new entries in context/published.yaml, the ledger of ids
	@$(BIN)/guide publish

prose: .venv/guide.stamp ## check the French spelling with hunspell (root on Debian: installs it)
	@if ! hunspell -d fr_CA -l </dev/null >/dev/null 2>&1 && test "$$(id -u)" = 0 \
		&& command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -qq -y hunspell hunspell-fr; fi
	@$(BIN)/guide prose

serve: .venv/guide.stamp ## serve the guide and rebuild at each change
	@$(BIN)/guide serve

test: .venv/test.stamp lint ## lint, type-check and test everything, in a real browser too
	@$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/test.stamp ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/test.stamp ## format the Python code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

coverage: .venv/test.stamp ## measure which branches the tests go through, in other processes too
	@rm -rf .build/coverage && mkdir -p .build/coverage
	@$(BIN)/coverage run -m pytest -n 2 --dist worksteal
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

mutation: .venv/mutation.stamp ## spoil checks, privacy, passages and search: do the tests notice?
	@$(BIN)/mutmut run --max-children 2
	@$(BIN)/mutmut results
	@$(BIN)/python -m tests.mutants

bench: .venv/test.stamp ## measure building, searching and printing, on synthetic libraries
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.search
	@$(BIN)/python -m bench.handouts

relevance: .venv/test.stamp ## measure what the search finds, on queries written apart
	@$(BIN)/python -m tests.relevance

fuzz: .venv/fuzz.stamp ## attack what reads with hostile input, SECONDS=60 a target (Linux, x86-64)
	@$(BIN)/python -m fuzz --seconds $(or $(SECONDS),60) $(TARGETS)

PYTHONS ?= $(BIN)/python
reproduce: .venv/test.stamp ## build the last commit twice, otherwise, and compare every byte
	@$(BIN)/python -m tests.reproduce $(PYTHONS)

audit: .venv/test.stamp ## look for known vulnerabilities in the locked packages (needs the network)
	@$(BIN)/python -m tests.audit requirements.lock requirements-test.lock

lock: ## renew the lock files from pyproject.toml (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 --extra build --extra test pyproject.toml -o requirements-test.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 --group fuzz -o requirements-fuzz.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 --extra build --extra test --extra mutation pyproject.toml \
		-o requirements-mutation.lock

clean: ## remove what was generated
	rm -rf .build site .venv mutants

.venv/guide.stamp: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: .venv/guide.stamp requirements-test.lock tests/npm/package-lock.json
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.language_server
	@touch $@

.venv/fuzz.stamp: .venv/test.stamp requirements-fuzz.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	@touch $@

.venv/mutation.stamp: .venv/test.stamp requirements-mutation.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-mutation.lock
	@touch $@
