# What a person types. Needs Python 3.11 or newer and make; everything else is set up in .venv.
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin

.PHONY: setup demo test real check bench storm mutants catalogs lock format clean

setup: $(VENV)/.ready catalogs

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Ønskebot kræver Python 3.11 eller nyere (needs Python 3.11 or newer); prøv: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

catalogs: $(VENV)/.ready
	@$(RUN)/python hatch_build.py > /dev/null

demo: setup
	$(RUN)/oenskebot demo $(ARGS)

test: setup
	$(RUN)/python -m pytest -n auto --dist loadgroup $(ARGS)

# On a Mattermost server that can be thrown away, which two variables name (CONTRIBUTING.md); without them there is none.
real: setup
	@test -n "$$OENSKEBOT_TEST_MATTERMOST_URL" && test -n "$$OENSKEBOT_TEST_MATTERMOST_ADMIN_TOKEN" || { echo "OENSKEBOT_TEST_MATTERMOST_URL and OENSKEBOT_TEST_MATTERMOST_ADMIN_TOKEN name the server"; exit 2; }
	$(RUN)/python -m pytest -k real tests/promises tests/mattermost $(ARGS)

check: setup
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache
	$(RUN)/python -m pytest -q tests/house $(ARGS)

bench: setup
	$(RUN)/python -m tests.bench $(ARGS)

# Ten thousand clicks on each chat's double with everything going wrong on the way; some minutes.
storm: setup
	OENSKEBOT_TEST_CLICKS=$${OENSKEBOT_TEST_CLICKS:-10000} $(RUN)/python -m pytest -q --durations=3 tests/slack/test_faults.py tests/mattermost/test_faults.py $(ARGS)

# Run by hand after a change of the counting rules (docs/mutants.md); mutmut is not locked, as nothing else needs it.
mutants: setup
	$(RUN)/python -m pip install --quiet --disable-pip-version-check "mutmut>=3.8,<4"
	rm -rf mutants
	$(RUN)/mutmut run
	$(RUN)/mutmut results

format: setup
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

lock:
	UV_PYTHON_DOWNLOADS=never uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --extra postgres --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
