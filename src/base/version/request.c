/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "version/request.h"

#include <string.h>

#include "version/parts.h"
#include "util/text.h"

/* One version in a request. A missing number means "any": "1.22" and "1.22.x" have two numbers, "*" has none. */
struct bound {
	struct gv_parts parts;
	const char *text; /* without the prefix */
	size_t len;
	int numbers; /* 0 to 3 */
	bool wild;   /* written with x or * */
	bool exact;  /* it has three numbers, or is a pre-release */
};

enum op { OP_IS, OP_LESS, OP_LESS_EQUAL, OP_MORE, OP_MORE_EQUAL, OP_SAME_MAJOR, OP_SAME_MINOR };

struct term {
	enum op op;
	struct bound bound;
	bool bare;            /* written without an operator */
	unsigned alternative; /* all terms of one alternative must match (and); one alternative is enough (or) */
};

struct range {
	struct term terms[GV_REQUEST_MAX / 2];
	size_t n;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_separator(char c)
{
	return is_blank(c) || c == ',';
}

static bool
cut_wild(const char **s, size_t *len)
{
	if (*len == 0 || strchr("xX*", **s) == NULL)
		return false;
	++*s, --*len;
	return true;
}

static bool
cut_word(const char **s, size_t *len, const char *word)
{
	size_t n = strlen(word);

	if (*len < n || memcmp(*s, word, n) != 0)
		return false;
	*s += n;
	*len -= n;
	return true;
}

/* Parse "beta1" or "rc2". Go has published no other kinds. */
static bool
parse_pre(struct bound *b, const char *s, size_t len)
{
	const char *kind = s;

	if (!cut_word(&s, &len, "beta") && !cut_word(&s, &len, "rc"))
		return false;
	b->parts.kind = (struct gv_piece){ kind, (size_t)(s - kind) };
	b->exact = true;
	return gv_piece_cut_number(&b->parts.pre, &s, &len) && len == 0;
}

static bool
parse_bound(struct bound *b, const char *s, size_t len)
{
	const char *start = s;
	struct gv_piece *const number[] = { &b->parts.major, &b->parts.minor, &b->parts.patch };

	*b = (struct bound){ .text = s };
	if (cut_word(&s, &len, "go-") || cut_word(&s, &len, "go") || cut_word(&s, &len, "v")) {
		if (len == 0 || *s < '0' || *s > '9')
			return false;
		start = s;
	}
	b->text = start;
	b->len = len;
	for (int i = 0; i < 3; i++) {
		if (cut_wild(&s, &len))
			b->wild = true;
		else if (b->wild || !gv_piece_cut_number(number[i], &s, &len))
			return false;
		else
			b->numbers = i + 1;
		if (len == 0)
			break;
		if (i == 1 && !b->wild && *s != '.')
			return parse_pre(b, s, len);
		if (i == 2 || *s != '.')
			return false;
		s++, len--;
	}
	b->exact = b->numbers == 3;
	return true;
}

static bool
cut_op(enum op *op, const char **s, size_t *len)
{
	static const struct {
		const char *text;
		enum op op;
	} ops[] = {
		{ ">=", OP_MORE_EQUAL }, { "<=", OP_LESS_EQUAL }, { ">", OP_MORE },       { "<", OP_LESS },
		{ "=", OP_IS },          { "^", OP_SAME_MAJOR },  { "~", OP_SAME_MINOR },
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (cut_word(s, len, ops[i].text)) {
			*op = ops[i].op;
			return true;
		}
	}
	return false;
}

static void
skip_separators(const char **s, size_t *len)
{
	while (*len > 0 && is_separator(**s))
		++*s, --*len;
}

/* Length in bytes of the word at `s`. */
static size_t
word_len(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && !is_separator(s[n]) && s[n] != '|')
		n++;
	return n;
}

/*
 * Parse "[op] version", or "- version": the second half of a hyphen range. The first half must be the only other term
 * of this alternative.
 */
static bool
parse_term(struct range *r, unsigned alternative, const char **s, size_t *len)
{
	struct term t = { .op = OP_IS, .alternative = alternative };
	size_t n = word_len(*s, *len);
	bool hyphen = n == 1 && **s == '-';
	struct term *before = r->n > 0 ? &r->terms[r->n - 1] : NULL;

	if (hyphen) {
		if (before == NULL || before->alternative != alternative || !before->bare ||
		    (r->n > 1 && before[-1].alternative == alternative))
			return false;
		before->op = OP_MORE_EQUAL;
		t.op = OP_LESS_EQUAL;
		++*s, --*len;
	} else {
		t.bare = !cut_op(&t.op, s, len);
	}
	if (!t.bare) {
		skip_separators(s, len);
		n = word_len(*s, *len);
	}
	if (r->n == sizeof(r->terms) / sizeof(r->terms[0]) || !parse_bound(&t.bound, *s, n))
		return false;
	*s += n;
	*len -= n;
	r->terms[r->n++] = t;
	skip_separators(s, len);
	/* A hyphen range must be the whole alternative. */
	return !hyphen || *len == 0 || **s == '|';
}

static bool
parse_range(struct range *r, const char *s, size_t len)
{
	r->n = 0;
	for (unsigned alternative = 0;; alternative++) {
		skip_separators(&s, &len);
		do {
			if (!parse_term(r, alternative, &s, &len))
				return false;
		} while (len > 0 && *s != '|');
		if (len == 0)
			return true;
		if (!cut_word(&s, &len, "||"))
			return false;
	}
}

/* Compare a candidate with a bound: -1, 0 or 1. A partial bound equals every version that it covers. */
static int
cmp_bound(const struct gv_parts *c, const struct bound *b)
{
	if (b->exact)
		return gv_parts_cmp(c, &b->parts);
	if (b->numbers == 0)
		return 0;
	return b->numbers == 1 ? gv_piece_cmp_number(c->major, b->parts.major) : gv_parts_cmp_minor(c, &b->parts);
}

static bool
term_holds(const struct term *t, const struct gv_parts *c)
{
	const struct bound *b = &t->bound;
	int at = cmp_bound(c, b);

	switch (t->op) {
	case OP_LESS:
		return at < 0;
	case OP_LESS_EQUAL:
		return at <= 0;
	case OP_MORE:
		return at > 0;
	case OP_MORE_EQUAL:
		return at >= 0;
	case OP_SAME_MAJOR:
		return at >= 0 && (b->numbers == 0 || gv_piece_cmp_number(c->major, b->parts.major) == 0);
	case OP_SAME_MINOR:
		return at == 0 || (at > 0 && b->exact && gv_parts_cmp_minor(c, &b->parts) == 0);
	case OP_IS:
	default:
		return at == 0;
	}
}

/* A pre-release matches only an alternative that names a pre-release of the same minor. */
static bool
range_holds(const struct range *r, const struct gv_parts *c)
{
	for (size_t i = 0; i < r->n;) {
		unsigned alternative = r->terms[i].alternative;
		bool holds = true, named = c->kind.len == 0;

		for (; i < r->n && r->terms[i].alternative == alternative; i++) {
			const struct bound *b = &r->terms[i].bound;

			holds = holds && term_holds(&r->terms[i], c);
			named = named || (b->parts.kind.len > 0 && gv_parts_cmp_minor(&b->parts, c) == 0);
		}
		if (holds && named)
			return true;
	}
	return false;
}

static bool
parse_word(struct gv_request *r, const char *text, size_t len)
{
	static const struct {
		const char *word;
		enum gv_request_kind kind;
	} words[] = {
		{ "latest", GV_REQUEST_LATEST },
		{ "stable", GV_REQUEST_LATEST },
		{ "oldstable", GV_REQUEST_OLDSTABLE },
		{ "system", GV_REQUEST_SYSTEM },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) == len && memcmp(words[i].word, text, len) == 0) {
			r->kind = words[i].kind;
			return true;
		}
	}
	return false;
}

/* .go-version may contain "1.22.x" and "1.22.*", but no bare "*" and no "X". */
static bool
file_takes(const struct bound *b)
{
	return !b->wild || (b->numbers > 0 && memchr(b->text, 'X', b->len) == NULL);
}

/* Not inlined: only a request that may be a range needs the stack space of struct range. */
static __attribute__((noinline)) bool
is_range(const char *text, size_t len)
{
	struct range range;

	return parse_range(&range, text, len);
}

static int
refuse(const char *text, size_t len, enum gv_request_forms forms, struct gv_err *err)
{
	gv_err_set(err, GV_EFORMAT, "'%.*s' is not a Go version", (int)(len < 80 ? len : 80), text);
	return gv_err_help(err, "use a version like 1.22.3, 1.22 or 1.23rc2, latest, stable, oldstable or system%s",
			   forms == GV_REQUEST_ANY ? ", or a range like '>=1.21 <1.23'" : "");
}

int
gv_request_parse(struct gv_request *r, const char *text, enum gv_request_forms forms, struct gv_err *err)
{
	struct gv_request out = { 0 };
	struct bound b;
	size_t len;

	text += strspn(text, " \t\r\n");
	len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	if (len == 0 || len >= sizeof(out.text))
		return refuse(text, len, forms, err);
	memcpy(out.text, text, len);
	if (parse_word(&out, text, len)) {
		*r = out;
		return 0;
	}
	if (!parse_bound(&b, out.text, len)) {
		if (forms != GV_REQUEST_ANY || !is_range(out.text, len))
			return refuse(text, len, forms, err);
		out.kind = GV_REQUEST_RANGE;
		*r = out;
		return 0;
	}
	if (b.len >= GV_VERSION_MAX || (forms == GV_REQUEST_FILE && !file_takes(&b)))
		return refuse(text, len, forms, err);
	memmove(out.text, b.text, b.len + 1);
	if (b.exact) {
		out.kind = GV_REQUEST_EXACT;
		if (gv_version_release_name(out.version, out.text, err) < 0)
			return -1;
	} else {
		out.kind = GV_REQUEST_PARTIAL;
		if (b.numbers > 0)
			gv_text_fit(out.version, sizeof(out.version), "%.*s%s%.*s", (int)b.parts.major.len, out.text,
				    b.numbers > 1 ? "." : "", b.numbers > 1 ? (int)b.parts.minor.len : 0,
				    out.text + b.parts.major.len + 1);
	}
	*r = out;
	return 0;
}

/* The newest stable candidate whose minor is older than that of `before`. If `before` is NULL: the newest of all. */
static const char *
newest_before(const struct gv_strv *candidates, const char *before)
{
	const char *best = NULL;
	struct gv_parts c, best_parts = { 0 }, limit = { 0 };

	if (before != NULL && !gv_parts_parse(&limit, before, strlen(before)))
		return NULL;
	for (size_t i = 0; i < candidates->n; i++) {
		const char *v = candidates->v[i];

		if (!gv_parts_parse(&c, v, strlen(v)) || c.kind.len > 0)
			continue;
		if (before != NULL && gv_parts_cmp_minor(&c, &limit) >= 0)
			continue;
		if (best == NULL || gv_parts_cmp(&c, &best_parts) > 0) {
			best = v;
			best_parts = c;
		}
	}
	return best;
}

/* Convert a version or a range into terms, which point into `r`. */
static bool
to_range(struct range *range, const struct gv_request *r)
{
	if (r->kind == GV_REQUEST_RANGE)
		return parse_range(range, r->text, strlen(r->text));
	range->n = 1;
	range->terms[0] = (struct term){ .op = OP_IS };
	return parse_bound(&range->terms[0].bound, r->text, strlen(r->text));
}

const char *
gv_request_select(const struct gv_request *r, const struct gv_strv *candidates)
{
	struct range range;
	struct gv_parts c, best_parts = { 0 };
	const char *best = NULL;

	if (r->kind == GV_REQUEST_LATEST)
		return newest_before(candidates, NULL);
	if (r->kind == GV_REQUEST_OLDSTABLE) {
		best = newest_before(candidates, NULL);
		return best != NULL ? newest_before(candidates, best) : NULL;
	}
	if (r->kind == GV_REQUEST_SYSTEM || !to_range(&range, r))
		return NULL;
	for (size_t i = 0; i < candidates->n; i++) {
		const char *v = candidates->v[i];

		if (gv_parts_parse(&c, v, strlen(v)) && range_holds(&range, &c) &&
		    (best == NULL || gv_parts_cmp(&c, &best_parts) > 0)) {
			best = v;
			best_parts = c;
		}
	}
	return best;
}
