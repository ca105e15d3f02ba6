#ifndef XCY_SANDBOX_FAULTS_FAULTS_H
#define XCY_SANDBOX_FAULTS_FAULTS_H

/*
 * faults.h - whether a fault strikes, decided and counted.
 *
 * The n-th question about a fault has one answer for a seed and a share, whoever asks it and
 * whatever else happens. A fault that is off is not counted as asked, so that asking costs next to
 * nothing then.
 *
 * Threads:  safe, without locks but for changes. A change is seen fault by fault.
 */

#include "common/deployment/faults.h"

struct xcy_faults;

struct xcy_faults *xcy_faults_new(uint64_t seed, const struct xcy_fault_settings *settings);
void xcy_faults_free(struct xcy_faults *faults); /* NULL is allowed */

/* Of a share or a switch: true means that the caller injects it now. faults NULL: false. */
bool xcy_faults_strike(struct xcy_faults *faults, enum xcy_fault fault);
/* Of an amount that is drawn: uniform within +-setting; counted as asked and injected unless the setting is
 * 0, which gives 0. faults NULL: 0. */
double xcy_faults_draw(struct xcy_faults *faults, enum xcy_fault fault);
/* The setting as it is. faults NULL: 0. */
double xcy_faults_setting(const struct xcy_faults *faults, enum xcy_fault fault);
/* An injection that follows from a setting without a question, such as a clock's step. */
void xcy_faults_note(struct xcy_faults *faults, enum xcy_fault fault);

/* How a line of the truth log about a fault that struck just now begins: {"op":"fault","fault":…,"at_us":…}, to
 * be completed. Owned by the caller. */
struct xcy_json *xcy_fault_line(enum xcy_fault fault);

struct xcy_fault_count {
    uint64_t asked;    /* how often it could have struck, while it was on */
    uint64_t injected; /* never more */
};
struct xcy_fault_count xcy_faults_count(const struct xcy_faults *faults, enum xcy_fault fault);

/* Calls changed(ctx) after each change, one at a time; it may look at settings, not change them. One
 * watcher; before the first change. */
typedef void xcy_faults_changed_fn(void *ctx);
void xcy_faults_watch(struct xcy_faults *faults, xcy_faults_changed_fn *changed, void *ctx);

/* {"sqs": {"duplicated": 0.02}}: merged into the settings. XCY_EUSAGE: nothing is changed. */
enum xcy_status xcy_faults_change(struct xcy_faults *faults, const struct xcy_json *change,
                                  struct xcy_error *err) XCY_MUST_USE;
/* "sqs.duplicated=0.02 replication.stalled=true": those that are not as preset, or "none". Free with free(). */
char *xcy_faults_describe(const struct xcy_faults *faults);
/* {"sqs": {"duplicated": {"setting": 0.02, "asked": 100, "injected": 3}, …}, …}; only_used leaves out
 * those that are as preset and were never asked. Owned by the caller. */
struct xcy_json *xcy_faults_to_json(const struct xcy_faults *faults, bool only_used);

#endif
