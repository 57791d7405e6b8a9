/* SPDX-License-Identifier: ISC */
/* report - printers: verdicts -> a stream. They only print. */
#ifndef KMODAUDIT_REPORT_H
#define KMODAUDIT_REPORT_H

#include "base/quote.h"
#include "report/write/emit.h"
#include "report/ledger/ledger.h"

#include <stdio.h>

struct report_style {
	bool color;
	bool verbose; /* -v: every finding with its witnesses in the text format */
};

/* One way to print. A NULL printer: it is the same for one audit and for many, and is printed
 * from the ledger. */
struct report_format {
	const char *name; /* of --format and --report */
	bool (*print)(FILE *out, const struct verdicts *verdicts, const struct report_style *style,
		      struct error *error);
	bool (*print_ledger)(FILE *out, const struct ledger *ledger,
			     const struct report_style *style, struct error *error);
};

/* F(name, printer of one audit or NULL, printer of a ledger): a line each, in the order of
 * --help. */
#define REPORT_FORMAT_LIST(F)                           \
	F("yaml", yaml_report_print, ledger_yaml_print) \
	F("json", json_report_print, ledger_json_print) \
	F("text", text_print, ledger_text_print)        \
	F("sarif", NULL, sarif_print)                   \
	F("junit", NULL, junit_print)                   \
	F("github", NULL, github_print)                 \
	F("markdown", NULL, markdown_print)

#define DECLARE_LEDGER_PRINTER(name, one, many) \
	__typeof__(*((struct report_format *)0)->print_ledger) many;
REPORT_FORMAT_LIST(DECLARE_LEDGER_PRINTER)

extern const struct report_format report_formats[]; /* ends with a NULL name */

/* "yaml|json|...", as a constant for the tables of options */
#define REPORT_FORMAT_WORD(name, one, many) "|" name
#define REPORT_FORMATS (&REPORT_FORMAT_LIST(REPORT_FORMAT_WORD)[1])

/* yaml_*.c, also for `kmodaudit facts`: one document each, in either form. */
bool yaml_image(FILE *out, enum emit_form form, const struct image *image, struct error *error);
bool yaml_kernel(FILE *out, enum emit_form form, const struct kernel *kernel, struct error *error);
bool yaml_package(FILE *out, enum emit_form form, const struct package *package,
		  struct error *error);
bool yaml_module(FILE *out, enum emit_form form, const struct module *module, struct error *error);
bool yaml_config(FILE *out, enum emit_form form, const struct config *config, struct error *error);
bool yaml_config_difference(FILE *out, enum emit_form form, const struct comparison *comparison,
			    struct error *error);
bool yaml_feed(FILE *out, enum emit_form form, const struct feed *feed, struct error *error);
/* For `kmodaudit rules`: the policy and all rules, or ONLY that one; NULL: all. */
bool yaml_rules(FILE *out, enum emit_form form, const struct rules *rules, const struct rule *only,
		struct error *error);

#endif
