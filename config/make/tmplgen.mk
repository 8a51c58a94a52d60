# HTML: web/templates/ROOM/*.html -> build/gen/tmpl/ROOM.{h,c}. The generator reads the SQL headers for the types of `rows … of QUERY`.
TMPLGEN_SRCS := $(wildcard web/gen/tmpl*.c) daemon/base/arena.c daemon/base/text.c
build/tools/tmplgen: $(TMPLGEN_SRCS) web/gen/tmplgen.h
	@mkdir -p $(@D)
	gcc -std=c17 -D_GNU_SOURCE -I. -O1 -g $(WARN) -o $@ $(TMPLGEN_SRCS) -lcrypto

$(GEN_TMPL_ROOMS:%=$(GEN)/tmpl/%.c) &: build/tools/tmplgen $(TMPL_FILES) $(SQL_FILES)
	@mkdir -p $(GEN)/tmpl
	build/tools/tmplgen $(GEN)/tmpl sql/queries $(TMPL_FILES)

# The golden templates of the tests are compiled apart from the product's.
GOLDEN := tests/unit/golden/tmplgen
build/gen-test/tmpl/golden.c: build/tools/tmplgen $(wildcard $(GOLDEN)/golden/*.html $(GOLDEN)/sql/*/*.sql)
	@mkdir -p $(@D)
	build/tools/tmplgen $(@D) $(GOLDEN)/sql $(wildcard $(GOLDEN)/golden/*.html)

$(B)/tests/test_tmpl: build/gen-test/tmpl/golden.c
$(B)/tests/test_tmpl: BASE_CFLAGS += -Ibuild/gen-test -I$(GOLDEN)/include
