/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "report/problem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "judge/followup.h"
#include "report/clean.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "verify/hash.h"

void
gv_problems_release(struct gv_problems *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].cause);
		free(p->v[i].file);
		free(p->v[i].gomod);
		free(p->v[i].message);
		free(p->v[i].hint);
		gv_strv_release(&p->v[i].versions);
	}
	free(p->v);
	memset(p, 0, sizeof(*p));
}

bool
gv_phase_is_problem(const struct gv_phase_result *p)
{
	return (p->outcome == GV_FAIL || p->outcome == GV_FLAKY || p->outcome == GV_UNKNOWN) &&
	       gv_followup_find(gv_result_text(p->phase)) == NULL;
}

void
gv_phase_place(struct gv_str *out, const struct gv_phase_result *p)
{
	const struct gv_diag *d = p->diags;
	gv_autofree char *at = NULL;

	if (p->n_diags == 0 || d->line == 0)
		return;
	at = gv_xasprintf("%s:%u:", gv_result_text(d->file), d->line);
	if (strstr(gv_result_text(p->line), at) != NULL)
		return;
	gv_str_add(out, at);
	if (strcmp(gv_result_text(d->message), gv_result_text(p->line)) != 0)
		gv_str_addf(out, " %s", gv_result_text(d->message));
}

void
gv_problem_text(struct gv_str *out, const struct gv_problem *p, size_t max)
{
	gv_clean_line(out, p->message, max);
	for (size_t i = 0; i < p->versions.n; i++) {
		gv_str_add(out, i == 0 ? " (Go " : ", Go ");
		gv_clean_line(out, p->versions.v[i], max);
	}
	gv_str_addc(out, ')');
	if (p->hint[0] != '\0') {
		gv_str_add(out, ": ");
		gv_clean_line(out, p->hint, max);
	}
}

/* The deciding line without a leading "./", which the compiler prints, and go vet only before Go 1.26. */
static const char *
plain_line(const struct gv_phase_result *p)
{
	const char *line = gv_result_text(p->line);

	return strncmp(line, "./", 2) == 0 ? line + 2 : line;
}

bool
gv_phase_same_cause(const struct gv_phase_result *a, const struct gv_phase_result *b)
{
	return a->outcome == b->outcome && strcmp(gv_result_text(a->cause), gv_result_text(b->cause)) == 0 &&
	       strcmp(plain_line(a), plain_line(b)) == 0;
}

bool
gv_phase_is_told(const struct gv_cell_result *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (gv_phase_is_problem(&c->phases[k]) && gv_phase_same_cause(&c->phases[k], &c->phases[i]))
			return true;
	return false;
}

/* The path in the repository, or "" for a file outside of it: the module cache, GOROOT, a directory above. */
static char *
in_repository(const struct gv_cell_result *c, const char *file)
{
	const char *dir = gv_result_text(c->moduledir);

	if (file[0] == '/' || file[0] == '$' || strncmp(file, "../", 3) == 0 || file[0] == '\0')
		return gv_xstrdup("");
	if (dir[0] == '\0' || strcmp(dir, ".") == 0)
		return gv_xstrdup(file);
	return gv_xasprintf("%s/%s", dir, file);
}

/*
 * Set a fingerprint that stays the same if lines are added above: it has no line number. `nth` tells equal messages in
 * one file apart.
 */
static void
set_fingerprint(struct gv_problem *p, unsigned nth)
{
	gv_autofree char *text = gv_xasprintf("%s\n%s\n%s\n%u", p->cause, p->file, p->message, nth);
	uint8_t sum[GV_SHA256_LEN];

	gv_sha256_of(text, strlen(text), sum);
	gv_hex(p->fingerprint, sum, sizeof(p->fingerprint) / 2);
}

/* Find the entry for the same problem, or NULL. `*nth` counts the entries before it that differ only in the line. */
static struct gv_problem *
find(struct gv_problems *all, const struct gv_problem *like, unsigned *nth)
{
	*nth = 0;
	for (size_t i = 0; i < all->n; i++) {
		struct gv_problem *p = &all->v[i];

		if (strcmp(p->message, like->message) != 0 || strcmp(p->file, like->file) != 0 ||
		    strcmp(p->cause, like->cause) != 0)
			continue;
		if (p->line == like->line)
			return p;
		(*nth)++;
	}
	return NULL;
}

static void
add_version(struct gv_problem *p, const char *version)
{
	if (!gv_strv_has(&p->versions, version))
		gv_strv_add(&p->versions, version);
}

static void
add(struct gv_problems *all, const struct gv_cell_result *c, const struct gv_phase_result *phase,
    const struct gv_diag *d)
{
	gv_autofree char *file = in_repository(c, gv_result_text(d->file));
	bool outside = file[0] == '\0' && gv_result_text(d->file)[0] != '\0';
	/* A file outside the repository becomes part of the message. */
	gv_autofree char *message = outside ? gv_xasprintf("%s:%u: %s", d->file, d->line, gv_result_text(d->message))
					    : gv_xstrdup(gv_result_text(d->message));
	struct gv_problem like = { .cause = phase->cause,
				   .file = file,
				   .line = outside ? 0 : d->line,
				   .message = message },
			  *p;
	unsigned nth;

	like.hint = gv_xstrdup(gv_result_text(phase->hint));
	like.cause = gv_xstrdup(gv_result_text(phase->cause));
	p = find(all, &like, &nth);
	if (p == NULL && all->n < GV_PROBLEMS_MAX) {
		all->v = gv_xreallocarray(all->v, all->n + 1, sizeof(*all->v));
		p = &all->v[all->n++];
		*p = like;
		gv_steal_ptr(&file);
		gv_steal_ptr(&message);
		p->col = outside ? 0 : d->col;
		p->gomod = in_repository(c, "go.mod");
		p->severity = GV_SEVERITY_WARNING;
		set_fingerprint(p, nth);
	} else {
		free(like.cause);
		free(like.hint);
	}
	if (p == NULL)
		return;
	if (phase->outcome == GV_FAIL)
		p->severity = GV_SEVERITY_ERROR;
	add_version(p, gv_result_text(c->version));
}

/*
 * Whether a diagnostic says what the deciding line says: it names the place, or announces the test that the diagnostic
 * is from.
 */
static bool
is_told_by_diag(const struct gv_phase_result *p)
{
	gv_autofree char *place = NULL;

	if (p->n_diags == 0)
		return false;
	if (gv_cause_is(p->cause, GV_CAUSE_TEST) ||
	    strcmp(gv_result_text(p->diags[0].message), gv_result_text(p->line)) == 0)
		return true;
	place = gv_xasprintf("%s:%u:", gv_result_text(p->diags[0].file), p->diags[0].line);
	return strstr(gv_result_text(p->line), place) != NULL;
}

/* The test that the deciding line names ("--- FAIL: TestX (0.00s)"), or NULL. Caller frees. */
static char *
failed_test(const struct gv_phase_result *p)
{
	static const char mark[] = "--- FAIL: ";
	const char *name = strstr(gv_result_text(p->line), mark), *end;

	if (name == NULL)
		return NULL;
	name += sizeof(mark) - 1;
	end = strstr(name, " (");
	return end != NULL ? gv_xstrndup(name, (size_t)(end - name)) : NULL;
}

static void
add_phase(struct gv_problems *all, const struct gv_cell_result *c, const struct gv_phase_result *p)
{
	bool below = gv_cause_is(p->cause, GV_CAUSE_BELOW_DECLARED);
	gv_autofree char *message = gv_xasprintf("%s%s", below ? "go.mod says " : "", gv_result_text(p->line));
	char gomod[] = "go.mod";
	struct gv_diag line = { .file = below ? gomod : NULL, .message = message };

	if (!is_told_by_diag(p) && message[0] != '\0')
		add(all, c, p, &line);
	for (size_t i = 0; i < p->n_diags; i++) {
		gv_autofree char *test = i == 0 ? failed_test(p) : NULL, *named = NULL;
		struct gv_diag d = p->diags[i];

		if (test != NULL)
			d.message = named = gv_xasprintf("%s: %s", test, gv_result_text(d.message));
		add(all, c, p, &d);
	}
}

void
gv_problems_collect(struct gv_problems *p, const struct gv_run_result *r)
{
	memset(p, 0, sizeof(*p));
	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t k = 0; k < r->cells[i].n_phases; k++)
			if (gv_phase_is_problem(&r->cells[i].phases[k]))
				add_phase(p, &r->cells[i], &r->cells[i].phases[k]);
}
