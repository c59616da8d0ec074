# demo and test are the two commands of the README; check and e2e are what .ci/run runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEV := $(VENV)/.installed

.PHONY: demo test check e2e bench docs gallery lock clean

demo: $(VENV)/.runtime
	$(BIN)/socialbench demo

test: $(DEV)
	$(BIN)/python -m pytest -n 2 -m "not e2e"

check: $(DEV)
	$(BIN)/ruff check socialbench tests
	$(BIN)/ruff format --check socialbench tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 -m "not e2e"

e2e: $(DEV)
	bash tests/e2e/run

bench: $(DEV)
	$(BIN)/python -m tests.bench --write

# What is written from the code; a test holds it against the code.
docs: $(DEV)
	$(BIN)/python -m socialbench.collect.guide > docs/networks.md
	$(BIN)/python -m socialbench.measure.guide > docs/metrics.md

# The demo's report as pictures; wants chromium, soffice and pdftoppm.
gallery: $(DEV)
	$(BIN)/python docs/gallery/make.py

lock: $(DEV)
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --all-extras --group dev pyproject.toml -o requirements.lock

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEV): $(VENV)/.runtime
	touch $@

clean:
	rm -rf $(VENV) dist build
