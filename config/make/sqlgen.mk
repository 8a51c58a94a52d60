# SQL: sql/queries/ROOM/*.sql -> build/gen/sql/ROOM.{h,c} and the statement table; the schema's own files -> build/gen/schema.c.
SQLGEN_SRCS := $(wildcard sql/gen/*.c) daemon/base/arena.c daemon/base/err.c daemon/base/hash.c daemon/base/text.c
SCHEMA_FILES := $(sort $(wildcard sql/migrations/*.sql)) $(sort $(wildcard sql/functions/*.sql)) $(sort $(wildcard sql/views/*.sql))

build/tools/sqlgen: $(SQLGEN_SRCS) $(wildcard sql/gen/*.h)
	@mkdir -p $(@D)
	$(Q)gcc -std=c17 -D_GNU_SOURCE -I. -O1 -g $(WARN) -o $@ $(SQLGEN_SRCS) -lcrypto

# The stamps carry the time of the last run, because sqlgen leaves files whose content is the same untouched.
# A removed file changes its folder's time, so the folders are prerequisites too.
build/gen/sql.stamp: build/tools/sqlgen $(SQL_FILES) $(wildcard sql/queries sql/queries/*)
	@mkdir -p $(GEN)/sql
	$(Q)build/tools/sqlgen $(GEN)/sql $(SQL_FILES)
	@touch $@

$(GEN_SQL_ROOMS:%=$(GEN)/sql/%.c) $(GEN)/sql/stmts.c: build/gen/sql.stamp
	@:

build/gen/schema.stamp: build/tools/sqlgen $(SCHEMA_FILES) $(wildcard sql/migrations sql/functions sql/views)
	@mkdir -p $(GEN)
	$(Q)build/tools/sqlgen --schema $(GEN)/schema.c $(SCHEMA_FILES)
	@touch $@

$(GEN)/schema.c: build/gen/schema.stamp
	@:
