#include "common/run/manifest_form.h"

#include "common/base/mem.h"

#include <stdlib.h>
#include <string.h>

static enum xcy_status parse_outcomes(const struct xcy_yaml *node, void *to, struct xcy_error *err)
{
    int64_t *outcomes = to;
    struct xcy_key keys[XCY_N_OUTCOMES];
    for (size_t i = 0; i < XCY_N_OUTCOMES; i++) {
        keys[i] =
            (struct xcy_key){.name = xcy_outcome_names[i], .type = XCY_KEY_INT, .to = &outcomes[i]};
    }
    return xcy_yaml_bind(node, keys, XCY_N_OUTCOMES, err);
}

static void add_key(struct xcy_manifest_form *f, const char *name, enum xcy_key_type type, void *to,
                    const char *const *choices, const char *help)
{
    xcy_assert(f->n_keys < XCY_MANIFEST_MAX_KEYS);
    f->keys[f->n_keys++] = (struct xcy_key){
        .name = name, .type = type, .to = to, .choices = choices, .required = true, .help = help};
}

/* A key that files of earlier releases lack: then the default stays (set_defaults). */
static void add_newer_key(struct xcy_manifest_form *f, const char *name, enum xcy_key_type type,
                          void *to, const char *help)
{
    add_key(f, name, type, to, NULL, help);
    f->keys[f->n_keys - 1].required = false;
}

static void add_outcomes_key(struct xcy_manifest_form *f, const char *name, int64_t *outcomes,
                             bool is_newer, const char *help)
{
    add_key(f, name, XCY_KEY_CUSTOM, outcomes, NULL, help);
    f->keys[f->n_keys - 1].parse = parse_outcomes;
    f->keys[f->n_keys - 1].required = !is_newer;
}

static void add_schedule_keys(struct xcy_manifest_form *f)
{
    struct xcy_manifest *m = f->m;
    add_newer_key(f, "arrivals", XCY_KEY_STRING, &m->arrivals, "of requests, or a load plan");
    add_key(f, "planned", XCY_KEY_INT, &m->planned, NULL, "slots of the schedule, or 0: not known");
    add_newer_key(f, "warmup_slots", XCY_KEY_INT, &m->warmup_slots, "of these, the first");
    add_newer_key(f, "shard_index", XCY_KEY_INT, &m->shard_index, "from 0");
    add_newer_key(f, "shard_count", XCY_KEY_INT, &m->shard_count, "1: no shards");
    add_key(f, "rate_per_s", XCY_KEY_DOUBLE, &m->rate_per_s, NULL, "mean asked; 0: closed loop");
    add_newer_key(f, "peak_rate_per_s", XCY_KEY_DOUBLE, &m->peak_rate_per_s, "asked at most");
    add_newer_key(f, "retries_allowed", XCY_KEY_INT, &m->retries_allowed, "of a request");
}

/* What was asked: known when the run begins. */
static void add_plan_keys(struct xcy_manifest_form *f)
{
    struct xcy_manifest *m = f->m;
    add_key(f, "format_version", XCY_KEY_INT, &m->format_version, NULL, "of this directory");
    add_key(f, "run", XCY_KEY_STRING, &f->run, NULL, "run id, in every payload");
    add_key(f, "tag", XCY_KEY_STRING, &m->tag, NULL, "first part of the directory's name");
    add_key(f, "state", XCY_KEY_CHOICE, &f->state, xcy_run_state_names, "running while it runs");
    add_key(f, "seed", XCY_KEY_INT, &m->seed, NULL, "of every random stream");
    add_newer_key(f, "engine", XCY_KEY_STRING, &m->engine, "what made the requests");
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
    add_schedule_keys(f);
    add_key(f, "threads", XCY_KEY_INT, &m->threads, NULL, "of the generator");
    add_key(f, "reader_longest_ms", XCY_KEY_INT, &m->reader_longest_ms, NULL,
            "how long a reader may be busy");
    add_newer_key(f, "readers_at_a_time", XCY_KEY_INT, &m->readers_at_a_time,
                  "invocations of the reader at most");
    add_key(f, "version", XCY_KEY_STRING, &m->version, NULL, "of xcybench");
    add_key(f, "host", XCY_KEY_STRING, &m->host, NULL, "");
    add_key(f, "boot_id", XCY_KEY_STRING, &f->boot_id, NULL, "same boot id, same clock");
    add_newer_key(f, "wall_minus_mono_ns", XCY_KEY_INT, &m->wall_minus_mono_ns,
                  "of the clock that stamped requests");
    add_key(f, "started_us", XCY_KEY_INT, &m->started_us, NULL, "slot 0 was due; UTC");
    add_key(f, "ended_us", XCY_KEY_INT, &m->ended_us, NULL, "UTC; 0 while running");
}

/* What ran: known at the end. */
static void add_result_keys(struct xcy_manifest_form *f)
{
    struct xcy_manifest *m = f->m;
    add_key(f, "sent", XCY_KEY_INT, &m->sent, NULL, "requests");
    add_newer_key(f, "retries", XCY_KEY_INT, &m->retries, "attempts beyond the first");
    add_key(f, "late", XCY_KEY_INT, &m->late, NULL, "sent more than 1 ms after due");
    add_newer_key(f, "start_lag_p99_us", XCY_KEY_DOUBLE, &m->start_lag_p99_us,
                  "handed to the engine - due");
    add_key(f, "lag_p50_us", XCY_KEY_DOUBLE, &m->lag_p50_us, NULL, "sent - due");
    add_key(f, "lag_p99_us", XCY_KEY_DOUBLE, &m->lag_p99_us, NULL, "sent - due");
    add_key(f, "lag_max_us", XCY_KEY_DOUBLE, &m->lag_max_us, NULL, "sent - due");
    add_key(f, "response_p50_us", XCY_KEY_DOUBLE, &m->response_p50_us, NULL, "acked - due, of ok");
    add_key(f, "response_p99_us", XCY_KEY_DOUBLE, &m->response_p99_us, NULL, "acked - due, of ok");
    add_key(f, "verdict", XCY_KEY_CHOICE, &f->verdict, xcy_verdict_names, "");
    add_key(f, "verdict_reason", XCY_KEY_STRING, &m->verdict_reason, NULL, "");
    add_outcomes_key(f, "outcomes", m->outcomes, false, "sum = planned - warmup_slots");
    add_outcomes_key(f, "warmup_outcomes", m->warmup_outcomes, true, "sum = warmup_slots");
}

void xcy_manifest_form_init(struct xcy_manifest_form *f, struct xcy_manifest *m)
{
    const struct xcy_combination *c = &m->combination;
    *f = (struct xcy_manifest_form){
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

void xcy_manifest_form_clear(struct xcy_manifest_form *f)
{
    free(f->run);
    free(f->boot_id);
    free(f->writer_region);
    free(f->reader_region);
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

enum xcy_status xcy_manifest_form_take(const struct xcy_manifest_form *f, struct xcy_error *err)
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
