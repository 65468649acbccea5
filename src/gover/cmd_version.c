/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gover/common.h"
#include "ui/cmd.h"
#include "ui/msg.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "version/request.h"
#include "version/version.h"

#define STDIN_MAX (4u << 20) /* bytes of candidates */

/* Print one answer, bare or as {"key": answer}. In JSON, `quoted` is false for numbers and booleans. */
static int
answer(const struct gv_globals *g, const char *key, const char *text, bool quoted)
{
	if (!g->json)
		puts(text);
	else if (quoted)
		printf("{\"%s\":\"%s\"}\n", key, text);
	else
		printf("{\"%s\":%s}\n", key, text);
	return GV_EXIT_OK;
}

static int
need_valid(const char *version, struct gv_err *err)
{
	if (!gv_version_valid(version))
		return gv_err_set(err, GV_EFORMAT, "'%s' is not a Go version", version);
	return 0;
}

static int
compare(const struct gv_globals *g, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	char text[4];

	if (need_valid(argv[0], &err) < 0 || need_valid(argv[1], &err) < 0)
		return gv_msg_fail(&err);
	snprintf(text, sizeof(text), "%d", gv_version_cmp(argv[0], argv[1]));
	return answer(g, "compare", text, false);
}

/* Without --json this prints nothing: it is for `if` in scripts. */
static int
valid(const struct gv_globals *g, char **argv)
{
	bool yes = gv_version_valid(argv[0]);

	if (g->json)
		answer(g, "valid", yes ? "true" : "false", false);
	return yes ? GV_EXIT_OK : GV_EXIT_USAGE;
}

static int
lang(const struct gv_globals *g, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *out = NULL;
	size_t size = strlen(argv[0]) + 3; /* "2" becomes "2.0" */

	if (need_valid(argv[0], &err) < 0)
		return gv_msg_fail(&err);
	out = gv_xmalloc(size);
	gv_version_lang(out, size, argv[0]);
	return answer(g, "lang", out, true);
}

static int
read_candidates(struct gv_strv *out, struct gv_err *err)
{
	gv_autofree char *text = gv_xmalloc(STDIN_MAX + 2);
	char *save = NULL;
	size_t len = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, text + len, STDIN_MAX + 1 - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return gv_err_sys(err, GV_EIO, "cannot read standard input");
	if (len > STDIN_MAX)
		return gv_err_set(err, GV_ETOOBIG, "standard input is larger than %u bytes", STDIN_MAX);
	text[len] = '\0';
	for (char *w = strtok_r(text, " \t\r\n", &save); w != NULL; w = strtok_r(NULL, " \t\r\n", &save))
		gv_strv_add(out, w);
	return 0;
}

static int
choose(const struct gv_globals *g, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	gv_autostrv struct gv_strv candidates = GV_STRV_INIT;
	struct gv_request request;
	const char *best;

	if (gv_request_parse(&request, argv[0], GV_REQUEST_ANY, &err) < 0 || read_candidates(&candidates, &err) < 0)
		return gv_msg_fail(&err);
	best = gv_request_select(&request, &candidates);
	if (best != NULL)
		return answer(g, "version", best, true);
	gv_err_set(&err, GV_ENOTFOUND, "none of %zu versions fits '%s'", candidates.n, argv[0]);
	return gv_msg_fail(&err);
}

static const struct {
	const char *name;
	int args;
	int (*run)(const struct gv_globals *g, char **argv);
} verbs[] = {
	{ "compare", 2, compare },
	{ "valid", 1, valid },
	{ "lang", 1, lang },
	{ "select", 1, choose },
};

static int
version_run(const struct gv_globals *g, void *opts, int argc, char **argv)
{
	struct gv_err err = GV_ERR_INIT;
	struct gv_globals globals = *g;

	(void)opts;
	if (argc == 0)
		return answer(g, "gover", PACKAGE_VERSION, true);
	/* An operand may look like an option, so --json counts only as an extra last argument. */
	for (size_t i = 0; i < GV_ARRAY_LEN(verbs); i++) {
		int more = argc - 1 - verbs[i].args;

		if (strcmp(verbs[i].name, argv[0]) != 0)
			continue;
		if (more == 1 && strcmp(argv[argc - 1], "--json") == 0) {
			globals.json = true;
			more = 0;
		}
		if (more == 0)
			return verbs[i].run(&globals, argv + 1);
	}
	gv_err_set(&err, GV_EUSAGE, "'version' does not take '%s' with %d argument%s", argv[0], argc - 1,
		   argc == 2 ? "" : "s");
	gv_err_help(&err, "gover version compare A B, valid V, lang V, or select REQUEST");
	return gv_msg_fail(&err);
}

const struct gv_cmd gv_cmd_version = {
	.name = "version",
	.args = "[compare A B | valid V | lang V | select REQUEST]",
	.details =
	    "For scripts. Versions are bare: 1.22.3, 1.23rc2.\n"
	    "  compare A B     prints -1, 0 or 1, in Go's order\n"
	    "  valid V         exits 0, or 2 if V is not a Go version\n"
	    "  lang V          prints the language version: 1.22 for 1.22.3\n"
	    "  select REQUEST  reads versions from standard input and prints the newest that fits; exits 3 if none fits,\n"
	    "                  2 if REQUEST is malformed\n"
	    "Without arguments: the version of gover.\n",
	.max_args = -1,
	.json = true,
	.raw_args = true,
	.run = version_run,
};
