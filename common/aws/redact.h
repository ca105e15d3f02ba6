#ifndef XCY_AWS_REDACT_H
#define XCY_AWS_REDACT_H

/* redact.h - words of a stranger that shall be shown, without what looks like a secret. Private to
 * common/aws. */

#include "common/base/bytes.h"

/* The text's last words on one line, at most size - 1 bytes. A run of at least 16 letters, digits,
 * '+', '/', '=', '_' and '-' with a digit and a capital letter in it may be a key or a token, as may one
 * without a capital that has as many letters, digits and '-' one after another: it becomes "***". */
void xcy_redact(struct xcy_bytes text, char *to, size_t size);

#endif
