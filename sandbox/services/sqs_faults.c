#include "sandbox/services/sqs_faults.h"

#include "sandbox/services/evaluation_damage.h"

#include <string.h>

static struct xcy_json *line_of(enum xcy_fault fault, const struct xcy_sqs_struck *struck)
{
    struct xcy_json *line = xcy_call_fault_line(fault, struck->call);
    xcy_json_put_string(line, "queue", struck->queue);
    if (struck->what) {
        xcy_json_put_string(line, struck->what, struck->id);
    }
    return line;
}

static bool is_logged(const struct xcy_sqs_faults *f, const struct xcy_call *call)
{
    return f->truth && call && xcy_truth_is_on(f->truth);
}

bool xcy_sqs_faults_strike(const struct xcy_sqs_faults *f, enum xcy_fault fault,
                           const struct xcy_sqs_struck *struck)
{
    if (!f || !xcy_faults_strike(f->faults, fault)) {
        return false;
    }
    if (is_logged(f, struck->call)) {
        xcy_truth_add(f->truth, line_of(fault, struck));
    }
    return true;
}

static bool is_evaluation_queue(const struct xcy_sqs_faults *f, const struct xcy_call *call,
                                const char *queue)
{
    return f->evaluation_queue && strcmp(f->evaluation_queue, queue) == 0 &&
           strcmp(f->evaluation_region, call->region) == 0;
}

void xcy_sqs_faults_damage(struct xcy_sqs_faults *f, const struct xcy_call *call, const char *queue,
                           struct xcy_sqs_item *item)
{
    static const enum xcy_fault fault = XCY_FAULT_EVALUATIONS_MALFORMED;
    if (!f || !is_evaluation_queue(f, call, queue) || !xcy_faults_strike(f->faults, fault)) {
        return;
    }
    struct xcy_evaluation_damage damage;
    xcy_evaluation_damage(item->body, f->n_damaged++, &damage);
    if (is_logged(f, call)) {
        const struct xcy_sqs_struck struck = {call, queue, "message", item->id};
        struct xcy_json *line = line_of(fault, &struck);
        xcy_json_put_string(line, "damage", damage.name);
        xcy_json_put_string(line, "original", item->body);
        xcy_json_put_string(line, "sent", damage.text);
        xcy_truth_add(f->truth, line);
    }
    xcy_sqs_item_set_body(item, damage.text);
    xcy_evaluation_damage_clear(&damage);
}
