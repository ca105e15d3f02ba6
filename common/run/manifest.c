#include "common/run/manifest.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/run/folder.h"
#include "common/run/manifest_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const xcy_run_state_names[] = {"running", "complete", "interrupted", NULL};
const char *const xcy_verdict_names[] = {"NONE", "VALID", "GENERATOR_LIMITED", "TARGET_LIMITED",
                                         NULL};

enum { MAX_MANIFEST_BYTES = 1 << 20, NOT_GIVEN = -1 };

static void add_value(struct xcy_buf *out, const struct xcy_key *key)
{
    char number[XCY_DOUBLE_TEXT_BYTES];
    switch (key->type) {
    case XCY_KEY_STRING: {
        const char *text = *(char *const *)key->to;
        xcy_yaml_add_scalar(out, text ? text : "");
        break;
    }
    case XCY_KEY_INT:
        xcy_buf_addf(out, "%lld", (long long)*(const int64_t *)key->to);
        break;
    case XCY_KEY_DOUBLE:
        xcy_double_format(*(const double *)key->to, number);
        xcy_buf_add_text(out, number);
        break;
    case XCY_KEY_BOOL:
        xcy_buf_add_text(out, *(const bool *)key->to ? "true" : "false");
        break;
    case XCY_KEY_CHOICE:
        xcy_yaml_add_scalar(out, key->choices[*(const int *)key->to]);
        break;
    case XCY_KEY_CUSTOM:
        xcy_bug(__FILE__, __LINE__, "no such key in the manifest");
    }
}

static void add_outcomes(struct xcy_buf *out, const struct xcy_key *key)
{
    const int64_t *outcomes = key->to;
    xcy_buf_addf(out, "%s:\n", key->name);
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_buf_addf(out, "  %s: %lld\n", xcy_outcome_names[i], (long long)outcomes[i]);
    }
}

static int64_t sum(const int64_t outcomes[XCY_N_OUTCOMES])
{
    int64_t total = 0;
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        total += outcomes[i];
    }
    return total;
}

bool xcy_manifest_adds_up(const struct xcy_manifest *m)
{
    return m->state == XCY_RUN_RUNNING || (sum(m->outcomes) == m->planned - m->warmup_slots &&
                                           sum(m->warmup_outcomes) == m->warmup_slots);
}

bool xcy_manifest_knows_planned(const struct xcy_manifest *m)
{
    return m->planned > 0 || m->state != XCY_RUN_RUNNING;
}

enum xcy_status xcy_manifest_write(const struct xcy_manifest *m, const char *run_path,
                                   struct xcy_error *err)
{
    xcy_assert(xcy_manifest_adds_up(m));
    struct xcy_manifest copy = *m; /* the form writes nothing through it */
    struct xcy_manifest_form f;
    xcy_manifest_form_init(&f, &copy);
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_MANIFEST_BYTES);
    for (size_t i = 0; i < f.n_keys; i++) {
        if (f.keys[i].type == XCY_KEY_CUSTOM) {
            add_outcomes(&out, &f.keys[i]);
            continue;
        }
        xcy_buf_addf(&out, "%s: ", f.keys[i].name);
        add_value(&out, &f.keys[i]);
        xcy_buf_add_char(&out, '\n');
    }
    xcy_manifest_form_clear(&f);
    enum xcy_status status = xcy_run_replace_file(run_path, "run.yml", &out, err);
    xcy_buf_clear(&out);
    return status;
}

/* What a run of an earlier release was, in the words of this one. */
static void set_defaults(struct xcy_manifest *m)
{
    m->engine = xcy_strdup("lambda");
    m->arrivals = xcy_strdup("constant");
    m->shard_count = 1;
    m->peak_rate_per_s = NOT_GIVEN;
}

/* Before anything else: a later format may have keys that are not known here. */
static enum xcy_status check_version(const struct xcy_yaml *root, struct xcy_error *err)
{
    const struct xcy_yaml *node = xcy_yaml_get(root, "format_version");
    int64_t version = XCY_FORMAT_VERSION;
    if (node && xcy_yaml_text(node) &&
        xcy_int64_parse(xcy_bytes_of(xcy_yaml_text(node)), &version) &&
        version != XCY_FORMAT_VERSION) {
        return xcy_yaml_fail(node, err,
                             "format_version is %lld; this release reads %d: use the xcybench "
                             "that made the run",
                             (long long)version, XCY_FORMAT_VERSION);
    }
    return XCY_OK;
}

static enum xcy_status check_sums(const struct xcy_manifest *m, const char *path,
                                  struct xcy_error *err)
{
    if (xcy_manifest_adds_up(m)) {
        return XCY_OK;
    }
    return xcy_fail(err, XCY_EINVALID,
                    "%s: the outcomes are %lld and %lld in warm-up, but %lld slots were planned, "
                    "of them %lld warm-up",
                    path, (long long)sum(m->outcomes), (long long)sum(m->warmup_outcomes),
                    (long long)m->planned, (long long)m->warmup_slots);
}

static enum xcy_status take_root(const struct xcy_yaml *root, const char *path,
                                 struct xcy_manifest_form *f, struct xcy_error *err)
{
    struct xcy_manifest *m = f->m;
    if (!root) {
        return xcy_fail(err, XCY_EPARSE, "%s: empty", path);
    }
    enum xcy_status status = check_version(root, err);
    if (status == XCY_OK) {
        status = xcy_yaml_bind(root, f->keys, f->n_keys, err);
    }
    if (status == XCY_OK) {
        status = xcy_manifest_form_take(f, err);
    }
    if (status == XCY_OK && m->peak_rate_per_s == NOT_GIVEN) {
        m->peak_rate_per_s = m->rate_per_s;
    }
    return status == XCY_OK ? check_sums(m, path, err) : status;
}

enum xcy_status xcy_manifest_read(const char *run_path, struct xcy_manifest *m,
                                  struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "run.yml");
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_manifest found = {0};
    struct xcy_manifest_form f;
    set_defaults(&found);
    xcy_manifest_form_init(&f, &found);
    enum xcy_status status = xcy_yaml_read(path, &doc, err);
    if (status == XCY_OK) {
        status = take_root(xcy_yaml_root(doc), path, &f, err);
    }
    if (status == XCY_OK) {
        *m = found;
    } else {
        xcy_manifest_clear(&found);
    }
    xcy_manifest_form_clear(&f);
    xcy_yaml_free(doc);
    free(path);
    return status;
}

enum xcy_status xcy_manifest_check_invoked(const struct xcy_manifest *m, const char *run_path,
                                           struct xcy_error *err)
{
    if (strcmp(m->engine, "lambda") != 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s: engine %s invoked no function, so that there are no evaluations; its "
                        "figures are in latency.json and series.csv",
                        run_path, m->engine);
    }
    return XCY_OK;
}

void xcy_manifest_clear(struct xcy_manifest *m)
{
    free(m->tag);
    free(m->engine);
    free(m->arrivals);
    free(m->endpoint);
    free(m->deployment);
    free(m->queue_name);
    free(m->writer_function);
    free(m->reader_function);
    free(m->version);
    free(m->host);
    free(m->verdict_reason);
    *m = (struct xcy_manifest){0};
}
