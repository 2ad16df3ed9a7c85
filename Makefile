# Everything sets itself up, in the folder $(VENV). `make help` lists what there is.

VENV ?= .venv
# The first Python that is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN = $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz bench tokenizer-tests lint docs wheel dist soak fuzz-input audit clean

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

demo: $(VENV)/.installed ## the gateway in front of a website that comes with it; Ctrl-C ends it
	@exec $(BIN)/consent-gateway demo

test: $(VENV)/.developing ## every test, in a real browser where there is one
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.npm
	@$(BIN)/python -m tests.fronts
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(TESTS)

fuzz: $(VENV)/.developing ## mutated pages against another parser; SEED=, DIR= more pages, ARGUMENTS=
	$(BIN)/python -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(DIR),--dir $(DIR)) $(ARGUMENTS)

fuzz-input: $(VENV)/.developing ## pages, hits, cookies, forms, captures, led by the code they reach (atheris); ARGUMENTS=
	@$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	$(BIN)/python -m tests.fuzz_input $(ARGUMENTS)

audit: $(VENV)/.developing ## known security holes of the libraries (pip-audit); needs a network, and says so without
	@$(BIN)/python -m pip install --quiet --editable '.[audit]'
	@$(BIN)/python -m tests.known_holes

bench: $(VENV)/.benchmarking ## how fast pages are rewritten, hits filtered and captures audited, beside others; collisions of pseudonyms; what asking weighs
	$(BIN)/python -m benchmarks.rewriting
	$(BIN)/python -m benchmarks.services
	$(BIN)/python -m benchmarks.lists
	$(BIN)/python -m benchmarks.hits
	$(BIN)/python -m benchmarks.collisions
	@$(BIN)/python -m tests.fronts
	$(BIN)/python -m benchmarks.passing
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.audit
	$(BIN)/python -m benchmarks.machines
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m benchmarks.browser
	$(BIN)/python -m benchmarks.weight

tokenizer-tests: $(VENV)/.developing ## the tokenizer against html5lib's tests, in the folder DIR=
	TOKENIZER_TESTS=$(abspath $(DIR)) $(BIN)/python -m pytest tests/page/test_tokenizer_suite.py

lint: $(VENV)/.developing ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed ## the reference in docs/, made anew from the code
	$(BIN)/python -m consent_gateway.reference docs

wheel: $(VENV)/.developing ## the wheel, installed with its libraries into an empty environment and run
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m build --wheel --outdir build/wheel --no-isolation .
	$(BIN)/python -m venv build/wheel/empty
	build/wheel/empty/bin/pip install --quiet build/wheel/*.whl
	cd build/wheel && empty/bin/consent-gateway services

dist: $(VENV)/.developing ## a release in dist/: sdist, wheel, bills of materials, licences; installed and run on Python 3.11, 3.12 and 3.13
	$(BIN)/python -m release $(ARGUMENTS)

soak: $(VENV)/.developing ## half an hour of visitors while website, gateway, database and disk fail; MINUTES=, ARGUMENTS=
	@$(BIN)/python -m tests.fronts
	$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(ARGUMENTS)

clean: ## removes what was made here
	rm -rf $(VENV) build

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "installing the gateway and its libraries (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developing: pyproject.toml | $(VENV)/bin/python
	@echo "installing the gateway, its libraries and what the tests need (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(VENV)/.installed $@

$(VENV)/.benchmarking: $(VENV)/.developing
	@echo "installing the parsers to compare with"
	@$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@
