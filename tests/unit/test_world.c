/* SPDX-License-Identifier: ISC */
/* Tests the world: order of exporters, separation of kernel abis, filling of needs, twins,
 * file owners, and the speed of look-ups. */
#include "facts/world/world_evidence.h" /* before cmocka, whose fail() is a macro */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define PIN_A "4.14.275-1-d2e0a589214daa7e43fd1bd18e88034c"
#define PIN_B "4.14.275-1-0123456789abcdef0123456789abcdef"

/* An image and feeds for a test, then world_new. */
struct told {
	struct arena arena;
	struct image image;
	struct kernel kernel;
	struct feeds feeds;
	struct world *world;
};

static struct export *export_add(struct arena *arena, struct exports *exports, const char *name)
{
	struct export *export = array_add(arena, exports);

	export->name = name;
	return export;
}

static struct module *module_add(struct told *told, struct modules *modules, const char *name,
				 const char *exports)
{
	struct module *module = array_add(&told->arena, modules);

	module->name = name;
	module->path = arena_format(&told->arena, "lib/modules/4.14.275/%s.ko", name);
	module->witness = module->path;
	if (exports)
		export_add(&told->arena, &module->exports, exports);
	return module;
}

/* CONTROL as in a package; MODULE and its export, or NULL. */
static struct package *package_add(struct told *told, struct packages *packages,
				   const char *control, const char *module, const char *exports)
{
	struct package *package = array_add(&told->arena, packages);
	struct span rest = span_text(control);
	struct stanza stanza;
	size_t line = 1, bad = 0;

	assert_true(stanza_read(&told->arena, &rest, &line, &stanza, &bad));
	assert_true(package_from_stanza(&told->arena, &stanza, "told", package));
	package->file = arena_format(&told->arena, "%s_%zu.ipk", package->name, packages->count);
	if (module) {
		module_add(told, &package->modules, module, exports);
		*array_add(&told->arena, &package->files) = package->modules.list[0].path;
	}
	return package;
}

static struct packages *feed_add(struct told *told)
{
	struct feed *feed = array_add(&told->arena, &told->feeds);

	return &feed->packages;
}

static void begin(struct told *told)
{
	for (size_t i = 0; i < told->feeds.count; i++)
		array_each(package, &told->feeds.list[i].packages)
			package->feed = i;
	told->world = world_new(&told->arena, &told->image, &told->feeds, NULL, NULL);
}

static const struct package *find(const struct told *told, const char *name, const char *version)
{
	for (size_t i = 0; i < world_count(told->world); i++) {
		const struct package *package = world_package(told->world, i);

		if (strcmp(package->name, name) == 0 &&
		    (!version || strcmp(package->version, version) == 0))
			return package;
	}
	fail_msg("%s is not there", name);
	return NULL;
}

/* The first module of PACKAGE; NULL if it has none. */
static const struct module *module_of(const struct package *package)
{
	return package->modules.count ? package->modules.list : NULL;
}

static void kernel_exports_add(struct told *told, const char *name)
{
	told->image.kernel = &told->kernel;
	export_add(&told->arena, &told->kernel.exports.table, name);
}

static void keeps_packages_in_order(void **state)
{
	struct told told = {0};
	struct packages *one;

	(void)state;
	one = feed_add(&told);
	package_add(&told, one, "Package: b\nVersion: 10", NULL, NULL);
	package_add(&told, one, "Package: b\nVersion: 9", NULL, NULL);
	package_add(&told, feed_add(&told), "Package: a\nVersion: 1", NULL, NULL);
	begin(&told);
	assert_int_equal(world_count(told.world), 3);
	assert_string_equal(world_package(told.world, 0)->name, "a");
	assert_string_equal(world_package(told.world, 1)->version, "9");
	assert_string_equal(world_package(told.world, 2)->version, "10");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(world_index(told.world, world_package(told.world, i)), i);
	assert_ptr_equal(world_image(told.world), &told.image);
	assert_ptr_equal(world_feeds(told.world), &told.feeds);
	assert_null(world_feed_symvers(told.world));
	arena_free(&told.arena);
}

static void exports_have_an_order(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	struct provider provider, all[8];

	(void)state;
	kernel_exports_add(&told, "in_kernel");
	module_add(&told, &told.image.modules, "of_image", "in_image");
	package_add(&told, feed, "Package: a", "m", "in_kernel");
	package_add(&told, feed, "Package: b", "n", "in_image");
	package_add(&told, feed, "Package: c", "o", "in_feed");
	package_add(&told, feed, "Package: d", NULL, NULL);
	begin(&told);

	const struct package *a = find(&told, "a", NULL), *d = find(&told, "d", NULL);
	assert_true(world_import(told.world, a, module_of(a), "in_kernel", &provider));
	assert_null(provider.package);
	assert_false(provider.loose);
	assert_true(world_import(told.world, d, module_of(d), "in_kernel", &provider));
	assert_null(provider.package);
	assert_null(provider.module);
	assert_true(world_import(told.world, d, module_of(d), "in_image", &provider));
	assert_null(provider.package);
	assert_string_equal(provider.module->name, "of_image");
	assert_true(world_import(told.world, d, module_of(d), "in_feed", &provider));
	assert_string_equal(provider.package->name, "c");
	assert_false(world_import(told.world, d, module_of(d), "nowhere", &provider));
	assert_int_equal(world_exporters(told.world, d, "in_kernel", all, 8), 2);
	assert_null(all[0].package);
	assert_string_equal(all[1].package->name, "a");
	assert_int_equal(world_exporters(told.world, d, "in_kernel", all, 1), 1);
	assert_int_equal(world_exporters(told.world, d, "nowhere", all, 8), 0);
	arena_free(&told.arena);
}

/* The module in depends= is the exporter, whatever else exports the symbol; a module that
 * nothing loads is loose. */
static void depends_chooses_the_exporter(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	struct provider provider;

	(void)state;
	package_add(&told, feed, "Package: a-other", "aab", "frob");
	package_add(&told, feed, "Package: ccc", "ccc", "frob");
	package_add(&told, feed, "Package: ddd", "ddd", NULL);
	package_add(&told, feed, "Package: direct", "direct", NULL);
	package_add(&told, feed, "Package: far", "far", NULL);
	package_add(&told, feed, "Package: lost", "lost", NULL);
	package_add(&told, feed, "Package: boot\nDepends: loaded", "boot", NULL);
	package_add(&told, feed, "Package: loaded", "loaded", "early");
	*array_add(&told.arena, &feed->list[2].modules.list[0].modinfo.depends) = "ccc";
	*array_add(&told.arena, &feed->list[2].modules.list[0].modinfo.depends) = "ddd";
	*array_add(&told.arena, &feed->list[3].modules.list[0].modinfo.depends) = "ccc";
	*array_add(&told.arena, &feed->list[4].modules.list[0].modinfo.depends) = "ddd";
	*array_add(&told.arena, &feed->list[7].autoload) =
		(struct autoload){"etc/modules.d/10-loaded", "loaded"};
	module_add(&told, &told.image.modules, "idle", "idle_do");
	module_add(&told, &told.image.modules, "busy", "busy_do");
	*array_add(&told.arena, &told.image.autoload) =
		(struct autoload){"etc/modules.d/busy", "busy"};
	begin(&told);

	const struct package *direct = find(&told, "direct", NULL), *far = find(&told, "far", NULL);
	const struct package *lost = find(&told, "lost", NULL), *boot = find(&told, "boot", NULL);
	assert_true(world_import(told.world, direct, module_of(direct), "frob", &provider));
	assert_string_equal(provider.module->name, "ccc");
	assert_false(provider.loose);
	assert_true(world_import(told.world, far, module_of(far), "frob", &provider));
	assert_string_equal(provider.module->name, "ccc");
	assert_false(provider.loose);
	assert_true(world_import(told.world, lost, module_of(lost), "frob", &provider));
	assert_true(provider.loose);
	assert_true(world_import(told.world, boot, module_of(boot), "early", &provider));
	assert_false(provider.loose);
	assert_true(world_import(told.world, lost, module_of(lost), "early", &provider));
	assert_true(provider.loose);
	assert_true(world_import(told.world, lost, module_of(lost), "busy_do", &provider));
	assert_false(provider.loose);
	assert_true(world_import(told.world, lost, module_of(lost), "idle_do", &provider));
	assert_true(provider.loose);
	arena_free(&told.arena);
}

static void kernel_abis_are_apart(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	struct provider provider;

	(void)state;
	package_add(&told, feed, "Package: ct\nVersion: 1\nDepends: kernel (=" PIN_A ")", "ct",
		    "ct_do");
	package_add(&told, feed, "Package: ct\nVersion: 2\nDepends: kernel (=" PIN_B ")", "ct",
		    "ct_do");
	package_add(&told, feed, "Package: nat\nDepends: kernel (=" PIN_B "), ct", "nat", "nat_do");
	package_add(&told, feed, "Package: old\nDepends: kernel (=" PIN_A "), nat", "old", NULL);
	package_add(&told, feed, "Package: user\nDepends: ct", NULL, NULL);
	told.image.abi = abi_read(&told.arena, PIN_A, "told");
	begin(&told);

	const struct package *nat = find(&told, "nat", NULL), *old = find(&told, "old", NULL);
	assert_true(world_import(told.world, nat, module_of(nat), "ct_do", &provider));
	assert_string_equal(provider.package->version, "2");
	assert_true(world_import(told.world, old, module_of(old), "ct_do", &provider));
	assert_string_equal(provider.package->version, "1");
	assert_false(world_import(told.world, old, module_of(old), "nat_do", &provider));
	assert_ptr_equal(world_export_elsewhere(told.world, old, "nat_do"), nat);
	assert_null(world_export_elsewhere(told.world, nat, "nat_do"));
	assert_true(world_module(told.world, nat, "ct", &provider));
	assert_string_equal(provider.package->version, "2");
	assert_false(world_module(told.world, old, "nat", &provider));

	const struct package *who;
	assert_int_equal(world_satisfies(told.world, old, &old->depends.list[1], &who),
			 SATISFIED_ELSEWHERE);
	assert_ptr_equal(who, nat);
	/* a package without a pin sees packages for the image's kernel */
	const struct package *user = find(&told, "user", NULL);
	assert_int_equal(world_satisfies(told.world, user, &user->depends.list[0], &who),
			 SATISFIED_FEED);
	assert_string_equal(who->version, "1");
	arena_free(&told.arena);
}

static void unknown_kernel_abi_sees_all(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	const struct package *who;

	(void)state;
	package_add(&told, feed, "Package: ct\nVersion: 1\nDepends: kernel (=" PIN_A ")", "ct",
		    NULL);
	package_add(&told, feed, "Package: ct\nVersion: 2\nDepends: kernel (=" PIN_B ")", "ct",
		    NULL);
	package_add(&told, feed, "Package: user\nDepends: ct", NULL, NULL);
	begin(&told);

	const struct package *user = find(&told, "user", NULL);
	assert_int_equal(world_satisfies(told.world, user, &user->depends.list[0], &who),
			 SATISFIED_FEED);
	assert_string_equal(who->version, "2");
	arena_free(&told.arena);
}

static void other_kernel_abi_sees_none(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	const struct package *who;

	(void)state;
	package_add(&told, feed, "Package: ct\nVersion: 1\nDepends: kernel (=" PIN_A ")", "ct",
		    NULL);
	package_add(&told, feed, "Package: user\nDepends: ct", NULL, NULL);
	told.image.abi = abi_read(&told.arena, PIN_B, "told");
	begin(&told);

	const struct package *user = find(&told, "user", NULL);
	assert_int_equal(world_satisfies(told.world, user, &user->depends.list[0], &who),
			 SATISFIED_ELSEWHERE);
	assert_string_equal(who->name, "ct");
	arena_free(&told.arena);
}

static enum satisfied need(const struct told *told, const char *text, const struct package **who)
{
	struct arena arena = {0};
	struct formulas formulas = formulas_read(&arena, span_text(text));
	enum satisfied satisfied =
		world_satisfies(told->world, world_package(told->world, 0), &formulas.list[0], who);

	arena_free(&arena);
	return satisfied;
}

static void needs_are_filled(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	const struct package *who;

	(void)state;
	told.image.database_known = true;
	package_add(&told, &told.image.packages, "Package: libc\nVersion: 1.1", NULL, NULL);
	package_add(&told, feed, "Package: a\nVersion: 1", NULL, NULL);
	package_add(&told, feed, "Package: b\nVersion: 1\nProvides: v", NULL, NULL);
	package_add(&told, feed, "Package: b\nVersion: 3", NULL, NULL);
	package_add(&told, feed, "Package: libc\nVersion: 2.0", NULL, NULL);
	package_add(&told, feed, "Package: p\nProvides: b", NULL, NULL);
	package_add(&told, feed_add(&told), "Package: b\nVersion: 3", NULL, NULL);
	begin(&told);

	assert_int_equal(need(&told, "libc", &who), SATISFIED_INSTALLED);
	assert_string_equal(who->version, "1.1");
	assert_int_equal(need(&told, "nowhere | libc (>= 1.0)", &who), SATISFIED_INSTALLED);
	assert_int_equal(need(&told, "libc (>= 2)", &who), SATISFIED_FEED); /* to be upgraded */
	assert_string_equal(who->version, "2.0");
	assert_int_equal(need(&told, "b", &who), SATISFIED_FEED);
	/* the newest, in the first feed, before a package that only provides the name */
	assert_string_equal(who->version, "3");
	assert_int_equal(who->feed, 0);
	assert_int_equal(need(&told, "b (<= 2)", &who), SATISFIED_FEED);
	assert_string_equal(who->version, "1");
	assert_int_equal(need(&told, "b (<< 3)", &who), SATISFIED_FEED);
	assert_string_equal(who->version, "3"); /* opkg's << is satisfied by an equal version */
	assert_int_equal(need(&told, "v (= 1)", &who), SATISFIED_FEED);
	assert_int_equal(need(&told, "b (>= 4)", &who), SATISFIED_WRONG_VERSION);
	assert_string_equal(who->version, "3");
	assert_int_equal(need(&told, "libc (>= 9)", &who), SATISFIED_WRONG_VERSION);
	assert_int_equal(need(&told, "nowhere", &who), SATISFIED_NOT);
	assert_null(who);
	assert_int_equal(need(&told, "kernel", &who), SATISFIED_NOT);
	arena_free(&told.arena);
}

static void a_manifest_stands_for_the_database(void **state)
{
	struct told told = {0};
	const struct package *who;

	(void)state;
	told.image.kernel = &told.kernel;
	package_add(&told, &told.image.manifest, "Package: libc\nVersion: 1.1", NULL, NULL);
	package_add(&told, feed_add(&told), "Package: a", NULL, NULL);
	begin(&told);
	assert_int_equal(need(&told, "libc", &who), SATISFIED_INSTALLED);
	assert_int_equal(need(&told, "kernel", &who), SATISFIED_INSTALLED); /* the kernel runs */
	arena_free(&told.arena);

	struct told known = {.image.database_known = true};
	package_add(&known, &known.image.manifest, "Package: libc\nVersion: 1.1", NULL, NULL);
	package_add(&known, feed_add(&known), "Package: a", NULL, NULL);
	begin(&known);
	assert_int_equal(need(&known, "libc", &who), SATISFIED_NOT);
	arena_free(&known.arena);
}

static void modules_and_twins(void **state)
{
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	struct provider provider;

	(void)state;
	module_add(&told, &told.image.modules, "both", NULL);
	module_add(&told, &told.image.modules, "alone", NULL);
	package_add(&told, feed, "Package: a", "both", NULL);
	package_add(&told, feed, "Package: b", "both", NULL);
	package_add(&told, feed, "Package: c", "feed_only", NULL);
	*array_add(&told.arena, &told.image.builtin) = "ext4";
	*array_add(&told.arena, &told.image.builtin) = "squashfs";
	begin(&told);

	const struct package *a = find(&told, "a", NULL), *b = find(&told, "b", NULL),
			     *c = find(&told, "c", NULL);
	assert_true(world_module(told.world, b, "both", &provider));
	assert_ptr_equal(provider.package, b);
	assert_true(world_module(told.world, c, "both", &provider));
	assert_null(provider.package);
	assert_ptr_equal(provider.module, &told.image.modules.list[0]);
	assert_null(provider.export);
	assert_false(world_module(told.world, c, "nowhere", &provider));
	assert_ptr_equal(world_twin(told.world, &a->modules.list[0]), &told.image.modules.list[0]);
	assert_ptr_equal(world_twin(told.world, &told.image.modules.list[0]), &a->modules.list[0]);
	assert_null(world_twin(told.world, &told.image.modules.list[1]));
	assert_null(world_twin(told.world, &c->modules.list[0]));
	assert_true(world_builtin(told.world, "squashfs"));
	assert_false(world_builtin(told.world, "vfat"));
	arena_free(&told.arena);
}

static void files_have_owners(void **state)
{
	struct told told = {.image.database_known = true};
	struct packages *feed = feed_add(&told);
	const struct package *owners[4];

	(void)state;
	package_add(&told, &told.image.packages, "Package: i", "m", NULL);
	package_add(&told, feed, "Package: a", "m", NULL);
	package_add(&told, feed, "Package: b", "m", NULL);
	begin(&told);
	assert_int_equal(world_owners(told.world, find(&told, "a", NULL),
				      "lib/modules/4.14.275/m.ko", owners, 4),
			 2);
	assert_string_equal(owners[0]->name, "i");
	assert_string_equal(owners[1]->name, "b");
	assert_int_equal(world_owners(told.world, find(&told, "a", NULL),
				      "lib/modules/4.14.275/m.ko", owners, 1),
			 1);
	assert_int_equal(world_owners(told.world, find(&told, "a", NULL), "etc/nothing", owners, 4),
			 0);
	arena_free(&told.arena);
}

static void relation_follows_needs(void **state)
{
	struct told told = {.image.database_known = true};
	struct packages *feed = feed_add(&told);
	static const struct {
		const char *name;
		bool related;
	} wanted[] = {
		{"kmod-a", true},      {"needs-a", true}, {"needs-needs-a", true}, {"ring-1", true},
		{"ring-2", true},      {"idle-1", false}, {"idle-2", false},	   {"plain", false},
		{"lost", true},	       {"broken", true},  {"firewall", true},	   {"pinned", true},
		{"by-provides", true}, {"lonely", false},
	};

	(void)state;
	package_add(&told, &told.image.packages, "Package: kmod-ipt", "ipt", NULL);
	package_add(&told, &told.image.packages, "Package: iptables\nDepends: kmod-ipt", NULL,
		    NULL);
	package_add(&told, feed, "Package: kmod-a\nProvides: virtual-a", "a", NULL);
	package_add(&told, feed, "Package: needs-a\nDepends: libc, kmod-a", NULL, NULL);
	package_add(&told, feed, "Package: needs-needs-a\nDepends: plain, needs-a", NULL, NULL);
	package_add(&told, feed, "Package: ring-1\nDepends: ring-2", NULL, NULL);
	package_add(&told, feed, "Package: ring-2\nDepends: ring-1, kmod-a", NULL, NULL);
	package_add(&told, feed, "Package: idle-1\nDepends: idle-2", NULL, NULL);
	package_add(&told, feed, "Package: idle-2\nDepends: idle-1", NULL, NULL);
	package_add(&told, feed, "Package: plain", NULL, NULL);
	package_add(&told, feed, "Package: lost\nDepends: kmod-nobody-has", NULL, NULL);
	package_add(&told, feed, "Package: broken", NULL, NULL)->problem = "cut short";
	package_add(&told, feed, "Package: firewall\nDepends: iptables", NULL, NULL);
	package_add(&told, feed, "Package: pinned\nDepends: kernel (=" PIN_A ")", NULL, NULL);
	package_add(&told, feed, "Package: by-provides\nDepends: virtual-a", NULL, NULL);
	package_add(&told, feed, "Package: lonely\nDepends: nobody-has", NULL, NULL);
	begin(&told);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (world_related(told.world, find(&told, wanted[i].name, NULL)) !=
		    wanted[i].related)
			fail_msg("%s: %d", wanted[i].name, !wanted[i].related);
	arena_free(&told.arena);
}

/* 4,000 packages, 190,000 imports. */
static void finds_the_exporter_among_many(void **state)
{
	enum { PACKAGES = 4000, IMPORTS = 48 };
	struct told told = {0};
	struct packages *feed = feed_add(&told);
	struct provider provider;
	size_t found = 0;

	(void)state;
	for (int i = 0; i < PACKAGES; i++)
		package_add(&told, feed,
			    arena_format(&told.arena,
					 "Package: kmod-%d\nDepends: kernel (=" PIN_A "), kmod-%d",
					 i, i / 2),
			    arena_format(&told.arena, "m%d", i),
			    arena_format(&told.arena, "symbol_%d", i));

	begin(&told);
	for (size_t i = 0; i < PACKAGES; i++)
		for (size_t k = 0; k < IMPORTS; k++) {
			char name[32];

			snprintf(name, sizeof name, "symbol_%zu", (i * IMPORTS + k) % PACKAGES);
			found += world_import(told.world, world_package(told.world, i),
					      module_of(world_package(told.world, i)), name,
					      &provider);
		}
	assert_int_equal(found, PACKAGES * IMPORTS);
	arena_free(&told.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_packages_in_order),
		cmocka_unit_test(exports_have_an_order),
		cmocka_unit_test(depends_chooses_the_exporter),
		cmocka_unit_test(kernel_abis_are_apart),
		cmocka_unit_test(unknown_kernel_abi_sees_all),
		cmocka_unit_test(other_kernel_abi_sees_none),
		cmocka_unit_test(needs_are_filled),
		cmocka_unit_test(a_manifest_stands_for_the_database),
		cmocka_unit_test(modules_and_twins),
		cmocka_unit_test(files_have_owners),
		cmocka_unit_test(relation_follows_needs),
		cmocka_unit_test(finds_the_exporter_among_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
