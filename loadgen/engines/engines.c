#include "loadgen/engines/engine.h"

const struct xcy_engine *const xcy_engines[] = {&xcy_engine_lambda, &xcy_engine_null, NULL};

const char *const xcy_engine_names[] = {"lambda", "null", NULL};
