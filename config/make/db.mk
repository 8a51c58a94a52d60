# The database room and the migration runner against a scratch cluster, and every named query against the migrated schema.
DB_TESTS := $(patsubst tests/sql/%.c,$(B)/tests/sql/%,$(wildcard tests/sql/test_*.c))

$(B)/tests/sql/%: tests/sql/%.c $(LIB)
	@mkdir -p $(@D)
	$(Q)$(VCC) $(VCFLAGS) $(VLDFLAGS) -o $@ $< $(LIB) -lcmocka $(PKG_LIBS)

.PHONY: test-db check-sql
test-db: $(B)/marketcross $(DB_TESTS) $(B)/tests/sql/check_sql ## pool, sessions and migration on a scratch cluster, then check-sql
	tests/sql/run_c.sh $(B)/marketcross tests/sql/migrate.sh tests/sql/holidays.sh tests/sql/register.sh $(DB_TESTS) $(B)/tests/sql/check_sql

check-sql: $(B)/marketcross $(B)/tests/sql/check_sql ## prepare every named query on the migrated schema and compare types
	tests/sql/run_c.sh $(B)/marketcross $(B)/tests/sql/check_sql
