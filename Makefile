# Gongmo: `make run` starts it, `make test` tests it. Everything else is a step of these.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: fuzz chaos guide-officer bench-similar bench-committee bench-replay bench-pages deadline surge guide images help setup run test test-sqlite test-postgres test-browser test-large check bench lock clean

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
export PYTHON
ifdef GONGMO_HOME
export GONGMO_HOME
endif

BIN := .venv/bin

help:
	@echo "make run [PORT=8000] [HOST=127.0.0.1] [GONGMO_HOME=dir]   set up, rehearse on the first start, serve"
	@echo "make test     every test: SQLite, PostgreSQL, a real browser"
	@echo "make test-large  every browser journey on PostgreSQL and S3, three web and two task processes"
	@echo "make check    style, types, layers, migrations, locks"
	@echo "make bench    every figure beside its target: pages and saves as ratios to a bare view, rates, memory, first start"
	@echo "make bench-pages  the pages' ratios alone"
	@echo "make bench-committee  what forming committees and assigning judges cost"
	@echo "make bench-replay  what replaying a call of 1,000 applications from the record costs"
	@echo "make bench-similar  search and import of similar projects over 200,000 invented ones"
	@echo "make deadline a closing hour through HTTP with killed processes, on both databases"
	@echo "make chaos    200 killed processes on each database, a full disk, failing storage, a clock that steps back"
	@echo "make surge    a deadline day: 12,000 drafts, 3,000 submissions, on both databases, compared one by one afterwards"
	@echo "make fuzz     thousands of damaged files, odd texts in every form, and whole lives of a call, other ones each time"
	@echo "make guide    the pictures of docs/guide-applicant and docs/guide-evaluator again"
	@echo "make guide-officer  the pictures of docs/guide-officer again"
	@echo "make images   the pictures of README.md again"
	@echo "make setup    the environment (.venv) and the front-end files (.assets) only"
	@echo "make lock     compile the dependency locks again after editing requirements*.in"

setup:
	@scripts/bootstrap.sh
	@$(BIN)/python scripts/setup_assets.py

run: setup
	@echo "준비하고 있습니다. 처음에는 2~3분 걸립니다. / Preparing; two to three minutes on the first start."
	@$(BIN)/gongmo manage prepare
	@$(BIN)/gongmo rehearse --if-empty
	@exec $(BIN)/gongmo serve --host $(HOST) --port $(PORT) --no-prepare

# The last line of `make test` comes from pytest.
test: test-sqlite test-postgres test-browser

test-sqlite: setup
	GONGMO_TEST_DB=sqlite $(BIN)/pytest -n 2 --ignore=tests/browser

test-postgres: setup
	GONGMO_TEST_DB=postgres $(BIN)/pytest -n 2 --ignore=tests/browser -m database

test-browser: setup
	@scripts/need_browser.sh
	$(BIN)/pytest -n 2 --dist loadfile tests/browser

test-large: setup
	@scripts/need_browser.sh
	GONGMO_TEST_SITE=large $(BIN)/pytest tests/browser

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	GONGMO_HOME=.build/check $(BIN)/gongmo manage makemigrations --check --dry-run
	scripts/lock.sh --check

fuzz: setup
	GONGMO_TEST_FUZZ=3000 GONGMO_TEST_LIVES=150 $(BIN)/pytest -n 2 tests/security/test_fuzz.py tests/security/test_odd_texts.py tests/rehearsal/test_life.py

chaos: setup
	$(BIN)/python -m bench.chaos

surge: setup
	$(BIN)/python -m bench.surge

deadline: setup
	$(BIN)/python -m bench.deadline

bench: setup
	$(BIN)/python -m bench.ratios

bench-pages: setup
	$(BIN)/python -m bench.pages

bench-similar: setup
	$(BIN)/python -m bench.similar --index file
	$(BIN)/python -m bench.similar --index table --asked 40

bench-committee: setup
	$(BIN)/python -m bench.committee

bench-replay: setup
	$(BIN)/python -m bench.replay

guide: setup
	$(BIN)/python scripts/guide_pictures.py
	$(BIN)/python scripts/guide_pictures_evaluator.py

guide-officer: setup
	$(BIN)/python scripts/guide_officer_pictures.py

images: setup
	$(BIN)/python scripts/readme_pictures.py

lock: setup
	scripts/lock.sh

clean:
	rm -rf .venv .assets .build node_modules
