#include "daemon/jobs_unit.h"

#include <string.h>

#include "sql/jobs.h"

struct db_unit *jobs_unit(struct arena *a, int council)
{
    struct db_unit *u = db_unit_create(a);
    sql_jobs_enter_add(u, &(struct sql_jobs_enter_params){.council_id = council, .organisation_id_null = true});
    return u;
}

const char *jobs_unit_refusal(const struct db_unit *u)
{
    static const char unfit[] = "an amount, a date or a quantity in the file is missing or does not fit";
    const struct db_result *r = db_unit_result(u);
    if (r->outcome != DB_FAILED)
        return NULL;
    if (strncmp(r->sqlstate, "MC", 2) == 0)
        return r->message ? r->message : unfit;
    return strncmp(r->sqlstate, "22", 2) == 0 ? unfit : NULL;
}
