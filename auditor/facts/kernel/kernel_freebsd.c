/* SPDX-License-Identifier: ISC */
/* Makes a kernel of what was read from a FreeBSD kernel. */
#include "facts/kernel/kernel.h"

bool kernel_freebsd_read(struct arena *arena, struct span bytes, const char *witness,
			 const char *label, struct kernel *ret, struct error *error)
{
	struct kld_kernel *kld = arena_new(arena, struct kld_kernel);
	const char *none = arena_format(arena, "%s: FreeBSD has none", witness);

	*ret = (struct kernel){.loader = LOADER_FREEBSD, .witness = witness, .label = label};
	if (!kld_kernel_read(arena, bytes, witness, &ret->machine, kld, error))
		return false;
	ret->kld = kld;
	ret->release = kld->release;
	ret->banner = kld->version;
	ret->machine_witness = arena_format(arena, "%s: ELF header", witness);
	ret->exports = (struct kernel_exports){.table = kld->symbols,
					       .complete = kld->symbols_whole,
					       .crcs_known = true,
					       .gpl_known = true};
	if (kld->symbols.count > 0)
		ret->exports.source = kld->symbols_witness;
	if (!kld->symbols_whole)
		ret->exports.why = arena_format(arena,
						"%s: no .symtab, so its local symbols, which "
						"modules can use, are not known",
						kld->symbols_witness);
	ret->vermagic.witness = ret->btf_witness = ret->config_witness = none;
	return true;
}
