#include "campaign/config.h"

#include "campaign/part.h"
#include "common/base/file.h"
#include "common/base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 4 << 20, MAX_CELLS = 10000, TOP_KEYS = 4 };

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

static enum xcy_status add_cell(const struct xcy_part *part, const struct xcy_pair *pair,
                                enum xcy_consistency consistency, int64_t delay_ms,
                                struct xcy_campaign_config *config, struct xcy_error *err)
{
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
    if (config->n_cells == MAX_CELLS) {
        xcy_cell_clear(&cell);
        return xcy_fail(err, XCY_EUSAGE, "more than %d cells", MAX_CELLS);
    }
    config->cells = xcy_realloc_array(config->cells, config->n_cells + 1, sizeof *config->cells);
    config->cells[config->n_cells++] = cell;
    return XCY_OK;
}

/* A delay hides inconsistencies that a barrier prevents: the two are not combined. */
static enum xcy_status expand_pair(const struct xcy_part *part, const struct xcy_pair *pair,
                                   struct xcy_campaign_config *config, struct xcy_error *err)
{
    static const int64_t zero = 0;
    const struct xcy_delay_list *delays = pair->delays.n > 0 ? &pair->delays : &part->delays;
    const int64_t *ms = delays->n > 0 ? delays->ms : &zero;
    size_t n = delays->n > 0 ? delays->n : 1;
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && part->consistencies[XCY_CONSISTENCY_NONE] && i < n;
         i++) {
        status = add_cell(part, pair, XCY_CONSISTENCY_NONE, ms[i], config, err);
    }
    if (status == XCY_OK && part->consistencies[XCY_CONSISTENCY_ANTIPODE]) {
        status = add_cell(part, pair, XCY_CONSISTENCY_ANTIPODE, 0, config, err);
    }
    return status;
}

static enum xcy_status accept_parts(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    *(const struct xcy_yaml **)to = node;
    return xcy_part_check_list(node, "parts", "a list of parts, as [{rounds: 2}], or left out",
                               MAX_CELLS, err);
}

/* The top first, so that the part (NULL: none) only says what differs. */
static enum xcy_status read_part(const char *path, const struct xcy_yaml *root,
                                 const struct xcy_yaml *own, struct xcy_campaign_config *config,
                                 const struct xcy_yaml **parts, struct xcy_error *err)
{
    struct xcy_part part;
    struct xcy_key keys[XCY_PART_KEYS + TOP_KEYS];
    const struct xcy_key top[TOP_KEYS] = {
        {.name = "name", .type = XCY_KEY_STRING, .to = &config->name},
        {.name = "deployment", .type = XCY_KEY_STRING, .to = &config->deployment},
        {.name = "seed",
         .type = XCY_KEY_INT,
         .to = &config->seed,
         .min = 0,
         .max = 9007199254740991.0},
        {.name = "parts", .type = XCY_KEY_CUSTOM, .to = parts, .parse = accept_parts},
    };
    xcy_part_init(&part);
    xcy_part_keys(&part, keys);
    memcpy(keys + XCY_PART_KEYS, top, sizeof top);
    enum xcy_status status = xcy_yaml_bind(root, keys, XCY_PART_KEYS + TOP_KEYS, err);
    if (status == XCY_OK && own) {
        status = xcy_yaml_bind(own, keys, XCY_PART_KEYS, err);
    }
    if (status == XCY_OK && part.n_pairs == 0 && (own || !*parts)) {
        status = own || root
                     ? xcy_yaml_fail(own ? own : root, err, "key 'combinations' is missing")
                     : xcy_fail(err, XCY_EUSAGE,
                                "%s: key 'combinations' is missing: the file is empty", path);
    }
    for (size_t i = 0; status == XCY_OK && (own || !*parts) && i < part.n_pairs; i++) {
        status = expand_pair(&part, &part.pairs[i], config, err);
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

static enum xcy_status read_doc(const char *path, const struct xcy_yaml_doc *doc,
                                struct xcy_campaign_config *config, struct xcy_error *err)
{
    const struct xcy_yaml *root = xcy_yaml_root(doc);
    const struct xcy_yaml *parts = NULL;
    enum xcy_status status = read_part(path, root, NULL, config, &parts, err);
    if (status == XCY_OK) {
        status = settle_names(path, root, config, err);
    }
    struct xcy_campaign_config again = {0}; /* the top's own keys are read with each part */
    for (size_t i = 0; status == XCY_OK && parts && i < xcy_yaml_size(parts); i++) {
        again.cells = config->cells;
        again.n_cells = config->n_cells;
        status = read_part(path, root, xcy_yaml_at(parts, i), &again, &parts, err);
        config->cells = again.cells;
        config->n_cells = again.n_cells;
    }
    free(again.name);
    free(again.deployment);
    return status;
}

enum xcy_status xcy_campaign_config_parse(const char *path, struct xcy_bytes text,
                                          struct xcy_campaign_config *config, struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_campaign_config made = {0};
    enum xcy_status status = xcy_yaml_parse(path, text, &doc, err);
    if (status == XCY_OK) {
        status = read_doc(path, doc, &made, err);
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
