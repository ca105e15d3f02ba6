#ifndef XCY_TESTS_SIMULATION_SIMULATION_H
#define XCY_TESTS_SIMULATION_SIMULATION_H

/*
 * simulation.h - how often a method is right where the truth is known: seeded runs, counted.
 */

#include "common/stats/stream.h"

#include <stdbool.h>

enum { SIMULATION_RUNS = 10000 };

/* One line of the table. "Right" is an interval that holds the truth, or a test that finds nothing
 * where nothing is. */
struct simulation {
    const char *method;
    const char *data;
    double claimed;   /* share of runs in which it is to be right; NaN: nothing is claimed */
    bool is_at_least; /* an exact method: less, by more than simulation error, fails */
    double
        enumerated; /* the share reckoned, from which the runs may differ by simulation error alone;
                        * NaN: not reckoned */
    int runs;
    int right;
};

/* Adds the line to the table on stdout. False, with a line on stderr, where a check failed. */
bool simulation_report(const struct simulation *s);

double simulation_normal(struct xcy_stream *stream); /* mean 0, deviation 1 */

/* The parts of the table: number of lines that failed. */
int simulate_shares(void);
int simulate_samples(void);
int simulate_rounds(void);

#endif
