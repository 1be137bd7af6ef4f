# Commands of the compendium; `make` lists them. Names of files are relative, because paths may hold spaces.

# An active conda environment made from envs/environment.yml is used as it is; otherwise .venv, which set-up makes.
IN_CONDA := $(shell test -n "$$CONDA_PREFIX" && test -x "$$CONDA_PREFIX/bin/python" && test -x "$$CONDA_PREFIX/bin/R" && \
    test -x "$$CONDA_PREFIX/bin/snakemake" && echo yes)
PYTHON := $(if $(IN_CONDA),python,.venv/bin/python)
ifndef IN_CONDA
    export PATH := $(CURDIR)/.venv/bin:$(PATH)
endif

# The environment of every command: no locale and no start-up file of the user's.
include _environment
PYTHONPATH := $(CURDIR)/$(PYTHONPATH)
MATPLOTLIBRC := $(CURDIR)/$(MATPLOTLIBRC)
IPYTHONDIR := $(CURDIR)/$(IPYTHONDIR)
export $(shell sed -n 's/^\([A-Z0-9_]*\)=.*/\1/p' _environment)
# No module of this folder; what Quarto starts may not have it.
export PYTHONSAFEPATH := 1
# Snakemake keeps a cache in the user's folder, and ends with a traceback where it can't write there.
HAS_CACHE := $(shell cache="$${XDG_CACHE_HOME:-$$HOME/.cache}"; test -e "$$cache" || cache=$$(dirname "$$cache"); \
    test -d "$$cache" && test -w "$$cache" && echo yes)
ifndef HAS_CACHE
    export XDG_CACHE_HOME := $(CURDIR)/.snakemake/cache
endif

CORES ?= $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
# Options handed on, as in: make report ARGS=--forceall, or make test ARGS="-k periods"
ARGS ?=
# A commit: what data/ is compared with, as in make data-diff FROM=v1, or what is built twice
FROM ?= HEAD
# What has to pass before make release makes a tag.
PASSING ?= COUNTBACK_WHOLE_BOOK=1 .ci/run

SITE := _book/index.html
PDF := _book/Putting-the-Count-Back-Into-Accountability.pdf

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup setup-test report verify parity test doctor lint format trace data-diff record release release-check citation checksums \
    bench bench-growth reproduce mutations kills clean distclean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do printf '  make %-13s %s\n' "$$name" "$$text"; done

setup:
	@sh envs/setup.sh

setup-test:
	@sh envs/setup.sh --test

report: setup ## set up what is missing, compute everything, render HTML and PDF
	@$(PYTHON) -m snakemake --cores $(CORES) $(ARGS)
	@for file in $(SITE) $(PDF); do test -e "$$file" && echo "$$file" || { echo "missing: $$file" >&2; exit 1; }; done

verify: setup ## set the published values against those computed here; fail where one is neither reproduced nor explained
	@$(PYTHON) -m snakemake verify --cores $(CORES) $(ARGS)

parity: setup-test ## render by Quarto and by the press, and list what differs
	@$(PYTHON) workflow/scripts/report/parity.py

test: setup-test ## set up what is missing, run every test
	@$(PYTHON) -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder $(ARGS)

bench: setup ## measure builds in a clean copy: time, CPU, memory; some with make bench ARGS="--cases cold,prose --runs 3"
	@$(PYTHON) -m scripts.bench.bench $(ARGS)

bench-growth: setup ## measure how time and memory grow with 1, 10 and 100 times the releases of data/raw/
	@$(PYTHON) -m scripts.bench.growth $(ARGS)

reproduce: setup ## build a commit (FROM, else HEAD) twice in surroundings that differ; fail where a generated file does
	@$(PYTHON) -m scripts.reproduce.reproduce --from "$(FROM)" --cores $(CORES) $(ARGS)

mutations: setup ## change one thing of data/ at a time, by seeded chance, and tell what the checks let pass; make mutations ARGS="--number 2600"
	@$(PYTHON) -m scripts.mutations.run $(ARGS)

kills: setup ## stop builds at seeded moments, let them go on, and compare them with one that was not stopped; make kills ARGS="--number 40"
	@$(PYTHON) -m scripts.kills.kills $(ARGS)

doctor: ## say what was found on this machine, what is missing, and how to get it
	@sh envs/doctor.sh

lint: setup-test ## check the form of all code
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy workflow/countback workflow/press workflow/replication workflow/scripts
	@$(PYTHON) -m snakefmt --check Snakefile workflow/rules
	@$(PYTHON) -m snakemake --lint
	@panache lint chapters index.qmd references.qmd
	@$(PYTHON) -m press --check
	@$(PYTHON) workflow/scripts/validate/turns.py
	@reuse lint --lines
	@zizmor --offline --no-progress --quiet --strict-collection .github
	@Rscript --vanilla -e 'for (folder in c("workflow", "tests/R")) { found <- lintr::lint_dir(folder); print(found); if (length(found) > 0) quit(status = 1) }'

format: setup-test ## rewrite Python and Snakemake code in the house form
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m snakefmt Snakefile workflow/rules

trace: setup ## tell where a number of the report comes from, down to the page that prints it: make trace ID=<id>
	@PYTHONPATH=workflow $(PYTHON) -m countback trace "$(ID)"

data-diff: setup ## show, row by row, what changed in data/ since FROM (HEAD)
	@$(PYTHON) workflow/scripts/validate/data_diff.py --from "$(FROM)" $(ARGS)

record: setup ## record what this version holds, and what it corrected since the version before: make record FROM=<commit>
	@$(PYTHON) workflow/scripts/exports/record_version.py --from "$(FROM)"

release: setup ## check all that a release needs, run what has to pass, and tag it: make release VERSION=0.3.0
	@$(PYTHON) workflow/scripts/exports/release.py "$(VERSION)" --passing "$(PASSING)"

release-check: setup ## say what a published report must tell and does not yet: address, repository, contact, DOI, publisher
	@PYTHONPATH=workflow $(PYTHON) workflow/scripts/exports/release_check.py

citation: setup ## bring .zenodo.json in step with CITATION.cff and data/datapackage.json
	@PYTHONPATH=workflow $(PYTHON) workflow/scripts/exports/zenodo.py

checksums: setup ## bring checksums in step with tables that were edited on purpose
	@$(PYTHON) workflow/scripts/validate/checksums.py

# Sources in data/raw/ are not generated and stay.
clean: ## remove what is generated, but not .venv
	@rm -rf results exports _book _variables.yml .snakemake .quarto .ipython _freeze .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find Snakefile workflow tests envs \( -name __pycache__ -o -name .mypy_cache -o -name .ruff_cache \) -prune -exec rm -rf {} +
	@if git rev-parse --git-dir >/dev/null 2>&1; then git clean -fdqX -- figures chapters; fi

distclean: clean ## remove what is generated, .venv as well
	@rm -rf .venv _environment.local
