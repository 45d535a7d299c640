# Needs python3 (3.10 or newer) and nothing else: everything is installed into .venv, from requirements.lock.
PYTHON ?= python3
BIN = .venv/bin
# One thread unless told otherwise: the models are small, and a second thread mostly waits on a machine with other work.
NBVAL = OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(BIN)/python -m pytest --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg notebooks/

.PHONY: help setup run lab test notebooks lock clean
help:
	@echo "make run    execute every notebook; build/report.html shows what held"
	@echo "make lab    open the notebooks in JupyterLab"
	@echo "make test   unit tests, then every notebook against its stored outputs"
	@echo "make notebooks  execute the notebooks in place, on the bundled data, and store what they show"
	@echo "make lock   choose the newest versions again (writes requirements.lock)"
	@echo "make clean  remove .venv and build (downloaded data stay)"

setup:
	@$(PYTHON) setup_venv.py

run: setup
	@$(BIN)/course run

lab: setup
	@$(BIN)/jupyter lab notebooks

test: setup
	@$(BIN)/python -m pytest
	@$(NBVAL)

notebooks: setup
	@$(BIN)/course run --data bundled --store --out build/stored

lock: setup
	@$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --python-version 3.10 \
		--extra instructor --extra dev --custom-compile-command "make lock" pyproject.toml -o requirements.lock

clean:
	@rm -rf .venv build
