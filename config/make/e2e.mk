# Journeys in a browser: tests/e2e. `make test` runs them all; these are for looking.
PICTURES ?= build/screenshots

.PHONY: screenshots
screenshots: $(B)/marketcross web/node_modules/.package-lock.json ## pictures of the demonstration town (PICTURES=folder)
	node tests/e2e/screenshots.mjs $(PICTURES)
