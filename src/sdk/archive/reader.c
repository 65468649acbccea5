/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/reader.h"

#include "archive/feed.h"
#include "archive/tarread.h"

int
gv_reader_run(struct gv_reader *r, struct gv_err *err)
{
	struct gv_feed feed = { .chunks = r->chunks };
	struct gv_intake intake = { .in = r->in, .batches = r->batches, .members = r->members };
	int rc = gv_intake_begin(&intake);

	if (rc == 0 && r->in->kind == GV_ARCHIVE_ZIP)
		rc = gv_zip_read(&feed, &intake, &r->tail, err);
	else if (rc == 0)
		rc = gv_tar_read(&feed, &intake, err);
	if (rc == 0)
		gv_intake_finish(&intake);
	gv_intake_release(&intake);
	return rc;
}
