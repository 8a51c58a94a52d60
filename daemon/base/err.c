#include "daemon/base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct err_info registry[ERR_COUNT] = {
#define ERROR(symbol, status, name, title, advice, level) [symbol] = {symbol, status, name, title, advice, level},
#include "daemon/base/errors.def"
#undef ERROR
};

const struct err_info *err_info(enum err_code code)
{
    return &registry[code < ERR_COUNT ? code : ERR_INTERNAL];
}

bool (err_set)(struct err *e, const char *fmt, ...)
{
    if (!e)
        return false;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    return false;
}
