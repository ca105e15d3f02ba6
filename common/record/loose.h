#ifndef XCY_RECORD_LOOSE_H
#define XCY_RECORD_LOOSE_H

/*
 * loose.h - values of the reference's messages by the rules that its gather goes by: those of
 * Python's float() and int(), as far as a message has use for them.
 *
 * Seconds:  a number, or a text of one with blanks around it and single _ between its digits; finite,
 *           within 0..year 9999.
 * Integer:  a number (cut towards zero), true or false, or a text of digits, likewise.
 * Failure:  `<key>: <what is wrong>`, XCY_EPARSE; no value of any kind or length can do harm.
 * Threads:  safe.
 */

#include "common/data/json.h"

/* Absent and null: XCY_OK with *has = false. */
enum xcy_status xcy_loose_seconds(const struct xcy_json *object, const char *key, bool *has,
                                  double *value, struct xcy_error *err) XCY_MUST_USE;
enum xcy_status xcy_loose_integer(const struct xcy_json *object, const char *key, bool *has,
                                  double *value, struct xcy_error *err) XCY_MUST_USE;
/* i: 7, 7.0 or "7"; not negative. Required. */
enum xcy_status xcy_loose_i(const struct xcy_json *object, int64_t *i,
                            struct xcy_error *err) XCY_MUST_USE;

/* Whether it is an instant from 1970 to the year 9999: later "times" are mistakes, and would not fit in
 * microseconds. */
bool xcy_is_time_s(double seconds);

/* Nearest microsecond of a time in seconds, as xcy_loose_seconds gives it; and back. */
int64_t xcy_us_of_seconds(double seconds);
double xcy_seconds_of_us(int64_t us);

#endif
