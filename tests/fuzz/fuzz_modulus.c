/* A table of weights, a line of substitutions behind an empty line, and the accounts that it is asked about: reading ends, and an answer is always one of three. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "payments/bank/modulus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const accounts[][2] = {{"990000", "12345672"}, {"99-05-00", "4000 0011"}, {"990900", "10000003"}, {"", ""}, {"99000", "1234567X"}};
    struct str weights = {(const char *)data, size}, substitutions = STR("");
    for (size_t i = 0; i + 1 < size; i++)
        if (data[i] == '\n' && data[i + 1] == '\n') {
            weights.n = i + 1;
            substitutions = (struct str){weights.p + i + 2, size - i - 2};
            break;
        }
    struct arena *a = arena_create(0);
    struct err e = {""};
    const struct modulus_table *t = modulus_load(a, weights, substitutions, &e);
    if (!t && !e.text[0])
        abort();
    for (size_t i = 0; t && i < sizeof accounts / sizeof *accounts; i++) {
        enum modulus_answer answer = modulus_check(t, accounts[i][0], accounts[i][1]);
        if (answer != MODULUS_UNCHECKED && answer != MODULUS_VALID && answer != MODULUS_INVALID)
            abort();
        if (i >= 3 && answer != MODULUS_INVALID)
            abort();
    }
    arena_destroy(&a);
    return 0;
}
