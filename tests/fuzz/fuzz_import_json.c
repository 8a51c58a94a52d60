/* Any bytes as another directory's JSON, read with a fixed mapping. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "catalogue/import_rows.h"

#define MAP                                                                                                                            \
    "source = x\nkind = community\ncategory = food\ncategory when {t[].t.n} has soup = mind\nleave out when {s} = gone\nkey = {id}\n"      \
    "name = {n:plain}\ndescription = {d:plain}\nphone = {p.n}\nemail = {e}\nweb = {w}\npostcode = {a.l.a.p}\nlatitude = {a.l.x}\nlongitude = {a.l.y}\n" \
    "opens = {h.o}\nhours = {h[]}\nminimum_age = {i}\nmaximum_age = {j}\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf in = {0}, file = {0}, out = {0};
    struct err e;
    if (!size || (*data != '{' && *data != '['))
        buf_addc(&file, '['); /* what is no JSON at all is fuzz_import_csv's */
    buf_add(&file, data, size);
    import_pack(&in, STR(MAP), buf_str(&file));
    if (import_read_entries(buf_str(&in), &out, &e) && out.n && !text_is_utf8(out.p, out.n))
        abort(); /* what goes to COPY is always UTF-8 */
    buf_finish(&in);
    buf_finish(&file);
    buf_finish(&out);
    return 0;
}
