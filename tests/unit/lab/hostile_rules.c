/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "tests/unit/lab/hostile_rules.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "util/alloc.h"
#include "util/auto.h"
#include "util/text.h"

/* What .NET's TrimStart() takes away, by which GitHub's runner finds a command behind blanks. */
static bool
is_blank(unsigned cp)
{
	return cp == ' ' || (cp >= 9 && cp <= 13) || cp == 0x85 || cp == 0xa0 || cp == 0x1680 || cp == 0x180e ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f ||
	       cp == 0x3000;
}

static const char *
trim(const char *line)
{
	unsigned cp = 0;
	size_t n;

	while ((n = gv_utf8_decode(line, strlen(line), &cp)) > 0 && is_blank(cp))
		line += n;
	return line;
}

/* What ActionCommand.TryParseV2() and TryParse(), Azure's agent and TeamCity look for. */
static bool
is_command(const char *line)
{
	return strncmp(trim(line), "::", 2) == 0 || strstr(line, "##[") != NULL || strstr(line, "##vso[") != NULL ||
	       strstr(line, "##teamcity[") != NULL;
}

static bool
is_hidden(unsigned cp)
{
	return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || cp == 0x200e ||
	       cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff;
}

/* Length of a mark that GitLab's own report has. */
static size_t
section_mark(const char *s)
{
	size_t n = strlen("\033[0Ksection_"), name;

	if (strncmp(s, "\r\033[0K", 5) == 0)
		return 5;
	if (strncmp(s, "\033[0Ksection_", n) != 0)
		return 0;
	n += strncmp(s + n, "start:", 6) == 0 ? 6 : strncmp(s + n, "end:", 4) == 0 ? 4 : 0;
	n += strspn(s + n, "0123456789");
	name = strlen(":gover_0_");
	return strncmp(s + n, ":gover_0_", name) == 0 ? n + name : 0;
}

const char *
rule_bytes(const char *text, bool sections)
{
	static char wrong[64];
	unsigned cp = 0;
	size_t n;

	for (; *text != '\0'; text += n) {
		if (sections && (n = section_mark(text)) > 0)
			continue;
		n = gv_utf8_decode(text, strlen(text), &cp);
		if (n > 0 && !is_hidden(cp))
			continue;
		snprintf(wrong, sizeof(wrong), n == 0 ? "no UTF-8" : "a hidden character, U+%04X", cp);
		return wrong;
	}
	return NULL;
}

/* The first line that `is_bad`. */
static const char *
find_line(const char *text, bool (*is_bad)(const char *line))
{
	static char wrong[256];
	gv_autofree char *copy = gv_xstrdup(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (is_bad(line)) {
			snprintf(wrong, sizeof(wrong), "a line '%.200s'", line);
			return wrong;
		}
	return NULL;
}

/* A line that a text has made by itself: ours begin with something else. */
static bool
is_injected(const char *line)
{
	const char *s = trim(line);

	return is_command(line) || strncmp(s, "INJECTED", 8) == 0 || strncmp(s, "Bail out! INJ", 13) == 0 ||
	       strncmp(line, "not ok 1 INJECTED", 17) == 0;
}

const char *
rule_lines(const char *text, const char *plain)
{
	(void)plain;
	return find_line(text, is_injected);
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *s = text; (s = strstr(s, part)) != NULL; s += strlen(part))
		n++;
	return n;
}

const char *
rule_screen(const char *text, const char *plain)
{
	return count(text, "\n") == count(plain, "\n") ? NULL : "another number of lines";
}

const char *
rule_json(const char *text, const char *plain)
{
	gv_autofree char *copy = gv_xstrdup(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		gv_autojson struct gv_json root = { 0 };
		struct gv_err err = GV_ERR_INIT;

		if (gv_json_parse(&root, line, strlen(line), &err) < 0)
			return "no JSON";
	}
	if (count(text, "\n") != count(plain, "\n"))
		return "another number of lines";
	return find_line(text, is_command);
}

/* What a user interface shows of it in one line: nothing that had to be escaped but quotes, no link, no line of CI. */
const char *
rule_json_lines(const char *text, const char *plain)
{
	const char *wrong = rule_json(text, plain);

	if (wrong != NULL)
		return wrong;
	for (const char *s = text; (s = strchr(s, '\\')) != NULL; s += 2) {
		bool number = s[1] == 'u';
		unsigned cp = number ? (unsigned)strtoul((char[]){ s[2], s[3], s[4], s[5], '\0' }, NULL, 16) : 0;

		if (number ? is_hidden(cp) : s[1] != '"' && s[1] != '\\')
			return "a control character in a string";
	}
	return strstr(text, "](") != NULL && strstr(text, "\"$schema\"") != NULL ? "a link" : NULL;
}

static size_t
walk(const xmlNode *n, const char **wrong)
{
	static const char *const known[] = { "testsuites", "testsuite",  "testcase", "failure",
					     "error",      "system-out", "skipped" };
	size_t elements = 0;

	for (; n != NULL; n = n->next) {
		bool found = n->type == XML_TEXT_NODE;

		for (size_t i = 0; n->type == XML_ELEMENT_NODE && i < GV_ARRAY_LEN(known); i++)
			found = found || strcmp((const char *)n->name, known[i]) == 0;
		if (!found)
			*wrong = "an element or node of another kind";
		elements += n->type == XML_ELEMENT_NODE;
		elements += walk(n->children, wrong);
	}
	return elements;
}

const char *
rule_xml(const char *text, const char *plain)
{
	const char *wrong = NULL;
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
		  other = xmlReadMemory(plain, (int)strlen(plain), NULL, NULL, XML_PARSE_NOERROR);

	if (doc == NULL)
		return "not well formed";
	/* The phase "test" and the message "[build failed]" have cases of their own; none of our texts is one. */
	if (walk(xmlDocGetRootElement(doc), &wrong) != walk(xmlDocGetRootElement(other), &wrong) && wrong == NULL)
		wrong = "another number of elements";
	xmlFreeDoc(doc);
	xmlFreeDoc(other);
	return wrong != NULL ? wrong : find_line(text, is_command);
}

/* A test line: "ok N - text", where an unescaped '#' is a directive. */
static const char *
tap_line(const char *line, unsigned n)
{
	char want[32];
	const char *s = strncmp(line, "not ", 4) == 0 ? line + 4 : line;

	snprintf(want, sizeof(want), "ok %u - ", n);
	if (strncmp(s, want, strlen(want)) != 0)
		return "a test line out of order";
	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0')
			s++;
		else if (*s == '#')
			return strncmp(s, "# SKIP ", 7) == 0 ? NULL : "a directive";
	}
	return NULL;
}

static const char *
yaml_line(const char *line)
{
	const char *s = strchr(line, ':');
	size_t n = strlen(line);

	if (strncmp(line, "  ", 2) != 0 || s == NULL || s[1] != ' ')
		return "no member of a YAML block";
	if (s[2] != '"')
		return s[2 + strspn(s + 2, "0123456789")] == '\0' ? NULL : "a scalar without quotes";
	if (line[n - 1] != '"' || s + 2 == line + n - 1)
		return "a scalar that does not end";
	for (s += 3; s < line + n - 1; s++)
		if (*s == '"' || (*s == '\\' && strchr("\\\"x", *++s) == NULL))
			return "a scalar that ends too soon";
	return s == line + n - 1 ? NULL : "a scalar that does not end";
}

const char *
rule_tap(const char *text, const char *plain)
{
	gv_autofree char *copy = gv_xstrdup(text);
	char *rest = copy, *line;
	unsigned n = 0, plan = 0;
	bool yaml = false;

	if (strncmp(text, plain, strlen("TAP version 13\n1..1\n")) != 0)
		return "another head";
	sscanf(text, "TAP version 13\n1..%u\n", &plan);
	for (unsigned i = 0; (line = strsep(&rest, "\n")) != NULL; i++) {
		const char *wrong = NULL;

		if (i < 2 || *line == '\0')
			continue;
		if (strcmp(line, "  ---") == 0 || strcmp(line, "  ...") == 0)
			yaml = line[2] == '-';
		else
			wrong = yaml ? yaml_line(line) : tap_line(line, ++n);
		if (wrong != NULL)
			return wrong;
	}
	return n != plan ? "another number of tests" : find_line(text, is_command);
}

static bool
is_tag(const char *s)
{
	static const char *const ours[] = { "<details>", "</details>", "<summary>", "</summary>",
					    "<code>",    "</code>",    "<pre>",     "</pre>" };

	for (size_t i = 0; i < GV_ARRAY_LEN(ours); i++)
		if (strncmp(s, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

/* What a line may begin with so that it is a paragraph, a row or HTML of ours. */
static const char *
markdown_line(const char *line, bool pre)
{
	size_t first = strspn(line, " \t");

	for (const char *s = line; *s != '\0'; s++) {
		if (*s == '<' && !is_tag(s))
			return "a tag";
		if (!pre && strchr("`[]@\\~", *s) != NULL)
			return "mark-up";
		/* GitHub and GitLab look for names in the text that entities have become. */
		if (!pre && strncmp(s, "&#064;", 6) == 0 && strstr(line, "<code>") == NULL &&
		    isalnum((unsigned char)s[6]))
			return "somebody is mentioned";
	}
	if (!pre && (first > 0 || strchr("-+=:>", line[0]) != NULL || isdigit((unsigned char)line[0])) && *line != '\0')
		return "the beginning of a block";
	return NULL;
}

const char *
rule_markdown(const char *text, const char *plain)
{
	gv_autofree char *copy = gv_xstrdup(text);
	char *rest = copy, *line;
	size_t bars = 0;
	bool pre = false;

	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *wrong = NULL;

		if (strncmp(line, "### ", 4) == 0)
			wrong = markdown_line(line + 4, false);
		else
			wrong = markdown_line(line, pre);
		if (wrong != NULL)
			return wrong;
		pre = strcmp(line, "<pre>") == 0 || (pre && strcmp(line, "</pre>") != 0);
		if (line[0] == '|' && !pre) {
			if (bars > 0 && count(line, "|") != bars)
				return "another number of columns";
			bars = count(line, "|");
		}
	}
	if (count(text, "<details>") != count(plain, "<details>") ||
	    count(text, "</details>") != count(plain, "</details>"))
		return "another number of details";
	return find_line(text, is_command);
}

/* "error file=a,line=1" and the message behind: properties that we write, and one command a line. */
static bool
is_our_command(const char *line)
{
	static const char *const plain[] = { "::group::", "::endgroup::", "::warning title=gover::" };
	const char *s = strncmp(line, "::error ", 8) == 0      ? line + 8
			: strncmp(line, "::warning ", 10) == 0 ? line + 10
							       : NULL;

	for (size_t i = 0; i < GV_ARRAY_LEN(plain); i++)
		if (strncmp(line, plain[i], strlen(plain[i])) == 0)
			return strchr(line, '\r') == NULL;
	if (s == NULL)
		return false;
	for (;;) {
		size_t key = strcspn(s, "=:");

		if (!((key == 4 && (strncmp(s, "file", 4) == 0 || strncmp(s, "line", 4) == 0)) ||
		      (key == 3 && strncmp(s, "col", 3) == 0) || (key == 5 && strncmp(s, "title", 5) == 0)))
			return false;
		s += key + 1 + strcspn(s + key + 1, ",:");
		if (*s++ == ':')
			break;
	}
	for (s++; (s = strchr(s, '%')) != NULL; s++)
		if (strncmp(s, "%25", 3) != 0)
			return false;
	return true;
}

const char *
rule_github(const char *text, const char *plain)
{
	static char wrong[256];
	gv_autofree char *copy = gv_xstrdup(text);
	char *rest = copy, *line, token[80] = "";

	while ((line = strsep(&rest, "\n")) != NULL) {
		bool bad;

		if (token[0] != '\0') {
			/* Stopped; but the log viewer obeys "##[group]" at the beginning. */
			if (strcmp(line, token) == 0)
				token[0] = '\0';
			bad = strncmp(line, "##[", 3) == 0;
		} else if (strncmp(line, "::stop-commands::gover-", 23) == 0) {
			bad = (size_t)snprintf(token, sizeof(token), "::%s::", line + 17) >= sizeof(token);
		} else {
			bad = strncmp(line, "::", 2) == 0 ? !is_our_command(line) : is_injected(line);
		}
		if (bad) {
			snprintf(wrong, sizeof(wrong), "a line '%.200s'", line);
			return wrong;
		}
	}
	if (token[0] != '\0')
		return "commands are still stopped";
	return count(text, "\n::error ") + count(text, "\n::warning ") <=
		       count(plain, "\n::error ") + count(plain, "\n::warning ")
		   ? NULL
		   : "another number of annotations";
}

const char *
rule_gitlab(const char *text, const char *plain)
{
	/* A mark is one up to "\r\033[0K", and rule_bytes() has seen all escape sequences. */
	if (count(text, "\r\033[0K") != count(plain, "\r\033[0K"))
		return "another number of sections";
	return find_line(text, is_command);
}
