#include "loadgen/engines/engine.h"

#include "common/base/nearest.h"
#include "common/data/number.h"

#include <stdio.h>
#include <string.h>

#define MAX_SLEEP_MS 3.6e6

const struct xcy_engine *const xcy_engines[] = {
    &xcy_engine_lambda, &xcy_engine_http, &xcy_engine_null, &xcy_engine_sleep, NULL,
};

enum { N_ENGINES = sizeof xcy_engines / sizeof xcy_engines[0] - 1 };

static const char *suffix_of(const struct xcy_engine *engine)
{
    return engine->takes_length ? ":MS" : "";
}

static enum xcy_status fail_unknown(const char *word, struct xcy_error *err)
{
    const char *names[N_ENGINES];
    char all[128] = "";
    size_t used = 0;
    for (size_t e = 0; e < N_ENGINES; e++) {
        names[e] = xcy_engines[e]->name;
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s%s", e > 0 ? ", " : "",
                                 names[e], suffix_of(xcy_engines[e]));
        xcy_assert(used < sizeof all);
    }
    const char *nearest = xcy_nearest(word, names, N_ENGINES);
    for (size_t e = 0; nearest && e < N_ENGINES; e++) {
        if (names[e] == nearest) {
            return xcy_fail(err, XCY_EUSAGE, "no engine '%s'; did you mean %s%s?", word, nearest,
                            suffix_of(xcy_engines[e]));
        }
    }
    return xcy_fail(err, XCY_EUSAGE, "no engine '%s'; there are %s", word, all);
}

static enum xcy_status parse_length(const char *name, const char *text, int64_t *length_ns,
                                    struct xcy_error *err)
{
    double ms = 0;
    if (!text) {
        return xcy_fail(err, XCY_EUSAGE, "engine %s needs a length in milliseconds, as %s:20", name,
                        name);
    }
    if (!xcy_double_parse(xcy_bytes_of(text), &ms) || !(ms >= 0 && ms <= MAX_SLEEP_MS)) {
        return xcy_fail(err, XCY_EUSAGE,
                        "engine %s: '%.60s' is not a length in milliseconds (0..%.0f, fractions "
                        "allowed)",
                        name, text, MAX_SLEEP_MS);
    }
    *length_ns = (int64_t)(ms * (double)XCY_NS_PER_MS + 0.5);
    return XCY_OK;
}

enum xcy_status xcy_engine_find(const char *text, const struct xcy_engine **engine,
                                int64_t *sleep_ns, struct xcy_error *err)
{
    struct xcy_bytes name = xcy_bytes(text, strcspn(text, ":"));
    const char *length = text[name.len] == ':' ? text + name.len + 1 : NULL;
    const struct xcy_engine *found = NULL;
    for (size_t e = 0; e < N_ENGINES && !found; e++) {
        found = xcy_bytes_equal(name, xcy_bytes_of(xcy_engines[e]->name)) ? xcy_engines[e] : NULL;
    }
    if (!found) {
        char word[64];
        snprintf(word, sizeof word, "%.*s", (int)(name.len < 60 ? name.len : 60), name.ptr);
        return fail_unknown(word, err);
    }
    if (length && !found->takes_length) {
        return xcy_fail(err, XCY_EUSAGE, "engine %s takes no ':%.60s'", found->name, length);
    }
    int64_t ns = 0;
    if (found->takes_length) {
        enum xcy_status status = parse_length(found->name, length, &ns, err);
        if (status != XCY_OK) {
            return status;
        }
    }
    *engine = found;
    *sleep_ns = ns;
    return XCY_OK;
}

static bool is_https(const char *address)
{
    return strncmp(address, "https://", 8) == 0;
}

bool xcy_engine_is_unverified(const struct xcy_engine *engine,
                              const struct xcy_engine_setting *setting)
{
    if (!engine->has_target || !setting->http.insecure) {
        return false;
    }
    if (!engine->is_invoking) {
        return is_https(setting->web->request.url);
    }
    const char *endpoint = setting->target->deployment->endpoint;
    return !endpoint || is_https(endpoint); /* AWS itself is never asked in the clear */
}
