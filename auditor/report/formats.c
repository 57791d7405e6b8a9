/* SPDX-License-Identifier: ISC */
#include "report/yaml/yaml_keys.h"

const struct report_format report_formats[] = {
	{"yaml", yaml_report_print, ledger_yaml_print},
	{"json", json_report_print, ledger_json_print},
	{"text", text_print, ledger_text_print},
	{"sarif", NULL, sarif_print},
	{"junit", NULL, junit_print},
	{"github", NULL, github_print},
	{"markdown", NULL, markdown_print},
	{NULL, NULL, NULL},
};
