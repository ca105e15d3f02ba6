#include "common/net/place.h"

#include "common/base/mem.h"
#include "common/net/rules.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_own_v4(const struct in_addr *address)
{
    uint32_t host = ntohl(address->s_addr);
    return host >> 24 == 127 || host == INADDR_ANY;
}

static bool is_own_v6(const struct in6_addr *address)
{
    struct in_addr v4;
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        memcpy(&v4, &address->s6_addr[12], sizeof v4);
        return is_own_v4(&v4);
    }
    return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address);
}

/* "localhost", "Sub.LocalHost.": the point at the end only says that the name is whole. */
static bool is_localhost(const char *host)
{
    static const char name[] = "localhost";
    size_t n = sizeof name - 1;
    size_t len = strlen(host);
    len -= len > 0 && host[len - 1] == '.';
    return len >= n && strncasecmp(host + len - n, name, n) == 0 &&
           (len == n || host[len - n - 1] == '.');
}

static bool is_this_machine(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1) {
        return is_own_v4(&v4);
    }
    if (inet_pton(AF_INET6, host, &v6) == 1) {
        return is_own_v6(&v6);
    }
    return is_localhost(host);
}

/* Brackets are not part of an address. */
static bool copy_host(const char *host, struct xcy_place *place)
{
    size_t len = strlen(host);
    bool has_brackets = len > 2 && host[0] == '[' && host[len - 1] == ']';
    host += has_brackets;
    len -= has_brackets ? 2 : 0;
    if (len == 0 || len >= sizeof place->host) {
        return false;
    }
    snprintf(place->host, sizeof place->host, "%.*s", (int)len, host);
    return true;
}

static bool read_parts(CURLU *parsed, struct xcy_place *place)
{
    char *host = NULL;
    char *port = NULL;
    bool is_read = curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                   curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                   copy_host(host, place);
    if (is_read) {
        place->port = (uint16_t)strtoul(port, NULL, 10); /* libcurl checked it */
        place->is_this_machine = is_this_machine(place->host);
    }
    curl_free(host);
    curl_free(port);
    return is_read;
}

bool xcy_place_of(const char *url, struct xcy_place *place)
{
    if (xcy_rules_authority(url).len == 0) { /* libcurl reads "http:///a" as "http://a" */
        return false;
    }
    CURLU *parsed = curl_url();
    xcy_assert(parsed != NULL);
    bool is_known = curl_url_set(parsed, CURLUPART_URL, url,
                                 CURLU_PATH_AS_IS | CURLU_DISALLOW_USER) == CURLUE_OK &&
                    read_parts(parsed, place);
    curl_url_cleanup(parsed);
    return is_known;
}
