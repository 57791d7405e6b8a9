/* SPDX-License-Identifier: ISC */
/* Lists the report formats with the functions that print them. */
#include "report/yaml/yaml_keys.h"

#define FORMAT_ENTRY(name, one, many) {name, one, many},
const struct report_format report_formats[] = {REPORT_FORMAT_LIST(FORMAT_ENTRY){NULL, NULL, NULL}};
