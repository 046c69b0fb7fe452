# The everyday commands. Each stands on bin/setup, which installs only what is missing.

PORT ?= 8000
PYTHON := .venv/bin/python
# More arguments for pytest, such as: make test TESTS="tests/itil -k clock"
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench assets lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: ## Install, fill with example data and start on http://127.0.0.1:8000 (PORT=... for another)
	@PORT=$(PORT) bin/demo

test: ## Install what the tests need and run them all
	@bin/setup --tests
	@$(PYTHON) -m pytest -n 2 $(TESTS)

lint: ## Check style, layers and types
	@bin/setup --tools
	@bin/lint

bench: ## Time business time, the main pages with 17,136 and 100,000 tickets and orders, and 500 invoices
	@bin/setup --bench
	@DJANGO_SETTINGS_MODULE=portal.settings.test LOG_LEVEL=WARNING $(PYTHON) manage.py bench_intervals
	@DJANGO_SETTINGS_MODULE=portal.settings.test LOG_LEVEL=WARNING $(PYTHON) manage.py bench
	@DJANGO_SETTINGS_MODULE=portal.settings.test LOG_LEVEL=WARNING $(PYTHON) manage.py bench_invoices
	@DJANGO_SETTINGS_MODULE=portal.settings.test LOG_LEVEL=WARNING $(PYTHON) manage.py bench_reports

assets: ## Build the front-end files and collect them for serving
	@bin/setup --static

lock: ## Pin all dependencies anew, with hashes
	@bin/lock

clean: ## Remove what was built; data in var/ stays
	rm -rf .venv node_modules build .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
