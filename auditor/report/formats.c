#include "report/yaml_keys.h"

const struct report_format report_formats[] = {
	{"yaml", yaml_report_print, NULL},
	{"text", text_print, NULL},
	{NULL, NULL, NULL},
};
