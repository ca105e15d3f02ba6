#include "common/aws/timestamp.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

/* The last second with a year of four digits. */
static const int64_t last_s = INT64_C(253402300799);
/* The last whole one that nanoseconds in 64 bits can tell. */
static const int64_t last_told_s = INT64_C(9223372035);

static bool set(int64_t s, struct xcy_wall *at)
{
    if (s < 0 || s > last_s) {
        return false;
    }
    at->ns = (s < last_told_s ? s : last_told_s) * XCY_NS_PER_S;
    return true;
}

static bool is_two_digits(const char *p)
{
    return isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1]);
}

/* "Z", "+01:00", "-0130": seconds east of Greenwich. */
static bool parse_zone(const char *p, int64_t *east_s)
{
    if (strcmp(p, "Z") == 0) {
        *east_s = 0;
        return true;
    }
    if ((*p != '+' && *p != '-') || !is_two_digits(p + 1)) {
        return false;
    }
    const char *minutes = p[3] == ':' ? p + 4 : p + 3;
    if (!is_two_digits(minutes) || minutes[2] != '\0') {
        return false;
    }
    int64_t h = (p[1] - '0') * 10 + (p[2] - '0');
    int64_t m = (minutes[0] - '0') * 10 + (minutes[1] - '0');
    *east_s = (*p == '-' ? -1 : 1) * (h * 3600 + m * 60);
    return h < 24 && m < 60;
}

/* ".25": *p goes behind it. */
static int64_t parse_fraction(const char **p)
{
    int64_t ns = 0;
    int64_t unit_ns = XCY_NS_PER_S / 10;
    for ((*p)++; isdigit((unsigned char)**p); (*p)++) {
        ns += (**p - '0') * unit_ns;
        unit_ns /= 10;
    }
    return ns;
}

bool xcy_timestamp_parse_iso(const char *text, struct xcy_wall *at)
{
    struct tm tm = {0};
    int64_t east_s = 0;
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!end) {
        return false;
    }
    int64_t fraction_ns = 0;
    if (*end == '.' && isdigit((unsigned char)end[1])) {
        fraction_ns = parse_fraction(&end);
    }
    if (!parse_zone(end, &east_s) || !set((int64_t)timegm(&tm) - east_s, at)) {
        return false;
    }
    at->ns += fraction_ns;
    return true;
}

bool xcy_timestamp_parse_http(const char *text, struct xcy_wall *at)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    return end && *end == '\0' && set((int64_t)timegm(&tm), at);
}
