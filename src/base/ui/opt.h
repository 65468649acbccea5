/* SPDX-License-Identifier: MIT */
#ifndef GV_UI_OPT_H
#define GV_UI_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/strv.h"

/*
 * Option rows: const tables that fill a struct. The parser, --help and the completions use the same rows.
 * A row whose field has the wrong type does not compile. Accepted forms: --long, --long=VALUE, --long VALUE,
 * -s, -sVALUE, -s VALUE, and grouped short flags. Names cannot be abbreviated. "--" ends the options.
 */
enum gv_opt_type { GV_OPT_TYPE_END, GV_OPT_TYPE_BOOL, GV_OPT_TYPE_COUNT, GV_OPT_TYPE_STR, GV_OPT_TYPE_LIST };

struct gv_opt {
	enum gv_opt_type type;
	const char *name; /* without "--" */
	char short_name;  /* 0: none */
	size_t offset;
	const char *arg; /* "DIR" */
	const char *help;
};

#define GV_OPT_FIELD_(S, f, T) (offsetof(S, f) + 0 * sizeof(_Generic(((S *)0)->f, T : 1)))
/* clang-format off */
#define GV_OPT_BOOL(name, short_name, S, f, help)                                                                      \
	{ GV_OPT_TYPE_BOOL, name, short_name, GV_OPT_FIELD_(S, f, bool), NULL, help }
/* Counts how often it is given: -vv. */
#define GV_OPT_COUNT(name, short_name, S, f, help)                                                                     \
	{ GV_OPT_TYPE_COUNT, name, short_name, GV_OPT_FIELD_(S, f, int), NULL, help }
#define GV_OPT_STR(name, short_name, S, f, arg, help)                                                                  \
	{ GV_OPT_TYPE_STR, name, short_name, GV_OPT_FIELD_(S, f, const char *), arg, help }
#define GV_OPT_LIST(name, short_name, S, f, arg, help)                                                                 \
	{ GV_OPT_TYPE_LIST, name, short_name, GV_OPT_FIELD_(S, f, struct gv_strv), arg, help }
#define GV_OPT_END { GV_OPT_TYPE_END, NULL, 0, 0, NULL, NULL }
/* clang-format on */

/*
 * Parse the options in argv[0..argc) into `fields` and move the other arguments to the front. Returns how many of those
 * there are. If argv[argc] was NULL, NULL ends the new list too, as execv needs it.
 * With `stop_early`, options end at the first other argument. Errors: GV_EUSAGE.
 */
int gv_opt_parse(const struct gv_opt *rows, void *fields, int argc, char **argv, bool stop_early,
		 struct gv_err *err) GV_MUST_CHECK;

/* One of several tables, each with a struct of its own. The first table that has an option gets it. */
struct gv_opt_table {
	const struct gv_opt *rows; /* may be NULL */
	void *fields;
};

/* Like gv_opt_parse(), with several tables. */
int gv_opt_parse_tables(const struct gv_opt_table *tables, size_t n_tables, int argc, char **argv, bool stop_early,
			struct gv_err *err) GV_MUST_CHECK;

/* Free the lists of LIST rows. */
void gv_opt_release(const struct gv_opt *rows, void *fields);

#endif
