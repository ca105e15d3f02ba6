#include "common/base/names.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_PLACES = 16 };
static const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);

struct xcy_names {
    char **texts;
    size_t n;
    size_t *places;  /* number + 1 of who hashes to it or stands behind; 0: free. A power of two */
    size_t n_places; /* at least twice n */
};

struct xcy_names *xcy_names_new(void)
{
    struct xcy_names *names = xcy_alloc(sizeof *names);
    names->n_places = LEAST_PLACES;
    names->places = xcy_alloc_array(LEAST_PLACES, sizeof *names->places);
    names->texts = xcy_alloc_array(LEAST_PLACES / 2, sizeof *names->texts);
    return names;
}

void xcy_names_free(struct xcy_names *names)
{
    if (!names) {
        return;
    }
    for (size_t i = 0; i < names->n; i++) {
        free(names->texts[i]);
    }
    free(names->texts);
    free(names->places);
    free(names);
}

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * odd;
    return h ^ h >> 32;
}

/* Eight bytes at a time, mixed by a multiplication with an odd constant. */
static uint64_t hash(const char *text)
{
    uint64_t h = odd;
    uint64_t word = 0;
    size_t left = strlen(text);
    for (; left >= sizeof word; left -= sizeof word) {
        memcpy(&word, text, sizeof word);
        h = mix(h, word);
        text += sizeof word;
    }
    for (word = 0; left > 0; left--) {
        word = word << 8 | (unsigned char)*text++;
    }
    return mix(h, word);
}

/* Where the text stands, or could. */
static size_t place_of(const struct xcy_names *names, const char *text)
{
    size_t place = (size_t)hash(text) & (names->n_places - 1);
    while (names->places[place] > 0 && strcmp(names->texts[names->places[place] - 1], text) != 0) {
        place = (place + 1) & (names->n_places - 1);
    }
    return place;
}

static void grow(struct xcy_names *names)
{
    free(names->places);
    names->n_places *= 2;
    names->places = xcy_alloc_array(names->n_places, sizeof *names->places);
    names->texts = xcy_realloc_array(names->texts, names->n_places / 2, sizeof *names->texts);
    for (size_t i = 0; i < names->n; i++) {
        names->places[place_of(names, names->texts[i])] = i + 1;
    }
}

size_t xcy_names_add(struct xcy_names *names, const char *text)
{
    size_t place = place_of(names, text);
    if (names->places[place] > 0) {
        return names->places[place] - 1;
    }
    if (names->n == names->n_places / 2) {
        grow(names);
        place = place_of(names, text);
    }
    names->texts[names->n++] = xcy_strdup(text);
    names->places[place] = names->n;
    return names->n - 1;
}

size_t xcy_names_find(const struct xcy_names *names, const char *text)
{
    return names->places[place_of(names, text)] - 1;
}

const char *xcy_names_at(const struct xcy_names *names, size_t number)
{
    xcy_assert(number < names->n);
    return names->texts[number];
}

size_t xcy_names_count(const struct xcy_names *names)
{
    return names->n;
}
