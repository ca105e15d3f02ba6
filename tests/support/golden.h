#ifndef XCY_TESTS_SUPPORT_GOLDEN_H
#define XCY_TESTS_SUPPORT_GOLDEN_H

/*
 * golden.h - cases of inputs and expected values, a line each, from tests/golden. What cannot be
 * read fails the test that runs.
 *
 * A field is a number, a word, or a list of numbers separated by spaces; NA is NaN.
 *
 * Memory:   values are the table's until the next case.
 */

#include "common/stats/values.h"

#include <stdbool.h>
#include <stdint.h>

struct golden;

/* "stats/fisher.csv": below tests/golden, seen from a folder of unit tests. */
struct golden *golden_open(const char *name);
/* False behind the last case; a table of no case fails. */
bool golden_next(struct golden *g);
void golden_close(struct golden *g);

double golden_number(struct golden *g, const char *column);
int64_t golden_count(struct golden *g, const char *column);
const char *golden_word(struct golden *g, const char *column);
struct xcy_values golden_values(struct golden *g, const char *column);

/* |got - expected| <= tolerance * max(|expected|, scale); equal infinities and two NaN are near.
 * The failure names file, line and what. */
void golden_assert_near(const struct golden *g, const char *what, double got, double expected,
                        double tolerance, double scale);

#endif
