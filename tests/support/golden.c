#include "tests/support/golden.h"

#include "tests/support/unit.h"

#include "common/base/mem.h"
#include "common/data/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LISTS = 16 };

struct golden {
    char *path;
    struct xcy_csv *csv;
    size_t n_cases;
    double *lists[MAX_LISTS]; /* of this case */
    size_t n_lists;
};

struct golden *golden_open(const char *name)
{
    struct golden *g = xcy_alloc(sizeof *g);
    struct xcy_error err;
    g->path = xcy_format("../../golden/%s", name);
    assert_ok(xcy_csv_open(g->path, ',', &g->csv, &err), &err);
    return g;
}

static void free_lists(struct golden *g)
{
    for (; g->n_lists > 0; g->n_lists--) {
        free(g->lists[g->n_lists - 1]);
    }
}

bool golden_next(struct golden *g)
{
    struct xcy_error err;
    free_lists(g);
    enum xcy_csv_step step = xcy_csv_next(g->csv, &err);
    if (step == XCY_CSV_END && g->n_cases > 0) {
        return false;
    }
    if (step != XCY_CSV_RECORD) {
        fail_msg("%s: no case, or a broken line after %zu", g->path, g->n_cases);
    }
    g->n_cases++;
    return true;
}

void golden_close(struct golden *g)
{
    free_lists(g);
    xcy_csv_close(g->csv);
    free(g->path);
    free(g);
}

const char *golden_word(struct golden *g, const char *column)
{
    int index = xcy_csv_find(g->csv, column);
    if (index < 0) {
        fail_msg("%s: no column %s", g->path, column);
    }
    return xcy_csv_field(g->csv, (size_t)index).ptr;
}

/* The number at *text, which moves behind it. */
static double number_at(const struct golden *g, const char **text)
{
    if (strncmp(*text, "NA", 2) == 0 && ((*text)[2] == ' ' || (*text)[2] == '\0')) {
        *text += 2;
        return NAN;
    }
    char *end = NULL;
    double value = strtod(*text, &end);
    if (end == *text || (*end != ' ' && *end != '\0')) {
        fail_msg("%s:%zu: no number: %s", g->path, xcy_csv_line(g->csv), *text);
    }
    *text = end;
    return value;
}

double golden_number(struct golden *g, const char *column)
{
    const char *text = golden_word(g, column);
    double value = number_at(g, &text);
    assert_int_equal(*text, '\0');
    return value;
}

int64_t golden_count(struct golden *g, const char *column)
{
    double value = golden_number(g, column);
    assert_true(value == floor(value));
    return (int64_t)value;
}

struct xcy_values golden_values(struct golden *g, const char *column)
{
    const char *text = golden_word(g, column);
    double *values = xcy_alloc_array(strlen(text) / 2 + 1, sizeof *values);
    assert_true(g->n_lists < MAX_LISTS);
    g->lists[g->n_lists++] = values;
    size_t n = 0;
    while (*text) {
        values[n++] = number_at(g, &text);
        text += *text == ' ';
    }
    return (struct xcy_values){values, n};
}

void golden_assert_near(const struct golden *g, const char *what, double got, double expected,
                        double tolerance, double scale)
{
    bool is_near = got == expected || (isnan(got) && isnan(expected)) ||
                   fabs(got - expected) <= tolerance * fmax(fabs(expected), scale);
    if (!is_near) {
        fail_msg("%s:%zu: %s is %.17g, expected %.17g", g->path, xcy_csv_line(g->csv), what, got,
                 expected);
    }
}
