#include "sandbox/front/signed_at.h"

#include "common/base/error.h"

#include <string.h>
#include <time.h>

/* The last second with a year of four digits. */
static const int64_t last_s = INT64_C(253402300799);

void xcy_signed_at_format(int64_t s, char iso[XCY_SIGNED_AT_BYTES])
{
    time_t t = (time_t)s;
    struct tm tm;
    gmtime_r(&t, &tm);
    size_t n = strftime(iso, XCY_SIGNED_AT_BYTES, "%Y%m%dT%H%M%SZ", &tm);
    xcy_assert(n == XCY_SIGNED_AT_BYTES - 1);
}

static bool parse(const char *text, const char *format, struct xcy_signed_at *at)
{
    struct tm tm = {0};
    const char *end = strptime(text, format, &tm);
    if (!end || *end) {
        return false;
    }
    at->s = (int64_t)timegm(&tm);
    if (at->s < 0 || at->s > last_s) {
        return false;
    }
    xcy_signed_at_format(at->s, at->iso);
    return true;
}

bool xcy_signed_at_parse_iso(const char *text, struct xcy_signed_at *at)
{
    struct xcy_signed_at read;
    if (!parse(text, "%Y%m%dT%H%M%SZ", &read) || strcmp(text, read.iso) != 0) {
        return false;
    }
    *at = read;
    return true;
}

bool xcy_signed_at_parse_http(const char *text, struct xcy_signed_at *at)
{
    return parse(text, "%a, %d %b %Y %H:%M:%S GMT", at);
}
