/* Invoices as CSV: any rows below a heading of ours are refused or judged, and what was read can be written as UBL and read again. */
#include "tests/fuzz/invoice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char heading[] = "invoice_no,invoice_date,order_no,order_line,service_code,period_start,period_end,quantity,unit,unit_price,net,vat_category,vat_rate\n";
    struct arena *a = arena_create(0);
    struct err e = {{0}};
    struct invoice_verdict v;
    struct buf bytes = {0}, text = {0};
    if (size == 0 || *data != 'i') /* most rows would never find their heading */
        buf_adds(&bytes, heading);
    buf_add(&bytes, (const char *)data, size);
    const struct invoice *inv = invoice_read(a, buf_str(&bytes), INVOICE_EN16931, NULL, &v, &e);
    if (inv && (!invoice_write(inv, &text, &e) || !invoice_read(a, buf_str(&text), INVOICE_EN16931, NULL, &v, &e)))
        abort();
    buf_finish(&bytes);
    buf_finish(&text);
    arena_destroy(&a);
    return 0;
}
