/* SPDX-License-Identifier: MIT */
#ifndef GV_TESTS_HOSTILE_RULES_H
#define GV_TESTS_HOSTILE_RULES_H

#include <stdbool.h>

/*
 * What the readers of a report make of it, written without the code that cleans it. Each returns what is wrong with
 * `text`, or NULL; `plain` is the same report of a run without anything hostile.
 */

/* Any format: UTF-8, no control character, no escape sequence, nothing that reorders; `sections`: GitLab's marks are allowed. */
const char *rule_bytes(const char *text, bool sections);

const char *rule_lines(const char *text, const char *plain);      /* lines for people in the output of a job */
const char *rule_screen(const char *text, const char *plain);     /* a table on a terminal */
const char *rule_json(const char *text, const char *plain);       /* JSON, one text a line */
const char *rule_json_lines(const char *text, const char *plain); /* the same, its strings are shown as lines */
const char *rule_xml(const char *text, const char *plain);        /* JUnit */
const char *rule_tap(const char *text, const char *plain);
const char *rule_markdown(const char *text, const char *plain);
const char *rule_github(const char *text, const char *plain); /* as the runner reads it */
const char *rule_gitlab(const char *text, const char *plain);

#endif
