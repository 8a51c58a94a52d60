#include <stdio.h>
#include <string.h>

#include "daemon/base/id.h"
#include "tests/fakebank/fakebank.h"

static const char *const first_names[] = {"John",  "Jane",   "Amara", "Peter", "Susan", "Imran", "Grace", "Wei",    "Olu",    "Maria", "Tom",
                                          "Priya", "Robert", "Joan",  "Sam",   "Helen", "Derek", "Nadia", "Kwame",  "Elsie",  "Ivor",  "Bronwen",
                                          "Asif",  "Lucy",   "Frank", "Mabel", "Ravi",  "Doris", "Callum", "Yasmin", "Hugh", "Beryl"};
static const char *const last_names[] = {"Smith",   "Jones",  "Patel",    "Brown",   "Khan",   "Taylor", "Okafor",  "Davies", "Evans",  "Begum",
                                         "Wilson",  "Thomas", "Roberts",  "Ahmed",   "Walker", "Wright", "Singh",   "Green",  "Hall",   "Clarke",
                                         "Osborne", "Mensah", "Fletcher", "Kowalski", "Nguyen", "Barker", "Whitby", "Ibrahim", "Lister", "Penrose"};
static const char *const firm_words[] = {"Willow", "Harbour", "Meadow", "Brightside", "Oakfield", "Lantern", "Riverside", "Kestrel", "Foxglove", "Beacon"};
static const char *const firm_trades[] = {"Care", "Support", "Day Centre", "Transport", "Gardening", "Music Sessions", "Meals", "Home Help"};

#define PICK(w, list) list[fb_below(w, sizeof list / sizeof *list)]

/* splitmix64: small, and the same everywhere. */
uint64_t fb_random(struct fb_world *w)
{
    uint64_t z = w->random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

size_t fb_below(struct fb_world *w, size_t n)
{
    return (size_t)(fb_random(w) % n);
}

bool fb_percent(struct fb_world *w, unsigned percent)
{
    return fb_below(w, 100) < percent;
}

unsigned fb_share(const struct fb_world *w, enum fb_class class, unsigned percent)
{
    unsigned share = w->times > 1 && w->loud == class ? percent * w->times : percent;
    return share < 90 ? share : 90;
}

/* The check character as daemon/base/id.h describes it: found by trying, so that the rule is not written twice. */
const char *fb_reference(struct fb_world *w)
{
    static const char alphabet[] = ID_ALPHABET;
    char c[9] = "";
    for (int i = 0; i < 7; i++)
        c[i] = alphabet[fb_below(w, sizeof alphabet - 1)];
    for (const char *last = alphabet; *last; last++) {
        c[7] = *last;
        if (id_ref_read(w->a, (struct str){c, 8}))
            return arena_printf(w->a, "MC%s", c);
    }
    return "";
}

const char *fb_typo(struct fb_world *w, const char *reference, size_t edits)
{
    static const char letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ2345678901O";
    char *out = arena_alloc(w->a, strlen(reference) + 4);
    memcpy(out, reference, strlen(reference));
    for (size_t k = 0; k < edits; k++) {
        size_t n = strlen(out), at = 2 + fb_below(w, n - 2);
        char was = out[at];
        switch (fb_below(w, 3)) {
        case 0:
            while (out[at] == was)
                out[at] = letters[fb_below(w, sizeof letters - 1)];
            break;
        case 1:
            memmove(out + at, out + at + 1, n - at);
            break;
        default:
            if (at + 1 < n) {
                out[at] = out[at + 1];
                out[at + 1] = was;
            }
        }
    }
    return out;
}

const char *fb_person(struct fb_world *w)
{
    const char *first = PICK(w, first_names), *last = PICK(w, last_names);
    if (fb_percent(w, 40))
        return arena_printf(w->a, "%s %s %s", first, PICK(w, first_names), last);
    if (fb_percent(w, 30))
        return arena_printf(w->a, "%s %s-%s", first, last, PICK(w, last_names));
    return arena_printf(w->a, "%s %s", first, last);
}

const char *fb_firm(struct fb_world *w)
{
    return arena_printf(w->a, "%s %s %zu Ltd", PICK(w, firm_words), PICK(w, firm_trades), 1 + fb_below(w, 900));
}

const char *fb_account(struct fb_world *w)
{
    return arena_printf(w->a, "%06zu%08zu", 100000 + fb_below(w, 890000), 10000000 + fb_below(w, 89999999));
}

/* MR J SMITH, SMITH J, JOHN SMITH, cut at 18. */
const char *fb_name_as_written(struct fb_world *w, const char *name)
{
    const char *last = strrchr(name, ' ') ? strrchr(name, ' ') + 1 : name;
    switch (fb_below(w, 4)) {
    case 0:
        return arena_printf(w->a, "MR %c %s", name[0], last);
    case 1:
        return arena_printf(w->a, "%s %c", last, name[0]);
    case 2:
        return arena_printf(w->a, "%.18s", name);
    default:
        return name;
    }
}
