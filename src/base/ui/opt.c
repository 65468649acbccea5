/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "ui/opt.h"

#include <string.h>

#include "ui/similar.h"

/* A row and the field that it fills. */
struct slot {
	const struct gv_opt *row;
	void *field;
};

struct parser {
	const struct gv_opt_table *tables;
	size_t n_tables;
	int argc;
	char **argv;
	int at; /* index of the argument being read */
};

static struct slot
find(const struct parser *p, const char *name, size_t len, char short_name)
{
	for (size_t i = 0; i < p->n_tables; i++) {
		const struct gv_opt *row = p->tables[i].rows;

		for (; row != NULL && row->type != GV_OPT_TYPE_END; row++) {
			bool same = name != NULL ? strncmp(row->name, name, len) == 0 && row->name[len] == '\0'
						 : row->short_name == short_name;

			if (same)
				return (struct slot){ row, (char *)p->tables[i].fields + row->offset };
		}
	}
	return (struct slot){ NULL, NULL };
}

static int
unknown_long(const struct parser *p, const char *name, size_t len, struct gv_err *err)
{
	struct gv_similar best = GV_SIMILAR_INIT;
	char word[64];

	gv_err_set(err, GV_EUSAGE, "unknown option '--%.*s'", (int)len, name);
	if (len >= sizeof(word))
		return -1;
	memcpy(word, name, len);
	word[len] = '\0';
	for (size_t i = 0; i < p->n_tables; i++)
		for (const struct gv_opt *row = p->tables[i].rows; row != NULL && row->type != GV_OPT_TYPE_END; row++)
			gv_similar_try(&best, word, row->name);
	if (best.name != NULL)
		gv_err_help(err, "did you mean '--%s'?", best.name);
	return -1;
}

static bool
takes_value(const struct gv_opt *row)
{
	return row->type == GV_OPT_TYPE_STR || row->type == GV_OPT_TYPE_LIST;
}

/* Store a value, or set the flag when there is none. */
static void
store(const struct slot *s, const char *value)
{
	switch (s->row->type) {
	case GV_OPT_TYPE_BOOL:
		*(bool *)s->field = true;
		break;
	case GV_OPT_TYPE_COUNT:
		++*(int *)s->field;
		break;
	case GV_OPT_TYPE_STR:
		*(const char **)s->field = value;
		break;
	case GV_OPT_TYPE_LIST:
		gv_strv_add(s->field, value);
		break;
	case GV_OPT_TYPE_END:
		break;
	}
}

/* Take the next argument as the value of the option `shown`. */
static int
store_next(struct parser *p, const struct slot *s, const char *shown, struct gv_err *err)
{
	if (p->at + 1 >= p->argc)
		return gv_err_set(err, GV_EUSAGE, "option '%s' needs a value: %s", shown, s->row->arg);
	store(s, p->argv[++p->at]);
	return 0;
}

static int
parse_long(struct parser *p, struct gv_err *err)
{
	const char *arg = p->argv[p->at], *name = arg + 2, *eq = strchr(name, '=');
	size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
	struct slot s = find(p, name, len, 0);

	if (s.row == NULL)
		return unknown_long(p, name, len, err);
	if (!takes_value(s.row)) {
		if (eq != NULL)
			return gv_err_set(err, GV_EUSAGE, "option '--%s' takes no value", s.row->name);
		store(&s, NULL);
		return 0;
	}
	if (eq == NULL)
		return store_next(p, &s, arg, err);
	store(&s, eq + 1);
	return 0;
}

/* Parse a group of short options: -qv, -CDIR, -qC DIR. */
static int
parse_short(struct parser *p, struct gv_err *err)
{
	bool group = strlen(p->argv[p->at]) > 2;

	for (const char *c = p->argv[p->at] + 1; *c != '\0'; c++) {
		char shown[] = { '-', *c, '\0' };
		struct slot s = find(p, NULL, 0, *c);

		if (s.row == NULL)
			return gv_err_set(err, GV_EUSAGE, "unknown option '-%c'%s%s%s", *c, group ? " in '" : "",
					  group ? p->argv[p->at] : "", group ? "'" : "");
		if (takes_value(s.row)) {
			if (c[1] == '\0')
				return store_next(p, &s, shown, err);
			store(&s, c + 1);
			return 0;
		}
		store(&s, NULL);
	}
	return 0;
}

int
gv_opt_parse_tables(const struct gv_opt_table *tables, size_t n_tables, int argc, char **argv, bool stop_early,
		    struct gv_err *err)
{
	struct parser p = { tables, n_tables, argc, argv, 0 };
	bool options = true;
	int kept = 0;

	for (; p.at < argc; p.at++) {
		const char *arg = argv[p.at];

		if (!options || arg[0] != '-' || arg[1] == '\0') {
			options = options && !stop_early;
			argv[kept++] = argv[p.at];
		} else if (strcmp(arg, "--") == 0) {
			options = false;
		} else if ((arg[1] == '-' ? parse_long(&p, err) : parse_short(&p, err)) < 0) {
			return -1;
		}
	}
	if (kept < argc)
		argv[kept] = NULL;
	return kept;
}

int
gv_opt_parse(const struct gv_opt *rows, void *fields, int argc, char **argv, bool stop_early, struct gv_err *err)
{
	struct gv_opt_table table = { rows, fields };

	return gv_opt_parse_tables(&table, 1, argc, argv, stop_early, err);
}

void
gv_opt_release(const struct gv_opt *rows, void *fields)
{
	for (; rows != NULL && rows->type != GV_OPT_TYPE_END; rows++)
		if (rows->type == GV_OPT_TYPE_LIST)
			gv_strv_release((struct gv_strv *)(void *)((char *)fields + rows->offset));
}
