# The gates: who may see what, and how the program is built and run. Each is a suite of `make test` too; these run one alone.
.PHONY: gate-tenants gate-access gate-csrf gate-http-proxy gate-hardening gate-tls valgrind-story
gate-tenants: build ## councils are apart: catalog, and both belts alone (MC_TENANT_VALUES=…)
	MC_SCRATCH=build/scratch-gates tests/sql/run.sh tests/sql/90-tenants.sql
	node --test tests/e2e/tenants.test.mjs

gate-access: build ## every route as every actor, agreed prices, mandates (MC_CRAWL=pages)
	node --test tests/e2e/access.test.mjs

gate-csrf: build ## forged forms, headers, sessions, passwords, links
	node --test tests/e2e/csrf.test.mjs

gate-http-proxy: build ## raw requests directly and behind nginx and haproxy (MC_TRIALS=…)
	node --test tests/e2e/http_proxy.test.mjs

gate-hardening: build ## build flags, systemd sandbox, alerts, manual, metrics
	node --test tests/e2e/hardening.test.mjs

# These two take minutes and tools that may not be there: they are no suites of `make test`, and say that they were skipped.
gate-tls: build ## testssl.sh finds nothing above low
	@config/deps.sh proof || true
	@node tests/drill/testssl.mjs

valgrind-story: ## the story under valgrind: no error, nothing lost for good (three minutes)
	@config/deps.sh tests proof || true
	@$(MAKE) --no-print-directory -s VARIANT=valgrind build
	@tests/drill/valgrind_story.sh
