#include "campaign/part.h"

#include "common/base/mem.h"
#include "common/base/nearest.h"
#include "common/data/number.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_DELAYS = 1000,
    MAX_DELAY_MS = 900000,
    MAX_PAIRS = 100,
    MAX_CONSISTENCIES = 100,
    MAX_WORDS = 100
};

void xcy_part_init(struct xcy_part *part)
{
    *part = (struct xcy_part){.load = {.rounds = 1, .requests = 1000},
                              .consistencies = {[XCY_CONSISTENCY_NONE] = true}};
}

static void clear_pairs(struct xcy_part *part)
{
    for (size_t i = 0; i < part->n_pairs; i++) {
        free(part->pairs[i].delays.ms);
    }
    free(part->pairs);
    part->pairs = NULL;
    part->n_pairs = 0;
}

void xcy_part_clear(struct xcy_part *part)
{
    clear_pairs(part);
    free(part->delays.ms);
    xcy_cell_clear(&part->load);
    *part = (struct xcy_part){0};
}

enum xcy_status xcy_part_check_list(const struct xcy_yaml *node, const char *key, const char *form,
                                    size_t max, struct xcy_error *err)
{
    size_t n = xcy_yaml_size(node);
    if (xcy_yaml_kind(node) != XCY_YAML_LIST) {
        return xcy_yaml_fail(node, err, "%s must be %s", key, form);
    }
    if (n == 0) {
        return xcy_yaml_fail(node, err, "%s is empty; it must be %s", key, form);
    }
    if (n > max) {
        return xcy_yaml_fail(node, err, "%s has %zu items; %zu are the most", key, n, max);
    }
    return XCY_OK;
}

static enum xcy_status parse_delays(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_delay_list *list = to;
    size_t n = xcy_yaml_size(node);
    enum xcy_status status = xcy_part_check_list(
        node, "delays_ms", "a list of milliseconds, as [0, 100]", MAX_DELAYS, err);
    if (status != XCY_OK) {
        return status;
    }
    int64_t *ms = xcy_alloc_array(n, sizeof *ms);
    for (size_t i = 0; i < n; i++) {
        const struct xcy_yaml *item = xcy_yaml_at(node, i);
        const char *text = xcy_yaml_text(item);
        if (!text || !xcy_int64_parse(xcy_bytes_of(text), &ms[i]) || ms[i] < 0 ||
            ms[i] > MAX_DELAY_MS) {
            free(ms);
            return xcy_yaml_fail(item, err,
                                 "a delay must be whole milliseconds, 0..%d, got '%.40s'",
                                 MAX_DELAY_MS, text ? text : "a list or map");
        }
    }
    free(list->ms);
    *list = (struct xcy_delay_list){.ms = ms, .n = n, .node = node};
    return XCY_OK;
}

static enum xcy_status parse_consistency(const struct xcy_yaml *node, bool found[2],
                                         struct xcy_error *err)
{
    const char *text = xcy_yaml_text(node);
    int index = text ? xcy_name_index(xcy_consistency_names, text) : -1;
    if (index < 0) {
        const char *nearest = text ? xcy_nearest(text, xcy_consistency_names, 2) : NULL;
        return xcy_yaml_fail(node, err, "no consistency is called '%.40s'; %s%s%s",
                             text ? text : "", nearest ? "did you mean '" : "there are ",
                             nearest ? nearest : "none and antipode", nearest ? "'?" : "");
    }
    found[index] = true;
    return XCY_OK;
}

static enum xcy_status parse_consistencies(const struct xcy_yaml *node, void *to,
                                           struct xcy_error *err)
{
    bool found[2] = {false};
    enum xcy_status status = XCY_OK;
    if (xcy_yaml_kind(node) == XCY_YAML_SCALAR) {
        status = parse_consistency(node, found, err);
    } else {
        status = xcy_part_check_list(node, "consistency", "a list, as [none, antipode]",
                                     MAX_CONSISTENCIES, err);
    }
    for (size_t i = 0; status == XCY_OK && i < xcy_yaml_size(node); i++) {
        status = parse_consistency(xcy_yaml_at(node, i), found, err);
    }
    if (status == XCY_OK) {
        memcpy(to, found, sizeof found);
    }
    return status;
}

static enum xcy_status parse_pair(const struct xcy_yaml *node, struct xcy_pair *pair,
                                  struct xcy_error *err)
{
    struct xcy_pair made = {0};
    const struct xcy_key keys[] = {
        {.name = "post_storage",
         .type = XCY_KEY_CHOICE,
         .to = &made.post_storage,
         .choices = xcy_post_storage_names,
         .required = true},
        {.name = "notification_storage",
         .type = XCY_KEY_CHOICE,
         .to = &made.notification_storage,
         .choices = xcy_notification_storage_names,
         .required = true},
        {.name = "delays_ms", .type = XCY_KEY_CUSTOM, .to = &made.delays, .parse = parse_delays},
    };
    if (xcy_yaml_kind(node) != XCY_YAML_MAP) {
        return xcy_yaml_fail(node, err,
                             "a combination is {post_storage: …, notification_storage: …}");
    }
    enum xcy_status status = xcy_yaml_bind(node, keys, sizeof keys / sizeof *keys, err);
    if (status == XCY_OK) {
        *pair = made;
    } else {
        free(made.delays.ms);
    }
    return status;
}

static void take_all_pairs(struct xcy_part *part)
{
    size_t n = 0;
    part->pairs = xcy_alloc_array(MAX_PAIRS, sizeof *part->pairs);
    for (int n_index = 0; xcy_notification_storage_names[n_index]; n_index++) {
        for (int p_index = 0; xcy_post_storage_names[p_index]; p_index++) {
            part->pairs[n++] =
                (struct xcy_pair){.post_storage = p_index, .notification_storage = n_index};
        }
    }
    part->n_pairs = n;
}

static enum xcy_status parse_pairs(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_part *part = to;
    const char *text = xcy_yaml_text(node);
    size_t n = xcy_yaml_size(node);
    clear_pairs(part);
    if (text && strcmp(text, "all") == 0) {
        take_all_pairs(part);
        return XCY_OK;
    }
    enum xcy_status status = xcy_part_check_list(
        node, "combinations", "'all' or a list of {post_storage: …, notification_storage: …}",
        MAX_PAIRS, err);
    if (status == XCY_OK) {
        part->pairs = xcy_alloc_array(n, sizeof *part->pairs);
    }
    for (size_t i = 0; status == XCY_OK && i < n; i++) {
        status = parse_pair(xcy_yaml_at(node, i), &part->pairs[i], err);
        part->n_pairs += status == XCY_OK ? 1 : 0;
    }
    return status;
}

/* What the campaign itself decides, or what would end a run otherwise than it expects. A unique
 * beginning of an option's name is that option. */
static const char *reserved(const char *word)
{
    static const char *const names[] = {
        "config", "output", "requests", "rate",    "warmup",   "seed",     "async",  "json",
        "engine", "url",    "tag",      "dry-run", "metrics",  "progress", "expect", "abort-on",
        "help",   "man",    "version",  "shard",   "start-at", "duration"};
    if (word[0] == '-' && word[1] != '-' && word[1] != '\0') {
        return word;
    }
    size_t len = strcspn(word, "=");
    for (size_t i = 0; len > 2 && strncmp(word, "--", 2) == 0 && i < sizeof names / sizeof *names;
         i++) {
        if (strncmp(names[i], word + 2, len - 2) == 0) {
            return names[i];
        }
    }
    return NULL;
}

static enum xcy_status parse_words(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_cell *cell = to;
    size_t n = xcy_yaml_size(node);
    if (xcy_yaml_kind(node) != XCY_YAML_LIST || n > MAX_WORDS) {
        return xcy_yaml_fail(node, err,
                             "loadgen must be a list of words, as [--retries, 1, --grace, 5s]");
    }
    for (size_t i = 0; i < cell->n_loadgen; i++) {
        free(cell->loadgen[i]);
    }
    free(cell->loadgen);
    cell->loadgen = n > 0 ? xcy_alloc_array(n, sizeof *cell->loadgen) : NULL;
    cell->n_loadgen = 0;
    cell->loadgen_line = xcy_yaml_line(node);
    for (size_t i = 0; i < n; i++) {
        const struct xcy_yaml *item = xcy_yaml_at(node, i);
        const char *text = xcy_yaml_text(item);
        if (!text || text[0] == '\0' || reserved(text)) {
            return xcy_yaml_fail(item, err, "loadgen: '%.40s' is not for this list%s",
                                 text ? text : "", text ? "; the campaign decides it" : "");
        }
        cell->loadgen[cell->n_loadgen++] = xcy_strdup(text);
    }
    return XCY_OK;
}

static enum xcy_status parse_visibility(const struct xcy_yaml *node, void *to,
                                        struct xcy_error *err)
{
    char **visibility = to;
    struct xcy_combination read;
    struct xcy_error why;
    const char *text = xcy_yaml_text(node);
    if (!text || xcy_visibility_parse(text, &read, &why) != XCY_OK) {
        return xcy_yaml_fail(node, err, "visibility: %s",
                             text ? why.text : "must be off, inline or sample:P");
    }
    free(*visibility);
    *visibility = xcy_strdup(text);
    return XCY_OK;
}

void xcy_part_keys(struct xcy_part *part, struct xcy_key to[XCY_PART_KEYS])
{
    struct xcy_cell *load = &part->load;
    const struct xcy_key keys[XCY_PART_KEYS] = {
        {.name = "combinations", .type = XCY_KEY_CUSTOM, .to = part, .parse = parse_pairs},
        {.name = "consistency",
         .type = XCY_KEY_CUSTOM,
         .to = part->consistencies,
         .parse = parse_consistencies},
        {.name = "delays_ms", .type = XCY_KEY_CUSTOM, .to = &part->delays, .parse = parse_delays},
        {.name = "rounds", .type = XCY_KEY_INT, .to = &load->rounds, .min = 1, .max = 1000},
        {.name = "requests", .type = XCY_KEY_INT, .to = &load->requests, .min = 1, .max = 1e9},
        {.name = "rate_per_s",
         .type = XCY_KEY_DOUBLE,
         .to = &load->rate_per_s,
         .min = 0.01,
         .max = 1e6},
        {.name = "warmup_s", .type = XCY_KEY_DOUBLE, .to = &load->warmup_s, .min = 0, .max = 86400},
        {.name = "async", .type = XCY_KEY_BOOL, .to = &load->is_async},
        {.name = "as_published", .type = XCY_KEY_BOOL, .to = &load->as_published},
        {.name = "post_bytes",
         .type = XCY_KEY_INT,
         .to = &load->post_bytes,
         .min = 1,
         .max = 64.0 * 1024 * 1024},
        {.name = "visibility",
         .type = XCY_KEY_CUSTOM,
         .to = &load->visibility,
         .parse = parse_visibility},
        {.name = "loadgen", .type = XCY_KEY_CUSTOM, .to = load, .parse = parse_words},
    };
    memcpy(to, keys, sizeof keys);
}
