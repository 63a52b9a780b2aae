# Two commands do everything on a machine with Python 3.11, make and git:
#   make run    set up, run the main job on the example, print the result
#   make test   set up, run every check and test
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= $(shell command -v python3.11 || command -v python3)
MUNICIPALITY ?= $(or $(PUKK_MUNICIPALITY),vestre_toten)
export PUKK_MUNICIPALITY := $(MUNICIPALITY)
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

BIN := .venv/bin
UV := .uv/bin/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes --compile-bytecode

# two cores are what the tests are timed on; a machine with more, and two gigabytes for each: WORKERS=4
WORKERS ?= 2

.PHONY: help run postgres test test-fast test-calibration test-load test-postgres coverage benchmark check check-types check-sql fmt serve lock audit sbom clean

help:
	@echo 'make run                  sett opp, kjør hovedjobben på eksemplet, vis resultatet'
	@echo 'make run MUNICIPALITY=ID  det samme for en annen kommune'
	@echo 'make serve                Dagster (adressen med nøkkel skrives), resultatsiden på http://127.0.0.1:8501'
	@echo 'make test                 sett opp og kjør alle kontroller og tester'
	@echo 'make test-fast            de raske enhetstestene: ingen hel jobb, ingen dbt, ingen nettleser'
	@echo 'make test-calibration     de lange simuleringene bak metodene'
	@echo 'make test-load            hvor mange lesere resultatsiden bærer; krever en rolig maskin'
	@echo 'make test-postgres        Dagsters historikk i en virkelig PostgreSQL; krever PostgreSQL på maskinen'
	@echo 'make postgres             legg til det Dagster trenger for PostgreSQL (låst med hash)'
	@echo 'make coverage             hvilke grener de raske testene går gjennom, med en nedre grense'
	@echo 'make benchmark            mål hva alt koster, mot bunnen og mot andre, og skriv docs/performance.md'
	@echo 'make check                bare kontrollene (stil, typer, lag, genererte filer)'
	@echo 'make sbom                 skriv hva programmet er laget av (sbom.json)'
	@echo 'make audit ADVISORIES=FIL hold bibliotekene mot kjente svakheter; feiler når den ikke ser noe'
	@echo 'make lock                 lås avhengighetene på nytt'
	@echo 'make clean                slett miljøene (.venv, .uv); data i .pukk blir liggende'

$(UV): requirements/uv.txt
	@bash requirements/bootstrap-uv "$(PYTHON)" requirements/uv.txt

.venv/runtime.stamp: requirements/runtime.txt pyproject.toml $(UV)
	@echo 'Installerer avhengighetene (låst med hash) …'
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$(PYTHON)" .venv
	@$(INSTALL) -r requirements/runtime.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/runtime.stamp
	@echo 'Installerer testverktøyene (låst med hash) …'
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

run: .venv/runtime.stamp
	@$(BIN)/pukk run --with-example --show

serve: .venv/runtime.stamp
	@$(BIN)/pukk serve

# the two slow ones side by side: one core each
check: .venv/dev.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m pipelines.contracts check
	@$(BIN)/python -m pipelines.municipality check
	@$(BIN)/python -m pipelines.evidence check
	@$(BIN)/python -m pipelines.publishing.query_catalogue
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-types check-sql

check-types:
	@$(BIN)/mypy

check-sql:
	@$(BIN)/sqlfluff lint dbt_project --disable-progress-bar
	@PUKK_WAREHOUSE=:memory: $(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project
	@$(BIN)/dbt-bouncer --config-file dbt-bouncer.yml | tail -4

# a file stays with one worker, so what its tests share is made once; tests/conftest.py gives the order
test: check
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=25 -m 'not calibration and not load and not postgres' tests

# what is slow is named in tests/conftest.py
test-fast: .venv/dev.stamp
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not slow and not seconds' tests/unit tests/architecture

test-calibration: .venv/dev.stamp
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m calibration tests

test-load: .venv/dev.stamp
	@$(BIN)/python -m pytest -q -s -m load tests/load

postgres: .venv/runtime.stamp
	@$(INSTALL) -r requirements/postgres.txt

test-postgres: .venv/dev.stamp postgres
	@$(BIN)/python -m pytest -q -m postgres tests/postgres

# a run of its own: measuring costs a fifth of the processor, too much for every make test. The fast
# tests went through 65 per cent of lines and branches when the floor was set.
COVERED_PCT := 63
coverage: .venv/dev.stamp
	@rm -rf .coverage
	@$(BIN)/coverage run -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not slow' tests/unit
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=$(COVERED_PCT)

SIZES ?= 1,10
benchmark: .venv/dev.stamp
	@$(INSTALL) -r requirements/bench.txt
	@$(BIN)/python -m benchmarks --sizes $(SIZES)

fmt: .venv/dev.stamp
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(UV)
	@cd requirements && ../$(UV) pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 --override overrides.in dev.in -o dev.txt
	@cd requirements && ../$(UV) pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 runtime.in -c dev.txt -o runtime.txt
	@cd requirements && ../$(UV) pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 bench.in -c dev.txt -o bench.txt
	@cd requirements && ../$(UV) pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 postgres.in -c dev.txt -o postgres.txt
	@cd requirements && ../$(UV) pip compile --quiet --no-header --universal --generate-hashes --python-version 3.11 uv.in -o uv.txt

sbom: .venv/runtime.stamp
	@$(BIN)/pukk sbom --out sbom.json

# fails without a database too: what saw nothing has found nothing out
audit: .venv/runtime.stamp
	@$(BIN)/pukk audit $(if $(ADVISORIES),--advisories "$(ADVISORIES)")

clean:
	rm -rf .venv .uv
