#ifndef XCY_TESTS_SUPPORT_UNIT_H
#define XCY_TESTS_SUPPORT_UNIT_H

/* unit.h - cmocka with what it needs before it, and assertions in the project's words. */

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "common/base/error.h"

/* The status is as expected; on failure the error's text is printed. */
#define assert_status(actual, expected, err)                                                       \
    do {                                                                                           \
        enum xcy_status status_ = (actual);                                                        \
        if (status_ != (expected)) {                                                               \
            fail_msg("status %d, expected %d: %s", (int)status_, (int)(expected),                  \
                     status_ == XCY_OK ? "(ok)" : (err)->text);                                    \
        }                                                                                          \
    } while (0)

#define assert_ok(actual, err) assert_status(actual, XCY_OK, err)

#endif
