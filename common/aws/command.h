#ifndef XCY_AWS_COMMAND_H
#define XCY_AWS_COMMAND_H

/*
 * command.h - a credential_process as it stands in a profile, cut into words without a shell: at
 * blanks; "..." and '...' keep them, \ the next character (in '...' nothing). Private to common/aws.
 *
 * Memory:   words are owned by the caller; release with xcy_command_free.
 */

#include "common/base/error.h"

/* A NULL-terminated list of at least one word. XCY_EUSAGE: a quote without its end, or no word; the
 * text is not quoted. */
enum xcy_status xcy_command_split(const char *text, char ***words,
                                  struct xcy_error *err) XCY_MUST_USE;
void xcy_command_free(char **words); /* NULL is allowed */

#endif
