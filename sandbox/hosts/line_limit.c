#include "sandbox/hosts/line_limit.h"

void xcy_line_limit_init(struct xcy_line_limit *limit, struct xcy_mono now)
{
    *limit = (struct xcy_line_limit){.tokens = XCY_LINE_BURST, .last = now};
}

bool xcy_line_limit_take(struct xcy_line_limit *limit, struct xcy_mono now, size_t *n_withheld)
{
    double passed_s = (double)xcy_mono_diff_ns(now, limit->last) / (double)XCY_NS_PER_S;
    limit->last = now;
    limit->tokens += passed_s * XCY_LINES_PER_S;
    if (limit->tokens > XCY_LINE_BURST) {
        limit->tokens = XCY_LINE_BURST;
    }
    if (limit->tokens < 1.0) {
        limit->n_withheld++;
        return false;
    }
    limit->tokens -= 1.0;
    *n_withheld = limit->n_withheld;
    limit->n_withheld = 0;
    return true;
}
