#ifndef XCY_SANDBOX_FRONT_SIGNED_AT_H
#define XCY_SANDBOX_FRONT_SIGNED_AT_H

/*
 * signed_at.h - the instant a request says it was signed at.
 *
 * Units:    seconds since 1970.
 * Threads:  safe.
 */

#include <stdbool.h>
#include <stdint.h>

enum { XCY_SIGNED_AT_BYTES = 17 }; /* 20150830T123600Z and a zero */

struct xcy_signed_at {
    char iso[XCY_SIGNED_AT_BYTES]; /* as X-Amz-Date writes it, however it came */
    int64_t s;
};

/* False when the text is not of the form: 20150830T123600Z, or Sun, 30 Aug 2015 12:36:00 GMT. */
bool xcy_signed_at_parse_iso(const char *text, struct xcy_signed_at *at);
bool xcy_signed_at_parse_http(const char *text, struct xcy_signed_at *at);

void xcy_signed_at_format(int64_t s, char iso[XCY_SIGNED_AT_BYTES]);

#endif
