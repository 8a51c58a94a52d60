#include "daemon/jobs_unit.h"

#include "sql/jobs.h"

struct db_unit *jobs_unit(struct arena *a, int council)
{
    struct db_unit *u = db_unit_create(a);
    sql_jobs_enter_add(u, &(struct sql_jobs_enter_params){.council_id = council, .organisation_id_null = true});
    return u;
}
