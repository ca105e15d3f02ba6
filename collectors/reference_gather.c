#include "collectors/reference_gather.h"

#include "collectors/reference_folder.h"
#include "collectors/reference_rows.h"
#include "collectors/sources/lines.h"
#include "collectors/sources/sqs.h"
#include "collectors/sums.h"
#include "collectors/unfinished.h"

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/run/folder.h"

#include <stdlib.h>

struct gather {
    const struct xcy_reference_gather_options *options;
    struct xcy_deployment *deployment; /* NULL: not needed */
    struct xcy_sizes sizes;
    char *folder; /* while it is unfinished */
    bool is_continued;
    struct xcy_ledger *ledger;
    struct xcy_slots *slots; /* one a reply of the state file */
    struct xcy_collection *collection;
    struct xcy_reference *rows;
    struct xcy_reference_gathered *result;
};

static enum xcy_status find_sizes(struct gather *g, struct xcy_error *err)
{
    const struct xcy_reference_state *state = g->result->state;
    if (g->options->post_sizes) {
        return xcy_reference_sizes_parse(g->options->post_sizes, &g->sizes, err);
    }
    if (xcy_reference_sizes_are_asked(state)) {
        return xcy_reference_sizes_ask(state, g->deployment, &g->sizes, err);
    }
    g->sizes = xcy_reference_sizes_known(state);
    return XCY_OK;
}

/* All that can be refused before a message is taken. */
static enum xcy_status prepare(struct gather *g, struct xcy_error *err)
{
    const struct xcy_reference_gather_options *o = g->options;
    enum xcy_status status = o->tag ? xcy_run_check_tag(o->tag, err) : XCY_OK;
    if (status == XCY_OK) {
        status = xcy_reference_state_read(o->state_path, &g->result->state, err);
    }
    if (status != XCY_OK) {
        return status;
    }
    bool asks = !o->post_sizes && xcy_reference_sizes_are_asked(g->result->state);
    if (!o->messages || asks) {
        status = xcy_deployment_load(o->config, &g->deployment, err);
    }
    return status == XCY_OK ? find_sizes(g, err) : status;
}

static enum xcy_status open_folder(struct gather *g, struct xcy_error *err)
{
    const char *state_path = g->options->messages ? NULL : g->options->state_path;
    enum xcy_status status = xcy_reference_folder_open(
        g->options->root, &g->result->state->combination, state_path, &g->folder, err);
    g->is_continued = status == XCY_OK && xcy_unfinished_stands(g->folder);
    return status == XCY_OK ? xcy_ledger_open(g->folder, &g->ledger, err) : status;
}

/* Every request of the state file may report. */
static enum xcy_status await_replies(struct gather *g, struct xcy_error *err)
{
    enum xcy_status status =
        xcy_slots_new(g->result->state->requests, 0, NULL, NULL, &g->slots, err);
    for (int64_t i = 0; status == XCY_OK && i < g->slots->n; i++) {
        g->slots->slots[i].may_report = true;
    }
    return status;
}

static enum xcy_status replay(struct gather *g, struct xcy_error *err)
{
    struct xcy_match_run run = {.state = g->result->state, .slots = g->slots};
    int64_t cut_bytes = 0;
    g->collection = xcy_collection_new_counting(&run);
    enum xcy_status status = xcy_ledger_replay(g->ledger, g->collection, &cut_bytes, err);
    if (status == XCY_OK && g->collection->n_taken > 0) {
        xcy_log(XCY_LOG_INFO, "%zu results are here already, in %s", g->collection->n_taken,
                g->folder);
    }
    return status;
}

static struct xcy_mono world_now(void *ctx)
{
    (void)ctx;
    return xcy_mono_now();
}

static int64_t world_wall_us(void *ctx)
{
    (void)ctx;
    return xcy_wall_us(xcy_wall_now());
}

static bool world_is_live(void *ctx)
{
    (void)ctx;
    return false;
}

static struct xcy_receive_task task_of(struct gather *g, const struct xcy_source *source,
                                       void *state, const struct xcy_retry_plan *retry)
{
    bool is_queue = source == &xcy_source_sqs;
    return (struct xcy_receive_task){
        .source = source,
        .state = state,
        .most_receivers = 1,
        .ledger = g->ledger,
        .collection = g->collection,
        .world = {world_now, world_wall_us, world_is_live, g},
        .retry = *retry,
        .run_path = g->folder,
        .slots = g->slots,
        .patience = {.quiet_ns = is_queue ? g->options->quiet_ns : 0,
                     .least_ns = g->is_continued ? XCY_RECEIVE_AFTER_KILLED_S * XCY_NS_PER_S : 0,
                     .deadline_ns = g->options->deadline_ns},
        .progress = g->options->progress,
    };
}

static enum xcy_status receive_from(struct gather *g, const struct xcy_source *source, void *state,
                                    const struct xcy_retry_plan *retry, struct xcy_error *err)
{
    struct xcy_reference_gathered *result = g->result;
    struct xcy_receive_task task = task_of(g, source, state, retry);
    enum xcy_status status = xcy_unfinished_begin(g->folder, err);
    if (status == XCY_OK) {
        status = xcy_receive(&task, &result->received, err);
    }
    if (status == XCY_OK) {
        result->ended = xcy_receive_end_names[result->received.end];
        result->has_received = source == &xcy_source_sqs;
        xcy_receive_warn(&result->received);
    }
    return status;
}

static enum xcy_status receive(struct gather *g, struct xcy_error *err)
{
    const char *messages = g->options->messages;
    const struct xcy_source *source = messages ? &xcy_source_lines : &xcy_source_sqs;
    const struct xcy_source_place place = {
        .endpoint = messages ? NULL : g->deployment->endpoint,
        .region = g->result->state->combination.reader_region,
        .queue = messages ? messages : g->deployment->queue_name,
    };
    void *state = NULL;
    int attempts = 0;
    enum xcy_status status = xcy_retry_attempts(&attempts, err);
    if (status != XCY_OK) {
        return status;
    }
    const struct xcy_retry_plan retry = xcy_retry_plan_of(attempts);
    const struct xcy_retry_plan few =
        xcy_retry_plan_of(attempts < XCY_RETRY_FEW ? attempts : XCY_RETRY_FEW);
    status = xcy_source_open(source, &place, &few, &state, err);
    if (status == XCY_OK) {
        status = receive_from(g, source, state, &retry, err);
    }
    source->close(state);
    return status;
}

static enum xcy_status make_rows(struct gather *g, struct xcy_error *err)
{
    struct xcy_reference_gathered *result = g->result;
    struct xcy_reference_rows rows;
    enum xcy_status status = xcy_reference_rows_make(result->state, g->ledger, &rows, err);
    if (status != XCY_OK) {
        return status;
    }
    g->rows = rows.reference;
    result->results = (int64_t)xcy_reference_rows(g->rows);
    result->expected = rows.expected;
    result->n_unused = rows.n_unused;
    for (size_t row = 0; row < xcy_reference_rows(g->rows); row++) {
        result->inconsistent += xcy_reference_at(g->rows, row)->consistent_read == 0 ? 1 : 0;
    }
    return XCY_OK;
}

static void judge(struct gather *g)
{
    struct xcy_reference_gathered *r = g->result;
    r->tally = g->collection->tally;
    r->n_missing = xcy_collection_count_awaited(g->collection, g->slots);
    const struct xcy_sum sums[] = {
        xcy_sum_of_messages(&r->tally),
        xcy_sum_of_queue(&r->received),
        {.name = "requests",
         .total = r->state->requests,
         .terms = {"results", "missing"},
         .counts = {r->results, r->n_missing},
         .n = 2},
    };
    r->is_valid = true;
    for (size_t s = 0; s < sizeof sums / sizeof *sums && r->is_valid; s++) {
        xcy_sum_judge(&sums[s], &r->is_valid, r->why_invalid, sizeof r->why_invalid);
    }
}

static struct xcy_reference_tags tags_of(const struct gather *g)
{
    const struct xcy_reference_state *state = g->result->state;
    const struct xcy_combination *c = &state->combination;
    return (struct xcy_reference_tags){
        .antipode_enabled = state->antipode_enabled,
        .has_rendezvous = state->has_rendezvous,
        .rendezvous_enabled = state->rendezvous_enabled,
        .rendezvous_ncc = state->rendezvous_ncc,
        .delay_ms = c->delay_ms,
        .post_storage = xcy_post_storage_names[c->post_storage],
        .notification_storage = xcy_notification_storage_names[c->notification_storage],
        .writer_region = c->writer_region,
        .reader_region = c->reader_region,
        .requested = g->result->expected,
        .avg_post_bytes = g->sizes.avg_bytes,
        .total_post_bytes = g->sizes.total_bytes,
    };
}

static enum xcy_status write_files(struct gather *g, struct xcy_error *err)
{
    const struct xcy_tally *tally = &g->result->tally;
    if (tally->received == 0) {
        return xcy_fail(err, XCY_EFAIL, "no message came: there is no result to write");
    }
    if (g->result->results == 0) {
        return xcy_fail(err, XCY_EFAIL,
                        "no result to write: of %lld messages %lld are of no request in %s, and "
                        "%lld are malformed",
                        (long long)tally->received, (long long)tally->counts[XCY_MESSAGE_FOREIGN],
                        g->options->state_path, (long long)tally->counts[XCY_MESSAGE_MALFORMED]);
    }
    struct xcy_reference_tags tags = tags_of(g);
    return xcy_reference_write(g->rows, xcy_reference_state_extra(g->result->state), &tags,
                               g->folder, err);
}

static enum xcy_status name_folder(struct gather *g, struct xcy_error *err)
{
    const struct xcy_reference_state *state = g->result->state;
    char *tag = g->options->tag ? xcy_strdup(g->options->tag)
                                : xcy_reference_state_tag(state, g->result->expected);
    enum xcy_status status = xcy_unfinished_end(g->folder, err);
    if (status == XCY_OK) {
        status = xcy_reference_folder_name(g->options->root, &state->combination, tag, g->folder,
                                           &g->result->path, err);
    }
    free(tag);
    return status;
}

static enum xcy_status run(struct gather *g, struct xcy_error *err)
{
    enum xcy_status status = prepare(g, err);
    if (status == XCY_OK) {
        status = open_folder(g, err);
    }
    if (status == XCY_OK) {
        status = await_replies(g, err);
    }
    if (status == XCY_OK) {
        status = replay(g, err);
    }
    if (status == XCY_OK) {
        status = receive(g, err);
    }
    if (status == XCY_OK) {
        status = make_rows(g, err);
    }
    if (status == XCY_OK) {
        judge(g);
        status = write_files(g, err);
    }
    return status == XCY_OK ? name_folder(g, err) : status;
}

/* After a failure: what came of a file is in it still, what came of the queue is kept if anything did. */
static void leave(const struct gather *g)
{
    struct xcy_error ignored;
    const struct xcy_tally *tally = g->collection ? &g->collection->tally : NULL;
    bool is_empty = !tally || tally->received == tally->counts[XCY_MESSAGE_FOREIGN];
    if (!g->ledger) {
        return; /* none of ours: another gather may hold it */
    }
    if (!g->options->messages && !is_empty) {
        xcy_log(XCY_LOG_WARNING,
                "what was received is kept in %s; the same command goes on from there", g->folder);
    } else if (xcy_dir_remove(g->folder, &ignored) != XCY_OK) {
        xcy_log(XCY_LOG_WARNING, "%s", ignored.text);
    }
}

enum xcy_status xcy_reference_gather_run(const struct xcy_reference_gather_options *options,
                                         struct xcy_reference_gathered *gathered,
                                         struct xcy_error *err)
{
    struct xcy_reference_gathered result = {.ended = ""};
    struct gather g = {.options = options, .result = &result};
    enum xcy_status status = run(&g, err);
    if (status != XCY_OK) {
        leave(&g);
    }
    xcy_reference_free(g.rows);
    xcy_collection_free(g.collection);
    xcy_slots_free(g.slots);
    xcy_ledger_close(g.ledger);
    xcy_deployment_free(g.deployment);
    free(g.folder);
    if (status == XCY_OK) {
        *gathered = result;
    } else {
        xcy_reference_gathered_clear(&result);
    }
    return status;
}

void xcy_reference_gathered_clear(struct xcy_reference_gathered *gathered)
{
    xcy_reference_state_free(gathered->state);
    free(gathered->path);
    *gathered = (struct xcy_reference_gathered){.ended = ""};
}
