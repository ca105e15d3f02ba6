#ifndef XCY_AWS_INI_H
#define XCY_AWS_INI_H

/*
 * ini.h - the text of AWS's shared credentials or config file. Private to common/aws.
 *
 * Format:   [section] lines, key = value lines; lines beginning with # or ; are comments, as is what
 *           follows a blank and # or ; in a value. Lines "key = value" further to the right than a
 *           setting above belong to it; they are found as "setting.key". What is none of these is passed over, as is a
 *           setting without a value. Of what stands twice the last one counts.
 * Names:    of sections as they stand, but blanks around them are left out, those between two words count
 *           as one, and quotes only keep them; of keys in any case.
 * Memory:   owned by the caller; release with xcy_ini_free. Values are overwritten before they are freed.
 * Threads:  read-only once parsed.
 */

#include "common/base/bytes.h"

struct xcy_ini;

struct xcy_ini *xcy_ini_parse(struct xcy_bytes text);
void xcy_ini_free(struct xcy_ini *ini); /* NULL is allowed */

/* NULL counts as an empty file. */
bool xcy_ini_has(const struct xcy_ini *ini, const char *section);
const char *xcy_ini_get(const struct xcy_ini *ini, const char *section, const char *key);

#endif
