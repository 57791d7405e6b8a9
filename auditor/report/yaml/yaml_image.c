/* SPDX-License-Identifier: ISC */
/* Prints the facts of an image or a kernel as YAML or JSON. */
#include "facts/compare/config_side.h"
#include "report/yaml/yaml_keys.h"

static void yaml_witness(struct emit *emit, const char *key, struct fact fact)
{
	char witness[64];

	snprintf(witness, sizeof witness, "%s_witness", key);
	emit_key_string(emit, witness, fact.witness);
}

/* The keys "KEY" and "KEY_witness". */
static void yaml_fact(struct emit *emit, const char *key, struct fact fact)
{
	emit_key_quoted(emit, key, fact.value);
	yaml_witness(emit, key, fact);
}

void yaml_machine(struct emit *emit, const char *key, struct machine machine)
{
	struct arena arena _cleanup_arena_ = {0};

	emit_key_string(emit, key, machine_name(&arena, machine));
}

void yaml_set_keys(struct emit *emit, const char *hash, const struct known_sets *sets)
{
	if (!hash || !sets)
		return;
	array_each(set, sets) {
		if (strcmp(set->hash, hash) != 0)
			continue;
		emit_key_string(emit, "who", set->who);
		emit_key_string(emit, "found", set->how);
		emit_key_number(emit, "tried", set->tried);
		return;
	}
}

void yaml_abi(struct emit *emit, const struct abi *abi, const struct known_sets *sets)
{
	if (!emit_known(emit, "abi", abi->version))
		return;
	emit_flow_map(emit);
	emit_key_quoted(emit, "version", abi->version);
	emit_key_quoted(emit, "hash", abi->hash);
	yaml_set_keys(emit, abi->hash, sets);
	emit_close(emit);
}

static void yaml_offset(struct emit *emit, const char *key, bool has, uint64_t offset)
{
	if (emit_known(emit, key, has))
		emit_hex(emit, offset);
}

void yaml_this_module(struct emit *emit, const struct this_module *this_module)
{
	if (!emit_known(emit, "this_module", this_module->known))
		return;
	emit_flow_map(emit);
	emit_key_number(emit, "size", this_module->size);
	yaml_offset(emit, "init", this_module->has_init, this_module->init);
	yaml_offset(emit, "exit", this_module->has_exit, this_module->exit);
	emit_close(emit);
}

static void yaml_exports(struct emit *emit, const struct kernel_exports *exports,
			 const char *looked)
{
	emit_map(emit);
	emit_key_string(emit, "source", exports->source);
	emit_key_number(emit, "count", exports->table.count);
	emit_key_bool(emit, "complete", exports->complete);
	emit_known_bool(emit, "crcs", exports->crcs || exports->crcs_known, exports->crcs);
	if (!exports->source || !exports->complete)
		emit_key_string(emit, "why", exports->why ? exports->why : looked);
	emit_close(emit);
}

static void yaml_image_kernel(struct emit *emit, const struct image *image,
			      const struct known_sets *sets)
{
	static const struct kernel_exports none;
	const struct kernel *kernel = image->kernel;
	const struct config *config = image->config;

	emit_map(emit);
	yaml_fact(emit, "release", image->release);
	yaml_system(emit, image);
	yaml_machine(emit, "architecture", image->machine);
	emit_key_string(emit, "architecture_witness", image->machine_witness);
	yaml_fact(emit, "vermagic", image->vermagic);
	yaml_abi(emit, &image->abi, sets);
	emit_key_string(emit, "abi_witness", image->abi.witness);
	if (emit_known(emit, "config", config)) {
		enum hash_agreement hash = config_hash(config, &image->abi);

		emit_map(emit);
		emit_key_string(emit, "source", config->witness);
		emit_key_number(emit, "core", config->core);
		emit_key_number(emit, "modules", config->modules);
		emit_key_quoted(emit, "vermagic", config->vermagic);
		emit_known_bool(emit, "agrees", hash == HASH_AGREES || hash == HASH_DIFFERS,
				hash == HASH_AGREES);
		emit_close(emit);
	}
	emit_key_string(emit, "config_witness", image->config_witness);
	emit_key(emit, "exports");
	yaml_exports(emit, kernel ? &kernel->exports : &none, image->kernel_witness);
	yaml_this_module(emit, &image->this_module);
	emit_key_string(emit, "this_module_witness", image->this_module_witness);
	emit_close(emit);
}

/* Prints the provider statements of the image. */
static void yaml_providers(struct emit *emit, const struct providers *providers)
{
	_cleanup_arena_ struct arena arena = {0};

	if (providers->statements.count + providers->problems.count == 0)
		return;
	emit_key_map(emit, "providers");
	emit_each(emit, "statements", statement, &providers->statements) {
		struct strings supports = {0}, revoked = {0};

		array_each(builds, &statement->supports)
			*array_add(&arena, &supports) = builds->text;
		array_each(revocation, &statement->revoked)
			*array_add(&arena, &revoked) =
				arena_format(&arena, "%s since %s: %s", revocation->builds.text,
					     revocation->since, revocation->why);
		emit_map(emit);
		emit_key_string(emit, "interface", statement->interface.text);
		emit_key_string(emit, "provider", statement->provider);
		if (statement->current)
			emit_key_quoted(emit, "current", statement->current);
		if (statement->has_own)
			emit_key_string(emit, "own", statement->own.text);
		if (supports.count > 0)
			emit_key_strings(emit, "supports", &supports);
		if (revoked.count > 0)
			emit_key_strings(emit, "revoked", &revoked);
		emit_key_string(emit, "witness", statement->witness);
		emit_close(emit);
	}
	if (providers->problems.count > 0)
		emit_key_strings(emit, "problems", &providers->problems);
	emit_close(emit);
}

void yaml_image_keys(struct emit *emit, const struct image *image, const struct known_sets *sets)
{
	const struct {
		const char *key;
		struct fact fact;
	} stated[] = {{"distribution", image->distribution}, /* by release files */
		      {"distribution_release", image->distribution_release},
		      {"target", image->target},
		      {"revision", image->revision}};

	emit_key_string(emit, "source", image->source);
	emit_key_quoted(emit, "sha256", image->sha256);
	emit_each(emit, "layout", layout, &image->layout) {
		emit_flow_map(emit);
		emit_key_number(emit, "offset", layout->offset);
		emit_key_string(emit, "kind", layout->kind);
		emit_optional_number(emit, "depth", layout->depth);
		emit_optional_number(emit, "size", layout->size);
		emit_optional_string(emit, "detail", layout->detail);
		emit_close(emit);
	}
	for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
		emit_key_string(emit, stated[i].key, stated[i].fact.value);
		yaml_witness(emit, stated[i].key, stated[i].fact);
	}
	emit_key(emit, "kernel");
	yaml_image_kernel(emit, image, sets);
	emit_key_number(emit, "modules", image->modules.count);
	emit_known_number(emit, "packages", image->database_known, image->packages.count);
	emit_key_string(emit, "packages_witness", image->database_witness);
	if (!image->database_known)
		emit_optional_number(emit, "manifest", image->manifest.count);
	if (image->unread.count > 0)
		emit_key_strings(emit, "unread", &image->unread);
	yaml_providers(emit, &image->providers);
}

bool yaml_image(FILE *out, enum emit_form form, const struct image *image, struct error *error)
{
	struct emit *emit = emit_begin(out, form, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "image");
	yaml_image_keys(emit, image, NULL);
	if (image->boot)
		yaml_boot(emit, image->boot);
	/* a report has them as findings */
	if (image->remarks.count > 0)
		emit_key_strings(emit, "remarks", &image->remarks);
	emit_close(emit);
	return emit_end(emit, error);
}

bool yaml_kernel(FILE *out, enum emit_form form, const struct kernel *kernel, struct error *error)
{
	struct emit *emit = emit_begin(out, form, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "kernel");
	emit_key_string(emit, "source", kernel->witness);
	emit_key_string(emit, "label", kernel->label);
	yaml_fact(emit, "release", kernel->release);
	emit_key_string(emit, "banner", kernel->banner.value);
	yaml_machine(emit, "architecture", kernel->machine);
	emit_key_string(emit, "architecture_witness", kernel->machine_witness);
	if (kernel->kld)
		yaml_kld_kernel(emit, kernel->kld);
	yaml_fact(emit, "vermagic", kernel->vermagic);
	emit_key_string(emit, "config", kernel->config ? kernel->config->witness : NULL);
	emit_key_string(emit, "config_witness", kernel->config_witness);
	emit_key(emit, "exports");
	yaml_exports(emit, &kernel->exports, NULL);
	emit_close(emit);
	return emit_end(emit, error);
}
