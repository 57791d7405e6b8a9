/* SPDX-License-Identifier: ISC */
/* report - the printers, which write verdicts or a ledger to a stream. */
#ifndef KMODAUDIT_REPORT_H
#define KMODAUDIT_REPORT_H

#include "base/quote.h"
#include "report/write/emit.h"
#include "report/ledger/ledger.h"

#include <stdio.h>

struct report_style {
	bool color;
	bool verbose; /* -v: the text format prints every finding with its witnesses */
};

/* An output format. If PRINT is NULL, a single audit is printed from its
 * ledger as well. */
struct report_format {
	const char *name; /* the value of --format and --report */
	bool (*print)(FILE *out, const struct verdicts *verdicts, const struct report_style *style,
		      struct error *error);
	bool (*print_ledger)(FILE *out, const struct ledger *ledger,
			     const struct report_style *style, struct error *error);
};

/* F(name, printer of one audit or NULL, printer of a ledger): one line per format, in
 * the order of --help. */
#define REPORT_FORMAT_LIST(F)                           \
	F("yaml", yaml_report_print, ledger_yaml_print) \
	F("json", json_report_print, ledger_json_print) \
	F("text", text_print, ledger_text_print)        \
	F("sarif", NULL, sarif_print)                   \
	F("junit", NULL, junit_print)                   \
	F("github", NULL, github_print)                 \
	F("markdown", NULL, markdown_print)             \
	F("html", NULL, html_print)

#define DECLARE_LEDGER_PRINTER(name, one, many) \
	__typeof__(*((struct report_format *)0)->print_ledger) many;
REPORT_FORMAT_LIST(DECLARE_LEDGER_PRINTER)
__typeof__(*((struct report_format *)0)->print) yaml_report_print, json_report_print, text_print;

extern const struct report_format report_formats[]; /* ends with a NULL name */
/* For the printers: flushes OUT. False if something could not be written. */
bool report_end(FILE *out, struct error *error);

/* "yaml|json|...", as a constant for the tables of options */
#define REPORT_FORMAT_WORD(name, one, many) "|" name
#define REPORT_FORMATS (&REPORT_FORMAT_LIST(REPORT_FORMAT_WORD)[1])

/* yaml_*.c, also used by `kmodaudit facts`: each prints one document, as
 * YAML or JSON. */
bool yaml_image(FILE *out, enum emit_form form, const struct image *image, struct error *error);
bool yaml_kernel(FILE *out, enum emit_form form, const struct kernel *kernel, struct error *error);
bool yaml_package(FILE *out, enum emit_form form, const struct package *package,
		  struct error *error);
bool yaml_module(FILE *out, enum emit_form form, const struct module *module, struct error *error);
bool yaml_config(FILE *out, enum emit_form form, const struct config *config, struct error *error);
bool yaml_config_difference(FILE *out, enum emit_form form, const struct comparison *comparison,
			    struct error *error);
bool yaml_feed(FILE *out, enum emit_form form, const struct feed *feed, struct error *error);
/* For `kmodaudit rules`: prints the policy and all rules, or only ONLY if it
 * is not NULL. */
bool yaml_rules(FILE *out, enum emit_form form, const struct rules *rules, const struct rule *only,
		struct error *error);

#endif
