# SQL: sql/queries/ROOM/*.sql -> build/gen/sql/ROOM.{h,c} and the statement table.
build/tools/sqlgen: sql/gen/sqlgen.c
	@mkdir -p $(@D)
	gcc -std=c17 -D_GNU_SOURCE -O1 -g $(WARN) -o $@ $<

$(GEN_SQL_ROOMS:%=$(GEN)/sql/%.c) $(GEN)/sql/stmts.c &: build/tools/sqlgen $(SQL_FILES)
	@mkdir -p $(GEN)/sql
	build/tools/sqlgen $(GEN)/sql $(SQL_FILES)
