/* SPDX-License-Identifier: ISC */
/* Provides the day by which waivers expire: the one that was given, else the current
 * date in UTC. */
#include "commands/command.h"

#include "base/text.h"

#include <time.h>

bool today_read(struct arena *arena, const char **day)
{
	if (*day)
		return date_real(*day);

	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	*day = arena_format(arena, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	return true;
}
