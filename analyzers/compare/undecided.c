#include "analyzers/compare/undecided.h"

static int64_t requests_of(const struct xcy_counts *c)
{
    return c->planned - c->warmup;
}

struct xcy_share xcy_undecided_share(const struct xcy_counts *c)
{
    return (struct xcy_share){requests_of(c) - xcy_counts_decided(c), requests_of(c)};
}

void xcy_undecided_add(const struct xcy_counts *c, struct xcy_buf *out)
{
    struct xcy_share share = xcy_undecided_share(c);
    if (share.events == 0) {
        xcy_buf_addf(out, "none of %lld requests", (long long)share.n);
        return;
    }
    xcy_buf_addf(out, "%lld of %lld requests (%.3g%%", (long long)share.events, (long long)share.n,
                 100 * xcy_share_value(share));
    for (size_t i = XCY_CLASS_LOST; i < XCY_N_CLASSES; i++) {
        xcy_buf_addf(out, "%s %lld %s", i == XCY_CLASS_LOST ? ":" : ",", (long long)c->classes[i],
                     xcy_class_names[i]);
    }
    xcy_buf_add_char(out, ')');
}

void xcy_undecided_add_sides(const struct xcy_counts sides[2], struct xcy_buf *out)
{
    xcy_buf_add_text(out, "A ");
    xcy_undecided_add(&sides[0], out);
    xcy_buf_add_text(out, ", B ");
    xcy_undecided_add(&sides[1], out);
}

bool xcy_undecided_is_any(const struct xcy_counts sides[2])
{
    return xcy_undecided_share(&sides[0]).events > 0 || xcy_undecided_share(&sides[1]).events > 0;
}

void xcy_undecided_put(const struct xcy_counts *c, struct xcy_json *o)
{
    xcy_json_put_int64(o, "requests", requests_of(c));
    xcy_json_put_int64(o, "decided", xcy_counts_decided(c));
    for (size_t i = XCY_CLASS_LOST; i < XCY_N_CLASSES; i++) {
        xcy_json_put_int64(o, xcy_class_names[i], c->classes[i]);
    }
}
