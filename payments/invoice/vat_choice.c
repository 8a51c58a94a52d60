#include "payments/invoice/vat_choice.h"

#include <stddef.h>

/* An exempt supply needs some tax number of the seller (BR-E-02); without any the supply is outside the scope of VAT. */
struct vat_choice vat_choose(const struct vat_profile *p)
{
    if (!p->is_registered && !(p->is_exempt && p->has_tax_id))
        return (struct vat_choice){"O", NULL, "VATEX-EU-O", "Not subject to VAT", false, false};
    if (p->is_exempt)
        return (struct vat_choice){"E", "0", "VATEX-EU-132-1G", "Exempt: VATA 1994 Schedule 9 Group 7", p->is_registered, !p->is_registered};
    if (p->is_zero_rated)
        return (struct vat_choice){"Z", "0", NULL, NULL, true, false};
    return (struct vat_choice){"S", p->rate ? p->rate : "20", NULL, NULL, true, false};
}
