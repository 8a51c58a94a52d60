/* Any bytes as a published list, read with a fixed mapping, and as postcodes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "catalogue/import_rows.h"

#define MAP                                                                                                                          \
    "source = x\nkind = community\ncategory = food\ncategory when {c} has soup = mind\nkey = {a}\nname = {b}\nsummary = {c:list} {d:date}\n" \
    "description = {d}\nphone = {e}\ncontact = {f}\nweb = {g}\npostcode = {h}\nlatitude = {i}\nlongitude = {j}\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf in = {0}, file = {0}, out = {0};
    struct err e;
    buf_adds(&file, "a,b,c,d,e,f,g,h,i,j\n");
    buf_add(&file, data, size);
    import_pack(&in, STR(MAP), buf_str(&file));
    if (import_read_entries(buf_str(&in), &out, &e) && out.n && !text_is_utf8(out.p, out.n))
        abort(); /* what goes to COPY is always UTF-8 */
    import_read_postcodes((struct str){(const char *)data, size}, &out, &e);
    buf_finish(&in);
    buf_finish(&file);
    buf_finish(&out);
    return 0;
}
