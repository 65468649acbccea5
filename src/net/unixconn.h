/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_UNIXCONN_H
#define GV_NET_UNIXCONN_H

#include <curl/curl.h>

#include "net/unix.h"

/* Inside net: a connection to the daemon and nothing sent over it. The caller cleans it up. */
CURL *gv_unix_connect(struct gv_unix *u, struct gv_err *err);

#endif
