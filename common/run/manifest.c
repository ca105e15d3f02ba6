#include "common/run/manifest.h"

#include "common/base/mem.h"
#include "common/data/number.h"
#include "common/data/yaml.h"
#include "common/run/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const xcy_run_state_names[] = {"running", "complete", "interrupted", NULL};
const char *const xcy_verdict_names[] = {"NONE", "VALID", "GENERATOR_LIMITED", "TARGET_LIMITED",
                                         NULL};

enum { MAX_MANIFEST_BYTES = 1 << 20, MAX_KEYS = 64 };

/* The manifest with what a key table cannot point at directly. */
struct form {
    struct xcy_manifest *m;
    char *run;
    char *boot_id;
    char *writer_region;
    char *reader_region;
    int state;
    int post_storage;
    int notification_storage;
    int consistency;
    int visibility;
    int verdict;
    struct xcy_key keys[MAX_KEYS];
    size_t n_keys;
};

static enum xcy_status parse_outcomes(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    struct xcy_manifest *m = to;
    struct xcy_key keys[XCY_N_OUTCOMES];
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        keys[i] = (struct xcy_key){
            .name = xcy_outcome_names[i], .type = XCY_KEY_INT, .to = &m->outcomes[i]};
    }
    return xcy_yaml_bind(node, keys, XCY_N_OUTCOMES, err);
}

static void add_key(struct form *f, const char *name, enum xcy_key_type type, void *to,
                    const char *const *choices, const char *help)
{
    xcy_assert(f->n_keys < MAX_KEYS);
    f->keys[f->n_keys++] = (struct xcy_key){
        .name = name, .type = type, .to = to, .choices = choices, .required = true, .help = help};
}

/* What was asked: known when the run begins. */
static void add_plan_keys(struct form *f)
{
    struct xcy_manifest *m = f->m;
    add_key(f, "format_version", XCY_KEY_INT, &m->format_version, NULL, "of this directory");
    add_key(f, "run", XCY_KEY_STRING, &f->run, NULL, "run id, in every payload");
    add_key(f, "tag", XCY_KEY_STRING, &m->tag, NULL, "first part of the directory's name");
    add_key(f, "state", XCY_KEY_CHOICE, &f->state, xcy_run_state_names, "running while it runs");
    add_key(f, "seed", XCY_KEY_INT, &m->seed, NULL, "of every random stream");
    struct xcy_combination *c = &m->combination;
    add_key(f, "post_storage", XCY_KEY_CHOICE, &f->post_storage, xcy_post_storage_names, "");
    add_key(f, "notification_storage", XCY_KEY_CHOICE, &f->notification_storage,
            xcy_notification_storage_names, "");
    add_key(f, "consistency", XCY_KEY_CHOICE, &f->consistency, xcy_consistency_names, "");
    add_key(f, "delay_ms", XCY_KEY_INT, &c->delay_ms, NULL, "between write and notification");
    add_key(f, "post_bytes", XCY_KEY_INT, &c->post_bytes, NULL, "of a post's body");
    add_key(f, "visibility", XCY_KEY_CHOICE, &f->visibility, xcy_visibility_names,
            "polling after a miss");
    add_key(f, "visibility_share", XCY_KEY_DOUBLE, &c->visibility_share, NULL, "0..1");
    add_key(f, "writer_region", XCY_KEY_STRING, &f->writer_region, NULL, "");
    add_key(f, "reader_region", XCY_KEY_STRING, &f->reader_region, NULL, "");
    add_key(f, "endpoint", XCY_KEY_STRING, &m->endpoint, NULL, "aws, or an address");
    add_key(f, "deployment", XCY_KEY_STRING, &m->deployment, NULL, "where it was read from");
    add_key(f, "queue_name", XCY_KEY_STRING, &m->queue_name, NULL, "evaluation queue");
    add_key(f, "writer_function", XCY_KEY_STRING, &m->writer_function, NULL, "");
    add_key(f, "reader_function", XCY_KEY_STRING, &m->reader_function, NULL, "");
    add_key(f, "time_scale", XCY_KEY_DOUBLE, &m->time_scale, NULL, "of the sandbox's delays");
    add_key(f, "is_async", XCY_KEY_BOOL, &m->is_async, NULL, "InvocationType Event");
    add_key(f, "planned", XCY_KEY_INT, &m->planned, NULL, "slots of the schedule");
    add_key(f, "rate_per_s", XCY_KEY_DOUBLE, &m->rate_per_s, NULL, "asked");
    add_key(f, "threads", XCY_KEY_INT, &m->threads, NULL, "of the generator");
    add_key(f, "reader_longest_ms", XCY_KEY_INT, &m->reader_longest_ms, NULL,
            "how long a reader may be busy");
    add_key(f, "version", XCY_KEY_STRING, &m->version, NULL, "of xcybench");
    add_key(f, "host", XCY_KEY_STRING, &m->host, NULL, "");
    add_key(f, "boot_id", XCY_KEY_STRING, &f->boot_id, NULL, "same boot id, same clock");
    add_key(f, "started_us", XCY_KEY_INT, &m->started_us, NULL, "slot 0 was due; UTC");
    add_key(f, "ended_us", XCY_KEY_INT, &m->ended_us, NULL, "UTC; 0 while running");
}

/* What ran: known at the end. */
static void add_result_keys(struct form *f)
{
    struct xcy_manifest *m = f->m;
    add_key(f, "sent", XCY_KEY_INT, &m->sent, NULL, "requests");
    add_key(f, "late", XCY_KEY_INT, &m->late, NULL, "sent more than 1 ms after due");
    add_key(f, "lag_p50_us", XCY_KEY_DOUBLE, &m->lag_p50_us, NULL, "sent - due");
    add_key(f, "lag_p99_us", XCY_KEY_DOUBLE, &m->lag_p99_us, NULL, "sent - due");
    add_key(f, "lag_max_us", XCY_KEY_DOUBLE, &m->lag_max_us, NULL, "sent - due");
    add_key(f, "response_p50_us", XCY_KEY_DOUBLE, &m->response_p50_us, NULL, "acked - due, of ok");
    add_key(f, "response_p99_us", XCY_KEY_DOUBLE, &m->response_p99_us, NULL, "acked - due, of ok");
    add_key(f, "verdict", XCY_KEY_CHOICE, &f->verdict, xcy_verdict_names, "");
    add_key(f, "verdict_reason", XCY_KEY_STRING, &m->verdict_reason, NULL, "");
    add_key(f, "outcomes", XCY_KEY_CUSTOM, m, NULL, "sum = planned");
    f->keys[f->n_keys - 1].parse = parse_outcomes;
}

static void form_init(struct form *f, struct xcy_manifest *m)
{
    const struct xcy_combination *c = &m->combination;
    *f = (struct form){
        .m = m,
        .run = xcy_strdup(m->run),
        .boot_id = xcy_strdup(m->boot_id),
        .writer_region = xcy_strdup(c->writer_region),
        .reader_region = xcy_strdup(c->reader_region),
        .state = (int)m->state,
        .post_storage = (int)c->post_storage,
        .notification_storage = (int)c->notification_storage,
        .consistency = (int)c->consistency,
        .visibility = (int)c->visibility,
        .verdict = (int)m->verdict,
    };
    add_plan_keys(f);
    add_result_keys(f);
}

static void form_clear(struct form *f)
{
    free(f->run);
    free(f->boot_id);
    free(f->writer_region);
    free(f->reader_region);
}

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

static void add_outcomes(struct xcy_buf *out, const struct xcy_manifest *m)
{
    xcy_buf_add_text(out, "outcomes:\n");
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        xcy_buf_addf(out, "  %s: %lld\n", xcy_outcome_names[i], (long long)m->outcomes[i]);
    }
}

enum xcy_status xcy_manifest_write(const struct xcy_manifest *m, const char *run_path,
                                   struct xcy_error *err)
{
    struct xcy_manifest copy = *m; /* the form writes nothing through it */
    struct form f;
    form_init(&f, &copy);
    struct xcy_buf out;
    xcy_buf_init(&out, MAX_MANIFEST_BYTES);
    for (size_t i = 0; i < f.n_keys; i++) {
        if (f.keys[i].type == XCY_KEY_CUSTOM) {
            add_outcomes(&out, m);
            continue;
        }
        xcy_buf_addf(&out, "%s: ", f.keys[i].name);
        add_value(&out, &f.keys[i]);
        xcy_buf_add_char(&out, '\n');
    }
    form_clear(&f);
    enum xcy_status status = xcy_run_replace_file(run_path, "run.yml", &out, err);
    xcy_buf_clear(&out);
    return status;
}

/* Copies a text into a fixed array; a longer one is a wrong file. */
static enum xcy_status take_text(char *to, size_t size, const char *text, const char *key,
                                 struct xcy_error *err)
{
    if (strlen(text) >= size) {
        return xcy_fail(err, XCY_EPARSE, "%s: longer than %zu characters", key, size - 1);
    }
    memcpy(to, text, strlen(text) + 1);
    return XCY_OK;
}

static enum xcy_status take_form(struct form *f, struct xcy_error *err)
{
    struct xcy_manifest *m = f->m;
    struct xcy_combination *c = &m->combination;
    m->state = (enum xcy_run_state)f->state;
    m->verdict = (enum xcy_verdict)f->verdict;
    c->post_storage = (enum xcy_post_storage)f->post_storage;
    c->notification_storage = (enum xcy_notification_storage)f->notification_storage;
    c->consistency = (enum xcy_consistency)f->consistency;
    c->visibility = (enum xcy_visibility)f->visibility;
    enum xcy_status status = take_text(m->run, sizeof m->run, f->run, "run", err);
    if (status == XCY_OK) {
        status = take_text(m->boot_id, sizeof m->boot_id, f->boot_id, "boot_id", err);
    }
    if (status == XCY_OK) {
        status = take_text(c->writer_region, sizeof c->writer_region, f->writer_region,
                           "writer_region", err);
    }
    if (status == XCY_OK) {
        status = take_text(c->reader_region, sizeof c->reader_region, f->reader_region,
                           "reader_region", err);
    }
    return status;
}

enum xcy_status xcy_manifest_read(const char *run_path, struct xcy_manifest *m,
                                  struct xcy_error *err)
{
    char *path = xcy_run_file(run_path, "run.yml");
    struct xcy_yaml_doc *doc = NULL;
    struct xcy_manifest found = {0};
    struct form f;
    form_init(&f, &found);
    enum xcy_status status = xcy_yaml_read(path, &doc, err);
    if (status == XCY_OK && !xcy_yaml_root(doc)) {
        status = xcy_fail(err, XCY_EPARSE, "%s: empty", path);
    }
    if (status == XCY_OK) {
        status = xcy_yaml_bind(xcy_yaml_root(doc), f.keys, f.n_keys, err);
    }
    if (status == XCY_OK) {
        status = take_form(&f, err);
    }
    if (status == XCY_OK) {
        *m = found;
    } else {
        xcy_manifest_clear(&found);
    }
    form_clear(&f);
    xcy_yaml_free(doc);
    free(path);
    return status;
}

void xcy_manifest_clear(struct xcy_manifest *m)
{
    free(m->tag);
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
