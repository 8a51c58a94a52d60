# Faults under load (tests/drill), the model of the money and the figures (tests/bench). Small enough for `make test`; larger by option.
build/drill/fault.so: tests/drill/fault.c
	@mkdir -p $(@D)
	$(Q)gcc -std=c17 -D_GNU_SOURCE -O1 -g $(WARN) -shared -fPIC -fno-builtin -o $@ $< -ldl

.PHONY: drill-worker drill-postgres drill-connection drill-disk drill-alloc drill-syscall drill-jobs drill-release gate-slow gate-idle
drill-worker: build ## workers killed under load, back within a second (KILLS=50)
	@node tests/drill/worker.mjs
drill-postgres: build ## PostgreSQL killed under load (KILLS=20)
	@node tests/drill/postgres.mjs
drill-connection: build ## the connection to the database cut, silent, half open (ROUNDS=1)
	@node tests/drill/connection.mjs
drill-disk: build ## the disks of the database full (ROUNDS=1; needs root)
	@node tests/drill/disk.mjs
drill-alloc: build build/drill/fault.so ## failing allocations in a worker (STEP=1: every one)
	@node tests/drill/alloc.mjs
drill-syscall: build build/drill/fault.so ## failing, interrupted and short system calls in a worker, failing ones in jobs (STEP=1: every one)
	@node tests/drill/syscall.mjs
	@FAULT=call STEP=$(or $(STEP),7) node tests/drill/jobs.mjs
drill-jobs: build build/drill/fault.so ## jobs killed at each message to the database
	@node tests/drill/jobs.mjs
drill-release: build ## workers replaced under load: no request lost
	@node tests/drill/release.mjs
gate-slow: build ## slow heads, bodies and readers beside a good client (CLIENTS=2000 ASKS=300)
	@node tests/drill/slow.mjs
gate-idle: build ## memory of idle connections (PLAIN=10000 SECURE=1000)
	@node tests/drill/idle.mjs
export CLIENTS ASKS PLAIN SECURE KILLS PORT ROUNDS MINUTES STEP TRIES LIMIT N SEED CONNECTIONS SECONDS_EACH ENTRIES ENTRIES_MOST

build/release/tests/bench/model: tests/bench/model/run.c tests/bench/model/book.c tests/bench/model/book.h
	@mkdir -p $(@D)
	$(Q)gcc $(BASE_CFLAGS) $(FLAGS_release) -Wno-format-truncation $(PKG_CFLAGS) $(BASE_LDFLAGS) -o $@ $(filter %.c,$^) -lpq -lpthread

.PHONY: model
model: build build/release/tests/bench/model ## random acts on money against a book in memory (N=100000 SEED=1; more in rounds)
	@tests/bench/model.sh

.PHONY: tamper bench-verify bench
tamper: build build/release/tests/bench/model ## plant corruptions in log and ledger: the verifier names every one
	@tests/sql/tamper.sh
bench-verify: build ## rows a second of the verifier (N=100000)
	@tests/bench/verify.sh
asked_for = $(if $(ONLY),$(findstring $(1),$(ONLY)),$(1))
bench: build $(B)/tests/fakebank ## figures as ratios (ONLY=pages,orders,sign-in,search,tls,release,runs,ledger,years,invoices,statements; soak only when asked for SECONDS_EACH=3 ROUNDS=3 ENTRIES=10000 RUN_LINES=50000 LEDGER_ROWS=1000000 INVOICES=300000 MINUTES=60)
	@config/deps.sh bench
	@$(if $(strip $(foreach part,pages orders sign-in search tls,$(call asked_for,$(part)))),node tests/bench/bench.mjs,:)
	@$(if $(call asked_for,release),node tests/drill/release.mjs,:)
	@$(if $(call asked_for,runs),node tests/bench/runs.mjs,:)
	@$(if $(call asked_for,ledger),node tests/bench/ledger.mjs,:)
	@$(if $(call asked_for,years),node tests/bench/years.mjs,:)
	@$(if $(call asked_for,invoices),tests/bench/invoice.sh $(B),:)
	@$(if $(call asked_for,statements),tests/bench/bank.sh $(B),:)
	@$(if $(findstring soak,$(ONLY)),node tests/bench/soak.mjs,:)
