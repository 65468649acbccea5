/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "fetch/place.h"

#include <errno.h>
#include <fcntl.h>

#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"

int
gv_place_get(struct gv_http *h, const char *base, const char *path, size_t max, char **body, size_t *len,
	     struct gv_err *err)
{
	gv_autofree char *whole = gv_xasprintf("%s/%s", base, path);
	struct gv_http_request req = { .url = whole, .max_body = max };

	if (base[0] != '/')
		return gv_http_get(h, &req, NULL, body, len, err);
	if (gv_fs_read(AT_FDCWD, whole, max, body, len, err) < 0) {
		if (err->sys == ENOENT || err->sys == ENOTDIR)
			err->code = GV_ENOTFOUND;
		return -1;
	}
	return 0;
}
