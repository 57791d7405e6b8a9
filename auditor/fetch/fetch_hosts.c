/* SPDX-License-Identifier: ISC */
/* Remembers which hosts do not answer, so that the waiting time of a run does not grow
 * with the number of its files. */
#include "fetch/fetch_parts.h"

static const char *host_of(const struct transfer *transfer)
{
	struct span host;

	return url_host(transfer->fetch->url, &host) ? arena_string(transfer->fetcher->arena, host)
						     : "";
}

void host_failed(struct transfer *transfer)
{
	struct fetcher *fetcher = transfer->fetcher;
	uint32_t next = (uint32_t)fetcher->counts.count,
		 at = map_put(&fetcher->failures, fetcher->arena, host_of(transfer), next);

	if (at == next)
		array_add(fetcher->arena, &fetcher->counts);
	fetcher->counts.list[at]++;
}

bool host_given_up(const struct transfer *transfer)
{
	const struct fetcher *fetcher = transfer->fetcher;
	uint32_t at =
		fetcher->counts.count ? map_get(&fetcher->failures, host_of(transfer)) : MAP_NONE;

	return at != MAP_NONE && fetcher->counts.list[at] >= FAILURES_MOST;
}
