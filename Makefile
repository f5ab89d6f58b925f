# Two commands do everything: `make run` and `make test`.
PY := .venv/bin/python
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev

.PHONY: run test check messages clean tools kills

run: $(STAMP)
	@$(PY) -m core init --demo
	@exec .venv/bin/streamlit run app.py

test: $(DEV_STAMP) tools check
	$(PY) -m pytest -n $${MESA_TEST_WORKERS:-auto}

check: $(DEV_STAMP)
	.venv/bin/ruff check .
	.venv/bin/mypy
	PYTHONPATH=. .venv/bin/lint-imports

# English catalogue from the sentences in the code; Spanish ones are written by hand.
messages: $(DEV_STAMP)
	$(PY) -m core.i18n.extract

# Worker, writer and app killed more than a thousand times while mail flows; the test suite does it some 170 times.
kills: $(DEV_STAMP)
	MESA_KILLS=$${MESA_KILLS:-1000} $(PY) -m pytest -q --basetemp=$$(mktemp -d)/desk tests/faults/test_mail_killed.py tests/browser/test_killed_app.py

tools:
	@sh .ci/tools

$(STAMP): requirements.txt
	@command -v python3.11 >/dev/null || command -v python3 >/dev/null || { echo "Python 3.11 or newer is needed."; exit 1; }
	@test -x $(PY) || python3 -m venv .venv 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv --clear .venv; }
	@.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_STAMP): requirements.txt tests/requirements.txt $(STAMP)
	@.venv/bin/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
