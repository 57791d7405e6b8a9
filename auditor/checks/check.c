/* SPDX-License-Identifier: ISC */
/* Lists all checks in the order in which they run on a package, and all finding ids;
 * appends, completes and orders findings. */
#include "checks/checks.h"
#include "base/text.h"

#include <string.h>

const char *const proof_name[PROOF_COUNT] = {
	[PROOF_SYMBOL_CRCS] = "symbol-crcs", [PROOF_IDENTITY] = "identity",
	[PROOF_OSRELDATE] = "osreldate",     [PROOF_OSRELDATE_BRANCH] = "osreldate-branch",
	[PROOF_CONFIG_CORE] = "config-core", [PROOF_CONFIG_HASH] = "config-hash",
	[PROOF_DECLARED] = "declared",	     [PROOF_TWINS] = "twins",
};

#define LINUX (1U << LOADER_LINUX)
#define FREEBSD (1U << LOADER_FREEBSD)
#define ANY (LINUX | FREEBSD)
#define CHECK_ENTRY(name, function, loaders) {name, function, loaders},
const struct check check_table[] = {CHECKS(CHECK_ENTRY){NULL, NULL, 0}};

void check_package(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	unsigned loader = 1U << world_image(world)->loader;

	for (const struct check *check = check_table; check->name; check++)
		if (check->loaders & loader)
			check->run(world, package, examination);
}

struct finding *finding_add(struct arena *arena, struct findings *findings, const char *id,
			    enum outcome outcome, const char *module, const char *subject)
{
	struct finding *finding = array_add(arena, findings);

	finding->id = id;
	finding->outcome = outcome;
	finding->module = module;
	finding->subject = subject;
	return finding;
}

struct finding *examine(struct examination *examination, const char *id, enum outcome outcome,
			const char *module, const char *subject)
{
	return finding_add(examination->arena, &examination->findings, id, outcome, module,
			   subject);
}

struct finding *examine_folded(struct examination *examination, struct fold *fold, const char *id,
			       enum outcome outcome, const char *module, const char *subject)
{
	if (fold->met++ >= FOLD_MOST) {
		examination->findings.list[fold->last].more++;
		return NULL;
	}
	fold->last = examination->findings.count;
	return examine(examination, id, outcome, module, subject);
}

void finding_show(struct finding *finding, const char *expected, const char *expected_witness,
		  const char *found, const char *found_witness)
{
	finding->expected = expected;
	finding->found = found;
	finding->witness[0] = expected_witness;
	finding->witness[1] = found_witness;
}

bool examination_has(const struct examination *examination, const char *id, enum outcome outcome,
		     const char *module)
{
	return array_any(finding, &examination->findings,
			 finding->outcome == outcome && strcmp(finding->id, id) == 0 &&
				 (!module || text_same(finding->module, module)));
}

static int text_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

int finding_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = text_compare(x->module, y->module);

	if (order == 0)
		order = strcmp(x->id, y->id);
	if (order == 0)
		order = text_compare(x->subject, y->subject);
	if (order == 0)
		order = text_compare(x->text, y->text);
	if (order == 0)
		order = text_compare(x->found, y->found);
	if (order == 0)
		order = text_compare(x->witness[0], y->witness[0]);
	return order ? order : text_compare(x->witness[1], y->witness[1]);
}
