#ifndef XCY_ANALYZERS_JUDGE_H
#define XCY_ANALYZERS_JUDGE_H

/* judge.h - whether a run is valid: fills `problem` of a summary that is complete otherwise. */

#include "analyzers/summary.h"

void xcy_summary_judge(struct xcy_summary *s);

#endif
