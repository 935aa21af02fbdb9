# Two commands are all a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# What is installed follows the lock: a changed lock is installed again, an unchanged one costs nothing.
RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready
# A checker under the AGPL, which runs as a program of its own and shares nothing with us, no package either.
COVE := .cache/coveocds
COVE_READY := $(COVE)/.ready
COVE_LOCK := tests/api/demo/libcoveocds
# What people generate clients of the API with; its own pins are not ours.
CLIENT := .cache/openapi-client
CLIENT_READY := $(CLIENT)/.ready
CLIENT_LOCK := tests/api/openapi/generator
# Checks HTML; a program in Java, from the registry of npm.
VNU := .cache/vnu
VNU_READY := $(VNU)/.ready
VNU_LOCK := tests/browser/vnu

.PHONY: help run test check bench tamper screenshots lock clean chromium

help: ## Show the commands.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: $(RUN_READY) ## Start the service with the demonstration year (PORT=8000 changes the port).
	@PORT=$(PORT) exec $(BIN)/minsheng serve --demo

# The services that the tests start read compiled modules instead of compiling each again.
test: check $(COVE_READY) $(CLIENT_READY) $(VNU_READY) chromium ## Run all checks and all tests.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n logical --maxprocesses 4 --dist worksteal

check: $(TEST_READY) ## Lint, types and layers only.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(TEST_READY) ## Measure, as ratios in one run (minutes).
	@$(BIN)/python -m bench

tamper: $(RUN_READY) ## Change one bit in a copy of the demonstration, and see who notices.
	@$(BIN)/python -m api.demo.tamper

screenshots: $(TEST_READY) chromium ## Take the pictures of pages in docs/images again.
	@$(BIN)/python -m tests.browser.screenshots

lock: ## Rewrite the locks from pyproject.toml.
	@$(BIN)/python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['build-system']['requires']))" > $(VENV)/build.in
	@$(BIN)/uv pip compile -q $(LOCK_OPTIONS) pyproject.toml $(VENV)/build.in -o requirements.lock
	@$(BIN)/uv pip compile -q $(LOCK_OPTIONS) pyproject.toml $(VENV)/build.in --group dev -o requirements-dev.lock
	@$(BIN)/uv pip compile -q $(LOCK_OPTIONS) $(COVE_LOCK).in -o $(COVE_LOCK).lock
	@$(BIN)/uv pip compile -q $(LOCK_OPTIONS) $(CLIENT_LOCK).in -o $(CLIENT_LOCK).lock

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header

clean: ## Remove the virtual environment and caches; data stays.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=")'
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements.lock pyproject.toml | $(BIN)/pip
	@echo "Installing locked dependencies …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(TEST_READY): requirements-dev.lock $(RUN_READY)
	@echo "Installing locked development tools …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Where these cannot be installed their tests are skipped, and say so.
$(COVE_READY): $(COVE_LOCK).lock | $(BIN)/pip
	@echo "Installing the checker of OCDS into an environment of its own …"
	@$(call install_apart,$(COVE),$<)

$(CLIENT_READY): $(CLIENT_LOCK).lock | $(BIN)/pip
	@echo "Installing the generator of API clients into an environment of its own …"
	@$(call install_apart,$(CLIENT),$<)

$(VNU_READY): $(VNU_LOCK)/package-lock.json
	@echo "Installing the checker of HTML …"
	@rm -rf $(VNU) && mkdir -p $(VNU) && cp $(VNU_LOCK)/*.json $(VNU) \
	  && npm ci --prefix $(VNU) --silent --ignore-scripts --no-audit --no-fund && touch $@ \
	  || echo "… not installed; what it checks is skipped"

chromium:
	@command -v chromium >/dev/null || { \
	  echo "Installing Chromium and Chinese fonts …"; \
	  apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	} || echo "… not installed; tests in a browser are skipped"

install_apart = rm -rf $(1); $(PYTHON) -m venv $(1) \
  && $(1)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(2) \
  && touch $(1)/.ready \
  || echo "… not installed; what it checks is skipped"
