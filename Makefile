# make help says what there is. Everything sets itself up; nothing but Python 3.11 with venv is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.DEFAULT_GOAL := help

help:  ## Show this help.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[dev]'
	$(BIN)/python -m compileall -q o365skype_bridge
	@touch $(READY)

setup: $(READY)  ## Make the virtual environment.

demo: $(READY)  ## Tell the story in ten seconds: fetch, an answer per agent, a fault and its remedy.
	@$(BIN)/o365skype-bridge simulate --tenant-id contoso.example -- sh demo.sh $(BIN)/o365skype-bridge

test: $(READY)  ## Run all tests and report line coverage.
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

again: $(READY)  ## Run once more what failed in the last run, and name it; coverage counts as before.
	@cp .pytest_cache/v/cache/lastfailed .pytest_cache/failed
	$(BIN)/coverage run -m pytest --last-failed --last-failed-no-failures none
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	@$(BIN)/python -c "import json; print('Failed at first, then passed:', \
	    *json.load(open('.pytest_cache/failed')), sep='\n  ')"

constraints: $(READY)  ## Write constraints.txt anew: what is installed, with hashes.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-header --no-emit-index-url --no-annotate pyproject.toml --output-file constraints.txt

lowest:  ## Run the tests without agents by the lowest dependencies, then by the newest.
	@set -e; for which in lowest newest; do \
	    $(PYTHON) -m venv --clear .venv-$$which; \
	    lowest=$$(grep -oE '"[a-z0-9_-]+>=[0-9.]+"' pyproject.toml | tr -d '"' | sed 's/>=/==/'); \
	    test $$which = lowest || lowest=; \
	    .venv-$$which/bin/pip install --quiet --upgrade --editable '.[dev]' $$lowest; \
	    .venv-$$which/bin/pytest --quiet -p no:cacheprovider \
	        $(addprefix --ignore tests/,zabbix telegraf engines test_docs.py); \
	done

lint: $(READY)  ## Check style and formatting.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## Check types of the package and the tests.
	$(BIN)/mypy o365skype_bridge tests benchmarks

format: $(READY)  ## Format the code and mend what can be mended.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(READY)  ## Accept what the outputs print now as the golden files; review the diff.
	$(BIN)/python tests/golden/accept.py
	PYTHONPATH=tests $(BIN)/python tests/connector/differences.py

docs: $(READY)  ## Write the generated parts of the README anew.
	$(BIN)/python tests/docs.py --write

generated: $(READY)  ## Write the generated configuration of agents anew.
	$(BIN)/python tests/generate/committed.py --write

bench: $(READY)  ## Measure, as ratios within one run.
	$(BIN)/python benchmarks

picture: $(READY)  ## Take the pictures of Zabbix's dashboards anew, from real frontends.
	@mkdir -p zabbix/pictures
	PICTURES=zabbix/pictures $(BIN)/pytest --quiet tests/zabbix/test_picture.py

load: $(READY)  ## Measure what fifty tenants cost a Zabbix server, on PostgreSQL and on MySQL.
	TENANTS=50 DATABASES=postgresql,mysql SECONDS_MEASURED=120 \
	    $(BIN)/pytest --quiet --capture=no tests/zabbix/test_load.py

agents: $(READY)  ## Install what the tests with real agents need.
	@set -e; for script in tests/agents/*.sh; do sh "$$script"; done

check: lint types test  ## Everything that CI checks.

clean:  ## Remove everything that was made.
	rm -rf $(VENV) .venv-lowest .venv-newest .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

.PHONY: help setup demo test again constraints lowest lint types format golden docs generated bench picture load agents check clean
