# A thin face over commands that work without make. `make lab` and `make test` set everything up themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# nbgrader starts alembic by its name, so the venv's programs have to be found.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# In a container people are root, which Jupyter wants to be told.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.DEFAULT_GOAL := help
.PHONY: help lab test verify release solutions lint data pictures bench

help:
	@echo "make lab        set up, and open JupyterLab on the course"
	@echo "make test       set up, and run the tests, in minutes"
	@echo "make verify     the long tests: all attackers, a thousand damaged notebooks, every explorer, a class of every week"
	@echo "make solutions  run the solved notebooks into build/solutions/"
	@echo "make release    generate release/ and the students' checks from source/"
	@echo "make lint       style, types, and which package may import which"
	@echo "make data       draw datasets/cats.h5 and its data card anew"
	@echo "make pictures   draw the picture at the top of each lesson anew"
	@echo "make bench      measure what the documentation says about speed"

$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Python 3.11, 3.12 or 3.13 is needed. Name one: make lab PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

lab: $(VENV)/ready
	$(BIN)/jupyter lab $(AS_ROOT) --LabApp.default_url=/lab/tree/README.md

test: $(VENV)/ready
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

verify: $(VENV)/ready
	VERIFY=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

release: $(VENV)/ready
	$(BIN)/python -m autograder release

solutions: $(VENV)/ready
	$(BIN)/python -m autograder solutions

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

data: $(VENV)/ready
	$(BIN)/python datasets/draw_cats.py

pictures: $(VENV)/ready
	$(BIN)/python -m notebooks.pictures.draw

bench: $(VENV)/ready
	$(BIN)/python -m benchmarks.lessons
	$(BIN)/python -m benchmarks.isolation
	$(BIN)/python -m benchmarks.helpers
	$(BIN)/python -m benchmarks.grading
