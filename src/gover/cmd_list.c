/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gover/common.h"
#include "gover/freshen.h"
#include "gover/listing.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/auto.h"

struct list_opts {
	bool remote;
	bool all;
};

static const struct gv_opt list_rows[] = {
	GV_OPT_BOOL("remote", 0, struct list_opts, remote, "List what can be installed"),
	GV_OPT_BOOL("all", 0, struct list_opts, all,
		    "With --remote: every known release. Without: other platforms too"),
	GV_OPT_END,
};

static void
print_row(const struct gv_listing_row *row, int width, bool dates)
{
	bool bright = row->selected && gv_msg_color(STDOUT_FILENO);
	char notes[256];

	gv_listing_notes(notes, sizeof(notes), row, dates);
	printf("%s%c %-*s", bright ? "\x1b[1m" : "", row->selected ? '*' : ' ', notes[0] != '\0' || dates ? width : 0,
	       row->name);
	if (dates)
		printf("  %-10s", row->date);
	printf("%s%s%s\n", notes[0] != '\0' ? "  " : "", notes, bright ? "\x1b[0m" : "");
}

static void
print_text(const struct gv_listing *l, bool remote)
{
	int width = 0;

	for (size_t i = 0; i < l->n; i++) {
		int len = (int)strlen(l->rows[i].name);

		width = len > width ? len : width;
	}
	for (size_t i = 0; i < l->n; i++)
		print_row(&l->rows[i], width, remote);
	if (l->n == 0)
		gv_msg_info("no Go version is installed: gover install latest");
}

static void
add_row(struct gv_jsonout *j, const struct gv_listing_row *row, bool remote)
{
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "version", row->version);
	gv_jsonout_bool(j, "installed", row->installed);
	gv_jsonout_str(j, "path", row->path);
	gv_jsonout_str(j, "platform", row->platform);
	gv_jsonout_bool(j, "selected", row->selected);
	gv_jsonout_bool(j, "default", row->is_default);
	gv_jsonout_str(j, "proof", row->proof);
	if (remote) {
		gv_jsonout_str(j, "date", strcmp(row->date, "-") == 0 ? NULL : row->date);
		gv_jsonout_str(j, "kind", row->kind);
		gv_jsonout_bool(j, "newest", row->newest);
		gv_jsonout_bool(j, "supported", row->supported);
		gv_jsonout_bool(j, "end_of_life", row->end_of_life);
	}
	gv_jsonout_close(j, '}');
}

static void
print_json(const struct gv_listing *l, bool remote)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	if (remote) {
		gv_jsonout_str(&j, "as_of", l->as_of);
		gv_jsonout_str(&j, "source", l->fetched > 0 ? "index" : "built-in");
		gv_jsonout_int(&j, "fetched", l->fetched);
	}
	gv_jsonout_open(&j, "versions", '[');
	for (size_t i = 0; i < l->n; i++)
		add_row(&j, &l->rows[i], remote);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

static int
list_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	const struct list_opts *o = opts;
	struct gv_err err = GV_ERR_INIT;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autolisting struct gv_listing l = { 0 };
	int rc;

	(void)argc;
	(void)argv;
	if (gv_local_dirs(&d, &err) < 0)
		return gv_msg_fail(&err);
	if (o->remote)
		gv_refresh(&d);
	rc = o->remote ? gv_listing_known(&l, &d, o->all, &err) : gv_listing_installed(&l, &d, o->all, &err);
	if (rc < 0)
		return gv_msg_fail(&err);
	if (g->json)
		print_json(&l, o->remote);
	else
		print_text(&l, o->remote);
	return GV_EXIT_OK;
}

const struct gv_cmd gv_cmd_list = {
	.name = "list",
	.details =
	    "Lists installed versions, newest first; '*' marks the one selected here. With --remote: installed versions,\n"
	    "supported releases and the last release of each older minor. The list of releases is fetched again if it is\n"
	    "older than an hour and the network works.\n",
	.json = true,
	.opts = list_rows,
	.opts_size = sizeof(struct list_opts),
	.run = list_run,
};
