# `make app` sets everything up and runs the page; `make test` sets everything up and runs the tests; `make check` looks
# at style, types and who imports whom; `make test-services` tests what needs PostgreSQL, nginx or Ray; `make
# screenshots` makes the pictures of the README; `make lock` renews the versions that all of these install.
# Without make: pip install -r requirements.txt, then streamlit run app.py.

PYTHON ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check
OPENCV = $(shell sed -n 's/^opencv-python==//p' requirements.txt)
# One lock for every system and for Python 3.11 and newer.
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-strip-extras \
  --custom-compile-command "make lock"

app: .venv/app.done
	$(BIN)/streamlit run app.py

test: .venv/test.done
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not services"

test-services: .venv/ray.done
	REQUIRE_SERVICES=1 REQUIRE_BROWSER=1 $(BIN)/python -m pytest -m services

check: .venv/test.done
	@# Everything is installed from the lock: a pin that is not in it would go untested.
	@! awk '/^[a-z].*==/ { sub(" *;.*", ""); sub(" .*", ""); if (FILENAME ~ /lock$$/) locked[$$0]; \
	  else if (!($$0 in locked)) print }' requirements*.lock requirements.txt requirements-dev.txt requirements-ray.txt | \
	  grep . || (echo "These pins are not in the lock: make lock puts them there."; exit 1)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

screenshots: .venv/test.done
	$(BIN)/python -m bench.steps
	$(BIN)/python -m bench.screenshot

lock: .venv/test.done
	$(LOCK) requirements.txt --output-file requirements.lock
	$(LOCK) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) requirements-ray.txt --constraint requirements.lock --constraint requirements-dev.lock \
	  --output-file requirements-ray.lock

.venv/app.done: requirements.lock
	@# Without --clear, one of another Python would stay what it is.
	$(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements.lock
	@# opencv-python needs libGL, which slim machines lack.
	$(BIN)/python -c "import cv2" 2>/dev/null || ( \
	  $(BIN)/pip uninstall --quiet --yes opencv-python && \
	  $(INSTALL) --force-reinstall --no-deps opencv-python-headless==$(OPENCV) && \
	  $(BIN)/python -c "import cv2" )
	@touch $@

.venv/test.done: .venv/app.done requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/ray.done: .venv/test.done requirements-ray.lock
	$(INSTALL) --require-hashes -r requirements-ray.lock
	@touch $@

.PHONY: app test test-services check screenshots lock
