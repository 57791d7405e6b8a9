/* SPDX-License-Identifier: ISC */
/* Fuzzes the reading of FreeBSD kernels, linker.hints and loader.conf. */
#include "fuzz/fuzz_format.h"

#include "facts/freebsd/kld_kernel.h"
#include "facts/freebsd/loader_conf.h"
#include "facts/rc/rc_conf.h"
#include "facts/rc/sysctl_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span bytes = span_from(data, size);
	struct map names = {.slots = NULL};
	struct loader_conf conf = {.list = NULL};
	struct kld_loads loads = {.list = NULL};
	struct rc_conf rc = {.list = NULL};
	struct strings klds = {.list = NULL};
	bool early = false;
	struct kld_kernel kernel;
	struct machine machine;
	struct error error;

	format_run(&format_program, data, size);
	if (kld_kernel_here(bytes))
		kld_kernel_read(&arena, bytes, "fuzz", &machine, &kernel, &error);
	kld_hints_read(&arena, &names, "boot/kernel", "fuzz", bytes);
	loader_conf_add(&arena, "fuzz", bytes, &conf);
	loader_conf_loads(&arena, &conf, &loads);
	rc_conf_read(&arena, "fuzz", bytes, false, &rc);
	rc_conf_klds(&arena, &rc, &klds);
	sysctl_secures(bytes, &early);
	sysctl_in_script(bytes);
	return 0;
}
