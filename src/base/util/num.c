/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "util/num.h"

#include <string.h>

/* Parse the digits at the start of `len` bytes. Returns how many; 0 when there is none or the number is too large. */
static size_t
take(const char *s, size_t len, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < len && s[i] >= '0' && s[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(s[i] - '0');

		if (digit > max || n > (max - digit) / 10)
			return 0;
		n = n * 10 + digit;
	}
	if (i > 0)
		*out = n;
	return i;
}

int
gv_num_span(const char *s, size_t len, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (len == 0 || take(s, len, max, &n) != len)
		return -1;
	*out = n;
	return 0;
}

int
gv_num_u64(const char *s, uint64_t max, uint64_t *out)
{
	return gv_num_span(s, strlen(s), max, out);
}

const char *
gv_num_prefix(const char *s, uint64_t max, uint64_t *out)
{
	size_t n = take(s, SIZE_MAX, max, out);

	return n > 0 ? s + n : NULL;
}

int
gv_num_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
