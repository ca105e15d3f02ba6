#include "loadgen/drive/flights.h"

#include "common/base/mem.h"

#include <stddef.h>
#include <stdlib.h>

enum { BLOCK_FLIGHTS = 16 };

struct xcy_flight_block {
    struct xcy_flight_block *next;
    struct xcy_flight flights[BLOCK_FLIGHTS];
};

void xcy_flights_init(struct xcy_flights *flights, int64_t limit)
{
    *flights = (struct xcy_flights){.limit = limit};
}

void xcy_flights_clear(struct xcy_flights *flights)
{
    xcy_assert(flights->n_out == 0);
    for (struct xcy_flight_block *block = flights->blocks; block;) {
        struct xcy_flight_block *next = block->next;
        free(block);
        block = next;
    }
    *flights = (struct xcy_flights){0};
}

static void add_block(struct xcy_flights *flights)
{
    struct xcy_flight_block *block = xcy_alloc(sizeof *block);
    block->next = flights->blocks;
    flights->blocks = block;
    for (int i = BLOCK_FLIGHTS - 1; i >= 0; i--) {
        block->flights[i].next_free = flights->free;
        flights->free = &block->flights[i];
    }
}

struct xcy_flight *xcy_flights_take(struct xcy_flights *flights)
{
    if (flights->n_out >= flights->limit) {
        return NULL;
    }
    if (!flights->free) {
        add_block(flights);
    }
    struct xcy_flight *flight = flights->free;
    flights->free = flight->next_free;
    flights->n_out++;
    return flight;
}

void xcy_flights_give(struct xcy_flights *flights, struct xcy_flight *flight)
{
    flight->next_free = flights->free;
    flights->free = flight;
    flights->n_out--;
}

struct xcy_flight *xcy_flight_of(struct xcy_call *call)
{
    return (void *)((char *)call - offsetof(struct xcy_flight, call));
}
