/* SPDX-License-Identifier: MIT */
/*
 * spawn ROUNDS NAME=PROGRAM[:ARGUMENT]...
 *
 * Measures a call of each program, from posix_spawn to wait4. Each round runs every program once, in an order that
 * changes from round to round, so that a slow moment of the machine affects all of them. Standard output is discarded.
 * Prints a line for each program: name, minimum and median wall time, median CPU time, and the median relative to the
 * first program's. A program that fails ends the run.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PROGRAMS = 16, MAX_ROUNDS = 100000 };

struct candidate {
	const char *name;
	char *argv[3];
	double *wall_ms;
	double *cpu_ms;
};

extern char **environ;

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
timeval_ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void
measure(struct candidate *c, unsigned round, const posix_spawn_file_actions_t *quiet)
{
	struct rusage used;
	double start = now_ms();
	pid_t pid;
	int status;
	int rc = posix_spawn(&pid, c->argv[0], quiet, NULL, c->argv, environ);

	if (rc != 0) {
		fprintf(stderr, "spawn: cannot run '%s': %s\n", c->argv[0], strerror(rc));
		exit(EXIT_FAILURE);
	}
	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			abort();
	c->wall_ms[round] = now_ms() - start;
	c->cpu_ms[round] = timeval_ms(used.ru_utime) + timeval_ms(used.ru_stime);
	if (status != 0) {
		fprintf(stderr, "spawn: '%s' failed with status %#x\n", c->argv[0], (unsigned)status);
		exit(EXIT_FAILURE);
	}
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, unsigned n)
{
	qsort(values, n, sizeof(*values), by_value);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double *
new_series(unsigned n)
{
	double *series = calloc(n, sizeof(*series));

	if (!series)
		abort();
	return series;
}

static void
parse(struct candidate *c, char *text, unsigned rounds)
{
	char *program = strchr(text, '=');
	char *argument;

	if (!program) {
		fprintf(stderr, "spawn: '%s' is not NAME=PROGRAM[:ARGUMENT]\n", text);
		exit(EXIT_FAILURE);
	}
	*program++ = '\0';
	argument = strchr(program, ':');
	if (argument)
		*argument++ = '\0';
	*c = (struct candidate){ .name = text,
				 .argv = { program, argument, NULL },
				 .wall_ms = new_series(rounds),
				 .cpu_ms = new_series(rounds) };
}

static void
report(struct candidate *all, unsigned n, unsigned rounds)
{
	double first = 0;

	printf("%-24s %8s %8s %8s %10s %7s\n", "", "min ms", "median", "CPU ms", "+ms", "ratio");
	for (unsigned i = 0; i < n; i++) {
		double wall = median(all[i].wall_ms, rounds);

		if (i == 0)
			first = wall;
		printf("%-24s %8.3f %8.3f %8.3f %+10.3f %7.2f\n", all[i].name, all[i].wall_ms[0], wall,
		       median(all[i].cpu_ms, rounds), wall - first, wall / first);
	}
}

int
main(int argc, char **argv)
{
	struct candidate all[MAX_PROGRAMS];
	posix_spawn_file_actions_t quiet;
	unsigned n = argc > 2 ? (unsigned)argc - 2 : 0;
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;

	if (rounds == 0 || rounds > MAX_ROUNDS || n == 0 || n > MAX_PROGRAMS) {
		fputs("usage: spawn ROUNDS NAME=PROGRAM[:ARGUMENT]...\n", stderr);
		return 2;
	}
	for (unsigned i = 0; i < n; i++)
		parse(&all[i], argv[i + 2], rounds);
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	srand(1);
	for (unsigned round = 0; round < rounds; round++) {
		unsigned start = (unsigned)rand() % n, step = rand() % 2 ? 1 : n - 1;

		for (unsigned i = 0; i < n; i++)
			measure(&all[(start + i * step) % n], round, &quiet);
	}
	report(all, n, rounds);
	return 0;
}
