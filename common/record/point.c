#include "common/record/point.h"

const char *const xcy_domain_names[XCY_N_DOMAINS] = {
    [XCY_DOMAIN_CLIENT] = "client",
    [XCY_DOMAIN_WRITER] = "writer",
    [XCY_DOMAIN_READER] = "reader",
};

const struct xcy_point_info xcy_points[XCY_N_POINTS] = {
    [XCY_POINT_DUE] = {"due", XCY_DOMAIN_CLIENT, false, "the schedule wanted the request sent"},
    [XCY_POINT_SENT] = {"sent", XCY_DOMAIN_CLIENT, false, "request handed to the connection"},
    [XCY_POINT_ACKED] = {"acked", XCY_DOMAIN_CLIENT, true, "reply complete, or failed"},
    [XCY_POINT_START] = {"start", XCY_DOMAIN_WRITER, false, "writer began"},
    [XCY_POINT_WROTE] = {"wrote", XCY_DOMAIN_WRITER, false, "post storage acknowledged the write"},
    [XCY_POINT_NOTED] = {"noted", XCY_DOMAIN_WRITER, false,
                         "writer began to publish the notification"},
    [XCY_POINT_ENDED] = {"ended", XCY_DOMAIN_WRITER, false,
                         "last stamp of the writer, in its reply"},
    [XCY_POINT_SEEN] = {"seen", XCY_DOMAIN_READER, false, "reader received the notification"},
    [XCY_POINT_READY] = {"ready", XCY_DOMAIN_READER, false, "barrier returned (seen without one)"},
    [XCY_POINT_ASKED] = {"asked", XCY_DOMAIN_READER, false, "first dependent read sent"},
    [XCY_POINT_READ] = {"read", XCY_DOMAIN_READER, false, "that read returned"},
    [XCY_POINT_MISSED] = {"missed", XCY_DOMAIN_READER, false, "last failing poll sent"},
    [XCY_POINT_VISIBLE] = {"visible", XCY_DOMAIN_READER, false, "first succeeding poll returned"},
    [XCY_POINT_REPORTED] = {"reported", XCY_DOMAIN_READER, false, "before the evaluation is sent"},
    [XCY_POINT_GOT] = {"got", XCY_DOMAIN_CLIENT, false, "evaluation taken from the queue"},
};
