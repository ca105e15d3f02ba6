#include "common/net/deadline.h"

#include "common/base/error.h"

#include <stddef.h>

void xcy_deadlines_add(struct xcy_deadlines *list, struct xcy_deadline *node, struct xcy_mono when)
{
    xcy_assert(!node->is_set);
    struct xcy_deadline *before = list->last;
    while (before && xcy_mono_before(when, before->when)) {
        before = before->earlier;
    }
    node->when = when;
    node->is_set = true;
    node->earlier = before;
    node->later = before ? before->later : list->first;
    if (node->earlier) {
        node->earlier->later = node;
    } else {
        list->first = node;
    }
    if (node->later) {
        node->later->earlier = node;
    } else {
        list->last = node;
    }
}

void xcy_deadlines_remove(struct xcy_deadlines *list, struct xcy_deadline *node)
{
    if (!node->is_set) {
        return;
    }
    if (node->earlier) {
        node->earlier->later = node->later;
    } else {
        list->first = node->later;
    }
    if (node->later) {
        node->later->earlier = node->earlier;
    } else {
        list->last = node->earlier;
    }
    node->is_set = false;
}
