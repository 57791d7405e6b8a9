#include "commands/help.h"

const struct command command_table[] = {
	{"audit", "IMAGE FEED...", "Says which packages can safely be installed on an image",
	 "IMAGE is a firmware file, a kernel or a root directory. FEED is a directory of\n"
	 "packages, its Packages or packages.adb file, a package, a bare .ko file, or the\n"
	 "http(s) or file URL of any of these. Only for URLs the network is used. The\n"
	 "report goes to stdout. Everything is read as data; nothing is run.\n"
	 "\n"
	 "Exit status: 0 all safe or installed, 1 something unsafe, 2 nothing unsafe but\n"
	 "something unproven, 3 no answer (wrong usage, unreadable image, write error).\n",
	 audit_choices, command_audit},
	{"explain", "IMAGE FEED... [PACKAGE]", "Tells all that is known about one package",
	 "The verdict, the reasons with the bytes that show them, what to do, what the\n"
	 "package manager does, and which proofs of compatibility hold or why they do not.\n"
	 "IMAGE and FEED are those of audit. PACKAGE is a package's name or file; it can\n"
	 "be left out when FEED is a single package.\n"
	 "\n"
	 "Exit status: 0 safe or installed, 1 unsafe, 2 unproven, 3 no answer (no such\n"
	 "package, wrong usage, unreadable image).\n",
	 explain_choices, command_explain},
	{"gate", "PLAN", "Holds many feeds against many images, as a plan says",
	 "PLAN is a YAML file that names images and feeds, which go together, and what the\n"
	 "gate goes by: policy, waivers, earlier reports. With --init, IMAGE and FEED in\n"
	 "place of PLAN, it is written. The matrix of packages and images goes to stdout.\n"
	 "An image or feed that cannot be read fails its pairs; the others are judged.\n"
	 "\n"
	 "Exit status: the worst of all pairs: 3 no answer about some, 1 something unsafe,\n"
	 "2 something unproven, 0 all safe or installed.\n",
	 gate_choices, command_gate},
	{"merge", "REPORT...", "Joins the reports of all shards of a plan",
	 "REPORT is what `kmodaudit gate --shard I/N` wrote as YAML. The output is that of\n"
	 "one run, to the byte. A shard that is missing is an error.\n"
	 "\n"
	 "Exit status: as of gate.\n",
	 merge_choices, command_merge},
	{"diff", "OLD NEW", "Shows what changed between two reports",
	 "OLD and NEW are reports of `kmodaudit audit`, or of `kmodaudit gate`, as YAML or\n"
	 "JSON. Worse is: a package that became unproven or unsafe; a new package that is\n"
	 "either; a new error; an image or feed that can no longer be read. A package that\n"
	 "is gone is shown and is not worse. Waivers and baselines change nothing here.\n"
	 "\n"
	 "Exit status: 0 the same or better, 1 worse, 3 no answer.\n",
	 diff_choices, command_diff},
	{"convert", "REPORT", "Prints a saved report in another format",
	 "REPORT is a report of `kmodaudit audit` or `kmodaudit gate`, as YAML or JSON.\n"
	 "The output is what that run would have printed in that format. A report that was\n"
	 "cut short, or that contradicts itself, is refused.\n"
	 "\n"
	 "Exit status: 0 written, 3 no answer.\n",
	 convert_choices, command_convert},
	{"facts", "FILE...", "Says what each file says about itself",
	 "FILE is an image, a kernel, a package, a module, a kernel config or a Packages\n"
	 "file; its content decides. One YAML document for each goes to stdout.\n"
	 "\n"
	 "Exit status: 0 all read, 3 some could not be read.\n",
	 facts_choices, command_facts},
	{"symvers", "IMAGE|KERNEL", "Recovers Module.symvers from the kernel inside",
	 "Written in the kernel's own format, by name; the CRC is 0x00000000 where the\n"
	 "kernel has none.\n"
	 "\n"
	 "Exit status: 0 the whole table, 2 symbols may be missing, 3 none found.\n",
	 NULL, command_symvers},
	{"config", "A B", "Tells the difference of two kernel configs, B against A",
	 "A and B are configs, plain or gzip'd, or kernels, modules (configs.ko) or images\n"
	 "that carry one. The difference is split in =y, =m and values, as YAML, and each\n"
	 "line tells which structs of the kernel it changes, as far as rules know.\n"
	 "\n"
	 "Exit status: 0 compared, 3 one could not be read.\n",
	 config_choices, command_config},
	{"vermagic", "CONFIG", "Prints OpenWrt's md5 of a kernel config",
	 "This is the hash in `kernel (= ...)` and in the file names of a feed. OpenWrt\n"
	 "hashes .config.set of the kernel's build directory, before kconfig fills it in.\n"
	 "\n"
	 "Exit status: 0 printed, 3 CONFIG could not be read.\n",
	 NULL, command_vermagic},
	{"rules", "[ID]", "Lists what is checked, or tells all about one rule",
	 "The list has the rule's id, how much it weighs when it is broken, and its title;\n"
	 "then which proofs are accepted, and which options configs may differ in.\n"
	 "With ID: why it matters and what to do.\n",
	 rules_choices, command_rules},
	{"help", "[COMMAND]", "Prints help", "Without COMMAND: which commands there are.\n", help_choices,
	 command_help},
	{NULL, NULL, NULL, NULL, NULL, NULL},
};
