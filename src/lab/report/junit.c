/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "judge/followup.h"
#include "report/clean.h"
#include "report/problem.h"
#include "report/repeat.h"
#include "report/writers.h"
#include "util/alloc.h"
#include "util/auto.h"

/*
 * JUnit XML for CI systems: a suite for each cell, and a case for each package, each failed test and each phase without
 * tests. GitLab takes the suite from `classname` and drops later cases with the same classname and name, so the class
 * name has version and platform. We use only elements and attributes of the published schemas (Jenkins' junit-10.xsd
 * and jenkins-junit.xsd).
 */
#define TEXT_MAX    65536       /* bytes of a log or message in one case */
#define TEXT_SUM    (20u << 20) /* bytes of all logs: GitLab reads files up to 30 MB */
#define MESSAGE_MAX 1000

struct counts {
	unsigned tests, failures, errors, skipped;
	double seconds;
};

struct writer {
	xmlTextWriterPtr xml; /* NULL: only count */
	const char *repeat;   /* the command that runs the cell again, or "" */
	struct counts counts;
	size_t text_sum; /* bytes of logs and messages so far */
	bool failed;     /* libxml2 ran out of memory */
};

static void
check(struct writer *w, int rc)
{
	w->failed = w->failed || rc < 0;
}

static void
open_element(struct writer *w, const char *name)
{
	check(w, xmlTextWriterStartElement(w->xml, (const xmlChar *)name));
}

static void
close_element(struct writer *w)
{
	check(w, xmlTextWriterEndElement(w->xml));
}

static void
attr(struct writer *w, const char *name, const char *value)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(4 * TEXT_MAX);

	gv_clean_xml_attr(&clean, gv_result_text(value), MESSAGE_MAX);
	check(w, xmlTextWriterStartAttribute(w->xml, (const xmlChar *)name));
	check(w, xmlTextWriterWriteRaw(w->xml, (const xmlChar *)gv_str_text(&clean)));
	check(w, xmlTextWriterEndAttribute(w->xml));
}

static void
attr_count(struct writer *w, const char *name, unsigned n)
{
	check(w, xmlTextWriterWriteFormatAttribute(w->xml, (const xmlChar *)name, "%u", n));
}

/* Three decimals in any locale: older editions of junit-10.xsd allow no more. */
static void
attr_seconds(struct writer *w, double seconds)
{
	unsigned long ms = seconds > 0 && seconds < 1e9 ? (unsigned long)(seconds * 1e3 + 0.5) : 0;

	check(w, xmlTextWriterWriteFormatAttribute(w->xml, (const xmlChar *)"time", "%lu.%03lu", ms / 1000, ms % 1000));
}

static void
text(struct writer *w, const char *s)
{
	gv_autostr struct gv_str clean = GV_STR_INIT(8 * TEXT_MAX);

	if (w->text_sum > TEXT_SUM)
		return;
	gv_clean_xml(&clean, gv_result_text(s), TEXT_MAX);
	w->text_sum += clean.len;
	check(w, xmlTextWriterWriteRaw(w->xml, (const xmlChar *)gv_str_text(&clean)));
}

struct testcase {
	const char *classname, *name;
	enum gv_outcome outcome;
	double seconds;
	const char *type, *message; /* for a failure or an error */
	const char *place;          /* a line that names the place, or NULL */
	const char *body;           /* the output */
};

static void
write_case(struct writer *w, const struct testcase *t)
{
	bool bad = t->outcome == GV_FAIL || t->outcome == GV_UNKNOWN;

	w->counts.tests++;
	w->counts.failures += t->outcome == GV_FAIL;
	w->counts.errors += t->outcome == GV_UNKNOWN;
	w->counts.skipped += t->outcome == GV_SKIPPED;
	w->counts.seconds += t->seconds;
	if (w->xml == NULL)
		return;
	open_element(w, "testcase");
	attr(w, "classname", t->classname);
	attr(w, "name", t->name);
	attr_seconds(w, t->seconds);
	if (bad || t->outcome == GV_SKIPPED) {
		open_element(w, !bad ? "skipped" : t->outcome == GV_FAIL ? "failure" : "error");
		attr(w, "message", t->message);
		if (bad) {
			attr(w, "type", t->type);
			text(w, t->place);
			text(w, t->body);
			if (w->repeat[0] != '\0')
				text(w, "\nrepeat: ");
			text(w, w->repeat);
		}
		close_element(w);
	} else if (t->outcome == GV_FLAKY) {
		open_element(w, "system-out");
		text(w, t->message);
		close_element(w);
	}
	close_element(w);
}

/* "go1.22.3.linux-amd64", with tags, environment and module directory where there are some. */
static char *
class_prefix(const struct gv_cell_result *c)
{
	gv_autostr struct gv_str out = GV_STR_INIT(8192);
	const char *more[] = { gv_result_text(c->tags), gv_result_text(c->env), gv_result_text(c->moduledir) };

	gv_str_addf(&out, "go%s.%s", gv_result_text(c->version), gv_result_text(c->platform));
	for (char *slash = out.buf; (slash = strchr(slash, '/')) != NULL;)
		*slash = '-';
	for (size_t i = 0; i < GV_ARRAY_LEN(more); i++)
		if (more[i][0] != '\0' && strcmp(more[i], ".") != 0)
			gv_str_addf(&out, ".%s", more[i]);
	return gv_xstrdup(gv_str_text(&out));
}

/* A failed package needs no case if its failed tests have cases. */
static bool
is_told_by_tests(const struct gv_phase_result *p, const struct gv_test_result *package)
{
	if (package->outcome != GV_FAIL || gv_result_text(package->name)[0] != '\0')
		return false;
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].outcome == GV_FAIL && gv_result_text(p->tests[i].name)[0] != '\0' &&
		    strcmp(gv_result_text(p->tests[i].package), gv_result_text(package->package)) == 0)
			return true;
	return false;
}

static void
write_test(struct writer *w, const char *prefix, const struct gv_phase_result *p, const struct gv_test_result *t)
{
	bool race = strcmp(gv_result_text(p->phase), "test") != 0,
	     build = strcmp(gv_result_text(t->message), "[build failed]") == 0;
	gv_autofree char *classname = gv_xasprintf("%s.%s%s%s", prefix, race ? p->phase : "", race ? "." : "",
						   gv_result_text(t->package));
	bool package = gv_result_text(t->name)[0] == '\0';
	struct testcase c = { .classname = classname,
			      .name = build     ? "[build]"
				      : package ? "[package]"
						: t->name,
			      .outcome = t->outcome,
			      .seconds = package ? 0 : t->seconds,
			      .type = p->cause,
			      .message = build ? p->line : t->message,
			      .body = package ? p->log : t->message };

	if (p->outcome == GV_FLAKY && t->outcome == GV_FAIL)
		c.outcome = GV_FLAKY;
	if (p->outcome == GV_UNKNOWN && t->outcome == GV_FAIL)
		c.outcome = GV_UNKNOWN;
	if (!is_told_by_tests(p, t))
		write_case(w, &c);
}

static bool
has_failed_test(const struct gv_phase_result *p)
{
	for (size_t i = 0; i < p->n_tests; i++)
		if (p->tests[i].outcome == GV_FAIL)
			return true;
	return false;
}

static void
write_phase(struct writer *w, const char *prefix, const struct gv_phase_result *p)
{
	gv_autofree char *name = gv_xasprintf("[%s]", gv_result_text(p->phase));
	const char *hint = gv_result_text(p->hint);
	gv_autofree char *message = gv_xasprintf("%s%s%s", gv_result_text(p->line), hint[0] != '\0' ? " - " : "", hint);
	gv_autostr struct gv_str place = GV_STR_INIT(65536);
	struct testcase c = { .classname = prefix,
			      .name = name,
			      .outcome = p->outcome,
			      .seconds = p->seconds,
			      .type = p->cause,
			      .message = message,
			      .body = p->log };

	gv_phase_place(&place, p);
	if (place.len > 0)
		gv_str_addc(&place, '\n');
	c.place = gv_str_text(&place);
	/*
	 * A phase that failed as a whole (deadline, module not loaded) has no failed test, so it gets a case of its
	 * own.
	 */
	if (p->n_tests == 0 || (gv_phase_is_problem(p) && !has_failed_test(p)))
		write_case(w, &c);
	for (size_t i = 0; i < p->n_tests; i++)
		write_test(w, prefix, p, &p->tests[i]);
}

static void
write_cell_cases(struct writer *w, const struct gv_cell_result *c)
{
	gv_autofree char *prefix = class_prefix(c);
	struct testcase none = {
		.classname = prefix, .name = "[cell]", .type = gv_verdict_name(c->verdict), .message = c->cause
	};

	for (size_t i = 0; i < c->n_phases; i++)
		if (gv_followup_find(gv_result_text(c->phases[i].phase)) == NULL)
			write_phase(w, prefix, &c->phases[i]);
	if (c->n_phases > 0)
		return;
	none.outcome = c->verdict == GV_CELL_SKIPPED ? GV_SKIPPED : GV_UNKNOWN;
	if (c->verdict == GV_UNAVAILABLE)
		none.message = "there is no such Go for this platform";
	write_case(w, &none);
}

static struct counts
count_cell(const struct gv_cell_result *c)
{
	struct writer w = { 0 };

	write_cell_cases(&w, c);
	return w.counts;
}

static void
write_suite(struct writer *w, const struct gv_run_result *r, const struct gv_cell_result *c)
{
	gv_autostr struct gv_str repeat = GV_STR_INIT(65536);
	struct counts n = count_cell(c);
	const char *started = gv_result_text(r->started);

	open_element(w, "testsuite");
	attr(w, "name", gv_cell_result_name(c));
	attr_count(w, "tests", n.tests);
	attr_count(w, "failures", n.failures);
	attr_count(w, "errors", n.errors);
	attr_count(w, "skipped", n.skipped);
	attr_seconds(w, n.seconds);
	if (started[0] != '\0') {
		gv_autofree char *local = gv_xstrndup(started,
						      strcspn(started, "Z.+")); /* the schemas allow no time zone */

		attr(w, "timestamp", local);
	}
	gv_repeat_command(&repeat, c);
	w->repeat = gv_str_text(&repeat);
	write_cell_cases(w, c);
	close_element(w);
}

static void
write_all(struct writer *w, const struct gv_run_result *r)
{
	struct counts sum = { 0 };

	for (size_t i = 0; i < r->n_cells; i++) {
		struct counts n = count_cell(&r->cells[i]);

		sum.tests += n.tests;
		sum.failures += n.failures;
		sum.errors += n.errors;
		sum.seconds += n.seconds;
	}
	check(w, xmlTextWriterSetIndent(w->xml, 1));
	check(w, xmlTextWriterStartDocument(w->xml, "1.0", "UTF-8", NULL));
	open_element(w, "testsuites");
	attr(w, "name", gv_result_text(r->module)[0] != '\0' ? r->module : "gover validate");
	attr_count(w, "tests", sum.tests);
	attr_count(w, "failures", sum.failures);
	attr_count(w, "errors", sum.errors);
	attr_seconds(w, sum.seconds);
	for (size_t i = 0; i < r->n_cells; i++)
		write_suite(w, r, &r->cells[i]);
	check(w, xmlTextWriterEndDocument(w->xml));
}

int
gv_write_junit(const struct gv_run_result *r, struct gv_str *out, struct gv_err *err)
{
	xmlBufferPtr buf = xmlBufferCreate();
	struct writer w = { .xml = buf != NULL ? xmlNewTextWriterMemory(buf, 0) : NULL };

	if (w.xml == NULL)
		abort(); /* out of memory, handled as in util/alloc.h */
	write_all(&w, r);
	xmlFreeTextWriter(w.xml);
	if (!w.failed)
		gv_str_addn(out, xmlBufferContent(buf), (size_t)xmlBufferLength(buf));
	xmlBufferFree(buf);
	return w.failed ? gv_err_set(err, GV_EFAIL, "libxml2 cannot write the report") : 0;
}
