/* What the fuzzers of both syntaxes ask; their corpora differ. */
#ifndef TESTS_FUZZ_INVOICE_H
#define TESTS_FUZZ_INVOICE_H

#include <stdint.h>
#include <stdlib.h>

#include "daemon/base/arena.h"
#include "daemon/base/xml.h"
#include "payments/invoice/invoice.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    xml_init();
    return 0;
}

/* Any bytes are refused or judged; what was read, written as UBL or JSON, can be read again. */
static inline int fuzz_invoice(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct invoice_verdict v;
    struct buf text = {0}, json = {0};
    struct invoice *inv = invoice_read(a, (struct str){(const char *)data, size}, INVOICE_PEPPOL, NULL, &v, &e);
    if (inv) {
        invoice_write_findings(&v, &json);
        json.n = 0;
        invoice_write_json(inv, &json);
        if (!invoice_parse_json(a, buf_str(&json), &e))
            abort();
        if (invoice_write(inv, &text, &e) && !invoice_read(a, buf_str(&text), INVOICE_EN16931, NULL, &v, &e))
            abort();
    }
    buf_finish(&json);
    buf_finish(&text);
    arena_destroy(&a);
    return 0;
}

#endif
