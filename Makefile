# `make` or `make help` lists what can be made. Nothing here needs more than Python 3.11 and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PREPARE := scripts/python scripts/prepare.py
BIN := .venv/bin
PYTEST_ARGS ?=
# Two more than processors: much of a test's time is waiting for a PBX or a browser.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
# Some environments ask Python to keep no compiled modules; the tests start it some hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test faults lint format bench pbx-lab pbx-rootfs lock clean i18n build build-frontend \
	client install

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Everything in one process with a PBX and demo callers (PBX=auto|asterisk|simulator|external)
	@scripts/run

test: install ## All tests that this machine can run (CALLCENTER_REQUIRE=all: fail instead of skipping)
	$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

faults: install ## Break everything while calls run (CALLS=1000 FAULTS=30 SEED= SHAPE=both|split|single)
	$(BIN)/python -m tests.faults --calls $(or $(CALLS),1000) --faults $(or $(FAULTS),30) \
		--shape $(or $(SHAPE),both) $(if $(SEED),--seed $(SEED))

lint: install ## Style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Lay out the sources
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Benchmarks, each with its peer beside it
	$(BIN)/python -m bench

pbx-lab: install pbx-rootfs ## A real Asterisk (22, or ASTERISK=16) with the product's configuration, until Ctrl-C
	$(BIN)/python -m ami.lab $(if $(ASTERISK),--asterisk $(ASTERISK))

pbx-rootfs: ## Make the cached root file system with Asterisk 22, or ASTERISK=16 (root on Debian or Ubuntu)
	scripts/python -m ami.lab.rootfs $(ASTERISK)

client: install ## A Python client of the API, generated into client/ (FOLDER=…)
	scripts/client $(FOLDER)

install: ## The virtual environment with all that tests need, the front end, the translations
	@$(PREPARE) --dev

build: build-frontend i18n ## Front end and translations

build-frontend: ## Bundle the browser side into web/static/dist
	@$(PREPARE)

i18n: install ## Collect new texts into the translations and compile them
	$(BIN)/python -m web.catalogs extract
	$(BIN)/python -m web.catalogs

lock: install ## Write the lock files anew from setup.cfg
	scripts/lock

clean: ## Remove what was built (not var/, where the data is)
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache web/static/dist web/frontend/node_modules var/node
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
