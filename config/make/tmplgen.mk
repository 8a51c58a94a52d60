# HTML: web/templates/ROOM/*.html -> build/gen/tmpl/ROOM.{h,c}. The generator reads the SQL headers for the types of `rows … of QUERY`.
TMPLGEN_SRCS := $(wildcard web/gen/tmpl*.c) daemon/base/arena.c daemon/base/text.c
build/tools/tmplgen: $(TMPLGEN_SRCS) web/gen/tmplgen.h
	@mkdir -p $(@D)
	@gcc -std=c17 -D_GNU_SOURCE -I. -O1 -g $(WARN) -o $@ $(TMPLGEN_SRCS) -lcrypto

$(GEN_TMPL_ROOMS:%=$(GEN)/tmpl/%.c) &: build/tools/tmplgen $(TMPL_FILES) $(SQL_FILES)
	@mkdir -p $(GEN)/tmpl
	@build/tools/tmplgen $(GEN)/tmpl sql/queries $(TMPL_FILES)

# The golden templates of the tests are compiled apart from the product's; they include its partials.
GOLDEN := tests/unit/golden/tmplgen
GOLDEN_TMPL := $(wildcard $(GOLDEN)/golden/*.html web/templates/partials/*.html)
build/gen-test/tmpl/golden.c: build/tools/tmplgen $(GOLDEN_TMPL) $(wildcard $(GOLDEN)/sql/*/*.sql)
	@mkdir -p $(@D)
	@build/tools/tmplgen $(@D) $(GOLDEN)/sql $(GOLDEN_TMPL)
	@touch $@

GOLDEN_TESTS := $(B)/tests/test_tmpl $(B)/tests/test_shell
$(GOLDEN_TESTS): build/gen-test/tmpl/golden.c
$(GOLDEN_TESTS): private BASE_CFLAGS += -Ibuild/gen-test -I$(GOLDEN)/include
