#include "payments/facts.h"

#include "daemon/base/arena.h"
#include "daemon/base/json.h"

const char *facts_json(struct arena *a, const struct fact *facts, size_t n)
{
    struct buf b = {0};
    const char *between = "";
    buf_addc(&b, '{');
    for (size_t i = 0; i < n; i++) {
        if (text_is_empty(facts[i].value))
            continue;
        buf_addf(&b, "%s\"%s\":", between, facts[i].name);
        json_write_text(&b, facts[i].value);
        between = ",";
    }
    buf_addc(&b, '}');
    const char *text = str_dup(a, buf_str(&b));
    buf_finish(&b);
    return text;
}
