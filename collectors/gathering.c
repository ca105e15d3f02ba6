#include "collectors/gathering.h"

#include "collectors/generator_clock.h"
#include "collectors/receive.h"
#include "collectors/sizes.h"
#include "collectors/sources/sqs.h"

#include "common/aws/lambda.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/stop.h"
#include "common/run/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { LEAST_QUIET_S = 10, AFTER_READER_S = 5, ASYNC_REPEATS_S = 130, AFTER_HIDDEN_S = 2 };
enum { MAX_STATS_BYTES = 1 << 20 };

#define UNFINISHED "gather.unfinished"

static const struct xcy_retry_plan retry_plan = {
    .attempts = 8, .first_ns = 100 * XCY_NS_PER_MS, .max_ns = 5 * XCY_NS_PER_S};

struct gathering {
    const char *run_path;
    const struct xcy_manifest *manifest;
    const struct xcy_gathering_options *options;
    const char *endpoint; /* NULL: AWS */
    struct xcy_ledger *ledger;
    struct xcy_collection *collection; /* while receiving */
    struct xcy_generator_clock clock;  /* likewise */
    struct xcy_sent *sent;
    int64_t foreign;
    bool is_continued; /* an earlier gather was killed, or could not delete all it took */
    const char *ended;
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

static void close_states(void **states, size_t n)
{
    for (size_t s = 0; s < n; s++) {
        xcy_source_sqs.close(states[s]);
    }
    free(states);
}

static enum xcy_status open_states(const struct gathering *g, size_t n, void ***states,
                                   struct xcy_error *err)
{
    struct xcy_source_place place = {
        .endpoint = g->endpoint,
        .region = g->manifest->combination.reader_region,
        .queue = g->manifest->queue_name,
    };
    const struct xcy_retry_plan few = {
        .attempts = 3, .first_ns = retry_plan.first_ns, .max_ns = retry_plan.max_ns};
    void **opened = xcy_alloc_array(n, sizeof *opened);
    enum xcy_status status = XCY_OK;
    for (size_t s = 0; s < n && status == XCY_OK; s++) {
        struct xcy_retry retry = xcy_retry_begin(&few);
        do {
            status = xcy_source_sqs.open(&place, &opened[s], err);
        } while (xcy_retry_again(&retry, status));
    }
    if (status == XCY_OK) {
        *states = opened;
        return XCY_OK;
    }
    close_states(opened, n);
    return xcy_stop_asked() ? xcy_fail(err, XCY_ESTOPPED, "interrupted") : status;
}

static void tell_how_it_ended(struct gathering *g, const struct xcy_receive_result *result)
{
    static const char *const names[] = {[XCY_RECEIVE_COMPLETE] = "complete",
                                        [XCY_RECEIVE_QUIET] = "quiet",
                                        [XCY_RECEIVE_DEADLINE] = "deadline"};
    g->ended = names[result->end];
    if (result->n_undeleted > 0) {
        xcy_log(XCY_LOG_WARNING,
                "%lld messages could not be deleted from the queue; they are on disk, and come "
                "again as duplicates: gather once more",
                (long long)result->n_undeleted);
    }
}

/* This file stands in the run from before the first message is taken until all that were taken are
 * deleted: by it the next gather knows that the queue may give some of them again. */
static enum xcy_status note_begun(const char *path, struct xcy_error *err)
{
    static const char text[] = "a gather of this run takes messages, or was ended while it did\n";
    enum xcy_status status = xcy_file_replace(path, xcy_bytes_of(text), 0644, err);
    return status == XCY_OK ? xcy_file_sync_name(path, err) : status;
}

static enum xcy_status note_ended(const char *path, struct xcy_error *err)
{
    bool is_gone = unlink(path) == 0 || errno == ENOENT;
    return is_gone ? XCY_OK : xcy_fail_errno(err, errno, "%s", path);
}

static enum xcy_status receive_from(struct gathering *g, void *const *states, size_t n_states,
                                    struct xcy_error *err)
{
    char boot_id[37];
    xcy_boot_id(boot_id);
    g->clock = xcy_generator_clock_of(g->manifest, boot_id);
    struct xcy_receive_task task = {
        .parts = {.source = &xcy_source_sqs,
                  .ledger = g->ledger,
                  .collection = g->collection,
                  .world = {world_now, world_wall_us, world_is_live, g},
                  .retry = retry_plan,
                  .same_clock = g->clock.is_here},
        .run_path = g->run_path,
        .manifest = g->manifest,
        .states = states,
        .n_states = n_states,
        .sent = g->sent,
        .quiet_ns = g->options->quiet_ns,
        .least_ns = g->is_continued ? (XCY_SOURCE_HIDDEN_S + AFTER_HIDDEN_S) * XCY_NS_PER_S : 0,
        .deadline_ns = g->options->deadline_ns,
        .progress = g->options->progress,
    };
    struct xcy_receive_result result = {.n_undeleted = 0};
    char *unfinished = xcy_run_file(g->run_path, UNFINISHED);
    enum xcy_status status = note_begun(unfinished, err);
    if (status == XCY_OK) {
        status = xcy_receive(&task, &result, err);
    }
    if (status == XCY_OK) {
        tell_how_it_ended(g, &result);
    }
    if (status == XCY_OK && result.n_undeleted == 0) {
        status = note_ended(unfinished, err);
    }
    free(unfinished);
    return status;
}

static enum xcy_status receive(struct gathering *g, struct xcy_error *err)
{
    void **states = NULL;
    size_t n_states = (size_t)g->options->receivers;
    enum xcy_status status = open_states(g, n_states, &states, err);
    if (status == XCY_OK) {
        status = receive_from(g, states, n_states, err);
        close_states(states, n_states);
    }
    return status;
}

/* Whether the load has ended and all who may report have. */
static enum xcy_status is_all_there(struct gathering *g, bool *all, struct xcy_error *err)
{
    *all = false;
    if (xcy_sent_is_live(g->run_path)) {
        return XCY_OK;
    }
    struct xcy_slots *slots = NULL;
    enum xcy_status status = xcy_slots_read(g->run_path, g->manifest, &slots, err);
    if (status == XCY_OK) {
        *all = xcy_collection_count_awaited(g->collection, slots) == 0;
        xcy_slots_free(slots);
    }
    return status;
}

static enum xcy_status collect(struct gathering *g, struct xcy_error *err)
{
    enum xcy_status status = xcy_sent_open(g->run_path, &g->sent, err);
    if (status != XCY_OK && status != XCY_ENOTFOUND) {
        return status;
    }
    struct xcy_match_run run = {.manifest = g->manifest, .sent = g->sent};
    bool all = false;
    int64_t cut_bytes = 0;
    g->collection = xcy_collection_new(&run);
    status = xcy_ledger_replay(g->ledger, g->collection, &cut_bytes, err);
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
    status = is_all_there(g, &all, err);
    if (status == XCY_OK && (!all || g->is_continued)) {
        status = receive(g, err);
    }
    g->foreign = g->collection->tally.counts[XCY_MESSAGE_FOREIGN];
    if (status == XCY_OK && xcy_sent_is_live(g->run_path)) {
        status = xcy_fail(err, XCY_EFAIL,
                          "the deadline passed while the load still runs; what was "
                          "received is kept, run gather again");
    }
    return status;
}

static enum xcy_status ask_writer(const struct gathering *g, struct xcy_buf *reply,
                                  struct xcy_error *err)
{
    static const char question[] = "{\"-#STATS#-\": true}";
    struct xcy_key_source *keys = NULL;
    enum xcy_status status = xcy_key_source_open(g->endpoint, &keys, err);
    if (status != XCY_OK) {
        return status;
    }
    struct xcy_aws aws = {
        .http = xcy_http_open(NULL),
        .endpoint = g->endpoint,
        .region = g->manifest->combination.writer_region,
        .keys = keys,
        .stoppable = true,
    };
    status =
        xcy_lambda_invoke(&aws, g->manifest->writer_function, xcy_bytes_of(question), reply, err);
    xcy_http_close(aws.http);
    xcy_key_source_close(keys);
    return status;
}

/* Once a run; a failure costs the sizes only. */
static void ask_stats(const struct gathering *g)
{
    char *path = xcy_run_file(g->run_path, "stats.json");
    struct xcy_error err;
    struct xcy_sizes sizes;
    struct xcy_buf reply;
    xcy_buf_init(&reply, MAX_STATS_BYTES);
    if (!xcy_file_exists(path)) {
        enum xcy_status status = ask_writer(g, &reply, &err);
        if (status == XCY_OK) {
            status =
                xcy_sizes_parse(xcy_buf_bytes(&reply), &g->manifest->combination, &sizes, &err);
        }
        if (status == XCY_OK) {
            xcy_buf_add_char(&reply, '\n');
            status = xcy_file_replace(path, xcy_buf_bytes(&reply), 0644, &err);
        }
        if (status != XCY_OK) {
            xcy_log(XCY_LOG_WARNING, "no sizes from the post storage: %s", err.text);
        }
    }
    xcy_buf_clear(&reply);
    free(path);
}

enum xcy_status xcy_gathering_run(const char *run_path, const struct xcy_manifest *manifest,
                                  const struct xcy_gathering_options *options,
                                  struct xcy_derived *derived, const char **ended,
                                  struct xcy_error *err)
{
    struct gathering g = {
        .run_path = run_path,
        .manifest = manifest,
        .options = options,
        .endpoint = strcmp(manifest->endpoint, "aws") == 0 ? NULL : manifest->endpoint,
        .ended = "rejoined",
    };
    char *unfinished = xcy_run_file(run_path, UNFINISHED);
    g.is_continued = xcy_file_exists(unfinished);
    free(unfinished);
    enum xcy_status status = xcy_ledger_open(run_path, &g.ledger, err);
    if (status == XCY_OK && options->from_queue) {
        status = collect(&g, err);
    } else if (status == XCY_OK && xcy_sent_is_live(run_path)) {
        status = xcy_fail(err, XCY_EFAIL, "the load still runs; rejoin after it has ended");
    }
    xcy_collection_free(g.collection);
    xcy_sent_close(g.sent);
    if (status == XCY_OK && options->from_queue && options->ask_stats) {
        ask_stats(&g);
    }
    if (status == XCY_OK) {
        status = xcy_derive(run_path, manifest, g.ledger, g.foreign, derived, err);
    }
    xcy_ledger_close(g.ledger);
    *ended = g.ended;
    return status;
}
