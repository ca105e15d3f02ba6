#include "analyzers/compare/family.h"

#include "common/base/mem.h"
#include "common/stats/holm.h"

#include <math.h>
#include <stdlib.h>

void xcy_family_add(struct xcy_family *f, struct xcy_contrast *contrast)
{
    f->members = (struct xcy_contrast **)xcy_realloc_array((void *)f->members, f->n + 1,
                                                           sizeof(struct xcy_contrast *));
    f->members[f->n++] = contrast;
}

void xcy_family_clear(struct xcy_family *f)
{
    free((void *)f->members);
    *f = (struct xcy_family){.n = 0};
}

static bool is_in(const struct xcy_contrast *c, bool is_of_undecided)
{
    return (c->kind == XCY_KIND_UNDECIDED) == is_of_undecided;
}

/* Those that are not in it are as tests that were not made. */
static size_t adjust(const struct xcy_family *f, bool is_of_undecided)
{
    size_t n_tests = 0;
    double *p = xcy_alloc_array(f->n, sizeof *p);
    double *moved = xcy_alloc_array(f->n, sizeof *moved);
    for (size_t i = 0; i < f->n; i++) {
        p[i] = is_in(f->members[i], is_of_undecided) ? f->members[i]->p : NAN;
        moved[i] = is_in(f->members[i], is_of_undecided) ? f->members[i]->moved.p : NAN;
        n_tests += isnan(p[i]) ? 0 : 1;
    }
    xcy_holm(p, f->n, p);
    xcy_holm(moved, f->n, moved);
    for (size_t i = 0; i < f->n; i++) {
        if (is_in(f->members[i], is_of_undecided)) {
            f->members[i]->p_adjusted = p[i];
            f->members[i]->moved.p_adjusted = moved[i];
        }
    }
    free(p);
    free(moved);
    return n_tests;
}

struct xcy_tests xcy_family_adjust(const struct xcy_family *f, double margin)
{
    struct xcy_tests tests = {.of_figures = adjust(f, false), .of_undecided = adjust(f, true)};
    for (size_t i = 0; i < f->n; i++) {
        xcy_contrast_judge(f->members[i], margin);
    }
    return tests;
}

void xcy_tests_add(struct xcy_tests tests, struct xcy_buf *out)
{
    xcy_buf_addf(out, "%zu", tests.of_figures);
    if (tests.of_undecided > 0) {
        xcy_buf_addf(out, ", and %zu of undecided", tests.of_undecided);
    }
    xcy_buf_addf(out, "; p is adjusted for all of %s (Holm)",
                 tests.of_undecided > 0 ? "each" : "them");
}
