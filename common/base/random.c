#include "common/base/random.h"

#include "common/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

void xcy_random_bytes(void *to, size_t n)
{
    unsigned char *at = to;
    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0) {
            xcy_assert(errno == EINTR);
            continue;
        }
        at += got;
        n -= (size_t)got;
    }
}

void xcy_random_hex(char *to, size_t n)
{
    xcy_assert(n % 2 == 0);
    static const char digits[] = "0123456789abcdef";
    unsigned char *bytes = (unsigned char *)to + n / 2; /* the upper half holds them till written */
    xcy_random_bytes(bytes, n / 2);
    for (size_t i = 0; i < n / 2; i++) {
        unsigned char byte = bytes[i];
        to[2 * i] = digits[byte >> 4];
        to[2 * i + 1] = digits[byte & 15];
    }
    to[n] = '\0';
}

void xcy_random_uuid(char to[37])
{
    char hex[33];
    xcy_random_hex(hex, 32);
    hex[12] = '4';
    hex[16] = "89ab"[hex[16] & 3];
    snprintf(to, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

uint64_t xcy_random_seed(void)
{
    uint64_t seed;
    xcy_random_bytes(&seed, sizeof seed);
    return seed >> 11; /* fits a double, so that it survives JSON and YAML readers */
}
