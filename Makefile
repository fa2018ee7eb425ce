# Every verb sets up what it needs on a machine that has Python 3.11 or newer and nothing else; a second call is quick.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick oracle lint bench docs clean ray

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1 \t/' | expand -t 20

demo: $(VENV)/all.installed | libx11 ## record, train and prove on an unseen track that it drives (about 5 minutes)
	$(BIN)/copycar demo --out demo

test: $(VENV)/dev.installed | libx11 test-packages ## run every test
	$(BIN)/python -m pytest

test-quick: $(VENV)/dev.installed | libx11 ## run the tests that take milliseconds
	$(BIN)/python -m pytest -m "not slow"

oracle: $(VENV)/dev.installed ## check that the real donkeycar reads and drives what we write, and the other way round
	$(BIN)/python benchmarks/peer.py || echo "donkeycar cannot be installed here, so these tests are skipped"
	$(BIN)/python -m pytest tests/tubs/test_donkeycar_oracle.py tests/learning/export/test_donkeycar_drives.py

lint: $(VENV)/dev.installed ## style, types, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev.installed | libx11 ## measure us beside donkeycar, in its own venv (about an hour)
	$(BIN)/python benchmarks/bench.py

docs: $(VENV)/dev.installed ## check that the documentation says what the program does
	$(BIN)/python -m pytest tests/docs

RAY_TOKEN := $(CURDIR)/.ray-token
RAY_OPTIONS := # more of `ray start`
ray: $(VENV)/ray.installed ## start a Ray cluster on this machine, to try remote jobs; Ctrl-C ends it
	@[ -s $(RAY_TOKEN) ] || (umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_hex(32))' > $(RAY_TOKEN))
	@echo "In another shell:"
	@echo "  export RAY_AUTH_TOKEN_PATH=$(RAY_TOKEN)"
	@echo "  $(BIN)/copycar remote submit train data --on ray --out file://$(CURDIR)/remote"
	@PATH="$(abspath $(BIN)):$$PATH" RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=$(RAY_TOKEN) RAY_USAGE_STATS_ENABLED=0 \
	  $(BIN)/ray start --head --node-ip-address 127.0.0.1 --dashboard-host 127.0.0.1 --block $(RAY_OPTIONS)

clean: ## remove the virtual environments
	rm -rf $(VENV) .venv-peer

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("copycar needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/%.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable ".[$*]"
	@touch $@

# The built-in track's renderer needs one system library that a bare Linux lacks (1.4 MB).
.PHONY: libx11
libx11:
	@if [ "$$(uname)" = Linux ] && ! ldconfig -p 2>/dev/null | grep -q 'libX11\.so\.6'; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing libx11-6, which the built-in track's renderer needs"; \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends libx11-6 >/dev/null; \
	  else \
	    echo "the built-in track's renderer needs libX11: sudo apt-get install libx11-6"; exit 2; \
	  fi; \
	fi

# What the tests use beyond Python: a browser, a game. Without them (or without the right to install) those tests skip and say so.
.PHONY: test-packages
test-packages:
	@if command -v dpkg-query >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  missing=""; \
	  for package in $$(grep -v '^#' tests/packages.txt); do \
	    dpkg-query -W -f='$${Status}' "$$package" 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	  done; \
	  if [ -n "$$missing" ]; then \
	    echo "installing for the tests:$$missing"; \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends $$missing >/dev/null || echo "could not install them; their tests will skip"; \
	  fi; \
	fi
