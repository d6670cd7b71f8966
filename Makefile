# Everything here works on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.run-stamp
DEV    := $(VENV)/.dev-stamp
AUDIT  := $(VENV)/audit
SECONDS ?= 60

.PHONY: run test test-beside demo check-sources lint format types lock audit fuzz bench bench-kill clean

run: $(RUN)  ## set up and run the daemon on the shipped rules.yaml
	$(BIN)/rasid run --config rules.yaml --data-dir data

demo: $(RUN)  ## a local newspaper publishes, alerts appear: no network needed
	$(BIN)/rasid demo

check-sources: $(RUN)  ## poll every shipped source once and report
	$(BIN)/rasid sources test --all --config rules.yaml --data-dir data

# what is compiled is kept, whatever the environment says: hundreds of processes load it
test: export PYTHONDONTWRITEBYTECODE =
test: $(DEV) lint  ## set up and pass every check
	$(MAKE) --no-print-directory -j 2 types test-beside
	$(BIN)/python -m pytest -m alone

test-beside: $(DEV)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone"

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(DEV)  ## a minute for each of what reads strangers' input; SECONDS=600 for ten
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r fuzz/requirements.lock
	$(BIN)/python -m fuzz --seconds $(SECONDS)

bench: $(DEV)  ## the figures of the README
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements-models.lock
	$(BIN)/python -m bench

bench-kill: $(DEV)  ## 1,000 random kill -9
	$(BIN)/python -m bench.kill --kills 900 --daemon-kills 100

lock: $(DEV)  ## compile the lock files anew
	$(BIN)/python -m pip install --quiet uv
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --no-strip-extras --upgrade --extra build pyproject.toml -o requirements.lock
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --no-strip-extras --upgrade --extra build --extra dev pyproject.toml -o requirements-dev.lock
	sed -n 's/^models = \["\(.*\)"\]$$/\1/p' pyproject.toml | env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --no-header --no-strip-extras --upgrade - -o requirements-models.lock
	# pip before 23.3 breaks on an extra that is not spelt as its dependant asks for it
	sed -i 's/^lxml\[html-clean\]/lxml[html_clean]/' requirements.lock requirements-dev.lock

audit:  ## ask for known weaknesses of what is pinned; needs a network
	test -x $(AUDIT)/bin/pip-audit || $(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	$(AUDIT)/bin/pip-audit --disable-pip --require-hashes -r requirements.lock -r requirements-dev.lock -r requirements-models.lock

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# pip compiles what it installs one file at a time, compileall on all processors; some packages
# have files that are no Python 3
$(RUN): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	-@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock
	-@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(RUN)
