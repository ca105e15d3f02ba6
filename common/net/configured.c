#include "common/net/configured.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

bool xcy_endpoints_are_ignored(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables */
    const char *text = getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    return text && strcasecmp(text, "true") == 0;
}

void xcy_configured_name(const char *service, char to[64])
{
    snprintf(to, 64, "AWS_ENDPOINT_URL%s%.40s", service ? "_" : "", service ? service : "");
    for (char *p = to; *p; p++) {
        *p = (char)toupper((unsigned char)*p);
        if (*p == '-') {
            *p = '_';
        }
    }
}

const char *xcy_configured_endpoint(const char *service)
{
    char name[64];
    xcy_configured_name(service, name);
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return text && *text && !xcy_endpoints_are_ignored() ? text : NULL;
}
