/* SPDX-License-Identifier: ISC */
/* Tests which interface the kernel linker of FreeBSD takes: among what is loaded, in linker.hints
 * and by the name of a file. */
#include "facts/linker/linker_trial.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

enum { FILES_MOST = 6 };

/* A file of the image: where it is, and the interface "n" that it provides (0: none). */
struct placed {
	const char *path;
	int32_t version;
};

struct row {
	size_t directory;
	int32_t version;
	const char *file;
};

/* A table row: what is there, the DEPEND record on "n", and the answer. */
struct decision {
	const char *about;
	int32_t kernel[3]; /* versions that the kernel provides; 0: end */
	struct placed files[4];
	struct row rows[4]; /* of linker.hints; none at all: the directories have no hints */
	int32_t minimum, preferred, maximum;
	enum linker_result result;
	const char *path; /* of the file that is loaded; NULL: none, or the kernel */
	int32_t version; /* that is provided; 0: not said */
};

static const struct decision decisions[] = {
	{"the only version in range", {5}, {{0}}, {{0}}, 4, 4, 6, LINKER_FITS, NULL, 5},
	{"both ends of the range count", {6}, {{0}}, {{0}}, 6, 7, 8, LINKER_FITS, NULL, 6},
	{"below the range", {3}, {{0}}, {{0}}, 4, 4, 6, LINKER_VERSION, NULL, 3},
	{"above the range", {7}, {{0}}, {{0}}, 4, 4, 6, LINKER_VERSION, NULL, 7},
	{"the highest in range", {4, 6, 5}, {{0}}, {{0}}, 4, 9, 6, LINKER_FITS, NULL, 6},
	{"the preferred one at once", {6, 4}, {{0}}, {{0}}, 4, 4, 6, LINKER_FITS, NULL, 4},
	{"preferred outside of the range", {2}, {{0}}, {{0}}, 4, 2, 6, LINKER_FITS, NULL, 2},
	{"preferred with an empty range", {4}, {{0}}, {{0}}, 4, 4, 3, LINKER_FITS, NULL, 4},
	{"an empty range, another version", {5}, {{0}}, {{0}}, 4, 4, 3, LINKER_VERSION, NULL, 5},
	{"negative versions are signed", {-5}, {{0}}, {{0}}, -9, -9, 0, LINKER_FITS, NULL, -5},
	{"nothing has it", {0}, {{0}}, {{0}}, 1, 1, 1, LINKER_ABSENT, NULL, 0},
	{"a row of hints",
	 {0},
	 {{"k/a.ko", 1}},
	 {{0, 1, "a.ko"}},
	 1,
	 1,
	 1,
	 LINKER_FITS,
	 "k/a.ko",
	 1},
	{"what is loaded goes first",
	 {1},
	 {{"k/a.ko", 2}},
	 {{0, 2, "a.ko"}},
	 1,
	 2,
	 2,
	 LINKER_FITS,
	 NULL,
	 1},
	{"the preferred row before a higher one",
	 {0},
	 {{"k/a.ko", 3}, {"k/b.ko", 2}},
	 {{0, 3, "a.ko"}, {0, 2, "b.ko"}},
	 1,
	 2,
	 3,
	 LINKER_FITS,
	 "k/b.ko",
	 2},
	{"the highest row in range",
	 {0},
	 {{"k/a.ko", 2}, {"k/b.ko", 3}},
	 {{0, 2, "a.ko"}, {0, 3, "b.ko"}},
	 1,
	 9,
	 3,
	 LINKER_FITS,
	 "k/b.ko",
	 3},
	{"the first directory wins",
	 {0},
	 {{"k/a.ko", 1}, {"m/b.ko", 2}},
	 {{0, 1, "a.ko"}, {1, 2, "b.ko"}},
	 1,
	 2,
	 2,
	 LINKER_FITS,
	 "k/a.ko",
	 1},
	{"a negative row counts only if preferred",
	 {0},
	 {{"k/a.ko", -1}},
	 {{0, -1, "a.ko"}},
	 -2,
	 -2,
	 0,
	 LINKER_VERSION,
	 NULL,
	 -1},
	{"a preferred negative row",
	 {0},
	 {{"k/a.ko", -1}},
	 {{0, -1, "a.ko"}},
	 3,
	 -1,
	 4,
	 LINKER_FITS,
	 "k/a.ko",
	 -1},
	{"a row whose file is gone has no fallback",
	 {0},
	 {{"k/n.ko", 1}},
	 {{0, 1, "gone.ko"}},
	 1,
	 1,
	 1,
	 LINKER_GONE,
	 NULL,
	 0},
	{"after it the next directory is searched",
	 {0},
	 {{"m/b.ko", 1}},
	 {{0, 1, "gone.ko"}, {1, 1, "b.ko"}},
	 1,
	 1,
	 1,
	 LINKER_FITS,
	 "m/b.ko",
	 1},
	{"without a row that fits, the file of that name",
	 {0},
	 {{"k/n.ko", 1}},
	 {{0, 9, "z.ko"}},
	 1,
	 1,
	 1,
	 LINKER_FITS,
	 "k/n.ko",
	 1},
	{"the file of that name is checked when loaded",
	 {0},
	 {{"k/n.ko", 5}, {"m/b.ko", 1}},
	 {{0, 5, "n.ko"}, {1, 1, "b.ko"}},
	 1,
	 1,
	 1,
	 LINKER_VERSION,
	 "k/n.ko",
	 5},
	{"hints that lie about a version",
	 {0},
	 {{"k/a.ko", 5}},
	 {{0, 1, "a.ko"}},
	 1,
	 1,
	 1,
	 LINKER_VERSION,
	 "k/a.ko",
	 5},
	{"without hints by name", {0}, {{"m/n.ko", 1}}, {{0}}, 1, 1, 1, LINKER_FITS, "m/n.ko", 1},
};

struct scene {
	struct arena arena;
	struct image image;
	struct kld_boot boot;
	struct modules modules;
	struct linker_files files;
};

static enum sight sight(const void *context, const struct linker_file *file)
{
	(void)context;
	(void)file;
	return SIGHT_THERE;
}

static struct kld *kld_add(struct scene *scene, const char *path)
{
	struct kld *kld = arena_new(&scene->arena, struct kld);
	struct module *module = &scene->modules.list[scene->modules.count++];

	kld->set = KLD_SET_FOUND;
	kld->dynamic = true;
	*module = (struct module){
		.name = path, .path = path, .witness = path, .kld = kld, .loader = LOADER_FREEBSD};
	return kld;
}

static void boot_make(struct scene *scene, const struct decision *decision)
{
	struct kld_boot *boot = &scene->boot;

	boot->source = KLD_SOURCE_KERNEL;
	*array_add(&scene->arena, &boot->module_path) = "k";
	*array_add(&scene->arena, &boot->module_path) = "m";
	for (size_t i = 0; i < 3 && decision->kernel[i]; i++)
		*array_add(&scene->arena, &boot->interfaces) =
			(struct kld_version){"n", decision->kernel[i]};
	for (size_t i = 0; i < 2 && decision->rows[0].file; i++) {
		struct kld_hints *hints = array_add(&scene->arena, &boot->hints);

		hints->directory = boot->module_path.list[i];
		for (size_t j = 0; j < 4 && decision->rows[j].file; j++)
			if (decision->rows[j].directory == i)
				*array_add(&scene->arena, hints) = (struct kld_hint){
					HINT_VERSION, "n", decision->rows[j].version,
					decision->rows[j].file};
	}
	scene->image.loader = LOADER_FREEBSD;
	scene->image.boot = boot;
}

static void files_make(struct scene *scene, const struct decision *decision)
{
	struct kld *own;

	scene->modules.list = arena_get(&scene->arena, FILES_MOST * sizeof *scene->modules.list);
	own = kld_add(scene, "m/own.ko");
	*array_add(&scene->arena, &own->depends) =
		(struct kld_depend){"n", decision->minimum, decision->preferred, decision->maximum};
	for (size_t i = 0; i < 4 && decision->files[i].path; i++) {
		struct kld *kld = kld_add(scene, decision->files[i].path);

		*array_add(&scene->arena, &kld->versions) =
			(struct kld_version){"n", decision->files[i].version};
	}
	scene->image.modules = scene->modules;
	array_each(module, &scene->modules)
		*array_add(&scene->arena, &scene->files) = (struct linker_file){.module = module};
}

static void decide(const struct decision *decision)
{
	struct scene scene = {0};
	const struct linker_view view = {sight, NULL};
	size_t count;

	boot_make(&scene, decision);
	files_make(&scene, decision);
	const struct linker *linker = linker_new(&scene.arena, &scene.image, &scene.files);
	const struct linker_trial *trial =
		linker_try(&scene.arena, linker, &view, linker_based(linker, 1, "own.ko", &count));
	const struct linker_answer *answer = trial->answers.list;
	const char *path = answer->file ? answer->file->module->path : NULL;

	if (trial->answers.count != 1 || answer->result != decision->result)
		fail_msg("%s: result %d, not %d", decision->about, answer->result,
			 decision->result);
	if (decision->path && (!path || strcmp(path, decision->path) != 0))
		fail_msg("%s: %s, not %s", decision->about, path ? path : "no file",
			 decision->path);
	if (decision->version && answer->version != decision->version)
		fail_msg("%s: version %d", decision->about, answer->version);
	arena_free(&scene.arena);
}

static void test_decisions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++)
		decide(&decisions[i]);
}

/* A file that is found under another name than the interface, without hints, is not certain. */
static void test_without_hints(void **state)
{
	(void)state;
	struct scene scene = {0};
	const struct decision decision = {"no hints", {0}, {{"k/a.ko", 1}}, {{0}}, 1,
					  1,	      1,   LINKER_ABSENT,   NULL,  0};
	const struct linker_view view = {sight, NULL};
	size_t count;

	boot_make(&scene, &decision);
	files_make(&scene, &decision);
	const struct linker *linker = linker_new(&scene.arena, &scene.image, &scene.files);
	const struct linker_trial *trial =
		linker_try(&scene.arena, linker, &view, linker_based(linker, 1, "own.ko", &count));

	assert_false(trial->fails);
	assert_non_null(trial->unsure);
	arena_free(&scene.arena);
}

/* A chain of files is followed to a limit, and is not certain behind it. */
static void test_long_chain(void **state)
{
	(void)state;
	enum { LONG = 300 };
	struct scene scene = {0};
	const struct decision decision = {.about = "chain"};
	const struct linker_view view = {sight, NULL};
	size_t count;

	boot_make(&scene, &decision);
	scene.modules.list = arena_get(&scene.arena, LONG * sizeof *scene.modules.list);
	for (int i = 0; i < LONG; i++) {
		struct kld *kld = kld_add(&scene, arena_format(&scene.arena, "k/f%d.ko", i));

		*array_add(&scene.arena, &kld->versions) =
			(struct kld_version){arena_format(&scene.arena, "f%d", i), 1};
		*array_add(&scene.arena, &kld->depends) = (struct kld_depend){
			arena_format(&scene.arena, "f%d", (i + 1) % LONG), 1, 1, 1};
	}
	array_each(module, &scene.modules)
		*array_add(&scene.arena, &scene.files) = (struct linker_file){.module = module};
	const struct linker *linker = linker_new(&scene.arena, &scene.image, &scene.files);
	const struct linker_trial *trial =
		linker_try(&scene.arena, linker, &view, linker_based(linker, 0, "f0.ko", &count));

	assert_true(trial->fails || trial->unsure);
	arena_free(&scene.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decisions),
		cmocka_unit_test(test_without_hints),
		cmocka_unit_test(test_long_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
