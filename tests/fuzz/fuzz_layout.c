/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of layout rules and asks what it reads. */
#include "facts/compare/layout_rules.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	const struct layout_rules *rules = NULL;
	struct struct_changes changes = {0};
	struct error error = {0};

	if (!layout_rules_read(&arena, "fuzz", span_from(data, size), &rules, &error)) {
		if (!error.text[0])
			abort();
		return 0;
	}
	layout_changes(&arena, rules, "CONFIG_NF_CONNTRACK_MARK", NULL, "y", &changes);
	layout_changes(&arena, rules, "CONFIG_SMP", "y", NULL, &changes);
	layout_effects(&arena, rules);
	layout_exporter(&arena, rules, "nf_ct_get_tuplepr");
	layout_exposure(rules, "net", "nf_ct_get_tuplepr");
	return 0;
}
