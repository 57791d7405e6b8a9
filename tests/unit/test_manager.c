/* SPDX-License-Identifier: ISC */
/* Tests that the simulations of opkg and apk give the answers that the real programs gave in
 * recorded cases. */
#include "checks/package/manager.h"
#include "checks/check.h"
#include "facts/package/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/cases_manager.h"

#define KERNEL_OPKG "4.14.275-1-" HASH
#define KERNEL_APK "6.6.86~" HASH "-r1"

static struct arena arena;

static int forget(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static bool is_there(const struct package *package)
{
	return !package->status || strstr(package->status, " installed") ||
	       strstr(package->status, " unpacked");
}

static void files_add(const struct stanza *stanza, struct package *package)
{
	const char *files = stanza_get(stanza, "Files");
	struct span rest = span_text(files ? files : ""), token;

	while (span_token(&rest, &token))
		*array_add(&arena, &package->files) = arena_string(&arena, token);
}

static void stanzas_add(const char *text, enum package_origin origin, struct packages *packages,
			struct packages *wanted)
{
	struct span rest = span_text(text);
	struct stanza stanza;
	size_t line = 1, bad = 0;

	while (stanza_read(&arena, &rest, &line, &stanza, &bad)) {
		struct package package = {.origin = origin};

		assert_true(package_from_stanza(&arena, &stanza, "told", &package));
		files_add(&stanza, &package);
		package.file = arena_format(&arena, "%s.ipk", package.name);
		if (origin != PACKAGE_INSTALLED || is_there(&package))
			*array_add(&arena, packages) = package;
		else if (strncmp(package.status, "install ", 8) == 0)
			*array_add(&arena, wanted) = package;
	}
}

static void listing_add(const char *text, enum package_origin origin, struct packages *packages,
			struct packages *wanted)
{
	(void)wanted;
	struct span rest = span_text(text);
	struct package package;
	size_t line = 1, bad = 0;

	while (apk_package_next(&arena, &rest, &line, "told", &package, &bad)) {
		package.origin = origin;
		package.file = arena_format(&arena, "%s.apk", package.name);
		*array_add(&arena, packages) = package;
	}
}

static struct answering ask(const struct semantic *semantic, bool apk)
{
	struct image *image = arena_new(&arena, struct image);
	struct feeds *feeds = arena_new(&arena, struct feeds);
	struct feed *feed = array_add(&arena, feeds);
	void (*add)(const char *, enum package_origin, struct packages *, struct packages *) =
		apk ? listing_add : stanzas_add;
	struct span rest = span_text(semantic->world ? semantic->world : ""), token;

	image->source = "told";
	image->database_known = true;
	add(apk ? "P:kernel\nV:" KERNEL_APK "\nA:aarch64_cortex-a53\nC:Q1kernel\n\n"
		: "Package: kernel\nVersion: " KERNEL_OPKG "\nArchitecture: mipsel_24kc\n\n",
	    PACKAGE_INSTALLED, &image->packages, &image->wanted);
	image->abi = abi_read(&arena, apk ? KERNEL_APK : KERNEL_OPKG, "told");
	add(semantic->installed, PACKAGE_INSTALLED, &image->packages, &image->wanted);
	while (span_token(&rest, &token))
		*array_add(&arena, &image->apk_world) = arena_string(&arena, token);
	feed->source = "feed";
	add(semantic->feed, PACKAGE_FILE, &feed->packages, NULL);
	add(semantic->x, PACKAGE_FILE, &feed->packages, NULL);

	const struct world *world = world_new(&arena, image, feeds, NULL, NULL);
	const struct states *states = states_new(&arena, world);
	const struct package *x = &feed->packages.list[feed->packages.count - 1];
	return apk ? apk_answers(&arena, states, x) : opkg_answers(&arena, states, x);
}

static void all_answer(const struct semantic *list, size_t count, bool apk)
{
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		struct answering answering = ask(&list[i], apk);

		if (answering.answer == list[i].answer)
			continue;
		print_error("%s: %s: answer %d, the real one gave %d: %s\n", apk ? "apk" : "opkg",
			    list[i].title, (int)answering.answer, (int)list[i].answer,
			    answering.text ? answering.text : "");
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void as_opkg_does(void **state)
{
	(void)state;
	all_answer(opkg_semantics, sizeof opkg_semantics / sizeof *opkg_semantics, false);
}

static void as_apk_does(void **state)
{
	(void)state;
	all_answer(apk_semantics, sizeof apk_semantics / sizeof *apk_semantics, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(as_opkg_does, forget),
		cmocka_unit_test_teardown(as_apk_does, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
