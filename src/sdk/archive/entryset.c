/* SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "archive/entry.h"
#include "archive/unicode.h"
#include "util/alloc.h"
#include "util/text.h"

/* Open addressing; the number of slots is a power of two. A slot is an index into `items`, plus 1. */
struct item {
	uint64_t hash; /* of the folded path */
	char *path;    /* as written in the archive */
	size_t len;
	bool is_dir;
};

struct gv_entry_set {
	struct item *items;
	size_t n, cap;
	uint32_t *slots;
	size_t n_slots;
	uint64_t seed; /* random, so that a hostile archive cannot choose collisions */
};

struct gv_entry_set *
gv_entry_set_new(void)
{
	struct gv_entry_set *s = gv_xcalloc(1, sizeof(*s));

	if (getrandom(&s->seed, sizeof(s->seed), GRND_NONBLOCK) < 0)
		s->seed = (uintptr_t)s;
	s->n_slots = 4096;
	s->slots = gv_xcalloc(s->n_slots, sizeof(*s->slots));
	return s;
}

void
gv_entry_set_free(struct gv_entry_set *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		free(s->items[i].path);
	free(s->items);
	free(s->slots);
	free(s);
}

static unsigned
next_folded(const char *s, size_t len, size_t *at)
{
	unsigned cp = 0;
	size_t n = gv_utf8_decode(s + *at, len - *at, &cp);

	if (n == 0) { /* not UTF-8: compare the byte itself */
		cp = 0x110000u + (unsigned char)s[*at];
		n = 1;
	}
	*at += n;
	return gv_unicode_fold(cp);
}

static uint64_t
hash_folded(uint64_t seed, const char *s, size_t len)
{
	uint64_t h = seed ^ 0xcbf29ce484222325u;

	for (size_t at = 0; at < len;) {
		h = (h ^ next_folded(s, len, &at)) * 0x100000001b3u;
		h ^= h >> 29;
	}
	return h;
}

static bool
equal_folded(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i = 0, k = 0;

	while (i < a_len && k < b_len)
		if (next_folded(a, a_len, &i) != next_folded(b, b_len, &k))
			return false;
	return i == a_len && k == b_len;
}

static void
grow_slots(struct gv_entry_set *s)
{
	free(s->slots);
	s->n_slots *= 2;
	s->slots = gv_xcalloc(s->n_slots, sizeof(*s->slots));
	for (size_t i = 0; i < s->n; i++) {
		size_t at = s->items[i].hash & (s->n_slots - 1);

		while (s->slots[at] != 0)
			at = (at + 1) & (s->n_slots - 1);
		s->slots[at] = (uint32_t)i + 1;
	}
}

/* Returns the item that is equal under folding. If there is none, adds this one and returns NULL. */
static const struct item *
find_or_add(struct gv_entry_set *s, const char *path, size_t len, bool is_dir)
{
	uint64_t hash = hash_folded(s->seed, path, len);
	size_t at;

	if ((s->n + 1) * 2 > s->n_slots)
		grow_slots(s);
	for (at = hash & (s->n_slots - 1); s->slots[at] != 0; at = (at + 1) & (s->n_slots - 1)) {
		const struct item *it = &s->items[s->slots[at] - 1];

		if (it->hash == hash && equal_folded(it->path, it->len, path, len))
			return it;
	}
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 1024 : s->cap * 2;
		s->items = gv_xreallocarray(s->items, s->cap, sizeof(*s->items));
	}
	s->items[s->n] = (struct item){ .hash = hash, .path = gv_xstrndup(path, len), .len = len, .is_dir = is_dir };
	s->slots[at] = (uint32_t)++s->n;
	return NULL;
}

int
gv_entry_set_add(struct gv_entry_set *s, const char *name, struct gv_err *err)
{
	size_t len = strlen(name);
	const struct item *it;

	for (const char *slash = name; (slash = strchr(slash, '/')) != NULL; slash++) {
		size_t n = (size_t)(slash - name);

		it = find_or_add(s, name, n, true);
		if (it == NULL)
			continue;
		if (!it->is_dir)
			return gv_err_set(err, GV_EPROOF, "archive entry '%s' is below the file '%s'", name, it->path);
		if (it->len != n || memcmp(it->path, name, n) != 0)
			return gv_err_set(err, GV_EPROOF,
					  "archive entry '%s' is in '%.*s', which differs from '%s' in case only", name,
					  (int)n, name, it->path);
	}
	it = find_or_add(s, name, len, false);
	if (it == NULL)
		return 0;
	if (it->is_dir)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' is a file and a directory", name);
	if (strcmp(it->path, name) == 0)
		return gv_err_set(err, GV_EPROOF, "archive entry '%s' occurs twice", name);
	return gv_err_set(err, GV_EPROOF, "archive entries '%s' and '%s' differ in case only", it->path, name);
}
