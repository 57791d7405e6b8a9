/* SPDX-License-Identifier: ISC */
/* Lists the report formats with the functions that print them, and ends a report. */
#include "report/report.h"

#include <errno.h>
#include <string.h>

#define FORMAT_ENTRY(name, one, many) {name, one, many},
const struct report_format report_formats[] = {REPORT_FORMAT_LIST(FORMAT_ENTRY){NULL, NULL, NULL}};

bool report_end(FILE *out, struct error *error)
{
	return (fflush(out) == 0 && !ferror(out)) ||
	       fail(error, "cannot write: %s", strerror(errno));
}
