#include "payments/invoice/judge.h"
static const struct context contexts[] = {{"/", NULL, 0, NULL}};
const struct pattern pattern_cii_model = PATTERN(contexts), pattern_cii_syntax = PATTERN(contexts), pattern_cii_codes = PATTERN(contexts);
