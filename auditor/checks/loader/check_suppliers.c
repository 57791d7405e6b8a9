/* SPDX-License-Identifier: ISC */
/* Checks that the image's own modules that a package's modules need can be loaded: an
 * import of a module that is refused is an unknown symbol. */
#include "checks/loader/orders.h"

/* The number of the image's modules that are followed for one package. */
enum { SUPPLIERS_MOST = 256 };

/* A module of the image, and the one that needs it. */
struct supplier {
	const struct module *module, *by;
};

struct supplying {
	const struct world *world;
	const struct package *package;
	struct arena scratch;
	struct map seen; /* by witness */
	struct supplier *list;
	size_t count;
	const struct module *cut; /* the first one that needs more than fit into LIST, or NULL */
};

static void suppliers_add(struct supplying *supplying, const struct module *by)
{
	struct suppliers suppliers =
		world_suppliers(&supplying->scratch, supplying->world, supplying->package, by);

	array_each(provider, &suppliers) {
		const struct module *module = provider->module;

		if (!module || provider->package ||
		    map_get(&supplying->seen, module->witness) != MAP_NONE)
			continue;
		if (supplying->count == SUPPLIERS_MOST) {
			supplying->cut = by;
			return;
		}
		map_put(&supplying->seen, &supplying->scratch, module->witness, 1);
		supplying->list[supplying->count++] = (struct supplier){module, by};
	}
}

/* Why a module of the image does not fit its kernel, or what it lacks; NULL: nothing. */
static const char *flaw_of(const struct supplying *supplying, const struct module *module,
			   struct arena *arena)
{
	const struct image *image = world_image(supplying->world);

	if (module->misfit)
		return arena_format(arena, "it does not fit the image's kernel: %s",
				    module->misfit);

	const char *lacking = image->depends_lack && image_exports(image)->complete
				      ? module_lacks(supplying->world, supplying->package, module)
				      : NULL;
	return lacking ? arena_format(arena,
				      "Unknown symbol %s (err -2): neither the image nor "
				      "the feeds export it",
				      lacking)
		       : NULL;
}

static void supplier_check(const struct supplying *supplying, const struct supplier *supplier,
			   struct examination *examination)
{
	size_t before = examination->findings.count;
	const char *flaw = flaw_of(supplying, supplier->module, examination->arena);

	if (flaw) {
		struct finding *finding = examine(examination, "symbol-missing", OUTCOME_UNKNOWN,
						  supplier->by->name, supplier->module->name);

		finding->witness[0] = supplier->module->witness;
		finding->witness[1] = supplier->by->witness;
		finding->text = flaw;
		finding->settle = "an image whose kernel and modules are of one build, with all of "
				  "its modules";
	} else {
		orders_needed(supplying->world, supplying->package, supplier->module, examination);
	}
	place_needed(supplying->world, supplier->module, examination);
	for (size_t i = before; i < examination->findings.count; i++) {
		struct finding *finding = &examination->findings.list[i];

		finding->text =
			arena_format(examination->arena, "%s needs module %s of the image: %s",
				     supplier->by->name, supplier->module->name, finding->text);
	}
}

/* False where nothing keeps any module of the image from being loaded, as usual. */
static bool some_barred(const struct world *world)
{
	const struct image *image = world_image(world);
	struct span value;

	return image->loader_rules.count > 0 || image->depends_lack ||
	       ordered_parameter(world, "module_blacklist", value_any, &value).option ||
	       initcall_barred(world, NULL).option ||
	       array_any(module, &image->modules, module->misfit || place_missed(image, module));
}

void check_suppliers(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	struct supplier list[SUPPLIERS_MOST];
	struct supplying supplying = {.world = world, .package = package, .list = list};

	if (package->modules.count == 0 || !some_barred(world))
		return;
	array_each(module, &package->modules)
		if (module_judged(world, module))
			suppliers_add(&supplying, module);
	for (size_t i = 0; i < supplying.count; i++) {
		suppliers_add(&supplying, list[i].module);
		supplier_check(&supplying, &list[i], examination);
	}
	if (supplying.cut) {
		struct finding *finding = examine(examination, "symbol-missing", OUTCOME_UNKNOWN,
						  supplying.cut->name, "modules of the image");

		finding->witness[1] = supplying.cut->witness;
		finding->text =
			arena_format(examination->arena,
				     "more than %d modules of the image are needed; whether the "
				     "others can be loaded was not examined",
				     SUPPLIERS_MOST);
		finding->settle = "no input can: load the module on a device with this image";
	}
	arena_free(&supplying.scratch);
}
