#include "tests/fuzz/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size}, text = str_trim(in);
    return text.n && text.p[0] != '<' && text.p[0] != ':' && text.p[0] != '{' ? fuzz_statement(in) : 0;
}
