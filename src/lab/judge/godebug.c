/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/godebug.h"

#include <limits.h>
#include <string.h>

#include "util/auto.h"
#include "util/num.h"
#include "version/version.h"

#define FIRST_MINOR 21 /* the first Go with GODEBUG defaults for compatibility */

/* Lines "NAME TAB CHANGED TAB OLD TAB REMOVED", made from data/godebugs.tsv by the makefile. */
static const char table[] =
#include <src/lab/judge/godebugs.inc>
    ;

struct setting {
	const char *name, *old;
	size_t name_len, old_len;
	int changed, removed;
};

static const char *
parse_line(struct setting *s, const char *line)
{
	uint64_t changed = 0, removed = 0;

	s->name = line;
	s->name_len = strcspn(line, "\t");
	s->old = gv_num_prefix(line + s->name_len + 1, INT_MAX, &changed) + 1;
	s->old_len = strcspn(s->old, "\t");
	line = gv_num_prefix(s->old + s->old_len + 1, INT_MAX, &removed) + 1;
	s->changed = (int)changed;
	s->removed = (int)removed;
	return line;
}

static void
nth(struct setting *s, unsigned row)
{
	const char *line = parse_line(s, table);

	while (row-- > 0)
		line = parse_line(s, line);
}

int
gv_godebug_since(const char *name, size_t len)
{
	struct setting set;

	for (const char *line = table; *line != '\0';) {
		line = parse_line(&set, line);
		if (set.name_len == len && memcmp(set.name, name, len) == 0)
			return set.changed;
	}
	return -1;
}

void
gv_godebug_begin(struct gv_godebug_search *s, int minor)
{
	struct setting set;
	unsigned row = 0;

	memset(s, 0, sizeof(*s));
	for (const char *line = table; *line != '\0'; row++) {
		line = parse_line(&set, line);
		if (set.changed <= minor && (set.removed == 0 || set.removed > minor) && s->n < GV_GODEBUG_MAX)
			s->rows[s->n++] = (unsigned short)row;
	}
	s->state = s->n > 0 ? GV_GODEBUG_ALL : GV_GODEBUG_DONE;
}

static void
add_rows(const unsigned short *rows, size_t n, struct gv_str *value)
{
	for (size_t i = 0; i < n; i++) {
		struct setting set;

		nth(&set, rows[i]);
		gv_str_addf(value, "%s%.*s=%.*s", value->len > 0 ? "," : "", (int)set.name_len, set.name,
			    (int)set.old_len, set.old);
	}
}

bool
gv_godebug_next(const struct gv_godebug_search *s, struct gv_str *value)
{
	if (s->state == GV_GODEBUG_DONE)
		return false;
	gv_str_clear(value);
	if (s->state != GV_GODEBUG_NEEDED)
		add_rows(s->rows, s->state == GV_GODEBUG_ALL ? s->n : (s->lo + s->hi) / 2, value);
	add_rows(s->needed, s->n_needed, value);
	return true;
}

/* The fewest rows that make the test pass are known: it needs the last of them, and perhaps others before it. */
static void
take_last(struct gv_godebug_search *s)
{
	s->needed[s->n_needed++] = s->rows[s->hi - 1];
	s->n = s->hi - 1;
	s->state = s->n > 0 ? GV_GODEBUG_NEEDED : GV_GODEBUG_DONE;
}

/* The needed ones alone are not enough: search rows[0..n) for one more. */
static void
halve(struct gv_godebug_search *s)
{
	s->lo = 1;
	s->hi = s->n;
	s->state = GV_GODEBUG_HALVE;
}

void
gv_godebug_tell(struct gv_godebug_search *s, bool passes)
{
	size_t mid = (s->lo + s->hi) / 2;

	switch (s->state) {
	case GV_GODEBUG_ALL:
		s->found = passes;
		s->state = GV_GODEBUG_DONE;
		if (passes)
			halve(s);
		break;
	case GV_GODEBUG_NEEDED:
		s->state = GV_GODEBUG_DONE;
		if (!passes)
			halve(s);
		break;
	case GV_GODEBUG_HALVE:
		if (passes)
			s->hi = mid;
		else
			s->lo = mid + 1;
		break;
	case GV_GODEBUG_DONE:
		return;
	}
	if (s->state == GV_GODEBUG_HALVE && s->lo == s->hi)
		take_last(s);
}

void
gv_godebug_hint(const struct gv_godebug_search *s, const char *who, struct gv_str *out)
{
	gv_autostr struct gv_str list = GV_STR_INIT(4096);
	struct setting set;

	if (!s->found) {
		gv_str_add(out, "no GODEBUG setting changes it");
		return;
	}
	for (size_t i = s->n_needed; i > 0; i--)
		add_rows(&s->needed[i - 1], 1, &list);
	gv_str_addf(out, "%s with GODEBUG=%s", who != NULL ? who : "passes", gv_str_text(&list));
	nth(&set, s->needed[0]);
	if (s->n_needed == 1)
		gv_str_addf(out, ", the default before Go 1.%d", set.changed);
}

static bool
has_name(const struct gv_strv *names, const char *name, size_t len)
{
	for (size_t i = 0; i < names->n; i++)
		if (strncmp(names->v[i], name, len) == 0 && names->v[i][len] == '\0')
			return true;
	return false;
}

void
gv_godebug_failing(const struct gv_test_result *tests, size_t n, struct gv_strv *names)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = gv_result_text(tests[i].name);
		size_t len = strcspn(name, "/");

		if (tests[i].outcome == GV_FAIL && len > 0 && !has_name(names, name, len))
			gv_strv_addn(names, name, len);
	}
}

static bool
same_axes(const struct gv_cell_result *a, const struct gv_cell_result *b)
{
	return strcmp(gv_result_text(a->moduledir), gv_result_text(b->moduledir)) == 0 &&
	       strcmp(gv_result_text(a->platform), gv_result_text(b->platform)) == 0 &&
	       strcmp(gv_result_text(a->tags), gv_result_text(b->tags)) == 0 &&
	       strcmp(gv_result_text(a->env), gv_result_text(b->env)) == 0;
}

static bool
tests_failed(const struct gv_phase_result *p)
{
	return gv_cause_is(p->cause, GV_CAUSE_TEST) || gv_cause_is(p->cause, GV_CAUSE_PANIC);
}

bool
gv_godebug_wanted(const struct gv_run_result *r, size_t i, const char *phase)
{
	const struct gv_cell_result *c = &r->cells[i];
	const struct gv_phase_result *p = gv_cell_result_phase(c, phase), *other;

	if (p == NULL || p->outcome != GV_FAIL || gv_version_minor(c->version) < FIRST_MINOR || !tests_failed(p))
		return false;
	for (size_t k = 0; k < r->n_cells; k++) {
		const struct gv_cell_result *older = &r->cells[k];

		/* Tests that did not even compile on the older version say nothing. */
		if (same_axes(older, c) && gv_version_cmp(gv_result_text(older->version), c->version) < 0 &&
		    (other = gv_cell_result_phase(older, phase)) != NULL && other->outcome == GV_FAIL &&
		    tests_failed(other))
			return false;
	}
	return true;
}
