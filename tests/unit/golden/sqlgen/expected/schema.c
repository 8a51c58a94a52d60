/* Made by sqlgen from sql/migrations, sql/functions and sql/views. */
#include "daemon/migrate.h"

const struct migrate_file migrate_files[] = {
    {"migrations", "0001-first", "c120fe28911838ebecd8a1278cd1f6b039c2d15e333bbd1b991158c1619aaefb",
     "CREATE TABLE mc.a (n int); -- \"quoted\"\n"
     "\tSELECT E'\\n';\n"},
    {"migrations", "0002-second", "0f0e1636745bc486a1a9ab2d4da0fed25e317b93d5e6e6451e7fc6bf66a2daf7",
     "CREATE TABLE mc.b (n int);"},
    {"views", "10-v", "5862992cca0e5de5730bb1deec64963336176dd5a3564e579fd6b764d3d323da",
     "CREATE VIEW mc.v AS SELECT 1 AS n;\n"},
    {NULL, NULL, NULL, NULL},
};
const size_t migrate_files_n = 3;
