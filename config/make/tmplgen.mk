# HTML: web/templates/ROOM/*.html -> build/gen/tmpl/ROOM.{h,c}. The generator reads the SQL headers for the types of `rows … of QUERY`.
TMPLGEN_SRCS := $(wildcard web/gen/tmpl*.c) daemon/base/arena.c daemon/base/text.c
build/tools/tmplgen: $(TMPLGEN_SRCS) web/gen/tmplgen.h
	@mkdir -p $(@D)
	gcc -std=c17 -D_GNU_SOURCE -I. -O1 -g $(WARN) -o $@ $(TMPLGEN_SRCS) -lcrypto

$(GEN_TMPL_ROOMS:%=$(GEN)/tmpl/%.c) &: build/tools/tmplgen $(TMPL_FILES) $(SQL_FILES)
	@mkdir -p $(GEN)/tmpl
	build/tools/tmplgen $(GEN)/tmpl sql/queries $(TMPL_FILES)
