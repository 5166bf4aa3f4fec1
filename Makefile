# Every target makes the virtual environment it needs; a second run reuses it.
PYTHON ?= python3
VENV := .venv
PARITY_VENV := .venv-parity
BIN := $(VENV)/bin
# MLX computes on Metal on macOS; on Linux its back end is a package of its own: cpu, or SPECTRO_MLX=cuda.
SPECTRO_MLX ?= cpu
EXTRAS := $(if $(filter Darwin,$(shell uname -s)),dev,dev,$(SPECTRO_MLX))
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint parity bench golden docs clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml $(wildcard setup.py)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -e '.[$(EXTRAS)]'
	@touch $@

$(PARITY_VENV)/.installed: pyproject.toml tools/parity_environment.py
	$(PYTHON) tools/parity_environment.py $(PARITY_VENV) '$(SPECTRO_MLX)'
	@touch $@

demo: $(VENV)/.installed ## Extract features from a short clip (or AUDIO=path.wav): a table, a .npz and a .png in demo/
	$(BIN)/python -m spectro demo $(if $(AUDIO),--audio '$(AUDIO)')

test: $(VENV)/.installed ## Run the tests
	$(BIN)/python kernels/cpu/build.py
	$(BIN)/python -m pytest -q -n auto $(PYTEST)

lint: $(VENV)/.installed ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

parity: $(PARITY_VENV)/.installed ## Compare with the references themselves, and swap them (builds their environment)
	$(PARITY_VENV)/bin/python -m spectro parity --live
	$(PARITY_VENV)/bin/python -m pytest -q -n auto -m references tests/compat

bench: $(PARITY_VENV)/.installed ## Time spectro against the references on this machine
	$(PARITY_VENV)/bin/python -m benchmarks

golden: $(PARITY_VENV)/.installed ## Make the goldens again from the pinned references
	$(PARITY_VENV)/bin/python -m spectro.parity_tests.make

docs: $(VENV)/.installed ## Build the documentation into build/docs, links checked
	$(BIN)/python -m spectro matrix --markdown > docs/matrix.md
	$(BIN)/mkdocs build --strict --quiet

clean: ## Remove environments and build products
	rm -rf $(VENV) $(PARITY_VENV) build dist demo *.egg-info
