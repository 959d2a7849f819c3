# Needs make and a Python of 3.11 or newer, nothing else. `make help` lists what can be asked.

VENV ?= .venv
# Windows keeps an environment's programs elsewhere and names them *.exe.
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
EXE := .exe
else
BIN := $(VENV)/bin
endif
RUN := $(VENV)/.requirements
DEV := $(VENV)/.requirements-dev
BROWSER := $(VENV)/.browser

# A Python counts when it is new enough and can make an environment: some distributions split that off.
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.14 python3.11 python3 python; do \
	"$$python" -c '$(USABLE)' >/dev/null 2>&1 && echo "$$python" && break; done)

# Each worker of the tests has a Neo4j of its own; one that is given is not shared. They take the files as they
# come: by the number of tests the slowest file, of a single test, would be the last.
WORKERS := $(if $(NEO4J_URI),0,2)
SIDE_BY_SIDE := $(if $(NEO4J_URI),-j1,-j3) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# The tests start many a Neo4j that lives for seconds; a third of its work would be to compile itself well.
test test-graph test-browser test-homes test-load test-others: export JDK_JAVA_OPTIONS ?= -XX:TieredStopAtLevel=1

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# Installs the checkout in editable form, and muse-graph in bin; downloads nothing.
CHECKOUT := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	--no-index --no-deps --no-build-isolation --editable .
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)

.DELETE_ON_ERROR:
.PHONY: help run test format lint types unit test-graph test-browser test-homes test-load test-others \
	coverage coverage-unit coverage-all bench performance quality docs mutants lock secrets clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: $(RUN) ## start the service on a demonstration graph
	$(BIN)/python -m muse_graph demo $(ARGS)

test: lint types unit $(BROWSER) ## all checks: format, lint, types, all tests
	$(BIN)/python -m pytest tests/api tests/graph -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
	@echo "The other tests run in three parts, side by side; what each says comes at its end."
	$(MAKE) $(SIDE_BY_SIDE) test-homes test-load test-others

format: $(DEV) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(DEV) ## format check, lint, spelling, declared dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/deptry .

types: $(DEV) ## static types
	$(BIN)/mypy

unit: $(DEV) ## tests without database, network and browser, on all cores: seconds
	$(BIN)/python -m pytest tests/unit -n auto --dist loadfile $(ARGS)

test-graph: $(DEV) ## tests on a real Neo4j: the one at NEO4J_URI, else one of its own
	$(BIN)/python -m pytest tests/graph $(ARGS)

test-browser: $(DEV) $(BROWSER) ## tests in a real browser
	$(BIN)/python -m pytest tests/browser $(ARGS)

test-homes: $(DEV) ## tests that start, pause, kill and stop Neo4j homes of their own
	$(BIN)/python -m pytest tests/embedded $(ARGS)

test-load: $(DEV) ## tests that load tables into Neo4j homes of their own
	$(BIN)/python -m pytest tests/load $(ARGS)

test-others: $(DEV) $(BROWSER)
	$(BIN)/python -m pytest $(addprefix --ignore=tests/,unit api graph embedded load) $(ARGS)

coverage: coverage-unit coverage-all ## coverage of the unit tests, then of all tests; pages in build/coverage-*

coverage-all: $(BROWSER)
coverage-unit: TESTS := tests/unit
coverage-unit coverage-all: export COVERAGE_FILE = $(CURDIR)/build/$@/data
coverage-unit coverage-all: $(DEV)
	rm -rf build/$@ && mkdir -p build/$@
	$(BIN)/coverage run -m pytest $(TESTS) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage html --quiet --directory build/$@/html
	$(BIN)/coverage report

bench: $(DEV) ## benchmarks; never part of `make test`
	$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -s $(ARGS)

performance: $(DEV) ## write docs/performance.md; with STORE=FOLDER measure there first, which writes listens
ifdef STORE
	$(BIN)/python -m tests.benchmarks.bench_recommend --home $(STORE) --output docs/benchmarks/recommend.csv
	$(BIN)/python -m tests.benchmarks.bench_http --home $(STORE) --output docs/benchmarks/http.csv
	$(BIN)/python -m tests.benchmarks.bench_flame --home $(STORE) --output docs/benchmarks/flame.csv
	$(BIN)/python -m tests.benchmarks.bench_model --home $(STORE) --output docs/benchmarks/model.csv
	$(BIN)/python -m tests.benchmarks.bench_listens --home $(STORE) --output docs/benchmarks/listens.csv
	$(BIN)/python -m tests.benchmarks.bench_training --home $(STORE) --output docs/benchmarks/training.csv
ifdef LARGE
	$(BIN)/python -m tests.benchmarks.bench_growth --homes $(STORE) $(LARGE) --output docs/benchmarks/growth.csv
endif
endif
	$(BIN)/python -m docs.generate_performance

quality: $(DEV) ## evaluate the models and write docs/quality.md; needs the data sets in MUSE_DATA
	$(BIN)/python -m muse_graph evaluate topn --output docs
	$(BIN)/python -m muse_graph evaluate discovery --output docs
	$(BIN)/python -m muse_graph evaluate discovery --through graph --output docs
	$(BIN)/python -m muse_graph evaluate genres --output docs
	$(BIN)/python -m muse_graph evaluate cold-start --output docs
	rm -rf build/quality && $(BIN)/python -m muse_graph load synthetic --users 2000 --home build/quality
	$(BIN)/python -m muse_graph evaluate diversity --home build/quality --output docs

docs: $(DEV) ## generate muse_graph/graph/query_records.py and the generated parts of the documentation
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.generate_rows

mutants: $(DEV) ## mutation testing: ARGS='core --sample 100 --seed 1'
	$(BIN)/python -m tests.mutation $(ARGS)

lock: $(BIN)/uv$(EXE) ## resolve the dependencies again; UPGRADE=--upgrade for newer ones
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --group build --constraint requirements-dev.lock --output-file requirements-build.lock

secrets: secrets/neo4j_password.txt ## make a password for docker-compose.yml

clean: ## remove generated files and the environment, not secrets/
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python$(EXE):
	@'$(PYTHON)' -c '$(USABLE)' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer with its venv module; found: $(or $(PYTHON),none)."; \
		echo "Debian, Ubuntu: apt install python3-venv. Or: make PYTHON=/path/to/python3"; \
		exit 1; } >&2
	$(PYTHON) -m venv $(VENV)

$(BIN)/uv$(EXE): | $(BIN)/python$(EXE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(RUN): requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python$(EXE)
	$(INSTALL) -r requirements.lock -r requirements-build.lock
	$(CHECKOUT)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(BIN)/python$(EXE)
	$(INSTALL) -r requirements-dev.lock
	$(CHECKOUT)
	@touch $@

$(BROWSER): tests/browser/install.sh | $(DEV)
	sh tests/browser/install.sh $(BIN)/python
	@touch $@

# The folder is closed to other users; inside it the file is open, for the containers' own users read it.
secrets/neo4j_password.txt: | $(BIN)/python$(EXE)
	@mkdir -p -m 700 secrets
	@$(BIN)/python -c 'import secrets; print(secrets.token_hex(24))' > $@
	@chmod 644 $@
