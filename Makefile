# One command each: `make demo` to work in it, `make test` to try it, `make check` before you hand in.
# Needs Python 3.11 or newer and make. Nothing is compiled: every requirement is a ready wheel.
.POSIX:
.SUFFIXES:

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DONE = $(VENV)/.done
BUILD = build
JOBS ?= 2
EXTRAS = --extra passkeys --extra pdf --extra pkcs11 --extra postgres --extra previews --extra prove
# The files list everything, so nothing is resolved anew: pip's own resolver would look at releases
# newer than the pinned ones, and stumble over them.
INSTALL = PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --no-input \
	--no-deps --require-hashes --only-binary :all:
GATED = src/angerona/rules/*,src/angerona/packs/*,src/angerona/ciphers/*,src/angerona/words.py,src/angerona/errors.py
# What some tests need of the machine: a program, and the Debian package that brings it.
WANTED = softhsm2-util=softhsm2 pdftotext=poppler-utils age=age chromium=chromium
ASK = $(BIN)/angerona ask --explain

.PHONY: help demo story ask-demo test check static measured bench pictures docs format lock clean

help:
	@echo 'make demo    set up, then open an invented practice to your browser, with a sign-in for each face'
	@echo 'make story   set up, then tell a story in that practice at the command line: all of it is done'
	@echo 'make ask-demo  put three questions to the rules and print the answers'
	@echo 'make test    set up, then run all tests (a skipped one says why)'
	@echo 'make check   format, lint, types, contracts, then the tests with their coverage gate'
	@echo 'make bench   set up, then measure everything, beside rivals where there are any'
	@echo 'make pictures  take the pictures in docs/pictures anew (needs Chromium)'
	@echo 'make docs    write docs/rules anew from the packs and their cases'
	@echo 'make format  put the code into the house format'
	@echo 'make lock    write requirements/ anew from pyproject.toml (needs uv)'
	@echo 'make clean   remove everything that was set up'

demo: $(DONE)/package $(DONE)/demo
	@$(BIN)/angerona demo

story: $(DONE)/package $(DONE)/demo
	@$(BIN)/angerona demo --story

ask-demo: $(DONE)/package
	@echo; echo '== California: an attorney subpoenas the notes of a client of 34'; echo
	@$(ASK) examples/subpoena-california.json
	@echo; echo '== California: a serious, imminent threat, to tell the police'; echo
	@$(ASK) examples/threat-california.json
	@echo; echo '== England: a child may be at risk, to tell child protection'; echo
	@$(ASK) examples/child-abuse-uk.json
	@echo; echo 'Your own question: $(BIN)/angerona ask'

test: $(DONE)/package $(DONE)/test
	@absent=; for each in $(WANTED); do \
		command -v "$${each%=*}" > /dev/null || absent="$$absent $${each#*=}"; done; \
	[ -z "$$absent" ] || echo "More tests run with:$$absent" \
		"(on Debian and Ubuntu: apt-get install$$absent)"
	$(BIN)/python -m pytest -n $(JOBS)

# The tests come last, so that their own summary is the last thing read.
check: static
	@$(MAKE) --no-print-directory measured

static: $(DONE)/package $(DONE)/check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Both verdicts count: the tests' and the gate's. Then pytest's summary is read from its own log.
measured: $(DONE)/package $(DONE)/check
	@mkdir -p $(BUILD); rm -f $(BUILD)/tests.status
	@{ tests=0; $(BIN)/python -m pytest -n $(JOBS) --cov --cov-report= || tests=$$?; \
		echo $$tests > $(BUILD)/tests.status; } | tee $(BUILD)/tests.log
	@gate=0; \
	echo; echo 'Coverage gate: every branch of rules, packs, ciphers, words and errors'; \
	$(BIN)/coverage report --include='$(GATED)' --fail-under=100 || gate=1; \
	echo; tail -n 1 $(BUILD)/tests.log; \
	[ "$$gate" -eq 0 ] && [ "$$(cat $(BUILD)/tests.status)" -eq 0 ]

bench: $(DONE)/package $(DONE)/test $(DONE)/bench
	$(BIN)/python -m bench

pictures: $(DONE)/package $(DONE)/test
	$(BIN)/python scripts/take_pictures.py

docs: $(DONE)/package
	$(BIN)/python scripts/write_rule_pages.py

format: $(DONE)/check
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# One resolution of everything first, so that all the files agree with each other.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url
EVERYTHING = $(BUILD)/everything.txt

lock:
	@command -v uv > /dev/null || { echo 'make lock needs uv on the PATH.' >&2; exit 1; }
	@mkdir -p $(BUILD)
	$(LOCK) --upgrade pyproject.toml --all-extras --group test --group check --group bench \
		--group build -o $(EVERYTHING)
	$(LOCK) -c $(EVERYTHING) pyproject.toml -o requirements/core.txt
	$(LOCK) -c $(EVERYTHING) pyproject.toml --extra passkeys --extra pdf --extra previews \
		-o requirements/demo.txt
	$(LOCK) -c $(EVERYTHING) pyproject.toml $(EXTRAS) --group test -o requirements/test.txt
	$(LOCK) -c $(EVERYTHING) pyproject.toml $(EXTRAS) --group test --group check \
		-o requirements/check.txt
	$(LOCK) -c $(EVERYTHING) pyproject.toml --group bench -o requirements/bench.txt
	$(LOCK) -c $(EVERYTHING) --group build -o requirements/build.txt

clean:
	rm -rf $(VENV) $(BUILD) dist .coverage .coverage.* .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache

$(DONE)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'angerona needs Python 3.11 or newer: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null \
		|| { echo 'This Python cannot make a virtual environment: install its venv package' \
			'(on Debian and Ubuntu: apt-get install python3-venv).' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(DONE) && touch $@

$(DONE)/core: requirements/core.txt requirements/build.txt $(DONE)/venv
	$(INSTALL) -r requirements/core.txt -r requirements/build.txt
	@touch $@

# The package itself, editable, built with what is already here: nothing is downloaded.
$(DONE)/package: pyproject.toml $(DONE)/core
	$(BIN)/python -m pip install --quiet --no-input --no-index --no-deps --no-build-isolation \
		--disable-pip-version-check -e .
	@touch $@

$(DONE)/demo: requirements/demo.txt $(DONE)/core
	$(INSTALL) -r requirements/demo.txt
	@touch $@

# aics-tlog, which checks our log with other hands, asks for Python 3.12 and runs on 3.11 as well.
$(DONE)/test: requirements/test.txt requirements/verifier.txt $(DONE)/core
	$(INSTALL) -r requirements/test.txt
	$(INSTALL) --ignore-requires-python -r requirements/verifier.txt
	@touch $@

$(DONE)/check: requirements/check.txt $(DONE)/test
	$(INSTALL) -r requirements/check.txt
	@touch $@

$(DONE)/bench: requirements/bench.txt $(DONE)/core
	$(INSTALL) -r requirements/bench.txt
	@touch $@
