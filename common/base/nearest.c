#include "common/base/nearest.h"

#include <stdint.h>
#include <string.h>

enum { MAX_WORD = 63 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

size_t xcy_edit_distance(const char *a, const char *b)
{
    size_t n = strnlen(a, MAX_WORD);
    size_t m = strnlen(b, MAX_WORD);
    size_t d[3][MAX_WORD + 1]; /* the rows i-2, i-1 and i, modulo 3 */
    for (size_t j = 0; j <= m; j++) {
        d[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *row = d[i % 3];
        const size_t *up = d[(i + 2) % 3];
        const size_t *up2 = d[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = min3(up[j] + 1, row[j - 1] + 1, up[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = row[j] < up2[j - 2] + 1 ? row[j] : up2[j - 2] + 1;
            }
        }
    }
    return d[n % 3][m];
}

const char *xcy_nearest(const char *word, const char *const words[], size_t n)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t distance = xcy_edit_distance(word, words[i]);
        if (distance < best_distance) {
            best = words[i];
            best_distance = distance;
        }
    }
    if (!best) {
        return NULL;
    }
    size_t a = strnlen(word, MAX_WORD); /* as far as the distance looked */
    size_t b = strnlen(best, MAX_WORD);
    return best_distance * 3 <= (a > b ? a : b) ? best : NULL;
}
