/* What sqlgen would make of golden_lines.sql; kept by hand so that the test of one generator does not need the other. */
#ifndef SQL_GOLDEN_H
#define SQL_GOLDEN_H

#include <stdbool.h>
#include <stdint.h>

struct sql_golden_lines_row {
    const char *ref, *title;
    int64_t price;
    bool price_null;
    int32_t n;
    bool n_null;
    int32_t ends;
    bool paid, paid_null;
    double share;
    bool share_null;
};

#endif
