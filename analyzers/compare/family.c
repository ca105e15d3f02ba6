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

size_t xcy_family_adjust(const struct xcy_family *f, double margin)
{
    size_t n_tests = 0;
    double *p = xcy_alloc_array(f->n, sizeof *p);
    double *moved = xcy_alloc_array(f->n, sizeof *moved);
    for (size_t i = 0; i < f->n; i++) {
        p[i] = f->members[i]->p;
        moved[i] = f->members[i]->moved.p;
        n_tests += isnan(p[i]) ? 0 : 1;
    }
    xcy_holm(p, f->n, p);
    xcy_holm(moved, f->n, moved);
    for (size_t i = 0; i < f->n; i++) {
        f->members[i]->p_adjusted = p[i];
        f->members[i]->moved.p_adjusted = moved[i];
        xcy_contrast_judge(f->members[i], margin);
    }
    free(p);
    free(moved);
    return n_tests;
}
