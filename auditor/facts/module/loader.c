/* SPDX-License-Identifier: ISC */
/* Names the systems whose kernels load modules. */
#include "facts/module/loader.h"

const char *const loader_name[LOADER_COUNT] = {
	[LOADER_LINUX] = "Linux", [LOADER_FREEBSD] = "FreeBSD"};
