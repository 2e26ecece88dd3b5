# Python 3.11+ and make are all that is needed; everything else goes into .venv.

UV_VERSION := 0.13.9
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SQLFLUFF_FLAGS := --processes 2 --disable-progress-bar

.PHONY: setup demo ui test clients acceptance faults gate bench lint format lock clean

setup: $(READY)

.venv/.uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "Install one and run: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(READY): requirements.lock pyproject.toml .venv/.uv-$(UV_VERSION)
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q ingestion expectations orchestration
	@touch $@

demo: $(READY)
	$(BIN)/cx run --sandbox

ui: $(READY)
	$(BIN)/cx ui --sandbox

test: $(READY)
	$(BIN)/pytest -m "not acceptance" -n 3 --dist loadfile --no-loadscope-reorder

# The clients come on top of the lock; `make setup` takes them away when it changes.
clients: $(READY)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --extra clients -r pyproject.toml
	@if command -v npm >/dev/null; then \
	    npm install --silent --no-package-lock --ignore-scripts --prefix tests/clients; \
	else echo "There is no npm: the Typeform client is left out."; fi
	$(BIN)/pytest tests/clients -n 0 -ra

acceptance: $(READY)
	$(BIN)/pytest -m acceptance -n 0

# Every fault against every connector, as a table.
faults: $(READY)
	$(BIN)/pytest tests/acceptance/test_fault_matrix.py -m acceptance -n 0 -s -q

gate: $(READY)
	$(BIN)/pytest tests/gate -m "" -n 0 -q

bench: $(READY)
	@if [ -d tests/bench ]; then $(BIN)/pytest tests/bench -m "" -n 0 -s; \
	else echo "There are no benchmarks yet."; fi

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/sqlfluff lint $(SQLFLUFF_FLAGS) dbt_project

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: .venv/.uv-$(UV_VERSION)
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url \
	    --no-header --python-version 3.11 --extra dev -o requirements.lock \
	    pyproject.toml

clean:
	rm -rf data dbt_project/target dbt_project/logs .mypy_cache .pytest_cache .ruff_cache
