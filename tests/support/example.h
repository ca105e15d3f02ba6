#ifndef XCY_TESTS_SUPPORT_EXAMPLE_H
#define XCY_TESTS_SUPPORT_EXAMPLE_H

/*
 * example.h - worked examples in a page of docs: lines in a block fenced by ```example,
 *
 *     wilson 5 100 0.95 = 0.0215 0.1118
 *     mann_whitney [1 2 3] [4 5 inf] = 9 0.1 exact
 *
 * An argument is a number or a list in brackets; a result a number, right to the last digit shown,
 * or a word.
 *
 */

#include "common/stats/values.h"

#include <stdbool.h>
#include <stdio.h>

enum { EXAMPLE_ARGUMENTS = 8, EXAMPLE_VALUES = 64, EXAMPLE_RESULTS = 16 };

struct example {
    const char *page; /* of the caller */
    int line;
    char text[512];
    char name[32];
    struct xcy_values arguments[EXAMPLE_ARGUMENTS];
    size_t n_arguments;
    const char *results[EXAMPLE_RESULTS];
    size_t n_results;
    double values[EXAMPLE_VALUES];
    bool is_inside; /* the fence, from line to line */
};

/* The next example of the page; false at its end. A line that is none fails the test that runs. The
 * example begins zeroed, with page set. */
bool example_next(struct example *e, FILE *page);

/* Fails the test unless the results are these numbers, and then the word unless it is NULL. */
void example_assert(const struct example *e, const double *numbers, size_t n, const char *word);

#endif
