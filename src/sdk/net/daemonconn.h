/* SPDX-License-Identifier: MIT */
#ifndef GV_NET_DAEMONCONN_H
#define GV_NET_DAEMONCONN_H

#include <curl/curl.h>

#include "net/daemon.h"

/* Private to net: connect to the daemon and send nothing. The caller calls curl_easy_cleanup(). */
CURL *gv_unix_connect(struct gv_unix *u, struct gv_err *err);

#endif
