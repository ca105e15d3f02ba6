#include "functions/backend.h"

struct xcy_aws xcy_backend_aws(const struct xcy_backend_place *place)
{
    struct xcy_aws aws = *place->aws;
    if (place->limit) {
        int64_t left_ns = xcy_mono_diff_ns(*place->limit, xcy_mono_now());
        aws.total_timeout_ns = left_ns > XCY_NS_PER_MS ? left_ns : XCY_NS_PER_MS;
    }
    return aws;
}
