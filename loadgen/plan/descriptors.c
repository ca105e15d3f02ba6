#include "loadgen/plan/descriptors.h"

#include <sys/resource.h>

/* Enough for anything we do; some systems allow a billion, and some libraries walk through them. */
enum { MOST_WANTED = 65536 };

int64_t xcy_descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 256;
    }
    rlim_t wanted = limit.rlim_max > MOST_WANTED ? MOST_WANTED : limit.rlim_max;
    if (limit.rlim_cur < wanted) {
        struct rlimit raised = {.rlim_cur = wanted, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            return (int64_t)wanted;
        }
    }
    return limit.rlim_cur > MOST_WANTED ? MOST_WANTED : (int64_t)limit.rlim_cur;
}
