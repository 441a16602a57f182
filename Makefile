# `make` alone lists what there is. Everything works in a fresh clone: each target makes what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOGDIR ?= logs

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: build page ## Run the tutorial (examples/tutorial.py) and serve what it logged
	$(BIN)/python examples/tutorial.py --logdir $(LOGDIR)
	$(BIN)/cupola --logdir $(LOGDIR)

test: build page browser ## Everything that must pass: Python, page, browsers
	cd web && npm test
	$(BIN)/python -m pytest

setup: .setup-python .setup-node ## Python environment and the page's dependencies

.setup-python: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -q torch==2.13.0
	$(BIN)/python -m pip install -q --group test numpy pillow starlette uvicorn httptools uvloop
	touch $@

.setup-node: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

build: .setup-python ## The native codec, beside the Python source, and the `cupola` command
	$(BIN)/cmake -S . -B build/dev -G Ninja -DCUPOLA_WERROR=ON -DPython_EXECUTABLE=$(abspath $(BIN))/python -DCMAKE_MAKE_PROGRAM=$(abspath $(BIN))/ninja >/dev/null
	$(BIN)/cmake --build build/dev
	$(BIN)/cmake --install build/dev --prefix src >/dev/null
	@echo '$(abspath src)' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/cupola-dev.pth"
	@printf '#!%s\nfrom cupola.cli import main\nraise SystemExit(main())\n' '$(abspath $(BIN))/python' > $(BIN)/cupola && chmod +x $(BIN)/cupola

page: .setup-node ## The page, into src/cupola/_web
	cd web && npm run build

browser: ## Debian's Chromium and Firefox, if there is none
	@command -v chromium >/dev/null || (apt-get update -q && apt-get install -qy chromium)
	@command -v firefox-esr >/dev/null || (apt-get update -q && apt-get install -qy firefox-esr)

check: build .setup-node ## Style, types and the import table, Python and TypeScript
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run check

fmt: ## Format everything
	$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format .
	cd web && npm run fmt

bench: build page browser ## Measure against the peers; writes benchmarks/results.json
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.readme

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
	  build/fuzz/scan $(FUZZ_S) $(FUZZ_SEED) 0 $(wildcard golden/*/events.out.tfevents.*); \
	fi

.PHONY: help demo test setup build page browser check fmt bench fuzz
