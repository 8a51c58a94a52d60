/* UBL invoices and credit notes. */
#include "tests/fuzz/invoice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_invoice(data, size);
}
