/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/core.h"
#include "core/engines.h"
#include "engine/ledger.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/fs.h"
#include "util/jsonw.h"
#include "util/text.h"

struct cell_fields {
	bool all;
};

static const struct gv_opt cell_rows[] = {
	GV_OPT_BOOL("all", 0, struct cell_fields, all, "Remove every cell that is not running"),
	GV_OPT_END,
};

/* A cell in the list. */
struct row {
	const char *id;
	struct gv_ledger ledger;
	bool running; /* or someone has a shell in it */
};

static int
read_row(struct row *row, const char *state, const char *id, struct gv_err *err)
{
	*row = (struct row){ .id = id, .ledger = GV_LEDGER_INIT };
	if (gv_ledger_find(&row->ledger, state, id, err) < 0)
		return -1;
	if (gv_ledger_hold(&row->ledger, true, err) == 0)
		return 0;
	if (err->code == GV_EBUSY) {
		row->running = true;
		return 0;
	}
	gv_ledger_release(&row->ledger);
	return -1;
}

static void
add_json(struct gv_jsonout *j, const struct row *row)
{
	gv_jsonout_open(j, NULL, '{');
	gv_jsonout_str(j, "id", row->id);
	gv_jsonout_str(j, "engine", row->ledger.engine);
	gv_jsonout_str(j, "dir", row->ledger.dir);
	gv_jsonout_bool(j, "running", row->running);
	if (row->ledger.kept > 0)
		gv_jsonout_int(j, "kept_until", row->ledger.kept);
	else
		gv_jsonout_str(j, "kept_until", NULL);
	gv_jsonout_close(j, '}');
}

static void
print_row(const struct row *row, int width)
{
	const char *dir = row->ledger.dir != NULL ? row->ledger.dir : "-";
	char when[32], state[64] = "left behind", clean[1024];
	time_t kept = (time_t)row->ledger.kept;
	struct tm tm;

	if (row->running)
		gv_text_cut(state, sizeof(state), "running");
	else if (kept > 0 && localtime_r(&kept, &tm) != NULL && strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm) > 0)
		gv_text_cut(state, sizeof(state), "until %s", when);
	gv_text_clean(clean, sizeof(clean), dir, strlen(dir));
	printf("%-*s  %-6s  %-22s  %s\n", width, row->id, row->ledger.engine != NULL ? row->ledger.engine : "-", state,
	       clean);
}

static void
print_json(const struct row *rows, size_t n)
{
	struct gv_jsonout j;

	gv_jsonout_begin(&j);
	gv_jsonout_open(&j, NULL, '{');
	gv_jsonout_open(&j, "cells", '[');
	for (size_t i = 0; i < n; i++)
		add_json(&j, &rows[i]);
	gv_jsonout_close(&j, ']');
	gv_jsonout_close(&j, '}');
	gv_jsonout_print(&j);
}

static void
print_text(const struct row *rows, size_t n)
{
	int width = 0;

	for (size_t i = 0; i < n; i++)
		width = (int)strlen(rows[i].id) > width ? (int)strlen(rows[i].id) : width;
	for (size_t i = 0; i < n; i++)
		print_row(&rows[i], width);
	if (n == 0)
		gv_msg_info("no cell is kept: gover validate --keep-failed keeps those that fail");
}

/* List the cells. Skip a cell that ends meanwhile; warn of one whose record cannot be read. */
static int
list(const struct gv_dirs *d, bool json)
{
	gv_autostrv struct gv_strv ids = GV_STRV_INIT;
	gv_autofree struct row *rows = NULL;
	size_t n = 0;

	gv_ledger_list(&ids, d->state);
	rows = gv_xcalloc(ids.n + 1, sizeof(*rows));
	for (size_t i = 0; i < ids.n; i++) {
		struct gv_err err = GV_ERR_INIT;

		if (read_row(&rows[n], d->state, ids.v[i], &err) == 0)
			n++;
		else if (err.code != GV_ENOTFOUND)
			gv_msg_warn("%s", err.msg);
	}
	if (json)
		print_json(rows, n);
	else
		print_text(rows, n);
	for (size_t i = 0; i < n; i++)
		gv_ledger_release(&rows[i].ledger);
	return GV_EXIT_OK;
}

/* The engine that made the cell. If its record names none, any engine can remove it. */
static struct gv_engine *
engine_of(const struct gv_ledger *l, const struct gv_dirs *d, struct gv_err *err)
{
	gv_autostrv struct gv_strv why = GV_STRV_INIT;

	return core_engine_open(l->engine != NULL ? l->engine : "host", d, &why, err);
}

/* Run `argv` (NULL: a shell) in the cell, and hold the cell meanwhile, so that no other process removes it. */
static int
enter(const struct gv_dirs *d, const char *id, char *const argv[])
{
	struct gv_ledger l = GV_LEDGER_INIT;
	struct gv_err err = GV_ERR_INIT;
	struct gv_engine *e = NULL;
	int status = GV_EXIT_OK, rc;

	if (gv_ledger_find(&l, d->state, id, &err) < 0)
		return gv_core_fail(&err);
	rc = gv_ledger_hold(&l, false, &err);
	if (rc == 0 && l.kept == 0)
		rc = gv_err_set(&err, GV_ENOTFOUND, "the cell '%s' was not kept", id);
	if (rc == 0)
		rc = (e = engine_of(&l, d, &err)) != NULL ? gv_engine_enter(e, id, argv, &status, &err) : -1;
	gv_engine_close(e);
	gv_ledger_release(&l);
	return rc < 0 ? gv_core_fail(&err) : status;
}

/* Let the cell's time expire. Its engine then removes expired cells. */
static int
remove_one(const struct gv_dirs *d, const char *id, struct gv_err *err)
{
	struct gv_ledger l = GV_LEDGER_INIT;
	struct gv_engine *e = NULL;
	int rc;

	if (gv_ledger_find(&l, d->state, id, err) < 0)
		return -1;
	rc = gv_ledger_hold(&l, true, err);
	if (rc == 0 && (e = engine_of(&l, d, err)) == NULL)
		rc = -1;
	if (rc == 0)
		rc = gv_ledger_keep(&l, 1, err);
	if (rc == 0) {
		gv_engine_reap(e);
		rc = gv_fs_exists(l.path) ? gv_err_set(err, GV_EIO, "cannot remove the cell '%s' completely", id) : 0;
	}
	gv_engine_close(e);
	gv_ledger_release(&l);
	return rc;
}

/* Remove what can be removed. Returns the first failure; with `all`, a running cell is no failure. */
static int
remove_cells(const struct gv_dirs *d, char *const ids[], size_t n, bool all)
{
	int status = GV_EXIT_OK;

	for (size_t i = 0; i < n; i++) {
		struct gv_err err = GV_ERR_INIT;

		if (remove_one(d, ids[i], &err) == 0) {
			gv_msg_info("removed %s", ids[i]);
		} else if (all && err.code == GV_EBUSY) {
			gv_msg_info("%s", err.msg);
		} else if (!all || err.code != GV_ENOTFOUND) {
			int failed = gv_core_fail(&err);

			status = status == GV_EXIT_OK ? failed : status;
		}
	}
	return status;
}

static int
cell_run(const struct gv_globals *g, void *fields, int argc, char **argv)
{
	const struct cell_fields *f = fields;
	gv_autodirs struct gv_dirs d = { 0 };
	gv_autostrv struct gv_strv ids = GV_STRV_INIT;
	struct gv_err err = GV_ERR_INIT;
	const char *verb = argv[0];

	if (gv_dirs_init(&d, &err) < 0)
		return gv_core_fail(&err);
	if (strcmp(verb, "list") == 0 && argc == 1 && !f->all)
		return list(&d, g->json);
	if (strcmp(verb, "enter") == 0 && argc > 1 && !f->all && !g->json)
		return enter(&d, argv[1], argc > 2 ? argv + 2 : NULL);
	if (strcmp(verb, "remove") == 0 && (argc > 1) != f->all && !g->json) {
		if (f->all)
			gv_ledger_list(&ids, d.state);
		return f->all ? remove_cells(&d, ids.v, ids.n, true)
			      : remove_cells(&d, argv + 1, (size_t)argc - 1, false);
	}
	gv_err_set(&err, GV_EUSAGE, "'cell' does not take '%s' with %d argument%s and these options", verb, argc - 1,
		   argc == 2 ? "" : "s");
	gv_err_help(&err, "gover cell list [--json], enter ID [-- COMMAND...], or remove ID...|--all");
	return gv_core_fail(&err);
}

const struct gv_cmd gv_cmd_cell = {
	.name = "cell",
	.args = "list | enter ID [-- COMMAND...] | remove ID...|--all",
	.details =
	    "Works on the cells that 'gover validate --keep-failed' kept, and on running ones.\n"
	    "  list    print id, engine, the time until which the cell is kept, and the project's directory\n"
	    "  enter   open a shell in a kept cell, or run COMMAND there; gover exits with its status\n"
	    "  remove  remove these cells before their time; exits 6 if one is running, 3 if there is none of that name\n",
	.min_args = 1,
	.max_args = -1,
	.json = true,
	.opts = cell_rows,
	.opts_size = sizeof(struct cell_fields),
	.run = cell_run,
};
