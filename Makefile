# Python 3.10 or newer and make are all that this needs; everything else is fetched and made here.
#   make preview                 the reference stack through the real engine, with the pack
#   make preview STACK=DIR       another Pulumi program; also STACK_NAME=prod (for Pulumi.prod.yaml),
#                                STACK_OUTPUTS=STACK=FILE, POLICY_CONFIG=FILE, CONFIG="key=value",
#                                EVENTS=FILE (for reports), ENGINE=aws
#   make test                    everything that CI runs
#   make compat                  the tests with every version that is promised (minutes)
#   make deep                    the property tests with thousands of examples; writes docs/proof.md
#                                (an hour and a half)
#   make bench                   what the pack costs; writes docs/benchmark.md (minutes)
#   make compare                 what other tools say of the same defects (minutes, the first time)

PYTHON ?= python3
STACK ?= reference_stack
ENGINE ?= offline
PYTEST_ARGS ?=
BENCH_ARGS ?=

# Python keeps what it compiled beside the environment, not in the folders of a pack or a program,
# which are only read. With nothing kept, each of the many processes would compile the whole SDK.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/bytecode
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
SOURCES := __main__.py aws_dr_preflight policies reports offline scripts bench tests

.PHONY: preview test lint types docs docs-check diagrams picture unit compat compat-oldest newest engine
.PHONY: published new-policy deep bench compare clean

# Settings may be secret: they go through the environment, which neither an echoed command nor the
# list of processes shows, and where no shell reads a $ or a quote in them.
preview: export AWS_DR_PREFLIGHT_CONFIG := $(value CONFIG)
preview: .venv/ready-to-preview
	@$(BIN)/python -m offline preview --stack "$(STACK)" --pack . --engine "$(ENGINE)" \
	  $(if $(STACK_NAME),--stack-name "$(STACK_NAME)") \
	  $(if $(STACK_OUTPUTS),--stack-outputs "$(STACK_OUTPUTS)") \
	  $(if $(POLICY_CONFIG),--policy-config "$(POLICY_CONFIG)") $(if $(EVENTS),--events "$(EVENTS)")

test: lint types docs-check unit compat-oldest engine

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# mypy is quick where it remembers: its cache lies outside of the tree.
types: export MYPY_CACHE_DIR := $(or $(AWS_DR_PREFLIGHT_CACHE),$(HOME)/.cache/aws-dr-preflight)/mypy
types: .venv/ready
	$(BIN)/mypy $(SOURCES)
	cd reference_stack && ../$(BIN)/mypy --config-file ../pyproject.toml .

docs: .venv/ready
	$(BIN)/python -m scripts.mutation_table
	$(BIN)/python -m scripts.make_docs

docs-check: .venv/ready
	$(BIN)/python -m scripts.make_docs --check

# The networks of the example programs, deployed offline.
diagrams: .venv/ready
	$(BIN)/python -m scripts.draw_examples

# What the README shows of a rejection and of a rehearsal.
picture: .venv/ready
	$(BIN)/python -m scripts.terminal_picture
	$(BIN)/python -m scripts.rehearsal_picture

# What `pulumi policy publish` would upload.
published: .venv/ready
	$(BIN)/python -m scripts.published_files

new-policy: .venv/ready
	$(BIN)/python -m scripts.new_policy "$(NAME)" "$(ROOM)" $(KIND)

unit: .venv/ready
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/engine --ignore tests/compat/engine \
	  --ignore tests/offline $(PYTEST_ARGS)

deep: .venv/ready
	$(BIN)/python -m pytest -n 2 --dist worksteal -vv --hypothesis-profile deep --record tests/properties

# The real CLI: these take seconds each, so they say which one is running.
engine: .venv/ready
	$(BIN)/python -m offline cli
	$(BIN)/python -m pytest -n 2 --dist worksteal -vv tests/offline tests/engine $(PYTEST_ARGS)

# Environments of other versions are made in the user's cache, once.
compat: .venv/ready
	$(BIN)/python -m tests.compat

# Whether a newer pulumi-policy than requirements.txt allows can be added.
newest: .venv/ready
	$(BIN)/python -m tests.compat --newest

compat-oldest: .venv/ready
	$(BIN)/python -m tests.compat --fast

bench: .venv/bench-ready
	$(BIN)/python -m bench $(BENCH_ARGS)

# Other tools are fetched into the user's cache, once.
compare: .venv/ready
	$(BIN)/python -m scripts.compare_tools

.venv/bench-ready: .venv/ready requirements-bench.txt
	$(call install,requirements-bench.txt)

# One environment for everything: first what a preview needs, then what tests and checks need besides.
# uv takes seconds for what takes pip a minute; where it cannot be had, or cannot reach what pip is
# configured for, pip does it. Both say what they do. Bytecode is written as modules are first used:
# two providers have 7,500 of them, and few are.
define install
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.5,<1" && \
	  $(BIN)/uv pip install --python $(BIN)/python --requirement $(1); } || \
	  $(BIN)/python -m pip install --no-compile --requirement $(1)
	@touch $@
endef

PREVIEWING := requirements-preview.txt requirements.txt requirements-rehearsal.txt \
  reference_stack/requirements.txt
TESTING := requirements-dev.txt reports/requirements.txt aws_dr_preflight/requirements.txt

# The pack and the reference stack name an environment `venv`. It is this one, if they have none yet:
# it holds all that they ask for, and a second and third would cost as much again.
.venv/ready-to-preview: $(PREVIEWING)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "error: $(PYTHON) is older than 3.10. Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "error: $(PYTHON) cannot make virtual environments. Install its venv package (Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Setting up .venv for previews (once; 230 MB, seconds to a minute) ..."
	@$(PYTHON) -m venv .venv
	@test -e venv || ln -sfn .venv venv
	@test -e reference_stack/venv || ln -sfn ../.venv reference_stack/venv
	$(call install,requirements-preview.txt)

.venv/ready: .venv/ready-to-preview $(TESTING)
	@echo "Setting up .venv for tests and checks (once; 270 MB more) ..."
	$(call install,requirements-dev.txt)

clean:
	rm -rf .venv venv reference_stack/venv .pulumi-home .mypy_cache .ruff_cache .pytest_cache .hypothesis
