/* SPDX-License-Identifier: ISC */
/* Prints the records of a FreeBSD module or kernel as YAML or JSON. */
#include "facts/package/pkg.h"
#include "report/yaml/yaml_keys.h"

#include <elf.h>

/* The keys provides and registers, into a map that the caller opened. */
static void yaml_kld_provides(struct emit *emit, const struct kld *kld)
{
	emit_each(emit, "provides", version, &kld->versions) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", version->name);
		emit_key_integer(emit, "version", version->version);
		emit_close(emit);
	}
	emit_each(emit, "registers", module, &kld->modules) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", module->name);
		emit_key_string(emit, "label", module->label);
		emit_close(emit);
	}
}

void yaml_kld(struct emit *emit, const struct kld *kld)
{
	static const char *const types[] = {
		[ET_REL] = "relocatable", [ET_EXEC] = "executable", [ET_DYN] = "shared"};
	static const char *const sets[] = {
		[KLD_SET_NONE] = "none", [KLD_SET_FOUND] = "found", [KLD_SET_HIDDEN] = "hidden"};

	emit_key_map(emit, "kld");
	emit_key_string(emit, "type", kld->type <= ET_DYN ? types[kld->type] : NULL);
	emit_key_string(emit, "records", sets[kld->set]);
	emit_each(emit, "depends", depend, &kld->depends) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", depend->name);
		emit_key_integer(emit, "minimum", depend->minimum);
		emit_key_integer(emit, "preferred", depend->preferred);
		emit_key_integer(emit, "maximum", depend->maximum);
		emit_close(emit);
	}
	yaml_kld_provides(emit, kld);
	emit_each(emit, "pnp", pnp, &kld->pnps) {
		emit_flow_map(emit);
		emit_key_string(emit, "bus", pnp->bus);
		emit_key_string(emit, "fields", pnp->fields);
		emit_key_number(emit, "entries", pnp->entries);
		emit_close(emit);
	}
	emit_close(emit);
}

void yaml_boot(struct emit *emit, const struct kld_boot *boot)
{
	static const char *const sources[] = {[KLD_SOURCE_NONE] = NULL,
					      [KLD_SOURCE_KERNEL] = "kernel",
					      [KLD_SOURCE_HINTS] = "linker.hints"};
	struct kld records = {.versions = boot->interfaces, .modules = boot->registered};

	emit_key_map(emit, "boot");
	emit_key_string(emit, "directory", boot->directory);
	emit_key_string(emit, "source", sources[boot->source]);
	emit_key_string(emit, "source_witness", boot->source_witness);
	emit_known_integer(emit, "osreldate", boot->osreldate, boot->osreldate);
	yaml_kld_provides(emit, &records);
	emit_key_bool(emit, "registers_all", boot->registered_whole);
	emit_key_strings(emit, "module_path", &boot->module_path);
	emit_each(emit, "hints", each, &boot->hints) {
		emit_map(emit);
		emit_key_string(emit, "directory", each->directory);
		emit_key_string(emit, "witness", each->witness);
		emit_key_number(emit, "rows", each->count);
		emit_optional_string(emit, "problem", each->problem);
		emit_close(emit);
	}
	emit_each(emit, "loads", load, &boot->loads) {
		emit_flow_map(emit);
		emit_key_string(emit, "name", load->name);
		emit_optional_string(emit, "file", load->file);
		emit_key_string(emit, "path", load->path);
		emit_close(emit);
	}
	if (boot->broken.count > 0)
		emit_each(emit, "broken_links", link, &boot->broken) {
			emit_flow_map(emit);
			emit_key_string(emit, "path", link->path);
			emit_key_string(emit, "target", link->target);
			emit_close(emit);
		}
	emit_close(emit);
}

void yaml_system(struct emit *emit, const struct image *image)
{
	const struct kld_boot *boot = image->boot;
	const struct kld_kernel *kernel = image->kernel ? image->kernel->kld : NULL;

	if (!boot)
		return;
	emit_key_string(emit, "system", loader_name[image->loader]);
	emit_known_integer(emit, "osreldate", boot->osreldate, boot->osreldate);
	emit_key_string(emit, "ident", kernel ? kernel->ident.value : NULL);
	emit_key_map(emit, "interfaces");
	emit_key_number(emit, "count", boot->interfaces.count);
	emit_key_string(emit, "source", boot->source_witness);
	emit_close(emit);
}

void yaml_package_system(struct emit *emit, const struct package *package)
{
	bool records = package->pkg != NULL, several = false;
	int32_t version = 0; /* that all its modules which name one were built for */

	array_each(module, &package->modules) {
		const struct kld_depend *depend =
			module->kld && !module->problem ? kld_needs(module->kld, "kernel") : NULL;

		records |= module->loader == LOADER_FREEBSD;
		if (!depend)
			continue;
		several |= version && version != depend->preferred;
		version = depend->preferred;
	}
	version = several ? 0 : version;
	if (!records)
		return;
	emit_known_integer(emit, "osreldate", version, version);
	emit_key_string(emit, "abi", package->pkg ? package->pkg->abi : NULL);
}

void yaml_kld_kernel(struct emit *emit, const struct kld_kernel *kernel)
{
	struct arena arena _cleanup_arena_ = {0};
	struct span rest = span_text(kernel->config ? kernel->config : ""), line;

	emit_key_integer(emit, "osreldate", kernel->osreldate);
	emit_key_string(emit, "osreldate_witness", kernel->osreldate_witness);
	emit_key_string(emit, "ident", kernel->ident.value);
	if (emit_known(emit, "kernel_config", kernel->config)) {
		emit_list(emit);
		while (span_line(&rest, &line))
			if (line.size > 0)
				emit_string(emit, arena_string(&arena, line));
		emit_close(emit);
	}
	yaml_kld(emit, kernel->records);
}
