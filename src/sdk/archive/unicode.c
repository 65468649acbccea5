/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "archive/unicode.h"

#include <stddef.h>
#include <stdint.h>

#include "archive/unicode_tables.h"
#include "util/auto.h"

bool
gv_unicode_is_letter(unsigned cp)
{
	size_t lo = 0, hi = GV_ARRAY_LEN(letters);

	if (cp < 0x80)
		return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (cp > letters[mid].last)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < GV_ARRAY_LEN(letters) && cp >= letters[lo].first;
}

unsigned
gv_unicode_fold(unsigned cp)
{
	size_t lo = 0, hi = GV_ARRAY_LEN(folds);

	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp | 0x20 : cp;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (cp > folds[mid].last)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == GV_ARRAY_LEN(folds) || cp < folds[lo].first || (cp - folds[lo].first) % folds[lo].step != 0)
		return cp;
	return (unsigned)((int32_t)cp + folds[lo].delta);
}
