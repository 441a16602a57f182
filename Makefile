# `make` alone lists what there is. Everything works in a fresh clone: each target makes what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FRAMEWORKS_BIN := .venv-frameworks/bin
LOGDIR ?= logs
# How many tests run at once: pytest-xdist's workers, one for each core, and not more than memory holds.
WORKERS ?= auto --maxprocesses=8
PYTEST := CUPOLA_TEST_ALL=1 $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal
# `make test ROOM=histograms` tests one plugin's folders on both sides, quickest first.
ROOM ?=

# Where the tests are, quickest first. A room's tests are found by its name.
WEB_TESTS := $(if $(ROOM),src/plugins/$(ROOM))
PY_TESTS := $(if $(ROOM),$(wildcard tests/plugins/test_$(ROOM)*.py),tests --ignore=tests/e2e)
E2E_TESTS := $(if $(ROOM),$(wildcard tests/e2e/test_$(ROOM)*.py),tests/e2e)
ifdef ROOM
ifeq ($(wildcard src/cupola/plugins/$(ROOM)),)
$(error there is no plugin $(ROOM); there are $(notdir $(patsubst %/__init__.py,%,$(wildcard src/cupola/plugins/*/__init__.py))))
endif
endif

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Codec and page need nothing of each other: one compiles while the other is fetched.
demo: ## A demonstration of every room, made and served in two minutes
	@$(MAKE) --no-print-directory -j2 build page
	$(BIN)/cupola demo

tutorial: build page .setup-tutorial ## Run the tutorial (examples/tutorial.py, needs torch) and serve what it logged
	$(BIN)/python examples/tutorial.py --logdir $(LOGDIR)
	$(BIN)/cupola --logdir $(LOGDIR)

dev: build .setup-python .setup-node ## Server, page and codec, made anew as files change (LOGDIR=logs)
	$(BIN)/python tools/dev.py $(LOGDIR)

test: test-web test-py test-e2e ## Everything that must pass: page, Python, browsers (ROOM=histograms: one plugin's)

test-web: .setup-node ## The page's unit tests
	$(if $(ROOM),test ! -d web/$(WEB_TESTS) || (cd web && npx vitest run $(WEB_TESTS)),cd web && npm test)

# Every package that a test can use is there, so a test that cannot import one has failed.
test-py: build .setup-python $(if $(ROOM),,page) ## The Python tests without a browser
	$(if $(PY_TESTS),$(PYTEST) $(PY_TESTS))

test-e2e: build .setup-python page browser ## The tests in real browsers
	$(if $(E2E_TESTS),$(PYTEST) $(E2E_TESTS))

nightly: build .setup-python page browser ## What takes minutes: slow tests, fuzzing, sanitizers
	$(PYTEST) -m slow
	$(MAKE) fuzz sanitize test-notebooks

# Another torch than the one for CPUs would bring gigabytes that nothing here uses, so it comes first, alone.
.setup-frameworks: pyproject.toml tools/install_frameworks.py
	test -x $(FRAMEWORKS_BIN)/python || $(PYTHON) -m venv .venv-frameworks
	$(FRAMEWORKS_BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	$(FRAMEWORKS_BIN)/python -m pip install -q torch==2.13.0
	$(FRAMEWORKS_BIN)/python tools/install_frameworks.py
	touch $@

test-frameworks: build .setup-frameworks ## Lightning, transformers, Ray … log the same by cupola (nightly, each release)
	CUPOLA_TEST_ALL=1 PYTHONPATH=src $(FRAMEWORKS_BIN)/python -m pytest -m frameworks tests/frameworks

test-notebooks: build page browser ## cupola in a real JupyterLab, which has an environment of its own (nightly)
	test -x .venv-notebooks/bin/python || $(PYTHON) -m venv .venv-notebooks
	.venv-notebooks/bin/python -m pip install -q --upgrade 'pip>=25.1'
	.venv-notebooks/bin/python -m pip install -q --group notebook
	PYTHONPATH=src .venv-notebooks/bin/python -m pytest -m slow tests/notebook tests/e2e/test_notebooks.py

setup: .setup-python .setup-node ## Python environment and the page's dependencies

.setup-build: pyproject.toml
	@$(PYTHON) tools/requirements.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -q --group build --group runtime
	touch $@

# torch first and alone: its wheel for the CPU.
.setup-tutorial: .setup-build
	$(BIN)/python -m pip install -q torch==2.13.0
	$(BIN)/python -m pip install -q --group tutorial
	touch $@

.setup-docs: .setup-build
	$(BIN)/python -m pip install -q --group docs
	touch $@

.setup-python: .setup-tutorial
	$(BIN)/python -m pip install -q --group all
	touch $@

.setup-node: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

CMAKE = $(BIN)/cmake -S . -G Ninja -DPython_EXECUTABLE=$(abspath $(BIN))/python -DCMAKE_MAKE_PROGRAM=$(abspath $(BIN))/ninja

build: .setup-build ## The native codec, beside the Python source, and the `cupola` command
	$(CMAKE) -B build/dev -DCUPOLA_WERROR=ON >/dev/null
	$(BIN)/cmake --build build/dev
	$(BIN)/cmake --install build/dev --prefix src >/dev/null
	@echo '$(abspath src)' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/cupola-dev.pth"
	@printf '#!%s\nfrom cupola.cli import main\nraise SystemExit(main())\n' '$(abspath $(BIN))/python' > $(BIN)/cupola && chmod +x $(BIN)/cupola

page: ## The page, into src/cupola/_web, unless it is there of these very sources
	@$(PYTHON) tools/page.py

browser: ## Debian's Chromium and Firefox, if there is none
	@command -v chromium >/dev/null || (apt-get update -q && apt-get install -qy chromium)
	@command -v firefox-esr >/dev/null || (apt-get update -q && apt-get install -qy firefox-esr)

CODEC_FILES := $(wildcard codec/*.cpp codec/*.h codec/*/*.cpp codec/*/*.h)

check: build .setup-python .setup-node ## Style, types and the import table, Python, codec and page
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/clang-format --dry-run --Werror $(CODEC_FILES)
	$(BIN)/mypy
	$(BIN)/stubtest cupola._codec --mypy-config-file pyproject.toml --allowlist tools/stubtest_allowlist.txt
	$(BIN)/lint-imports
	cd web && npm run check

fmt: .setup-python .setup-node ## Format everything
	$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format .
	$(BIN)/clang-format -i $(CODEC_FILES)
	cd web && npm run fmt

golden: build .setup-python ## Write golden/ anew after a deliberate change of an answer (PARTS=graphs: only those)
	$(BIN)/python -m tests.golden $(PARTS)

bench: build .setup-python page browser ## Measure against the peers; writes benchmarks/results.json
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.readme

docs: build .setup-docs ## The documentation site, into build/docs; a warning or a link to nowhere fails
	PYTHONPATH=src $(BIN)/python -m sphinx -q -W --keep-going -c docs . build/docs

coverage: build .setup-python .setup-node page ## How much of Python, page and codec the tests run (no browser tests)
	cd web && npx vitest run --coverage
	$(CMAKE) -B build/coverage -DCUPOLA_COVERAGE=ON >/dev/null
	$(BIN)/cmake --build build/coverage
	$(BIN)/cmake --install build/coverage --prefix src >/dev/null
	-$(BIN)/python -m pytest tests --ignore=tests/e2e --cov=cupola --cov-report=term:skip-covered --cov-report=html:build/coverage/python
	$(BIN)/gcovr --root codec --object-directory build/coverage --print-summary --txt-summary
	touch build/dev/_codec* && $(BIN)/cmake --install build/dev --prefix src >/dev/null

# The interpreter itself is not built with the sanitizers, so their runtime comes first, and what it keeps until its end is no leak.
sanitize: .setup-python stress ## The codec's, the reader's and the writer's tests under AddressSanitizer and UBSan
	$(CMAKE) -B build/sanitize -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCUPOLA_SANITIZE=address,undefined >/dev/null
	$(BIN)/cmake --build build/sanitize
	$(BIN)/cmake --install build/sanitize --prefix src >/dev/null
	LD_PRELOAD="$$($(CXX) -print-file-name=libasan.so) $$($(CXX) -print-file-name=libstdc++.so)" \
	  ASAN_OPTIONS=detect_leaks=0:halt_on_error=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	  $(BIN)/python -m pytest tests/codec tests/hostile tests/index tests/writer; \
	  status=$$?; touch build/dev/_codec*; $(MAKE) build; exit $$status

FUZZ_S ?= 60
FUZZ_SEED ?= 1
FUZZ_SOURCES := codec/fuzz_scan.cpp $(wildcard codec/format/*.cpp codec/scan/*.cpp codec/kernels/*.cpp)
FUZZ_FLAGS := -std=c++20 -O1 -g -Wall -Wextra -Icodec -fno-omit-frame-pointer -fno-sanitize-recover=all

fuzz: ## Arbitrary bytes through the scanner under sanitizers, for FUZZ_S seconds
	@mkdir -p build/fuzz/corpus
	if command -v clang++ >/dev/null; then \
	  clang++ $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined $(FUZZ_SOURCES) -o build/fuzz/scan && \
	  build/fuzz/scan -max_total_time=$(FUZZ_S) -timeout=10 -rss_limit_mb=512 -artifact_prefix=build/fuzz/ build/fuzz/corpus; \
	else \
	  $(CXX) $(FUZZ_FLAGS) -DCUPOLA_FUZZ_DRIVER -fsanitize=address,undefined $(FUZZ_SOURCES) -o build/fuzz/scan && \
	  ASAN_OPTIONS=quarantine_size_mb=8 build/fuzz/scan $(FUZZ_S) $(FUZZ_SEED) 0 $(wildcard golden/*/events.out.tfevents.*); \
	fi

STRESS_S ?= 60
STRESS_SEED ?= 1
SANITIZERS ?= thread address+undefined
STRESS_SOURCES := codec/stress_writer.cpp $(wildcard codec/format/*.cpp codec/write/*.cpp)
comma := ,

build/stress/%: $(STRESS_SOURCES) $(wildcard codec/*/*.h)
	@mkdir -p build/stress
	$(CXX) $(FUZZ_FLAGS) -pthread -fsanitize=$(subst +,$(comma),$*) $(STRESS_SOURCES) -o $@

# A sanitizer's thread that forks is told to go on: the children make no thread, as Python's forked children.
stress: $(SANITIZERS:%=build/stress/%) ## Threads, forks, signals and failing storage against the writer under sanitizers, for STRESS_S seconds each
	for sanitizer in $(SANITIZERS); do \
	  logs=$$(mktemp -d) && \
	  TSAN_OPTIONS=die_after_fork=0:halt_on_error=1 ASAN_OPTIONS=detect_leaks=0 \
	    build/stress/$$sanitizer $(STRESS_S) $(STRESS_SEED) $$logs; \
	  status=$$?; rm -rf "$$logs"; test $$status = 0 || exit $$status; \
	done

.PHONY: help demo tutorial dev test test-web test-py test-e2e nightly test-frameworks test-notebooks setup build page browser check fmt golden bench docs coverage sanitize fuzz stress
