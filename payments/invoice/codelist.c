#include "payments/invoice/codelist.h"

#include <string.h>

bool code_is_in(const struct code_list *list, const char *code)
{
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(code, list->codes[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
