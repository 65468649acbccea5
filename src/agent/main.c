/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "agent/family.h"
#include "agent/frame.h"
#include "agent/run.h"
#include "agent/tree.h"
#include "agent/user.h"
#include "cell/frames.h"
#include "util/auto.h"
#include "util/clock.h"
#include "util/text.h"

/*
 * gover-agent --enter UID:GID PROGRAM ARG...: a shell in a kept cell (agent/user.h).
 * gover-agent --cell ID: the first process of a validation cell. It reads the plan from stdin and answers on stdout;
 * cell/plan.h describes both. ID only shows in the process list, so that people see which cell this is.
 */
enum { EXIT_DONE = 0, EXIT_PLAN = 2, EXIT_FAULT = 3 };

#define PROOF_S  120   /* time for `go version`, which may have to read a cold disk */
#define FLUSH_MS 10000 /* time after the deadline to write the last frames */
#define PLAN_MS  60000 /* time to wait for the next piece of the plan */

#define KEEP_HEAD (1u << 20) /* bytes of a phase's output, unless the plan says otherwise */
#define KEEP_TAIL (256u << 10)

static int
fault(const char *what, const struct gv_err *err)
{
	agent_frame_fault(what, "%s", err->msg);
	return -1;
}

static int
make_copy(const struct agent_cell *cell)
{
	const struct gv_plan *plan = cell->plan;
	struct agent_copy c = { .skip = &plan->skip, .deadline_ms = cell->deadline_ms };
	struct gv_err err = GV_ERR_INIT;
	char note[640];

	if (plan->copy_from == NULL)
		return 0;
	if (agent_tree_copy(&c, plan->copy_from, plan->copy_to, &err) < 0)
		return fault("copy", &err);
	if (c.unreadable > 0) {
		gv_text_cut(note, sizeof(note), "uid %u may not read '%s'%s: not copied", (unsigned)geteuid(), c.first,
			    c.unreadable > 1 ? " and other files" : "");
		agent_frame_note(note);
	}
	return 0;
}

/* The third word of "go version go1.22.3 linux/amd64". Changes `line`. */
static const char *
version_word(char *line)
{
	char *word = strncmp(line, "go version ", 11) == 0 ? line + 11 : line;

	word[strcspn(word, " \n")] = '\0';
	return word;
}

static int
prove(struct agent_cell *cell)
{
	const struct gv_plan *plan = cell->plan;
	char *argv[] = { plan->go_path, (char[]){ "version" }, NULL };
	struct agent_output out = { .head_max = 4096, .remember = true };
	struct gv_err err = GV_ERR_INIT;
	gv_autofree char *text = NULL;
	struct agent_end end;

	if (plan->go_path == NULL) {
		agent_frame_hello("", cell->cgroup.version);
		return 0;
	}
	if (agent_run(cell, argv, PROOF_S, &out, &end, &err) < 0)
		return fault("agent", &err);
	text = calloc(1, out.head_len + 1);
	if (text != NULL && out.head_len > 0)
		memcpy(text, out.head, out.head_len);
	agent_output_release(&out);
	if (cell->over != NULL || text == NULL)
		return 0;
	if (end.exit != 0) {
		agent_frame_fault("goversion", "'%s version' ended with %s %d: %s", plan->go_path,
				  end.signal != 0 ? "signal" : "status", end.signal != 0 ? end.signal : end.exit, text);
		return -1;
	}
	if (strcmp(version_word(text), plan->go_version) != 0) {
		agent_frame_fault("goversion", "'%s' is '%s', not '%s'", plan->go_path, version_word(text),
				  plan->go_version);
		return -1;
	}
	agent_frame_hello(plan->go_version, cell->cgroup.version);
	return 0;
}

/* What later conditions need to know about a phase. */
struct past {
	bool failed;
	struct agent_output out;
};

static bool
is_due(const struct gv_plan_phase *ph, const struct past *past)
{
	const struct past *before = &past[ph->after >= 0 ? ph->after : 0];

	return ph->after < 0 ||
	       (before->failed && (ph->text == NULL || agent_output_holds(&before->out, ph->text) != ph->without));
}

static int
run_phase(struct agent_cell *cell, const struct gv_plan_phase *ph, struct past *past, size_t i)
{
	struct past *me = &past[i];
	struct gv_err err = GV_ERR_INIT;
	struct agent_end end;

	if (!is_due(ph, past)) {
		agent_frame_skipped(ph->name);
		return 0;
	}
	me->out = (struct agent_output){
		.phase = ph->name,
		.head_max = cell->plan->keep_head,
		.tail_max = cell->plan->keep_tail,
		.remember = ph->remember,
	};
	agent_frame_start(ph->name);
	if (agent_run(cell, ph->argv.v, ph->timeout_s, &me->out, &end, &err) < 0)
		return fault("agent", &err);
	me->failed = end.exit != 0 || end.timeout;
	agent_frame_end(ph->name, &end);
	if (!ph->remember)
		agent_output_release(&me->out);
	return 0;
}

static int
run_phases(struct agent_cell *cell)
{
	struct past past[GV_PLAN_PHASES_MAX] = { 0 };
	int rc = 0;

	for (size_t i = 0; i < cell->plan->n_phases && rc == 0 && cell->over == NULL; i++)
		rc = run_phase(cell, &cell->plan->phases[i], past, i);
	for (size_t i = 0; i < cell->plan->n_phases; i++)
		agent_output_release(&past[i].out);
	return rc;
}

static int
work(struct agent_cell *cell)
{
	struct gv_err err = GV_ERR_INIT;

	for (size_t i = 0; i < cell->plan->own.n; i++)
		if (chown(cell->plan->own.v[i], cell->plan->uid, cell->plan->gid) < 0) {
			agent_frame_fault("agent", "cannot change the owner of '%s': %s", cell->plan->own.v[i],
					  strerror(errno));
			return -1;
		}
	if (cell->plan->uid > 0 && agent_become_user(cell->plan->uid, cell->plan->gid, &err) < 0)
		return fault("agent", &err);
	/* Keep other processes of our user from tracing us and from opening our stdout through /proc. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (agent_run_init(cell, &err) < 0)
		return fault("agent", &err);
	if (make_copy(cell) < 0 || prove(cell) < 0 || run_phases(cell) < 0)
		return -1;
	if (cell->over != NULL) {
		agent_frame_fault(cell->over,
				  strcmp(cell->over, "deadline") == 0 ? "the cell took more than %u seconds"
								      : "ended from outside (limit %u s)",
				  cell->plan->deadline_s);
		return -1;
	}
	agent_frame_done(cell->peak_rss, agent_cgroup_peak(&cell->cgroup), cell->oom);
	return 0;
}

/* Read the plan's frame and return its text; caller frees. */
static char *
receive(struct gv_err *err)
{
	struct gv_frames f = { .max = GV_PLAN_MAX };
	char buf[64 << 10], *text = NULL;
	size_t len;
	ssize_t n = 0;
	int rc;

	while ((rc = gv_frames_next(&f, &text, &len, err)) == 0) {
		struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

		n = poll(&p, 1, PLAN_MS) > 0 ? read(STDIN_FILENO, buf, sizeof(buf)) : 0;
		if (n <= 0)
			break;
		gv_frames_feed(&f, buf, (size_t)n);
	}
	if (rc < 0)
		gv_err_set(err, GV_EFORMAT, "the plan is not a frame");
	else if (rc == 0)
		gv_err_set(err, GV_EFORMAT, "the plan did not arrive, or was cut");
	gv_frames_release(&f);
	return rc > 0 ? text : NULL;
}

static int
read_plan(struct gv_plan *plan, struct gv_err *err)
{
	gv_autofree char *text = receive(err);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	/* Close the plan's pipe, so that no process in the cell can reach it. */
	if (null > STDIN_FILENO) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	if (text == NULL || gv_plan_parse(plan, text, err) < 0)
		return -1;
	if (plan->keep_head == 0) {
		plan->keep_head = KEEP_HEAD;
		plan->keep_tail = KEEP_TAIL;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct gv_plan plan = { 0 };
	struct agent_cell cell = { .plan = &plan };
	struct gv_err err = GV_ERR_INIT;
	int rc;

	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return puts("gover-agent " PACKAGE_VERSION) < 0;
	if (argc > 3 && strcmp(argv[1], "--enter") == 0)
		return agent_enter(argv[2], argv + 3);
	agent_family_init();
	agent_frame_unheard(agent_family_kill);
	if (argc != 3 || strcmp(argv[1], "--cell") != 0) {
		dprintf(STDERR_FILENO, "usage: gover-agent --cell ID <PLAN\n");
		return EXIT_PLAN;
	}
	if (read_plan(&plan, &err) < 0) {
		fault("plan", &err);
		gv_plan_release(&plan);
		return EXIT_PLAN;
	}
	cell.deadline_ms = (uint64_t)gv_clock_ms() + (uint64_t)plan.deadline_s * 1000;
	agent_frame_deadline(cell.deadline_ms + FLUSH_MS);
	cell.cgroup = (struct agent_cgroup){ .fd = -1 };
	if (plan.cgroup != NULL || agent_family_is_init())
		agent_cgroup_open(&cell.cgroup, plan.cgroup);
	rc = work(&cell);
	agent_family_kill();
	gv_plan_release(&plan);
	return rc < 0 ? EXIT_FAULT : EXIT_DONE;
}
