#include "common/record/combination.h"

#include <string.h>

struct alias {
    const char *alias;
    const char *region;
};

static const struct alias aliases[] = {
    {"eu", "eu-central-1"},
    {"us", "us-east-1"},
    {"sg", "ap-southeast-1"},
};

enum { N_ALIASES = sizeof aliases / sizeof aliases[0] };

const char *xcy_region_of_alias(const char *text)
{
    for (size_t n = 0; n < N_ALIASES; n++) {
        if (strcmp(aliases[n].alias, text) == 0) {
            return aliases[n].region;
        }
    }
    return text;
}

const char *xcy_alias_of_region(const char *region)
{
    for (size_t n = 0; n < N_ALIASES; n++) {
        if (strcmp(aliases[n].region, region) == 0) {
            return aliases[n].alias;
        }
    }
    return region;
}
