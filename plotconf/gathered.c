#include "plotconf/gathered.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/data/yaml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const xcy_side_names[XCY_N_SIDES] = {"original", "antipode", "rendezvous"};
const char *const xcy_side_titles[XCY_N_SIDES] = {"Original", "Antipode", "Rendezvous"};

static const char *const post_titles[] = {[XCY_POST_DYNAMO] = "DynamoDB",
                                          [XCY_POST_S3] = "S3",
                                          [XCY_POST_MYSQL] = "MySQL",
                                          [XCY_POST_CACHE] = "Redis"};
static const char *const notification_titles[] = {[XCY_NOTIFICATION_SNS] = "SNS",
                                                  [XCY_NOTIFICATION_DYNAMO] = "DynamoDB",
                                                  [XCY_NOTIFICATION_MQ] = "MQ"};

/* A share of n is a quotient of two small integers: more than rounding apart, it is of another n. */
static const double share_error = 1e-9;

enum { INCONSISTENT_SHARE };

static const struct {
    const char *key;
    size_t offset;
} numbers[] = {
    [INCONSISTENT_SHARE] = {"%_INCONSISTENCIES", offsetof(struct xcy_gathered, inconsistent_share)},
    {"%_PREVENTED_INCONSISTENCIES", offsetof(struct xcy_gathered, prevented_share)},
    {"TOTAL_POST_STORAGE_SIZE_BYTES", offsetof(struct xcy_gathered, post_total_bytes)},
    {"AVG_POST_STORAGE_SIZE_BYTES", offsetof(struct xcy_gathered, post_avg_bytes)},
    {"TOTAL_NOTIFICATION_SIZE_BYTES", offsetof(struct xcy_gathered, notification_total_bytes)},
    {"AVG_NOTIFICATION_SIZE_BYTES", offsetof(struct xcy_gathered, notification_avg_bytes)},
};

enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

const char *xcy_post_storage_title(enum xcy_post_storage storage)
{
    return post_titles[storage];
}

const char *xcy_notification_storage_title(enum xcy_notification_storage storage)
{
    return notification_titles[storage];
}

/* The tag's text; NULL: there is none. Branches of the reference have more tags: none is refused. */
static const char *tag(const struct xcy_yaml *root, const char *key, const struct xcy_yaml **node)
{
    *node = root ? xcy_yaml_get(root, key) : NULL;
    return *node ? xcy_yaml_text(*node) : NULL;
}

/* Also of the reference's runs before its branch, and of the branch's that did not ask: null. */
static bool is_told(const struct xcy_yaml *root, const char *key)
{
    const struct xcy_yaml *node = NULL;
    const char *text = tag(root, key, &node);
    return text && strcmp(text, "null") != 0;
}

static enum xcy_status read_choice(const struct xcy_yaml *root, const char *path, const char *key,
                                   const char *const *names, int *index, struct xcy_error *err)
{
    const struct xcy_yaml *node = NULL;
    const char *text = tag(root, key, &node);
    if (!text) {
        return xcy_fail(err, XCY_EPARSE, "%s: no key %s", path, key);
    }
    int found = xcy_name_index(names, text);
    if (found < 0) {
        xcy_yaml_fail(node, err, "%s: '%s' is not known", key, text);
        err->status = XCY_EPARSE;
        return err->status;
    }
    *index = found;
    return XCY_OK;
}

static enum xcy_status read_number(const struct xcy_yaml *root, size_t index,
                                   struct xcy_gathered *g, struct xcy_error *err)
{
    double *to = (double *)(void *)((char *)g + numbers[index].offset);
    const struct xcy_yaml *node = NULL;
    const char *text = tag(root, numbers[index].key, &node);
    if (is_told(root, numbers[index].key) &&
        (!xcy_double_parse(xcy_bytes_of(text), to) || !isfinite(*to))) {
        xcy_yaml_fail(node, err, "%s: '%.40s' is not a number", numbers[index].key, text);
        err->status = XCY_EPARSE;
        return err->status;
    }
    return XCY_OK;
}

/* "got/asked" */
static void read_results(const struct xcy_yaml *root, struct xcy_gathered *g)
{
    const struct xcy_yaml *node = NULL;
    const char *text = tag(root, "NUM_RESULTS", &node);
    const char *slash = text ? strchr(text, '/') : NULL;
    int64_t got = 0;
    int64_t asked = 0;
    if (slash && xcy_int64_parse(xcy_bytes(text, (size_t)(slash - text)), &got) &&
        xcy_int64_parse(xcy_bytes_of(slash + 1), &asked) && got > 0 && asked >= got) {
        g->n_results = got;
        g->n_asked = asked;
    }
}

static void read_region(const struct xcy_yaml *root, const char *key, char to[XCY_REGION_BYTES])
{
    const struct xcy_yaml *node = NULL;
    const char *text = tag(root, key, &node);
    snprintf(to, XCY_REGION_BYTES, "%s", is_told(root, key) ? xcy_region_of_alias(text) : "");
}

/* The reference's plots look at none of them: what makes no sense is not told. */
static void read_settings(const struct xcy_yaml *root, struct xcy_gathered *g)
{
    const struct xcy_yaml *node = NULL;
    const char *delay = tag(root, "DELAY", &node);
    g->delay_ms = NAN;
    if (delay && (!xcy_double_parse(xcy_bytes_of(delay), &g->delay_ms) || !isfinite(g->delay_ms))) {
        g->delay_ms = NAN;
    }
    read_region(root, "WRITER_REGION", g->writer_region);
    read_region(root, "READER_REGION", g->reader_region);
}

static enum xcy_status read_stores(const struct xcy_yaml *root, const char *path,
                                   struct xcy_gathered *g, struct xcy_error *err)
{
    int post = 0;
    int notification = 0;
    enum xcy_status status =
        read_choice(root, path, "POST_STORAGE", xcy_post_storage_names, &post, err);
    if (status == XCY_OK) {
        status = read_choice(root, path, "NOTIFICATION_STORAGE", xcy_notification_storage_names,
                             &notification, err);
    }
    g->post_storage = (enum xcy_post_storage)post;
    g->notification_storage = (enum xcy_notification_storage)notification;
    return status;
}

static enum xcy_status read_side(const struct xcy_yaml *root, const char *path,
                                 struct xcy_gathered *g, struct xcy_error *err)
{
    static const char *const booleans[] = {"false", "true", NULL};
    int antipode = 0;
    int rendezvous = 0;
    int ncc = 0;
    enum xcy_status status = read_choice(root, path, "ANTIPODE_ENABLED", booleans, &antipode, err);
    if (status == XCY_OK && is_told(root, "RENDEZVOUS_ENABLED")) {
        status = read_choice(root, path, "RENDEZVOUS_ENABLED", booleans, &rendezvous, err);
    }
    if (status == XCY_OK && is_told(root, "RENDEZVOUS_NCC")) {
        status = read_choice(root, path, "RENDEZVOUS_NCC", booleans, &ncc, err);
    }
    g->has_rendezvous = rendezvous == 1;
    g->has_ncc = ncc == 1;
    g->side = antipode ? XCY_SIDE_ANTIPODE : rendezvous ? XCY_SIDE_RENDEZVOUS : XCY_SIDE_ORIGINAL;
    return status;
}

typedef enum xcy_status take_fn(const struct xcy_yaml *root, const char *path,
                                struct xcy_gathered *g, struct xcy_error *err);

static enum xcy_status take_all(const struct xcy_yaml *root, const char *path,
                                struct xcy_gathered *g, struct xcy_error *err)
{
    enum xcy_status status = read_stores(root, path, g, err);
    if (status == XCY_OK) {
        status = read_side(root, path, g, err);
    }
    for (size_t i = 0; status == XCY_OK && i < N_NUMBERS; i++) {
        status = read_number(root, i, g, err);
    }
    return status;
}

static enum xcy_status take_share(const struct xcy_yaml *root, const char *path,
                                  struct xcy_gathered *g, struct xcy_error *err)
{
    struct xcy_error untold;
    g->is_side_guessed = read_side(root, path, g, &untold) != XCY_OK;
    return read_number(root, INCONSISTENT_SHARE, g, err);
}

static enum xcy_status read_tags(const char *path, take_fn *take, struct xcy_gathered *g,
                                 struct xcy_error *err)
{
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_gathered made = {.path = xcy_strdup(path)};
    char *tags = xcy_format("%s/tags.yml", path);
    for (size_t i = 0; i < N_NUMBERS; i++) {
        *(double *)(void *)((char *)&made + numbers[i].offset) = NAN;
    }
    enum xcy_status status = xcy_yaml_read(tags, &doc, err);
    if (status == XCY_OK) {
        status = take(xcy_yaml_root(doc), tags, &made, err);
    }
    if (status == XCY_OK) {
        read_results(xcy_yaml_root(doc), &made);
        read_settings(xcy_yaml_root(doc), &made);
        *g = made;
    } else {
        xcy_gathered_clear(&made);
    }
    xcy_yaml_free(doc);
    free(tags);
    return status;
}

enum xcy_status xcy_gathered_read(const char *path, struct xcy_gathered *g, struct xcy_error *err)
{
    return read_tags(path, take_all, g, err);
}

enum xcy_status xcy_gathered_read_share(const char *path, struct xcy_gathered *g,
                                        struct xcy_error *err)
{
    return read_tags(path, take_share, g, err);
}

void xcy_gathered_clear(struct xcy_gathered *g)
{
    free(g->path);
    *g = (struct xcy_gathered){0};
}

bool xcy_gathered_count(const struct xcy_gathered *g, double share, int64_t *events)
{
    double n = (double)g->n_results;
    double count = rint(share * n);
    if (g->n_results == 0 || !(fabs(count / n - share) <= share_error) || count < 0 || count > n) {
        return false;
    }
    *events = (int64_t)count;
    return true;
}
