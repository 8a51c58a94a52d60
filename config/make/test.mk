test: ## every suite, on scratch clusters and free ports
	@config/deps.sh tests
	@tests/run.sh

check: ## unit tests only, with sanitizers: under a minute
	@config/deps.sh tests
	@tests/run.sh unit

lint: build ## layers, sizes, forbidden calls, documentation in step, cppcheck
	@config/deps.sh tests lint
	@config/lint.sh

# clang-tidy takes seconds a file: each is asked again only when it, or what is asked, has changed.
TIDY := $(patsubst %.c,build/tidy/%.ok,daemon/main.c $(SRCS) $(wildcard sql/gen/*.c web/gen/*.c))
.PHONY: tidy
tidy: $(TIDY) ## clang-tidy over every file; asks again only what has changed
build/tidy/%.ok: %.c .clang-tidy | gen
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(filter-out -fcf-protection $(WARN) -MMD -MP,$(BASE_CFLAGS)) $(PKG_CFLAGS) 2>$@.log >$@.found && mv $@.found $@ || { cat $@.found; exit 1; }

fuzz: ## every fuzzer for an hour (SECONDS=…)
	@config/deps.sh tests
	@tests/fuzz/run.sh $(or $(SECONDS),3600)
