/* SPDX-License-Identifier: ISC */
/* Fuzzes what a server answers: lines of headers up to an empty one, then the body. */
#include "fetch/fetch_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct fetcher fetcher = {.arena = &arena, .options.timeout = 1};
	struct fetch fetch = {
		.url = "https://host/feed/Packages.gz", .limit = 64, .untrusted = true};
	struct partial partial = {.fd = memfd_create("partial", MFD_CLOEXEC)};
	struct transfer transfer = {.fetcher = &fetcher, .fetch = &fetch, .partial = partial};
	struct span rest = span_from(data, size), line;
	bool taken = true;

	while (taken && span_line(&rest, &line)) {
		char *copy = arena_chars(&arena, line);

		memcpy(copy, line.data, line.size);
		taken = answer_header(copy, 1, line.size, &transfer) == line.size;
		if (!line.size)
			break;
	}
	answer_body(memcpy(arena_raw(&arena, rest.size + 1),
			   rest.size ? rest.data : (const uint8_t *)"", rest.size),
		    1, rest.size, &transfer);
	if (transfer.partial.size > fetch.limit)
		abort();
	close(partial.fd);
	return 0;
}
