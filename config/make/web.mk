# Style, script and icons: npm (only when the lock file changed) -> build/assets -> build/gen/assets.c. The order of ASSETS matters:
# a file may name those before it.
ASSETS := build/assets/favicon.svg build/assets/app.css build/assets/boot.js build/assets/govuk-frontend.js build/assets/app.js build/assets/openreferral.json
GOVUK := web/node_modules/govuk-frontend/dist/govuk

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

build/assets/app.css: web/static/app.scss web/static/_settings.scss web/node_modules/.package-lock.json
	@mkdir -p $(@D)
	cd web && node_modules/.bin/sass --style=compressed --no-source-map --quiet-deps --load-path=node_modules static/app.scss ../$@

build/assets/govuk-frontend.js: web/node_modules/.package-lock.json
	@mkdir -p $(@D)
	sed '/^\/\/# sourceMappingURL=/d' $(GOVUK)/govuk-frontend.min.js >$@

build/assets/%: web/static/%
	@mkdir -p $(@D)
	cp $< $@

build/tools/assetgen: web/gen/assetgen.c daemon/base/arena.c daemon/base/text.c daemon/base/hash.c
	@mkdir -p $(@D)
	@gcc -std=c17 -D_GNU_SOURCE -I. -O1 -g $(WARN) -o $@ $^ -lbrotlienc -lz -lcrypto

$(GEN)/assets.c: build/tools/assetgen $(ASSETS)
	@mkdir -p $(@D)
	@build/tools/assetgen $@ $(ASSETS)
