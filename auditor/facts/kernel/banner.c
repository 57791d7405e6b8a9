/* SPDX-License-Identifier: ISC */
/* Reads builder, compiler revision and date of a kernel
 * banner (Linux init/version.c). */
#include "facts/kernel/banner.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

/*
 *   Linux version 6.6.73 (builder@buildhost) (mips-openwrt-linux-musl-gcc (OpenWrt GCC 13.3.0
 *   r28427-6df0e3d02a) 13.3.0, GNU ld (GNU Binutils) 2.42) #0 SMP Mon Feb  3 23:09:37 2025
 * date(1) in the locale C; a zone may stand before the year.
 */
static const char *builder_of(struct arena *arena, struct span banner)
{
	size_t open = span_find(banner, 0, SPAN_OF(" ("));
	struct span inner, rest;

	if (open == SIZE_MAX || !span_split(span_skip(banner, open + 2), ')', &inner, &rest) ||
	    !memchr(inner.data, '@', inner.size))
		return NULL;
	return arena_string(arena, inner);
}

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

static bool clock_read(struct span text, struct tm *ret)
{
	struct span hours, minutes, seconds, rest;

	return span_split(text, ':', &hours, &rest) && span_split(rest, ':', &minutes, &seconds) &&
	       number_at(hours, &ret->tm_hour) && number_at(minutes, &ret->tm_min) &&
	       number_at(seconds, &ret->tm_sec) && ret->tm_hour < 24 && ret->tm_min < 60 &&
	       ret->tm_sec < 61;
}

static bool month_read(struct span text, int *ret)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; text.size == 3 && i < 12; i++)
		if (memcmp(months + 3 * i, text.data, 3) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

/* "Mon Feb  3 23:09:37 2025" or "... 23:09:37 UTC 2025" at the end. Another zone than UTC is
 * not read: the second would be another one. */
static int64_t date_of(struct span banner)
{
	size_t number = span_find(banner, 0, SPAN_OF(") #"));
	struct span rest = span_skip(banner, number == SIZE_MAX ? banner.size : number), word;
	struct span words[5] = {{NULL, 0}};
	struct tm time = {0};

	while (span_token(&rest, &word)) {
		if (span_is(word, "UTC"))
			continue;
		memmove(words, words + 1, sizeof words - sizeof *words);
		words[4] = word;
	}
	if (!month_read(words[1], &time.tm_mon) || !number_at(words[2], &time.tm_mday) ||
	    !clock_read(words[3], &time) || !number_at(words[4], &time.tm_year) ||
	    time.tm_year < 1970 || time.tm_mday < 1 || time.tm_mday > 31)
		return 0;
	time.tm_year -= 1900;
	return timegm(&time);
}

struct banner banner_parts(struct arena *arena, const char *banner)
{
	struct span text = span_text(banner ? banner : "");

	return (struct banner){.builder = builder_of(arena, text),
			       .revision = revision_of(arena, text),
			       .date = date_of(text)};
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
