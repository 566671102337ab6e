# Everything a person types here. `make help` lists it.
CARGO ?= cargo
VENV  ?= target/interop-venv
OUT   ?= runs

.PHONY: help run test check bench fuzz firmware qualify qualify-nightly interop report report-check history-check clean-runs

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## The main job: every feature on the simulated benches; prints where the report is
	$(CARGO) run -p rig --features sim -- run

test: ## Every test, the feature suite and the doc tests included
	$(CARGO) test --workspace --features sim

check: ## What CI checks besides the tests: format, lints, documentation, licences
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --features sim -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --features sim
	$(CARGO) clippy -p rig --lib --bins -- -D warnings
	@if $(CARGO) deny --version >/dev/null 2>&1; then $(CARGO) deny check licenses bans sources; \
	 else echo "cargo deny isn't installed: licences not checked"; fi

bench: ## Benchmarks: SCPI, plant, world, reports, runner
	$(CARGO) bench --workspace --features sim

firmware: ## The images in fixtures/firmware, from their sources (rustup target add thumbv6m-none-eabi, once)
	$(CARGO) run -p firmware --example make

qualify: ## Every fault, and 20 healthy devices in the corners of their tolerances, against the suite
	$(CARGO) run --release -p rig --features sim -- qualify --seeds 20 --out $(OUT)/qualify

qualify-nightly: ## The same with 200 healthy devices
	$(CARGO) run --release -p rig --features sim -- qualify --seeds 200 --out $(OUT)/qualify-nightly

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := scpi_engine reply_parser bench_file advert listening

# The sanitizers are unstable: a nightly compiler where there is one, else the stable one, asked to
# let them through.
NIGHTLY := $(shell rustup run nightly rustc --version >/dev/null 2>&1 && echo yes)
FUZZ_CARGO := $(if $(NIGHTLY),$(CARGO) +nightly,RUSTC_BOOTSTRAP=1 $(CARGO))

fuzz: ## Each fuzz target for a minute (`cargo install cargo-fuzz`, once)
	cd fuzz && for target in $(FUZZ_TARGETS); do \
	  $(FUZZ_CARGO) fuzz run $$target -- -max_total_time=$(FUZZ_SECONDS) || exit 1; done

interop: ## Third-party drivers against the software instruments (Python and pip needed)
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q -r instruments/interop/requirements.txt
	$(CARGO) build --release -p rig --features sim
	$(VENV)/bin/python instruments/interop/run.py target/release/rig

report: ## Makes the reports of the newest run again
	$(CARGO) run --release -p rig --features sim -- report "$$(ls -td $(OUT)/*/ | head -1)"

report-check: ## A run's reports against others' readers: JUnit, JSON schema, pandas, HTML checker, qpdf, a browser (pip, npm, Java, qpdf, poppler, Chromium)
	python3 -m venv target/report-venv
	target/report-venv/bin/pip install -q -r reports/check/requirements.txt
	npm install --silent --no-save --prefix target/report-venv vnu-jar
	$(CARGO) build -p rig --features sim,pdf,columns,mdf
	rm -rf target/report-check
	target/debug/rig run features/3-system-design --fault pre-alarm-delay-short --out target/report-check/run || test $$? -eq 1
	target/debug/rig report target/report-check/run --pdf
	target/debug/rig verify target/report-check/run
	VNU=target/report-venv/node_modules/vnu-jar/build/dist/vnu.jar \
	  target/report-venv/bin/python reports/check/run.py target/report-check/run target/report-check/pictures

history-check: ## The history in PostgreSQL (RIG_TEST_POSTGRES=postgresql://USER@HOST/DATABASE, which may be written to)
	$(CARGO) test -p rig --features sim,postgres --test rig filing
