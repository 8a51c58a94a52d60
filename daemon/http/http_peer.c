#include <arpa/inet.h>
#include <string.h>

#include "daemon/http/http_private.h"

bool peer_is_proxy(const struct http_config *config, struct str address)
{
    for (size_t i = 0; i < config->proxies_n; i++)
        if (str_equal(config->proxies[i], address))
            return true;
    return false;
}

/* Takes the last entry off a comma list; false when there is none. */
static bool last_entry(struct str *list, struct str *ret_entry)
{
    if (!list->n)
        return false;
    size_t at = list->n;
    while (at && list->p[at - 1] != ',')
        at--;
    *ret_entry = str_trim((struct str){list->p + at, list->n - at});
    list->n = at ? at - 1 : 0;
    return true;
}

bool peer_write(int family, const void *bytes, char *out, size_t n)
{
    if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes)) {
        family = AF_INET;
        bytes = (const unsigned char *)bytes + 12;
    }
    return inet_ntop(family, bytes, out, (socklen_t)n) != NULL;
}

/* One spelling an address: per-address counts must not depend on how a proxy writes it. */
static bool normal_address(struct str text, char *out, size_t n)
{
    struct in6_addr bytes;
    char copy[46];
    if (!text.n || text.n >= sizeof copy)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    int family = strchr(copy, ':') ? AF_INET6 : AF_INET;
    return inet_pton(family, copy, &bytes) == 1 && peer_write(family, &bytes, out, n);
}

void peer_network(char *peer, size_t n)
{
    struct in6_addr bytes;
    if (inet_pton(AF_INET6, peer, &bytes) != 1)
        return;
    memset(bytes.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &bytes, peer, (socklen_t)n);
}

void peer_forwarded(const struct http_config *config, const struct http_field *fields, size_t n, char *peer, size_t peer_n)
{
    struct str list = STR(""), entry;
    if (!peer_is_proxy(config, str_of(peer)))
        return;
    for (size_t i = 0; i < n; i++)
        if (str_is(fields[i].name, "x-forwarded-for"))
            list = fields[i].value;
    char address[46];
    while (last_entry(&list, &entry) && normal_address(entry, address, sizeof address)) {
        memcpy(peer, address, peer_n < sizeof address ? peer_n : sizeof address);
        if (!peer_is_proxy(config, str_of(address)))
            return;
    }
}
