#include "tests/fuzz/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size};
    return str_starts(in, ":20:") ? fuzz_statement(in) : 0;
}
