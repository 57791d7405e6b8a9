/* SPDX-License-Identifier: ISC */
/* Sets the ceiling for memory by RLIMIT_DATA, which counts all private writable
 * mappings since Linux 4.7 (getrlimit(2)): the memory of libraries and the stacks of
 * threads as well. */
#include "unpack/memory.h"

#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__)
enum { LIMITED = 0 }; /* AddressSanitizer reserves terabytes */
#else
enum { LIMITED = 1 };
#endif

void memory_limit(uint64_t mib)
{
	struct rlimit limit;
	rlim_t bytes = mib < RLIM_INFINITY >> 20 ? (rlim_t)mib << 20 : RLIM_INFINITY;

	if (!LIMITED || getrlimit(RLIMIT_DATA, &limit) != 0)
		return;
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	setrlimit(RLIMIT_DATA, &limit);
}
