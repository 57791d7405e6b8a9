/* SPDX-License-Identifier: ISC */
/* Reads builder, compiler revision and date of a kernel
 * banner (Linux init/version.c). */
#include "facts/kernel/banner.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

static bool is_revision(struct span word)
{
	if (word.size < 4 || word.data[0] != 'r' || !isdigit(word.data[1]))
		return false;
	for (size_t i = 1; i < word.size; i++)
		if (!isxdigit(word.data[i]) && word.data[i] != '-' && word.data[i] != '+')
			return false;
	return memchr(word.data, '-', word.size) != NULL;
}

/* Not "(OpenWrt/Linaro GCC " of up to 15.05: releases were built with the compiler of an
 * older revision, 15.05 (r46767) with that of r46450. */
static const char *const marks[] = {"(OpenWrt GCC ", "(LEDE GCC "};

static const char *revision_of(struct arena *arena, struct span banner)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t at = span_find(banner, 0, span_text(marks[i]));
		struct span inner, rest, word;

		if (at == SIZE_MAX ||
		    !span_split(span_skip(banner, at + strlen(marks[i])), ')', &inner, &rest))
			continue;
		while (span_token(&inner, &word))
			if (is_revision(word))
				return arena_string(arena, word);
	}
	return NULL;
}

static bool number_at(struct span text, int *ret)
{
	uint64_t number;

	if (!span_number(text, 10, &number) || number > 9999)
		return false;
	*ret = (int)number;
	return true;
}

/* "Mon Feb  3 23:09:37 2025" or "... 23:09:37 UTC 2025" at the end. Another zone than UTC is
 * not read: the second would be another one. */
static int64_t date_of(struct span banner)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	size_t number = span_find(banner, 0, SPAN_OF(") #"));
	struct span rest = span_skip(banner, number == SIZE_MAX ? banner.size : number), word;
	struct span words[5] = {{NULL, 0}}, hours, minutes, seconds;
	struct tm time = {0};

	while (span_token(&rest, &word)) {
		if (span_is(word, "UTC"))
			continue;
		memmove(words, words + 1, sizeof words - sizeof *words);
		words[4] = word;
	}
	if (!span_split(words[3], ':', &hours, &rest) ||
	    !span_split(rest, ':', &minutes, &seconds) || !number_at(hours, &time.tm_hour) ||
	    !number_at(minutes, &time.tm_min) || !number_at(seconds, &time.tm_sec) ||
	    time.tm_hour > 23 || time.tm_min > 59 || time.tm_sec > 60)
		return 0;

	size_t month = span_find(SPAN_OF(months), 0, words[1]);

	if (words[1].size != 3 || month == SIZE_MAX || month % 3 != 0 ||
	    !number_at(words[2], &time.tm_mday) || !number_at(words[4], &time.tm_year) ||
	    time.tm_year < 1970 || time.tm_mday < 1 || time.tm_mday > 31)
		return 0;
	time.tm_mon = (int)month / 3;
	time.tm_year -= 1900;
	return timegm(&time);
}

/*
 *   Linux version 6.6.73 (builder@buildhost) (mips-openwrt-linux-musl-gcc (OpenWrt GCC 13.3.0
 *   r28427-6df0e3d02a) 13.3.0, GNU ld (GNU Binutils) 2.42) #0 SMP Mon Feb  3 23:09:37 2025
 * date(1) in the locale C; a zone may stand before the year.
 */
struct banner banner_parts(struct arena *arena, const char *banner)
{
	struct span text = span_text(banner ? banner : ""), builder, rest;
	struct banner ret = {.revision = revision_of(arena, text), .date = date_of(text)};
	size_t open = span_find(text, 0, SPAN_OF(" ("));

	if (open != SIZE_MAX && span_split(span_skip(text, open + 2), ')', &builder, &rest) &&
	    span_contains(builder, "@"))
		ret.builder = arena_string(arena, builder);
	return ret;
}

const char *date_text(struct arena *arena, int64_t date)
{
	time_t seconds = (time_t)date;
	struct tm time;

	if (!gmtime_r(&seconds, &time))
		return arena_format(arena, "%lld", (long long)date);
	return arena_format(arena, "%04d-%02d-%02d %02d:%02d:%02d UTC", time.tm_year + 1900,
			    time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec);
}
