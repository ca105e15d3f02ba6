#include "campaign/resume.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A journal on its way. */
struct opening {
    const struct xcy_campaign_settings *settings;
    struct xcy_campaign_state *state;
    struct xcy_campaign_journal *journal;
};

struct xcy_json *xcy_campaign_event(const char *name, size_t run)
{
    struct xcy_json *event = xcy_json_new_object();
    xcy_json_put_string(event, "event", name);
    xcy_json_put_int64(event, "n", (int64_t)run + 1);
    return event;
}

enum xcy_status xcy_campaign_check_same(const struct xcy_campaign_config *config,
                                        const char *journal_path,
                                        const struct xcy_campaign_state *state,
                                        struct xcy_error *err)
{
    char digest[XCY_CAMPAIGN_DIGEST_BYTES];
    xcy_campaign_digest(config->cells, config->n_cells, digest);
    if (strcmp(digest, state->digest) != 0) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s was begun with another config; go on with that one, choose another "
                        "--output, or begin anew with --fresh",
                        journal_path);
    }
    if (config->seed != 0 && config->seed != state->plan.seed) {
        return xcy_fail(err, XCY_EUSAGE,
                        "%s was begun with seed %lld, the config now says %lld; begin anew with "
                        "--fresh",
                        journal_path, (long long)state->plan.seed, (long long)config->seed);
    }
    return XCY_OK;
}

/* What an earlier call began and did not end is to be done again. */
static enum xcy_status abandon_begun(struct opening *o, struct xcy_error *err)
{
    enum xcy_status status = XCY_OK;
    for (size_t i = 0; status == XCY_OK && i < o->state->plan.n_runs; i++) {
        const struct xcy_run_record *r = &o->state->runs[i];
        if (r->progress == XCY_RUN_BEGUN) {
            struct xcy_json *event = xcy_campaign_event("abandoned", i);
            xcy_json_put_string(event, "folder", r->folder);
            if (r->folder) {
                xcy_log(XCY_LOG_INFO, "run %zu did not end; what it left stays in %s/%s", i + 1,
                        o->settings->folder, r->folder);
            }
            status = xcy_campaign_journal_add(o->journal, event, err);
        }
    }
    return status;
}

static enum xcy_status begin_new(struct opening *o, const char *path, struct xcy_error *err)
{
    const struct xcy_campaign_config *config = o->settings->config;
    struct xcy_campaign_plan plan;
    int64_t seed = config->seed;
    while (seed == 0) {
        seed = (int64_t)xcy_random_seed();
    }
    enum xcy_status status =
        xcy_campaign_plan_make(config->cells, config->n_cells, seed, &plan, err);
    if (status != XCY_OK) {
        return status;
    }
    status = xcy_campaign_journal_create(path, config->name, &plan, o->state, &o->journal, err);
    if (status == XCY_OK) {
        xcy_log(XCY_LOG_INFO, "%s: %zu runs of %zu cells, seed %lld, in %s", config->name,
                plan.n_runs, plan.n_cells, (long long)seed, o->settings->folder);
    }
    xcy_campaign_plan_clear(&plan);
    return status;
}

static enum xcy_status resume(struct opening *o, const char *path, size_t whole_bytes,
                              struct xcy_error *err)
{
    enum xcy_status status = xcy_campaign_check_same(o->settings->config, path, o->state, err);
    if (status == XCY_OK) {
        status = xcy_campaign_journal_append(path, whole_bytes, o->state, &o->journal, err);
    }
    if (status == XCY_OK) {
        xcy_log(XCY_LOG_INFO, "%s: goes on, %zu of %zu runs are done, %zu failed, seed %lld",
                o->state->name, xcy_campaign_count(o->state, XCY_RUN_DONE), o->state->plan.n_runs,
                xcy_campaign_count(o->state, XCY_RUN_FAILED), (long long)o->state->plan.seed);
        status = abandon_begun(o, err);
    }
    return status;
}

/* The old one stays, by another name. */
static enum xcy_status put_aside(const char *path, struct xcy_error *err)
{
    char stamp[15];
    xcy_wall_format_compact(xcy_wall_now(), stamp);
    char *aside = xcy_format("%.*s-%s.jsonl", (int)(strlen(path) - strlen(".jsonl")), path, stamp);
    enum xcy_status status = XCY_OK;
    if (!xcy_file_exists(aside) && rename(path, aside) != 0 && errno != ENOENT) {
        status = xcy_fail_errno(err, errno, "%s", path);
    }
    free(aside);
    return status;
}

enum xcy_status xcy_campaign_open_journal(const struct xcy_campaign_settings *settings,
                                          struct xcy_campaign_state *state,
                                          struct xcy_campaign_journal **journal,
                                          struct xcy_error *err)
{
    struct opening o = {.settings = settings, .state = state};
    char *path = xcy_format("%s/journal.jsonl", settings->folder);
    size_t whole_bytes = 0;
    enum xcy_status status = settings->is_fresh ? put_aside(path, err) : XCY_OK;
    if (status == XCY_OK) {
        status = xcy_campaign_journal_read(path, state, &whole_bytes, err);
        status = status == XCY_ENOTFOUND ? begin_new(&o, path, err)
                 : status == XCY_OK      ? resume(&o, path, whole_bytes, err)
                                         : status;
    }
    free(path);
    *journal = o.journal;
    return status;
}
