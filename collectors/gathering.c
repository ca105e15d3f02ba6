#include "collectors/gathering.h"

#include "collectors/ask.h"
#include "collectors/generator_clock.h"
#include "collectors/imports.h"
#include "collectors/sources/sqs.h"
#include "collectors/sums.h"
#include "collectors/unfinished.h"

#include "common/aws/credentials.h"
#include "common/base/file.h"
#include "common/base/log.h"

#include <stdlib.h>

enum { STEP_ASIDE_MS = 800, LEAST_QUIET_S = 10, AFTER_READER_S = 5, ASYNC_REPEATS_S = 130 };

struct gathering {
    const char *run_path;
    const struct xcy_manifest *manifest;
    const struct xcy_gathering_options *options;
    const char *endpoint; /* NULL: AWS */
    struct xcy_retry_plan retry;
    char *orphans_root;
    struct xcy_ledger *ledger;
    struct xcy_imports imports;
    struct xcy_collection *collection; /* while receiving */
    struct xcy_generator_clock clock;  /* likewise */
    struct xcy_sent *sent;
    struct xcy_slots *slots; /* if the load had ended at the start */
    int64_t foreign;
    bool is_continued; /* an earlier gather was killed, or could not delete all it took */
    struct xcy_gathered gathered;
};

int64_t xcy_gathering_quiet_ns(const struct xcy_manifest *manifest)
{
    int64_t quiet_ns = manifest->reader_longest_ms * XCY_NS_PER_MS + AFTER_READER_S * XCY_NS_PER_S;
    if (quiet_ns < LEAST_QUIET_S * XCY_NS_PER_S) {
        quiet_ns = LEAST_QUIET_S * XCY_NS_PER_S;
    }
    bool is_aws = !xcy_endpoint_is_loopback(manifest->endpoint);
    return quiet_ns + (manifest->is_async && is_aws ? ASYNC_REPEATS_S * XCY_NS_PER_S : 0);
}

static struct xcy_mono world_now(void *ctx)
{
    (void)ctx;
    return xcy_mono_now();
}

static int64_t world_wall_us(void *ctx)
{
    const struct gathering *g = ctx;
    return xcy_generator_clock_us(&g->clock);
}

static bool world_is_live(void *ctx)
{
    const struct gathering *g = ctx;
    return xcy_sent_is_live(g->run_path);
}

/* How often something is tried of which a person waits for the answer. */
static struct xcy_retry_plan few_attempts(const struct gathering *g)
{
    struct xcy_retry_plan few = g->retry;
    few.attempts = few.attempts < XCY_RETRY_FEW ? few.attempts : XCY_RETRY_FEW;
    return few;
}

static enum xcy_status open_source(const struct gathering *g, void **state, struct xcy_error *err)
{
    struct xcy_source_place place = {
        .endpoint = g->endpoint,
        .region = g->manifest->combination.reader_region,
        .queue = g->manifest->queue_name,
    };
    const struct xcy_retry_plan few = few_attempts(g);
    return xcy_source_open(&xcy_source_sqs, &place, &few, state, err);
}

static void tell_how_it_ended(struct gathering *g, const struct xcy_receive_result *result)
{
    g->gathered.ended = xcy_receive_end_names[result->end];
    g->gathered.has_received = true;
    g->gathered.received = *result;
    xcy_receive_warn(result);
}

static struct xcy_receive_task task_of(struct gathering *g, void *state,
                                       struct xcy_orphans *orphans)
{
    char boot_id[37];
    xcy_boot_id(boot_id);
    g->clock = xcy_generator_clock_of(g->manifest, boot_id);
    return (struct xcy_receive_task){
        .source = &xcy_source_sqs,
        .state = state,
        .most_receivers = (int)g->options->receivers,
        .ledger = g->ledger,
        .orphans = orphans,
        .collection = g->collection,
        .world = {world_now, world_wall_us, world_is_live, g},
        .retry = g->retry,
        .same_clock = g->clock.is_here,
        .run_path = g->run_path,
        .manifest = g->manifest,
        .sent = g->sent,
        .slots = g->slots,
        .patience = {.quiet_ns = g->options->quiet_ns,
                     .least_ns = g->is_continued ? XCY_RECEIVE_AFTER_KILLED_S * XCY_NS_PER_S : 0,
                     .deadline_ns = g->options->deadline_ns},
        .step_aside_ns = STEP_ASIDE_MS * XCY_NS_PER_MS,
        .progress = g->options->progress,
    };
}

static enum xcy_status receive_from(struct gathering *g, void *state, struct xcy_orphans *orphans,
                                    struct xcy_error *err)
{
    struct xcy_receive_task task = task_of(g, state, orphans);
    struct xcy_receive_result result = {.n_received = 0};
    enum xcy_status status = xcy_unfinished_begin(g->run_path, err);
    if (status == XCY_OK) {
        status = xcy_receive(&task, &result, err);
    }
    if (status == XCY_OK) {
        tell_how_it_ended(g, &result);
    }
    if (status == XCY_OK && result.finish.left == 0) {
        status = xcy_unfinished_end(g->run_path, err);
    }
    return status;
}

static enum xcy_status receive(struct gathering *g, struct xcy_error *err)
{
    void *state = NULL;
    struct xcy_orphans *orphans = NULL;
    enum xcy_status status = XCY_OK;
    if (g->options->take_foreign) {
        status = xcy_orphans_open(g->orphans_root, &orphans, err);
    }
    if (status == XCY_OK) {
        status = open_source(g, &state, err);
    }
    if (status == XCY_OK) {
        status = receive_from(g, state, orphans, err);
    }
    xcy_source_sqs.close(state);
    xcy_orphans_free(orphans);
    return status;
}

/* Whether the load has ended and all who may report have. */
static enum xcy_status is_all_there(struct gathering *g, bool *all, struct xcy_error *err)
{
    *all = false;
    if (xcy_sent_is_live(g->run_path)) {
        return XCY_OK;
    }
    enum xcy_status status = xcy_slots_read(g->run_path, g->manifest, &g->slots, err);
    if (status == XCY_OK) {
        *all = xcy_collection_count_awaited(g->collection, g->slots) == 0;
    }
    return status;
}

/* What is on the disk, here and of others. */
static enum xcy_status replay(struct gathering *g, struct xcy_error *err)
{
    struct xcy_match_run run = {.manifest = g->manifest, .sent = g->sent};
    int64_t cut_bytes = 0;
    g->collection = xcy_collection_new_counting(&run);
    enum xcy_status status = xcy_ledger_replay(g->ledger, g->collection, &cut_bytes, err);
    if (status != XCY_OK) {
        return status;
    }
    if (cut_bytes > 0) {
        xcy_log(XCY_LOG_WARNING,
                "cut %lld bytes of an unfinished line off the journal: an earlier gather was "
                "killed; the queue still has that message",
                (long long)cut_bytes);
    }
    if (g->collection->n_taken > 0) {
        xcy_log(XCY_LOG_INFO, "%zu evaluations are here already", g->collection->n_taken);
    }
    g->imports.collection = g->collection;
    return xcy_imports_all(&g->imports, err);
}

static enum xcy_status collect(struct gathering *g, struct xcy_error *err)
{
    bool all = false;
    enum xcy_status status = is_all_there(g, &all, err);
    if (status == XCY_OK && (!all || g->is_continued)) {
        status = receive(g, err);
        if (status == XCY_OK) {
            status = xcy_imports_orphans(&g->imports, err);
        }
    }
    g->foreign = g->collection->tally.counts[XCY_MESSAGE_FOREIGN];
    if (status == XCY_OK && xcy_sent_is_live(g->run_path)) {
        status = xcy_fail(err, XCY_EFAIL,
                          "the deadline passed while the load still runs; what was "
                          "received is kept, run gather again");
    }
    return status;
}

static enum xcy_status gather(struct gathering *g, struct xcy_error *err)
{
    enum xcy_status status = xcy_orphans_root(g->run_path, &g->orphans_root, err);
    if (status == XCY_OK) {
        status = xcy_ledger_open(g->run_path, &g->ledger, err);
    }
    g->imports = (struct xcy_imports){.orphans_root = g->orphans_root,
                                      .run = g->manifest->run,
                                      .files = &g->options->imports,
                                      .ledger = g->ledger};
    if (status == XCY_OK && !g->options->from_queue && xcy_sent_is_live(g->run_path)) {
        status = xcy_fail(err, XCY_EFAIL, "the load still runs; rejoin after it has ended");
    }
    if (status == XCY_OK) {
        status = xcy_sent_open(g->run_path, &g->sent, err);
        status = status == XCY_ENOTFOUND ? XCY_OK : status;
    }
    if (status == XCY_OK && (g->options->from_queue || xcy_imports_any(&g->imports))) {
        status = replay(g, err);
    }
    if (status == XCY_OK && g->options->from_queue) {
        status = collect(g, err);
    }
    g->gathered.imported = g->imports.n_imported;
    xcy_collection_free(g->collection);
    xcy_slots_free(g->slots);
    xcy_sent_close(g->sent);
    return status;
}

/* What the queue gave is in one of its terms, too. */
static void judge_queue(const struct xcy_gathered *gathered, struct xcy_derived *derived)
{
    struct xcy_sum taken = xcy_sum_of_queue(&gathered->received);
    if (gathered->has_received && derived->is_valid) {
        xcy_sum_judge(&taken, &derived->is_valid, derived->why_invalid,
                      sizeof derived->why_invalid);
    }
}

enum xcy_status xcy_gathering_run(const char *run_path, const struct xcy_manifest *manifest,
                                  const struct xcy_gathering_options *options,
                                  struct xcy_derived *derived, struct xcy_gathered *gathered,
                                  struct xcy_error *err)
{
    struct gathering g = {
        .run_path = run_path,
        .manifest = manifest,
        .options = options,
        .endpoint = strcmp(manifest->endpoint, "aws") == 0 ? NULL : manifest->endpoint,
        .retry = xcy_retry_plan_of(1),
        .gathered = {.ended = "rejoined"},
    };
    g.is_continued = xcy_unfinished_stands(run_path);
    enum xcy_status status = xcy_retry_attempts(&g.retry.attempts, err);
    if (status == XCY_OK) {
        status = gather(&g, err);
    }
    if (status == XCY_OK && options->from_queue && options->ask_stats) {
        struct xcy_retry_plan few = few_attempts(&g);
        xcy_ask_sizes(run_path, manifest, g.endpoint, &few);
    }
    if (status == XCY_OK) {
        status = xcy_derive(run_path, manifest, g.ledger, g.foreign, derived, err);
    }
    if (status == XCY_OK) {
        *gathered = g.gathered;
        judge_queue(&g.gathered, derived);
    }
    xcy_ledger_close(g.ledger);
    free(g.orphans_root);
    return status;
}
