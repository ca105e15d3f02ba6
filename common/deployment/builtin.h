#ifndef XCY_DEPLOYMENT_BUILTIN_H
#define XCY_DEPLOYMENT_BUILTIN_H

/* builtin.h - the text of samples/local.yml, so that programs work where the file is not. */

#include "common/base/bytes.h"

struct xcy_bytes xcy_builtin_deployment(void); /* YAML; lives as long as the program */

#endif
