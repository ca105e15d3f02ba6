#include "collectors/generator_clock.h"

#include "common/time/clock.h"

#include <string.h>

struct xcy_generator_clock xcy_generator_clock_of(const struct xcy_manifest *manifest,
                                                  const char *boot_id)
{
    bool is_known = strcmp(boot_id, "unknown") != 0; /* two that are not known are not the same */
    return (struct xcy_generator_clock){
        .is_here = is_known && strcmp(boot_id, manifest->boot_id) == 0,
        .wall_minus_mono_ns = manifest->wall_minus_mono_ns,
    };
}

int64_t xcy_generator_clock_us(const struct xcy_generator_clock *clock)
{
    if (!clock->is_here || clock->wall_minus_mono_ns == 0) {
        return xcy_wall_us(xcy_wall_now());
    }
    struct xcy_anchor anchor = {.wall = {clock->wall_minus_mono_ns}};
    return xcy_wall_us(xcy_wall_at(anchor, xcy_mono_now()));
}
