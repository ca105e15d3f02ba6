#include "campaign/config.h"

#include "campaign/part.h"
#include "campaign/plan.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 4 << 20, TOP_KEYS = 4 };

/* A file that is being read. */
struct reader {
    const char *path;
    const struct xcy_yaml *root;   /* NULL: the file is empty */
    const struct xcy_yaml *parts;  /* NULL: there are none */
    const struct xcy_yaml **taken; /* the lists of delays that cells took; owned */
    size_t n_taken;
    const struct xcy_yaml *part; /* whose cells are added */
    struct xcy_campaign_config *config;
};

void xcy_campaign_config_clear(struct xcy_campaign_config *config)
{
    for (size_t i = 0; i < config->n_cells; i++) {
        xcy_cell_clear(&config->cells[i]);
    }
    free(config->cells);
    free(config->name);
    free(config->deployment);
    *config = (struct xcy_campaign_config){0};
}

static enum xcy_status add_cell(struct reader *r, const struct xcy_part *part,
                                const struct xcy_pair *pair, enum xcy_consistency consistency,
                                int64_t delay_ms, struct xcy_error *err)
{
    struct xcy_campaign_config *config = r->config;
    struct xcy_cell cell = xcy_cell_copy(&part->load);
    cell.post_storage = (enum xcy_post_storage)pair->post_storage;
    cell.notification_storage = (enum xcy_notification_storage)pair->notification_storage;
    cell.consistency = consistency;
    cell.delay_ms = delay_ms;
    for (size_t i = 0; i < config->n_cells; i++) {
        struct xcy_cell *old = &config->cells[i];
        if (xcy_cell_is_same(old, &cell)) {
            old->rounds = old->rounds > cell.rounds ? old->rounds : cell.rounds;
            xcy_cell_clear(&cell);
            return XCY_OK;
        }
    }
    if (config->n_cells == XCY_CAMPAIGN_MAX_CELLS) {
        xcy_cell_clear(&cell);
        return xcy_yaml_fail(r->part, err,
                             "this makes more than %d cells; make it several campaigns",
                             XCY_CAMPAIGN_MAX_CELLS);
    }
    config->cells = xcy_realloc_array(config->cells, config->n_cells + 1, sizeof *config->cells);
    config->cells[config->n_cells++] = cell;
    return XCY_OK;
}

/* delays: NULL if none are said. */
static void note_taken(struct reader *r, const struct xcy_yaml *delays)
{
    if (delays && (r->n_taken == 0 || r->taken[r->n_taken - 1] != delays)) {
        r->taken = xcy_realloc_array(r->taken, r->n_taken + 1, sizeof(const struct xcy_yaml *));
        r->taken[r->n_taken++] = delays;
    }
}

/* A delay hides inconsistencies that a barrier prevents: the two are not combined. */
static enum xcy_status expand_pair(struct reader *r, const struct xcy_part *part,
                                   const struct xcy_pair *pair, struct xcy_error *err)
{
    static const int64_t zero = 0;
    const struct xcy_delay_list *delays = pair->delays.n > 0 ? &pair->delays : &part->delays;
    const int64_t *ms = delays->n > 0 ? delays->ms : &zero;
    size_t n = delays->n > 0 ? delays->n : 1;
    bool is_delayed = part->consistencies[XCY_CONSISTENCY_NONE];
    enum xcy_status status = XCY_OK;
    if (is_delayed) {
        note_taken(r, delays->node);
    }
    for (size_t i = 0; status == XCY_OK && is_delayed && i < n; i++) {
        status = add_cell(r, part, pair, XCY_CONSISTENCY_NONE, ms[i], err);
    }
    if (status == XCY_OK && part->consistencies[XCY_CONSISTENCY_ANTIPODE]) {
        status = add_cell(r, part, pair, XCY_CONSISTENCY_ANTIPODE, 0, err);
    }
    return status;
}

static enum xcy_status check_taken(const struct reader *r, const struct xcy_yaml *delays,
                                   struct xcy_error *err)
{
    bool is_taken = !delays;
    for (size_t i = 0; !is_taken && i < r->n_taken; i++) {
        is_taken = r->taken[i] == delays;
    }
    return is_taken ? XCY_OK
                    : xcy_yaml_fail(delays, err,
                                    "delays_ms: no cell takes these delays: they are of "
                                    "consistency none, where no nearer delays_ms stand; add none "
                                    "to consistency, or take them out");
}

/* Of the top, or of a part: the delays there and those of its combinations. */
static enum xcy_status check_delays(const struct reader *r, const struct xcy_yaml *map,
                                    struct xcy_error *err)
{
    const struct xcy_yaml *pairs = xcy_yaml_get(map, "combinations");
    enum xcy_status status = check_taken(r, xcy_yaml_get(map, "delays_ms"), err);
    for (size_t i = 0; status == XCY_OK && pairs && i < xcy_yaml_size(pairs); i++) {
        status = check_taken(r, xcy_yaml_get(xcy_yaml_at(pairs, i), "delays_ms"), err);
    }
    return status;
}

static enum xcy_status accept_parts(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    *(const struct xcy_yaml **)to = node;
    return xcy_part_check_list(node, "parts", "a list of parts, as [{rounds: 2}], or left out",
                               XCY_CAMPAIGN_MAX_CELLS, err);
}

/* The top first, so that the part (NULL: none) only says what differs. */
static enum xcy_status read_part(struct reader *r, const struct xcy_yaml *own,
                                 struct xcy_error *err)
{
    struct xcy_part part;
    struct xcy_key keys[XCY_PART_KEYS + TOP_KEYS];
    const struct xcy_key top[TOP_KEYS] = {
        {.name = "name", .type = XCY_KEY_STRING, .to = &r->config->name},
        {.name = "deployment", .type = XCY_KEY_STRING, .to = &r->config->deployment},
        {.name = "seed",
         .type = XCY_KEY_INT,
         .to = &r->config->seed,
         .min = 0,
         .max = 9007199254740991.0},
        {.name = "parts", .type = XCY_KEY_CUSTOM, .to = &r->parts, .parse = accept_parts},
    };
    xcy_part_init(&part);
    xcy_part_keys(&part, keys);
    memcpy(keys + XCY_PART_KEYS, top, sizeof top);
    enum xcy_status status = xcy_yaml_bind(r->root, keys, XCY_PART_KEYS + TOP_KEYS, err);
    if (status == XCY_OK && own) {
        status = xcy_yaml_bind(own, keys, XCY_PART_KEYS, err);
    }
    bool is_part = own || !r->parts;
    if (status == XCY_OK && part.n_pairs == 0 && is_part) {
        status = r->root
                     ? xcy_yaml_fail(own ? own : r->root, err, "key 'combinations' is missing")
                     : xcy_fail(err, XCY_EUSAGE,
                                "%s: key 'combinations' is missing: the file is empty", r->path);
    }
    r->part = own ? own : r->root;
    for (size_t i = 0; status == XCY_OK && is_part && i < part.n_pairs; i++) {
        status = expand_pair(r, &part, &part.pairs[i], err);
    }
    xcy_part_clear(&part);
    return status;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || strchr("._-", c);
}

/* "samples/quick.yml" -> "quick". */
static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = xcy_strdup(slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot > name) {
        *dot = '\0';
    }
    if (name[0] == '\0') {
        free(name);
        return xcy_strdup("campaign");
    }
    for (char *c = name; *c; c++) {
        *c = (char)(is_name_char(*c) && (c > name || *c != '.') ? *c : '-');
    }
    return name;
}

static enum xcy_status settle_names(const char *path, const struct xcy_yaml *root,
                                    struct xcy_campaign_config *config, struct xcy_error *err)
{
    if (!config->name) {
        config->name = name_of(path);
    }
    bool is_right = config->name[0] != '\0' && config->name[0] != '.';
    for (const char *c = config->name; *c; c++) {
        is_right = is_right && is_name_char(*c);
    }
    if (!is_right) {
        return xcy_yaml_fail(xcy_yaml_get(root, "name"), err,
                             "name must be letters, digits, '.', '_' and '-', since a folder is "
                             "called so; got '%.100s'",
                             config->name);
    }
    const char *slash = strrchr(path, '/');
    if (config->deployment) {
        config->deployment_line = xcy_yaml_line(xcy_yaml_get(root, "deployment"));
    }
    if (config->deployment && config->deployment[0] != '/' && slash) {
        char *joined = xcy_format("%.*s%s", (int)(slash + 1 - path), path, config->deployment);
        free(config->deployment);
        config->deployment = joined;
    }
    return XCY_OK;
}

static enum xcy_status check_runs(const struct reader *r, struct xcy_error *err)
{
    int64_t n = 0;
    for (size_t i = 0; i < r->config->n_cells; i++) {
        n += r->config->cells[i].rounds;
    }
    return n <= XCY_CAMPAIGN_MAX_RUNS
               ? XCY_OK
               : xcy_yaml_fail(r->root, err, "%lld runs are planned; %d are the most: fewer rounds",
                               (long long)n, XCY_CAMPAIGN_MAX_RUNS);
}

static enum xcy_status read_doc(struct reader *r, struct xcy_error *err)
{
    enum xcy_status status = read_part(r, NULL, err);
    size_t n_parts = status == XCY_OK && r->parts ? xcy_yaml_size(r->parts) : 0;
    for (size_t i = 0; status == XCY_OK && i < n_parts; i++) {
        status = read_part(r, xcy_yaml_at(r->parts, i), err);
    }
    if (status == XCY_OK) {
        status = settle_names(r->path, r->root, r->config, err);
    }
    if (status == XCY_OK) {
        status = check_runs(r, err);
    }
    if (status == XCY_OK) {
        status = check_delays(r, r->root, err);
    }
    for (size_t i = 0; status == XCY_OK && i < n_parts; i++) {
        status = check_delays(r, xcy_yaml_at(r->parts, i), err);
    }
    return status;
}

enum xcy_status xcy_campaign_config_parse(const char *path, struct xcy_bytes text,
                                          struct xcy_campaign_config *config, struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_campaign_config made = {0};
    enum xcy_status status = xcy_yaml_parse(path, text, &doc, err);
    if (status == XCY_OK) {
        struct reader r = {.path = path, .root = xcy_yaml_root(doc), .config = &made};
        status = read_doc(&r, err);
        free(r.taken);
    }
    xcy_yaml_free(doc);
    if (status != XCY_OK) {
        xcy_campaign_config_clear(&made);
        err->status = XCY_EUSAGE;
        return err->status;
    }
    *config = made;
    return XCY_OK;
}

enum xcy_status xcy_campaign_config_read(const char *path, struct xcy_campaign_config *config,
                                         struct xcy_error *err)
{
    struct xcy_buf text;
    xcy_buf_init(&text, MAX_FILE_BYTES);
    enum xcy_status status = xcy_file_read(path, &text, err);
    if (status == XCY_ENOTFOUND) {
        err->status = XCY_EUSAGE;
        status = err->status;
    }
    if (status == XCY_OK) {
        status = xcy_campaign_config_parse(path, xcy_buf_bytes(&text), config, err);
    }
    xcy_buf_clear(&text);
    return status;
}
