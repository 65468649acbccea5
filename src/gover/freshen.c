/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "gover/freshen.h"

#include <inttypes.h>
#include <time.h>

#include "gover/common.h"
#include "ui/msg.h"
#include "util/auto.h"
#include "version/known.h"

#define FRESH_SECONDS 3600

static void
tell_age(int64_t fetched)
{
	int64_t minutes = ((int64_t)time(NULL) - fetched) / 60;

	if (fetched == 0)
		gv_msg_warn("the list of releases is the built-in one of %s", gv_release_table_date);
	else if (minutes < 120)
		gv_msg_warn("the list of releases is %" PRId64 " minutes old", minutes);
	else if (minutes < 48 * 60)
		gv_msg_warn("the list of releases is %" PRId64 " hours old", minutes / 60);
	else
		gv_msg_warn("the list of releases is %" PRId64 " days old", minutes / (24 * 60));
}

void
gv_refresh(const struct gv_dirs *d)
{
	static const char *const args[] = { "__refresh", NULL };
	struct gv_err err = GV_ERR_INIT, warning = GV_ERR_INIT;
	gv_autoknown struct gv_known known = { 0 };
	gv_autofree char *path = gv_dirs_index_file(d);
	int64_t age;

	gv_known_load(&known, path, &warning);
	age = (int64_t)time(NULL) - known.fetched;
	/* A list from the future only means that a clock is wrong, so fetch it again. */
	if (known.fetched > 0 && age >= 0 && age < FRESH_SECONDS)
		return;
	if (gv_local_core(args, &err) != 0) {
		if (err.msg[0] != '\0')
			gv_msg_warn("%s", err.msg);
		tell_age(known.fetched);
	}
}
