#include "collectors/report.h"

#include "collectors/missing.h"
#include "collectors/sums.h"

#include "common/cli/table.h"
#include "common/data/json.h"

static void add_classes(const struct xcy_joined *joined, struct xcy_buf *out)
{
    struct xcy_table *table = xcy_table_new("lrr");
    xcy_table_add_cell(table, "class");
    xcy_table_add_cell(table, "requests");
    xcy_table_add_cell(table, "share");
    xcy_table_add_rule(table);
    int64_t n = joined->n - joined->n_warmup;
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        double share_pct = n > 0 ? 100.0 * (double)joined->counts[c] / (double)n : 0.0;
        xcy_table_add_cell(table, "%s", xcy_class_names[c]);
        xcy_table_add_cell(table, "%lld", (long long)joined->counts[c]);
        xcy_table_add_cell(table, "%.1f %%", share_pct);
    }
    xcy_table_format(table, out);
    xcy_table_free(table);
}

static void add_sum(struct xcy_sum sum, struct xcy_buf *out)
{
    xcy_sum_format(&sum, out);
    xcy_buf_add_char(out, '\n');
}

void xcy_report_text(const struct xcy_report_facts *facts, struct xcy_buf *out)
{
    const struct xcy_derived *d = facts->derived;
    char what[160];
    xcy_combination_describe(&facts->manifest->combination, what);
    xcy_buf_addf(out, "%s\n\n", what);
    add_classes(&d->joined, out);
    xcy_buf_add_char(out, '\n');
    add_sum(xcy_sum_of_requests(&d->joined), out);
    add_sum(xcy_sum_of_messages(&d->tally), out);
    if (facts->gathered->has_received) {
        add_sum(xcy_sum_of_queue(&facts->gathered->received), out);
    }
    xcy_buf_addf(out, "run   %s\nnext  analyze %s\n", facts->run_path, facts->run_path);
}

/* How many measured requests failed for which reason, by the word before the colon. */
static void put_failures(struct xcy_json *object, const struct xcy_joined *joined)
{
    struct xcy_json *failed = xcy_json_put_object(object, "failed");
    for (int64_t i = 0; i < joined->n; i++) {
        const struct xcy_record *r = &joined->records[i];
        if (r->klass == XCY_CLASS_FAILED && (r->flags & XCY_FLAG_WARMUP) == 0) {
            char word[XCY_REASON_BYTES];
            size_t len = strcspn(r->class_reason, ":");
            memcpy(word, r->class_reason, len);
            word[len] = '\0';
            xcy_json_put_int64(failed, word, xcy_json_get_int64(failed, word, 0) + 1);
        }
    }
}

void xcy_report_put_messages(struct xcy_json *object, const struct xcy_tally *tally)
{
    struct xcy_json *messages = xcy_json_put_object(object, "messages");
    xcy_json_put_int64(messages, "received", tally->received);
    for (size_t k = 0; k < XCY_N_MESSAGE_KINDS; k++) {
        xcy_json_put_int64(messages, xcy_message_kind_names[k], tally->counts[k]);
    }
    xcy_json_put_int64(messages, "refused", tally->refused);
}

void xcy_report_put_queue(struct xcy_json *object, const struct xcy_receive_result *received)
{
    struct xcy_json *queue = xcy_json_put_object(object, "queue");
    xcy_json_put_int64(queue, "taken", received->n_received);
    xcy_json_put_int64(queue, "deleted", received->finish.deleted);
    xcy_json_put_int64(queue, "given_back", received->finish.given_back);
    xcy_json_put_int64(queue, "undeleted", received->finish.undeleted);
    xcy_json_put_int64(queue, "extended", received->finish.extended);
    xcy_json_put_number(queue, "took_s", (double)received->took_ns / (double)XCY_NS_PER_S);
}

void xcy_report_json(const struct xcy_report_facts *facts, struct xcy_buf *out)
{
    const struct xcy_derived *d = facts->derived;
    struct xcy_json *object = xcy_json_new_object();
    xcy_json_put_int64(object, "v", XCY_FORMAT_VERSION);
    xcy_json_put_string(object, "run", facts->manifest->run);
    xcy_json_put_string(object, "path", facts->run_path);
    xcy_json_put_string(object, "ended", facts->gathered->ended);
    xcy_json_put_bool(object, "valid", d->is_valid);
    xcy_json_put_string(object, "reason", d->why_invalid);
    xcy_json_put_int64(object, "planned", d->joined.n);
    xcy_json_put_int64(object, "warmup", d->joined.n_warmup);
    struct xcy_json *classes = xcy_json_put_object(object, "classes");
    for (size_t c = 0; c < XCY_N_CLASSES; c++) {
        xcy_json_put_int64(classes, xcy_class_names[c], d->joined.counts[c]);
    }
    put_failures(object, &d->joined);
    xcy_report_put_messages(object, &d->tally);
    if (facts->gathered->has_received) {
        xcy_report_put_queue(object, &facts->gathered->received);
    }
    xcy_json_put_int64(object, "imported", facts->gathered->imported);
    xcy_json_put_int64(object, "missing", d->n_missing);
    xcy_missing_put(d, facts->names_all ? 0 : XCY_MISSING_SHOWN,
                    xcy_json_put_array(object, "missing_requests"));
    xcy_json_put_bool(object, "sizes_measured", d->has_sizes);
    xcy_json_print(object, false, out);
}
