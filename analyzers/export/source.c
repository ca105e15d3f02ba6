#include "analyzers/export/source.h"

#include "analyzers/summary.h"

#include <string.h>

#define SOURCE(column, type, struct_name, member)                                                  \
    .name = (column), .kind = (type), .offset = offsetof(struct struct_name, member)
#define OF_RUN(column, type, member)                                                               \
    {                                                                                              \
        SOURCE(column, type, xcy_summary, evidence.member)                                         \
    }
#define RUN_CHOICE(column, member, list)                                                           \
    {                                                                                              \
        SOURCE(column, XCY_SOURCE_CHOICE, xcy_summary, evidence.manifest.member), .names = (list)  \
    }
#define OF_RECORD(column, type, member)                                                            \
    {                                                                                              \
        SOURCE(column, type, xcy_record, member)                                                   \
    }

static const struct xcy_source of_run[] = {
    OF_RUN("run", XCY_SOURCE_ARRAY, manifest.run),
    OF_RUN("tag", XCY_SOURCE_TEXT, manifest.tag),
    RUN_CHOICE("post_storage", combination.post_storage, xcy_post_storage_names),
    RUN_CHOICE("notification_storage", combination.notification_storage,
               xcy_notification_storage_names),
    RUN_CHOICE("consistency", combination.consistency, xcy_consistency_names),
    RUN_CHOICE("visibility", combination.visibility, xcy_visibility_names),
    OF_RUN("delay_ms", XCY_SOURCE_INT, manifest.combination.delay_ms),
    OF_RUN("post_bytes", XCY_SOURCE_INT, manifest.combination.post_bytes),
    OF_RUN("writer_region", XCY_SOURCE_ARRAY, manifest.combination.writer_region),
    OF_RUN("reader_region", XCY_SOURCE_ARRAY, manifest.combination.reader_region),
    OF_RUN("rate_per_s", XCY_SOURCE_REAL, manifest.rate_per_s),
    OF_RUN("arrivals", XCY_SOURCE_TEXT, manifest.arrivals),
    OF_RUN("is_async", XCY_SOURCE_BOOL, manifest.is_async),
    OF_RUN("time_scale", XCY_SOURCE_REAL, manifest.time_scale),
    {SOURCE("is_valid", XCY_SOURCE_EMPTY, xcy_summary, problem)},
};

static const struct xcy_source of_counts[] = {
    {SOURCE("problem", XCY_SOURCE_ARRAY, xcy_summary, problem)},
    OF_RUN("path", XCY_SOURCE_TEXT, path),
    OF_RUN("endpoint", XCY_SOURCE_TEXT, manifest.endpoint),
    OF_RUN("seed", XCY_SOURCE_INT, manifest.seed),
    OF_RUN("started_us", XCY_SOURCE_STAMP, manifest.started_us),
    OF_RUN("ended_us", XCY_SOURCE_STAMP, manifest.ended_us),
    RUN_CHOICE("verdict", verdict, xcy_verdict_names),
    OF_RUN("clock_drift_ppm", XCY_SOURCE_REAL, drift_ppm),
    OF_RUN("planned", XCY_SOURCE_INT, counts.planned),
    OF_RUN("warmup", XCY_SOURCE_INT, counts.warmup),
    OF_RUN("consistent", XCY_SOURCE_INT, counts.classes[XCY_CLASS_CONSISTENT]),
    OF_RUN("inconsistent", XCY_SOURCE_INT, counts.classes[XCY_CLASS_INCONSISTENT]),
    OF_RUN("lost", XCY_SOURCE_INT, counts.classes[XCY_CLASS_LOST]),
    OF_RUN("failed", XCY_SOURCE_INT, counts.classes[XCY_CLASS_FAILED]),
    OF_RUN("skipped", XCY_SOURCE_INT, counts.classes[XCY_CLASS_SKIPPED]),
};

static const struct xcy_source of_record[] = {
    OF_RECORD("i", XCY_SOURCE_INT, i),
    OF_RECORD("k", XCY_SOURCE_INT, k),
    {SOURCE("class", XCY_SOURCE_CHOICE, xcy_record, klass), .names = xcy_class_names},
    OF_RECORD("class_reason", XCY_SOURCE_ARRAY, class_reason),
    {SOURCE("outcome", XCY_SOURCE_CHOICE, xcy_record, outcome), .names = xcy_outcome_names},
    OF_RECORD("http_status", XCY_SOURCE_INT, http_status),
    OF_RECORD("attempts", XCY_SOURCE_INT, attempts),
    OF_RECORD("flags", XCY_SOURCE_FLAGS, flags),
    {SOURCE("is_warmup", XCY_SOURCE_BIT, xcy_record, flags), .bit = XCY_FLAG_WARMUP},
    OF_RECORD("due_us", XCY_SOURCE_STAMP, points.us[XCY_POINT_DUE]),
    OF_RECORD("writer_instance", XCY_SOURCE_ARRAY, writer_instance),
    OF_RECORD("reader_instance", XCY_SOURCE_ARRAY, reader_instance),
};

#define ALL_OF(table)                                                                              \
    {                                                                                              \
        (table), sizeof(table) / sizeof *(table)                                                   \
    }
const struct xcy_sources xcy_run_sources = ALL_OF(of_run);
const struct xcy_sources xcy_count_sources = ALL_OF(of_counts);
const struct xcy_sources xcy_record_sources = ALL_OF(of_record);

static struct xcy_cell text_cell(const char *text)
{
    return text && text[0] ? xcy_cell_text(text) : (struct xcy_cell){.is_known = false};
}

static struct xcy_cell read_int(const struct xcy_source *source, const void *at)
{
    int64_t value = *(const int64_t *)at;
    bool is_unknown = source->kind == XCY_SOURCE_STAMP && value == 0;
    return is_unknown ? (struct xcy_cell){.is_known = false} : xcy_cell_int(value);
}

static struct xcy_cell read_real(const struct xcy_source *source, const void *at)
{
    (void)source;
    return xcy_cell_real(*(const double *)at);
}

static struct xcy_cell read_bool(const struct xcy_source *source, const void *at)
{
    (void)source;
    return xcy_cell_int(*(const bool *)at);
}

static struct xcy_cell read_bit(const struct xcy_source *source, const void *at)
{
    return xcy_cell_int((*(const unsigned *)at & source->bit) != 0);
}

static struct xcy_cell read_choice(const struct xcy_source *source, const void *at)
{
    int index;
    memcpy(&index, at, sizeof index);
    return xcy_cell_text(source->names[index]);
}

static struct xcy_cell read_array(const struct xcy_source *source, const void *at)
{
    (void)source;
    return text_cell(at);
}

static struct xcy_cell read_text(const struct xcy_source *source, const void *at)
{
    (void)source;
    return text_cell(*(char *const *)at);
}

static struct xcy_cell read_empty(const struct xcy_source *source, const void *at)
{
    (void)source;
    return xcy_cell_int(*(const char *)at == '\0');
}

static const struct {
    enum xcy_cell_type type;
    struct xcy_cell (*read)(const struct xcy_source *source, const void *at); /* NULL: FLAGS */
} kinds[] = {
    [XCY_SOURCE_INT] = {XCY_CELL_INT, read_int},
    [XCY_SOURCE_STAMP] = {XCY_CELL_INT, read_int},
    [XCY_SOURCE_REAL] = {XCY_CELL_REAL, read_real},
    [XCY_SOURCE_BOOL] = {XCY_CELL_BOOL, read_bool},
    [XCY_SOURCE_BIT] = {XCY_CELL_BOOL, read_bit},
    [XCY_SOURCE_FLAGS] = {XCY_CELL_TEXT, NULL},
    [XCY_SOURCE_CHOICE] = {XCY_CELL_TEXT, read_choice},
    [XCY_SOURCE_ARRAY] = {XCY_CELL_TEXT, read_array},
    [XCY_SOURCE_TEXT] = {XCY_CELL_TEXT, read_text},
    [XCY_SOURCE_EMPTY] = {XCY_CELL_BOOL, read_empty},
};

enum xcy_cell_type xcy_source_type(const struct xcy_source *source)
{
    return kinds[source->kind].type;
}

struct xcy_cell xcy_source_read(const struct xcy_source *source, const void *from,
                                struct xcy_buf *scratch)
{
    if (kinds[source->kind].read) {
        return kinds[source->kind].read(source, (const char *)from + source->offset);
    }
    xcy_buf_reset(scratch);
    xcy_record_format_flags(from, scratch);
    return xcy_cell_text(scratch->ptr); /* also "": a record always has its flags */
}
