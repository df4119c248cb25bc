# `make app` sets everything up and runs the page; `make test` sets everything up and runs the tests; `make screenshots`
# makes the pictures of the README.
# Without make: pip install -r requirements.txt, then streamlit run app.py.

PYTHON ?= python3
BIN = .venv/bin
OPENCV = $(shell sed -n 's/^opencv-python==//p' requirements.txt)

app: .venv/app.done
	$(BIN)/streamlit run app.py

test: .venv/test.done
	$(BIN)/python -m pytest -n 2 --dist worksteal

screenshots: .venv/test.done
	$(BIN)/python -m bench.steps
	$(BIN)/python -m bench.screenshot

.venv/app.done: requirements.txt
	@# Without --clear, one of another Python would stay what it is.
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@# opencv-python needs libGL, which slim machines lack.
	$(BIN)/python -c "import cv2" 2>/dev/null || ( \
	  $(BIN)/pip uninstall --quiet --yes opencv-python && \
	  $(BIN)/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps \
	    opencv-python-headless==$(OPENCV) && $(BIN)/python -c "import cv2" )
	@touch $@

.venv/test.done: .venv/app.done requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check $$(grep -v '^-r' requirements-dev.txt)
	@touch $@

.PHONY: app test screenshots
