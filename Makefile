# make demo: an experiment in a simulated cluster, from a bare checkout. make test: everything that must hold.

VENV := .venv
BIN := $(VENV)/bin
# pyenv and the like put commands on the PATH that do not run: the first that does, newest first
PYTHON := $(shell for p in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
	&& echo "$$p" && break; done)

# Images set it; the tests start hundreds of processes, and each would compile all that it imports, which takes longer than
# what most of them do
unexport PYTHONDONTWRITEBYTECODE

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable

.PHONY: demo test test-fast matrix e2e lint soak bench docs manifests dist installed image clean

demo: $(VENV)/demo
	@mkdir -p demo
	$(BIN)/chaos image-corrupt simulate -- $(BIN)/chaos --no-version-check --log-file demo/chaostoolkit.log \
		run --journal-path demo/journal.json experiments/cert-manager-image-corrupt.json
	@$(BIN)/chaos --no-version-check --log-file demo/chaostoolkit.log image-corrupt report demo/journal.json \
		-o demo/report.html >/dev/null
	@$(BIN)/python -c 'import json; found = json.load(open("demo/journal.json"))["image-corrupt"]; \
		print("", "Verdict: " + found["verdict"], *("  " + reason for reason in found["reasons"]), sep="\n")'
	@echo "Report: demo/report.html (its journal: demo/journal.json)"

# The tests wait twice as long as they compute, so there are more workers than processors
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) * 4 )))
test: $(VENV)/installed
# Compile the tests once, while lint runs; otherwise each worker does it
	@$(BIN)/python -m pytest --quiet --collect-only >/dev/null & \
		$(MAKE) --no-print-directory lint; linted=$$?; wait; exit $$linted
	$(BIN)/python -m pytest -n $(WORKERS)

# The pure packages and the simulator's units, in less than a minute
FAST := $(addprefix tests/,verdict workload record restore fault timeline simulator test_duration.py test_errors.py \
	test_layout.py test_imports.py)
test-fast: $(VENV)/installed
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow" $(FAST)

# The tests with the oldest and the newest Python, chaostoolkit and kubernetes that the machine has: make matrix
# TESTS="tests/kube tests/restore" runs a part, PAGE=docs/compatibility.md puts the table into the docs
matrix: $(VENV)/installed
	$(BIN)/python -m tests.matrix $(if $(PAGE),--page $(PAGE)) --workers $(WORKERS) $(TESTS)

# The tests of tests/cluster on the cluster of KUBECONFIG_E2E, else on one that kind makes
e2e: $(VENV)/installed
	.ci/e2e

# The tests that try to break the promises, and kubeconfigs of all kinds, for as long as one likes: make soak
# EXAMPLES=10000 KILLS=5000. atheris, which finds kubeconfigs by the lines that they run, is installed here only
EXAMPLES ?= 2000
KILLS ?= 1000
soak: $(VENV)/installed
	PROMISES_EXAMPLES=$(EXAMPLES) PROMISES_STEPS=100 KILLS=$(KILLS) IN_TIME=5 OUTAGE=60 \
		$(BIN)/python -m pytest -n auto tests/test_promises_stateful.py tests/test_promises_crash.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: 'atheris>=3' \
		|| { echo "kubeconfigs are not fuzzed: atheris has no wheel for this Python"; exit 1; }
	$(BIN)/python -m tests.kube.fuzz_kubeconfig -atheris_runs=$(EXAMPLES)0

# What it costs, side by side with others: on the simulator, or on the cluster of KUBECONFIG_E2E. PAGE=docs/speed.md
# puts the results into the docs
bench: $(VENV)/installed
	$(BIN)/python -m benchmarks $(if $(PAGE),--page $(PAGE))

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	@$(BIN)/radon cc --min C --show-complexity --no-assert chaosimagecorrupt tests benchmarks >.radon && cat .radon && test ! -s .radon

# docs/rights.md, which is generated from the source and kept, and the site in site/, which needs no network
docs: $(VENV)/installed
	$(BIN)/python -m chaosimagecorrupt.preflight.rights_page >docs/rights.md
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Site: site/index.html"

# deploy/install.yaml is deploy/base in one file, for those who have no checkout
manifests:
	@{ sed -n 1p deploy/install.yaml && kubectl kustomize deploy; } >.install && mv .install deploy/install.yaml

# sdist and wheel in dist/, as a package index takes them. --no-isolation: with the setuptools of the extra [test]
dist: $(VENV)/release
	@rm -rf dist build
	$(BIN)/python -m build --no-isolation >dist.log 2>&1 || { cat dist.log; exit 1; }
	@rm -rf dist.log build
	$(BIN)/twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl
	$(BIN)/pyroma --min 10 dist/*.tar.gz

# The wheel as users install it, without a checkout: by pip, uv and pipx
installed: dist
	PYTHON=$(PYTHON) .ci/installed

# make image PYTHON_IMAGE=... takes another base, EXTRAS= leaves the reports out
BUILDER ?= $(firstword $(foreach tool,docker podman buildah,$(if $(shell command -v $(tool)),$(tool))))
VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' chaosimagecorrupt/__init__.py)
IMAGE ?= chaostoolkit-image-corrupt:$(VERSION)
image:
	@test -n "$(BUILDER)" || { echo "docker, podman or buildah is needed to build the image; none is on the PATH"; exit 1; }
	$(BUILDER) build --tag $(IMAGE) --build-arg VERSION=$(VERSION) --build-arg REVISION=$(shell git rev-parse HEAD) \
		$(foreach arg,PYTHON_IMAGE EXTRAS,$(if $(filter undefined,$(origin $(arg))),,--build-arg $(arg)=$($(arg)))) .

# The demo needs less than the tests, and takes less time to install
$(VENV)/demo: setup.cfg pyproject.toml | $(VENV)/bin/python
	@test -f $(VENV)/installed || { \
		echo "Installing the extension, the simulator and the report into $(VENV) ..."; \
		$(PIP_INSTALL) '.[simulator,report]'; }
	@touch $@

$(VENV)/installed: setup.cfg pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP_INSTALL) '.[test]'
	@touch $@

$(VENV)/release: $(VENV)/installed
	$(PIP_INSTALL) '.[release]'
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 with venv is needed (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) .matrix demo site dist build
