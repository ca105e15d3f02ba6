#ifndef XCY_NET_PLACE_H
#define XCY_NET_PLACE_H

/*
 * place.h - where a URL leads to, as libcurl reads it: it takes "127.1", "0x7f.1" and "2130706433"
 * for 127.0.0.1, and who asks whether that is this machine must do likewise.
 *
 * Threads:  safe.
 */

#include <stdbool.h>
#include <stdint.h>

struct xcy_place {
    char host[256]; /* IPv6 without brackets and zone */
    uint16_t port;  /* also where only the scheme implies it */
    /* 127.0.0.0/8, ::1, these mapped into IPv6, the address of no one (it leads here, too), localhost
     * and what ends in ".localhost" (libcurl asks nobody about those) */
    bool is_this_machine;
};

/* False for what is no http:// or https:// URL, or has a user name. */
bool xcy_place_of(const char *url, struct xcy_place *place);

#endif
