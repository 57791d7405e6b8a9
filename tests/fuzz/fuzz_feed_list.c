/* SPDX-License-Identifier: ISC */
/* Fuzzes the parser of opkg's and apk's lists of feeds; no feed it returns may be empty. */
#include "facts/feed/feed.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct strings feeds = {0};
	struct error error;

	if (feed_list_read(&arena, "feeds.conf", span_from(data, size), &feeds, &error))
		for (size_t i = 0; i < feeds.count; i++)
			if (!*feeds.list[i])
				abort();
	arena_free(&arena);
	return 0;
}
