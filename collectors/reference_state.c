#include "collectors/reference_state.h"

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/data/yaml.h"
#include "common/record/loose.h"
#include "common/run/folder.h"

#include <stdlib.h>

enum { MAX_FILE_BYTES = 16 << 20, MAX_DELAY_MS = 900000 };

static int by_i(const void *a, const void *b)
{
    const struct xcy_reference_reply *left = a;
    const struct xcy_reference_reply *right = b;
    return (left->i > right->i) - (left->i < right->i);
}

static enum xcy_status parse_reply(const struct xcy_yaml *latencies, size_t n,
                                   struct xcy_reference_reply *reply, struct xcy_error *err)
{
    const char *key = xcy_yaml_key(latencies, n);
    const struct xcy_yaml *value = xcy_yaml_at(latencies, n);
    const char *text = xcy_yaml_text(value);
    if (!xcy_int64_parse(xcy_bytes_of(key), &reply->i) || reply->i < 0) {
        return xcy_yaml_fail(value, err, "latencies: '%.40s' is no request number, 0 or more", key);
    }
    if (!text || !xcy_double_parse(xcy_bytes_of(text), &reply->at_s) ||
        !xcy_is_time_s(reply->at_s)) {
        return xcy_yaml_fail(value, err,
                             "latencies: %.40s must be the time of the reply in seconds since "
                             "1970, got '%.40s'",
                             key, text ? text : "more than one value");
    }
    return XCY_OK;
}

/* The same number may be written in two ways: 7 and 07. */
static enum xcy_status check_different(const struct xcy_reference_state *s,
                                       const struct xcy_yaml *latencies, struct xcy_error *err)
{
    for (int64_t r = 1; r < s->requests; r++) {
        if (s->replies[r - 1].i == s->replies[r].i) {
            return xcy_yaml_fail(latencies, err, "latencies: request %lld stands there twice",
                                 (long long)s->replies[r].i);
        }
    }
    return XCY_OK;
}

/* A xcy_key_parse_fn for a struct xcy_reference_state. */
static enum xcy_status parse_latencies(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_reference_state *s = to;
    size_t n = xcy_yaml_size(node);
    if (xcy_yaml_kind(node) != XCY_YAML_MAP) {
        return xcy_yaml_fail(node, err, "latencies must be a map of request numbers and times");
    }
    if (n == 0) {
        return xcy_yaml_fail(node, err,
                             "latencies is empty: no request succeeded, so that there is nothing "
                             "to gather");
    }
    s->replies = xcy_alloc_array(n, sizeof *s->replies);
    s->requests = (int64_t)n;
    for (size_t r = 0; r < n; r++) {
        enum xcy_status status = parse_reply(node, r, &s->replies[r], err);
        if (status != XCY_OK) {
            return status;
        }
    }
    qsort(s->replies, n, sizeof *s->replies, by_i);
    return check_different(s, node, err);
}

/* A xcy_key_parse_fn for an enum xcy_reference_switch. */
static enum xcy_status parse_switch(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    static const struct {
        const char *word;
        enum xcy_reference_switch value;
    } words[] = {{"true", XCY_REFERENCE_TRUE},
                 {"false", XCY_REFERENCE_FALSE},
                 {"null", XCY_REFERENCE_NULL},
                 {"", XCY_REFERENCE_NULL}};
    const char *text = xcy_yaml_is_plain(node) ? xcy_yaml_text(node) : NULL;
    for (size_t w = 0; text && w < sizeof words / sizeof *words; w++) {
        if (strcmp(text, words[w].word) == 0) {
            *(enum xcy_reference_switch *)to = words[w].value;
            return XCY_OK;
        }
    }
    return xcy_yaml_fail(node, err, "a rendezvous switch must be true or false");
}

/* A xcy_key_parse_fn for a char[XCY_REGION_BYTES]. */
static enum xcy_status parse_region(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || n >= XCY_REGION_BYTES ||
        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != n) {
        return xcy_yaml_fail(node, err, "a region must be one such as eu-central-1, got '%.40s'",
                             text ? text : "more than one value");
    }
    memcpy(to, text, n + 1);
    return XCY_OK;
}

enum { NOT_GIVEN = -1 };

/* The keys of the file, and where their values go. */
struct target {
    struct xcy_reference_state *state;
    int post_storage;
    int notification_storage;
    int64_t delay_ms;
    int64_t requests;
};

/* Which of the reference's commands writes a key that must be there. */
static const struct {
    const char *key;
    const char *command;
} needed[] = {
    {"antipode_enabled", "build"}, {"delay", "build"},
    {"post_storage", "build"},     {"notification_storage", "build"},
    {"writer_region", "build"},    {"reader_region", "build"},
    {"latencies", "run"},          {"requests", "run"},
};

static enum xcy_status check_needed(const char *name, const struct xcy_yaml *root,
                                    struct xcy_error *err)
{
    if (!root) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: empty; the reference writes its .last.yml at build "
                        "and run",
                        name);
    }
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
        if (!xcy_yaml_get(root, needed[k].key)) {
            return xcy_yaml_fail(root, err,
                                 "key '%s' is missing: the reference's `%s` writes it, so gather "
                                 "the state of a run that has ended",
                                 needed[k].key, needed[k].command);
        }
    }
    return XCY_OK;
}

static enum xcy_status bind(const struct xcy_yaml *root, struct target *t, struct xcy_error *err)
{
    struct xcy_reference_state *s = t->state;
    const struct xcy_key keys[] = {
        {.name = "antipode_enabled", .type = XCY_KEY_BOOL, .to = &s->antipode_enabled},
        {.name = "rendezvous_enabled",
         .type = XCY_KEY_CUSTOM,
         .to = &s->rendezvous_enabled,
         .parse = parse_switch},
        {.name = "rendezvous_ncc",
         .type = XCY_KEY_CUSTOM,
         .to = &s->rendezvous_ncc,
         .parse = parse_switch},
        {.name = "delay", .type = XCY_KEY_INT, .to = &t->delay_ms, .max = MAX_DELAY_MS},
        {.name = "post_storage",
         .type = XCY_KEY_CHOICE,
         .to = &t->post_storage,
         .choices = xcy_post_storage_names},
        {.name = "notification_storage",
         .type = XCY_KEY_CHOICE,
         .to = &t->notification_storage,
         .choices = xcy_notification_storage_names},
        {.name = "writer_region",
         .type = XCY_KEY_CUSTOM,
         .to = s->combination.writer_region,
         .parse = parse_region},
        {.name = "reader_region",
         .type = XCY_KEY_CUSTOM,
         .to = s->combination.reader_region,
         .parse = parse_region},
        {.name = "writer__lambda__arn", .type = XCY_KEY_STRING, .to = &s->writer_function},
        {.name = "latencies", .type = XCY_KEY_CUSTOM, .to = s, .parse = parse_latencies},
        {.name = "requests", .type = XCY_KEY_INT, .to = &t->requests},
    };
    return xcy_yaml_bind_known(root, keys, sizeof keys / sizeof *keys, err);
}

static enum xcy_status read_root(const char *name, const struct xcy_yaml *root,
                                 struct xcy_reference_state *s, struct xcy_error *err)
{
    struct target t = {.state = s, .requests = NOT_GIVEN};
    enum xcy_status status = check_needed(name, root, err);
    if (status == XCY_OK) {
        status = bind(root, &t, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    if (t.requests != s->requests) {
        return xcy_yaml_fail(xcy_yaml_get(root, "requests"), err,
                             "requests is %lld, but latencies has %lld: the file is of two runs, "
                             "or was changed",
                             (long long)t.requests, (long long)s->requests);
    }
    s->has_rendezvous = xcy_yaml_get(root, "rendezvous_enabled") != NULL;
    s->combination.post_storage = (enum xcy_post_storage)t.post_storage;
    s->combination.notification_storage = (enum xcy_notification_storage)t.notification_storage;
    s->combination.delay_ms = t.delay_ms;
    s->combination.consistency =
        s->antipode_enabled ? XCY_CONSISTENCY_ANTIPODE : XCY_CONSISTENCY_NONE;
    return XCY_OK;
}

enum xcy_status xcy_reference_state_parse(const char *name, struct xcy_bytes text,
                                          struct xcy_reference_state **state, struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    enum xcy_status status = xcy_yaml_parse(name, text, &doc, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_reference_state *s = xcy_alloc(sizeof *s);
    s->rendezvous_enabled = XCY_REFERENCE_NULL;
    s->rendezvous_ncc = XCY_REFERENCE_NULL;
    status = read_root(name, xcy_yaml_root(doc), s, err);
    xcy_yaml_free(doc);
    if (status == XCY_OK) {
        *state = s;
    } else {
        xcy_reference_state_free(s);
    }
    return status;
}

enum xcy_status xcy_reference_state_read(const char *path, struct xcy_reference_state **state,
                                         struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_ENOTFOUND) {
        status =
            xcy_fail(err, XCY_EUSAGE,
                     "%s: no such file; name the .last.yml of the reference implementation", path);
    }
    if (status == XCY_OK) {
        status = xcy_reference_state_parse(path, xcy_buf_bytes(&text), state, err);
    }
    xcy_buf_clear(&text);
    return status;
}

void xcy_reference_state_free(struct xcy_reference_state *state)
{
    if (state) {
        free(state->writer_function);
        free(state->replies);
        free(state);
    }
}

int64_t xcy_reference_state_find(const struct xcy_reference_state *state, int64_t i)
{
    const struct xcy_reference_reply wanted = {.i = i};
    const struct xcy_reference_reply *found =
        bsearch(&wanted, state->replies, (size_t)state->requests, sizeof wanted, by_i);
    return found ? found - state->replies : -1;
}

unsigned xcy_reference_state_extra(const struct xcy_reference_state *state)
{
    bool is_rendezvous = state->rendezvous_enabled == XCY_REFERENCE_TRUE;
    return (state->antipode_enabled ? XCY_REFERENCE_ANTIPODE : 0U) |
           (state->has_rendezvous ? XCY_REFERENCE_WRITE_POST : 0U) |
           (is_rendezvous ? XCY_REFERENCE_RENDEZVOUS : 0U);
}

char *xcy_reference_state_tag(const struct xcy_reference_state *state, int64_t n)
{
    bool is_ncc = state->rendezvous_ncc == XCY_REFERENCE_TRUE;
    const char *prefix = state->rendezvous_enabled != XCY_REFERENCE_TRUE ? ""
                         : is_ncc                                        ? "rendezvous_ncc__"
                                                                         : "rendezvous__";
    char *plain = xcy_run_default_tag(&state->combination, n);
    char *tag = xcy_format("%s%s", prefix, plain);
    free(plain);
    return tag;
}
