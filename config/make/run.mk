run: ## install what is missing, build, and serve the demonstration town on http://localhost:8080 (PORT=…)
	@config/deps.sh
	@$(MAKE) --no-print-directory build build/release/tests/fakebank
	@PORT=$(PORT) config/run.sh

demo-reset: ## start the demonstration town afresh
	@config/deps.sh
	@$(MAKE) --no-print-directory build
	@config/run.sh reset
