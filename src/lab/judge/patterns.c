/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "judge/patterns.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/auto.h"

/* The most steps of one search: a few for each place where a match may begin, the others for backtracking. */
#define MATCH_LIMIT(len) ((uint32_t)(100000 + 8 * ((len) < (1u << 28) ? (len) : (1u << 28))))

#define ANY    GV_BY_ANY
#define FETCH  GV_BY_FETCH
#define BUILD  GV_BY_BUILD
#define VET    GV_BY_VET
#define TEST   GV_BY_TEST
#define DEBUG  GV_BY_DEBUG
#define OUTPUT GV_BY_OUTPUT
#define GV_PATTERN(id, by, whose, also, which, how, pcre) \
	{ .cause = GV_CAUSE_##id,                         \
	  .printed = (by),                                \
	  .fault = GV_FAULT_##whose,                      \
	  .guard = GV_GUARD_##also,                       \
	  .take = GV_TAKE_##which,                        \
	  .regex = (pcre),                                \
	  .hint = GV_HINT_##how },
#define GV_HINT_SAY(text) GV_HINT_SENTENCE, .sentence = (text)

const struct gv_pattern gv_patterns[] = {
#include "judge/patterns.def"
};
const size_t gv_patterns_len = GV_ARRAY_LEN(gv_patterns);

struct compiled {
	pcre2_code *code;
	int pkg, type, sym; /* numbers of the named groups, 0 when the row has none */
};

static struct compiled compiled[GV_ARRAY_LEN(gv_patterns)];
static pthread_once_t compile_once = PTHREAD_ONCE_INIT;

static int
group_number(const pcre2_code *code, const char *name)
{
	int n = pcre2_substring_number_from_name(code, (PCRE2_SPTR)name);

	return n > 0 ? n : 0;
}

/* A row that does not compile is a bug; the unit test finds it. */
static void
compile_all(void)
{
	for (size_t i = 0; i < GV_ARRAY_LEN(gv_patterns); i++) {
		struct compiled *c = &compiled[i];
		PCRE2_SIZE offset;
		int error;

		c->code = pcre2_compile((PCRE2_SPTR)gv_patterns[i].regex, PCRE2_ZERO_TERMINATED, PCRE2_MULTILINE,
					&error, &offset, NULL);
		if (c->code == NULL)
			abort();
		pcre2_jit_compile(c->code, PCRE2_JIT_COMPLETE); /* may fail: then matching is only slower */
		c->pkg = group_number(c->code, "pkg");
		c->type = group_number(c->code, "type");
		c->sym = group_number(c->code, "sym");
	}
}

static struct gv_span
span_of(const char *text, const PCRE2_SIZE *ov, int groups, int n)
{
	struct gv_span span = { NULL, 0 };

	if (n < groups && ov[2 * n] != PCRE2_UNSET) {
		span.s = text + ov[2 * n];
		span.len = ov[2 * n + 1] - ov[2 * n];
	}
	return span;
}

static void
fill(struct gv_match *m, size_t i, const char *text, const PCRE2_SIZE *ov, int groups)
{
	const struct compiled *c = &compiled[i];

	memset(m, 0, sizeof(*m));
	m->pattern = &gv_patterns[i];
	m->start = ov[0];
	m->end = ov[1];
	for (int n = 0; n < 4; n++)
		m->group[n] = span_of(text, ov, groups, n);
	if (c->pkg > 0)
		m->pkg = span_of(text, ov, groups, c->pkg);
	if (c->type > 0)
		m->type = span_of(text, ov, groups, c->type);
	if (c->sym > 0)
		m->sym = span_of(text, ov, groups, c->sym);
}

bool
gv_pattern_next(size_t i, const char *text, size_t len, size_t from, struct gv_match *m)
{
	pcre2_match_data *data;
	pcre2_match_context *limits;
	int groups;

	if (from > len)
		return false;
	pthread_once(&compile_once, compile_all);
	data = pcre2_match_data_create_from_pattern(compiled[i].code, NULL);
	limits = pcre2_match_context_create(NULL);
	if (data == NULL || limits == NULL)
		abort(); /* out of memory, as util/alloc.h has it */
	pcre2_set_match_limit(limits, MATCH_LIMIT(len));
	groups = pcre2_match(compiled[i].code, (PCRE2_SPTR)text, len, from, 0, data, limits);
	if (groups > 0)
		fill(m, i, text, pcre2_get_ovector_pointer(data), groups);
	pcre2_match_context_free(limits);
	pcre2_match_data_free(data);
	return groups > 0;
}

bool
gv_span_copy(char *out, size_t size, struct gv_span span)
{
	out[0] = '\0';
	if (span.len == 0 || span.len >= size)
		return false;
	memcpy(out, span.s, span.len);
	out[span.len] = '\0';
	return true;
}
