# HTML: web/templates/ROOM/*.html -> build/gen/tmpl/ROOM.{h,c}. The generator reads the SQL headers for the types of `rows … of QUERY`.
build/tools/tmplgen: web/gen/tmplgen.c
	@mkdir -p $(@D)
	gcc -std=c17 -D_GNU_SOURCE -O1 -g $(WARN) -o $@ $<

$(GEN_TMPL_ROOMS:%=$(GEN)/tmpl/%.c) &: build/tools/tmplgen $(TMPL_FILES) $(SQL_FILES)
	@mkdir -p $(GEN)/tmpl
	build/tools/tmplgen $(GEN)/tmpl sql/queries $(TMPL_FILES)
