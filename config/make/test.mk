test: ## every suite, on scratch clusters and free ports
	@config/deps.sh tests
	@tests/run.sh

check: ## unit tests only, with sanitizers: under a minute
	@config/deps.sh tests
	@tests/run.sh unit

lint: ## layers, sizes, forbidden calls, documentation in step, cppcheck
	@config/deps.sh tests lint
	@config/lint.sh

fuzz: ## every fuzzer for an hour (SECONDS=…)
	@config/deps.sh tests
	@tests/fuzz/run.sh $(or $(SECONDS),3600)
