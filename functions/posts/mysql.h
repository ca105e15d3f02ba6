#ifndef XCY_FUNCTIONS_POSTS_MYSQL_H
#define XCY_FUNCTIONS_POSTS_MYSQL_H

/* mysql.h - posts as rows of a table `posts` in MySQL or MariaDB: key, context id, body. */

#include "functions/backend.h"

extern const struct xcy_post_backend xcy_mysql_posts;

#endif
