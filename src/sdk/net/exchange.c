/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "net/exchange.h"

#include <stdlib.h>
#include <string.h>

const struct gv_http_limits gv_http_limits_default = {
	.stall_ms = 20000,
	.stall_rate = 1024,
	.retry_ms = 90000,
	.backoff_ms = 500,
};

void
gv_http_head_release(struct gv_http_head *head)
{
	free(head->etag);
	free(head->last_modified);
	memset(head, 0, sizeof(*head));
}
