#include "common/data/csv_record.h"

#include "common/base/mem.h"

#include <stdlib.h>

struct scanner {
    struct xcy_csv_record *record;
    struct xcy_bytes text;
    char separator;
    size_t at;
    size_t n_lines;
    const char *problem;
};

void xcy_csv_record_init(struct xcy_csv_record *record, size_t max_bytes)
{
    *record = (struct xcy_csv_record){.n_fields = 0};
    xcy_buf_init(&record->texts, max_bytes);
}

void xcy_csv_record_clear(struct xcy_csv_record *record)
{
    xcy_buf_clear(&record->texts);
    free(record->fields);
    *record = (struct xcy_csv_record){.n_fields = 0};
}

struct xcy_bytes xcy_csv_record_field(const struct xcy_csv_record *record, size_t index)
{
    xcy_assert(index < record->n_fields);
    const struct xcy_csv_field *field = &record->fields[index];
    return xcy_bytes(record->texts.ptr + field->start, field->len);
}

static void start_field(struct xcy_csv_record *record)
{
    if (record->n_fields == record->capacity) {
        record->capacity = record->capacity ? record->capacity * 2 : 16;
        record->fields =
            xcy_realloc_array(record->fields, record->capacity, sizeof *record->fields);
    }
    record->fields[record->n_fields++] = (struct xcy_csv_field){.start = record->texts.len};
}

static void end_field(struct xcy_csv_record *record)
{
    struct xcy_csv_field *field = &record->fields[record->n_fields - 1];
    field->len = record->texts.len - field->start;
    xcy_buf_add_char(&record->texts, '\0');
}

static enum xcy_csv_scan broken(struct scanner *s, const char *problem)
{
    s->problem = problem;
    return XCY_CSV_SCAN_BROKEN;
}

/* What stands at `at`, or -1 at the end of the text. */
static int peek(const struct scanner *s)
{
    return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : -1;
}

static bool is_at_field_end(const struct scanner *s)
{
    int c = peek(s);
    return c == (unsigned char)s->separator || c == '\n';
}

/* The rest of a field after its opening quote, up to and with the closing one. */
static enum xcy_csv_scan scan_quoted(struct scanner *s)
{
    for (int c = peek(s); c >= 0; c = peek(s)) {
        s->at++;
        if (c == '"' && peek(s) != '"') {
            return XCY_CSV_SCAN_RECORD;
        }
        if (c == '\0') {
            return broken(s, "a zero byte");
        }
        s->at += c == '"';
        s->n_lines += c == '\n';
        xcy_buf_add_char(&s->record->texts, (char)c);
    }
    return XCY_CSV_SCAN_MORE;
}

/* After the closing quote: the end of the field, perhaps with a CR before its LF. */
static enum xcy_csv_scan scan_quoted_end(struct scanner *s)
{
    if (peek(s) == '\r') {
        s->at++;
        if (peek(s) >= 0 && peek(s) != '\n') {
            return broken(s, "text after a closing quote");
        }
    }
    if (peek(s) < 0) {
        return XCY_CSV_SCAN_MORE;
    }
    return is_at_field_end(s) ? XCY_CSV_SCAN_RECORD : broken(s, "text after a closing quote");
}

static enum xcy_csv_scan scan_bare(struct scanner *s)
{
    size_t first = s->at;
    for (; peek(s) >= 0 && !is_at_field_end(s); s->at++) {
        if (peek(s) == '"') {
            return broken(s, "a quote inside an unquoted field");
        }
        if (peek(s) == '\0') {
            return broken(s, "a zero byte");
        }
    }
    if (peek(s) < 0) {
        return XCY_CSV_SCAN_MORE;
    }
    size_t end = s->at;
    end -= s->text.ptr[end] == '\n' && end > first && s->text.ptr[end - 1] == '\r';
    xcy_buf_add(&s->record->texts, xcy_bytes(s->text.ptr + first, end - first));
    return XCY_CSV_SCAN_RECORD;
}

static enum xcy_csv_scan scan_field(struct scanner *s)
{
    if (peek(s) != '"') {
        return scan_bare(s);
    }
    s->at++;
    enum xcy_csv_scan found = scan_quoted(s);
    return found == XCY_CSV_SCAN_RECORD ? scan_quoted_end(s) : found;
}

static enum xcy_csv_scan scan_fields(struct scanner *s)
{
    while (peek(s) >= 0) {
        start_field(s->record);
        enum xcy_csv_scan found = scan_field(s);
        if (found != XCY_CSV_SCAN_RECORD) {
            return found;
        }
        end_field(s->record);
        if (s->text.ptr[s->at++] == '\n') {
            s->n_lines++;
            return XCY_CSV_SCAN_RECORD;
        }
    }
    return XCY_CSV_SCAN_MORE;
}

struct xcy_csv_scanned xcy_csv_record_scan(struct xcy_csv_record *record, struct xcy_bytes text,
                                           char separator)
{
    struct scanner s = {.record = record, .text = text, .separator = separator};
    record->n_fields = 0;
    xcy_buf_reset(&record->texts);
    enum xcy_csv_scan found = scan_fields(&s);
    if (record->texts.overflowed) {
        found = broken(&s, "a record that is too large");
    }
    return (struct xcy_csv_scanned){
        .found = found, .used = s.at, .n_lines = s.n_lines, .problem = s.problem};
}
