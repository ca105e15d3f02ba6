#include "loadgen/drive/retry.h"

#include "loadgen/drive/mix.h"

#define LONGEST_NS (INT64_C(3600) * 1000000000)

/* Keeps these draws apart from those of the post keys. */
#define PURPOSE UINT64_C(0x7265747279)

static const bool may_mend[XCY_N_OUTCOMES] = {
    [XCY_OUTCOME_DNS] = true,     /* resolvers fail for moments */
    [XCY_OUTCOME_CONNECT] = true, /* the listener may be restarting, or its queue full */
    [XCY_OUTCOME_TLS] = true,     /* a handshake breaks off as a connection does */
    [XCY_OUTCOME_SEND] = true,    /* the connection went away under it */
    [XCY_OUTCOME_FIRST_BYTE_TIMEOUT] =
        true,                           /* may have acted: the repetition may be a second one */
    [XCY_OUTCOME_TOTAL_TIMEOUT] = true, /* as before */
    [XCY_OUTCOME_RESET] = true,         /* as before */
    [XCY_OUTCOME_THROTTLED] = true,     /* says itself: later */
    [XCY_OUTCOME_SERVER_ERROR] = true,  /* its own trouble, not the request's */
    [XCY_OUTCOME_OK] = false,
    [XCY_OUTCOME_STATUS] = false,         /* the request is wrong, and would be again */
    [XCY_OUTCOME_FUNCTION_ERROR] = false, /* the function ran: to run it again is another request */
    [XCY_OUTCOME_BAD_REPLY] = false,      /* somebody else answers there */
    [XCY_OUTCOME_AUTH] = false,           /* the credentials stay what they are */
    [XCY_OUTCOME_GENERATOR] = false,      /* we gave up */
    [XCY_OUTCOME_SKIPPED] = false,        /* there was no attempt */
};

bool xcy_retry_may_mend(enum xcy_outcome outcome)
{
    return may_mend[outcome];
}

static int64_t longest_wait_ns(int64_t delay_ns, int64_t attempt)
{
    int64_t longest_ns = delay_ns;
    for (int64_t k = 1; k < attempt && longest_ns < LONGEST_NS; k++) {
        longest_ns *= 2;
    }
    return longest_ns < LONGEST_NS ? longest_ns : LONGEST_NS;
}

int64_t xcy_retry_wait_ns(int64_t delay_ns, uint64_t seed, int64_t slot, int64_t attempt)
{
    uint64_t state = xcy_mix_start(seed ^ PURPOSE, (uint64_t)slot) + (uint64_t)attempt;
    double share = (double)(xcy_mix_next(&state) >> 11) * 0x1p-53;
    return (int64_t)(share * (double)longest_wait_ns(delay_ns, attempt));
}
