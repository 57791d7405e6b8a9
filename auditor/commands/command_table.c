/* SPDX-License-Identifier: ISC */
/* Lists the commands of the program with their synopsis, help text,
 * options and functions. */
#include "commands/command.h"

const struct command command_table[] = {
	{"audit", "IMAGE FEED...", "Checks which packages can safely be installed on an image",
	 "IMAGE is a firmware file, a kernel, a root directory, a URL, or - for standard\n"
	 "input. FEED is a directory of packages, its Packages or packages.adb file, a\n"
	 "package, a .ko file, or the http(s) or file URL of any of these. The network is\n"
	 "used only for URLs. The report is printed to stdout. Everything is read as data;\n"
	 "nothing is run.\n"
	 "\n"
	 "Exit status: 0 all safe or installed; 1 something unsafe; 2 nothing unsafe, but\n"
	 "something unproven; 3 no answer (wrong usage, unreadable image, write error).\n",
	 audit_choices, command_audit},
	{"explain", "IMAGE FEED... [PACKAGE]", "Explains the verdict about one package",
	 "The verdict, the reasons with the bytes that show them, what to do, what the\n"
	 "package manager does, and which proofs of compatibility hold or why they do not.\n"
	 "IMAGE and FEED are those of audit. PACKAGE is a package's name or file; it can\n"
	 "be left out when FEED is a single package.\n"
	 "\n"
	 "Exit status: 0 safe or installed, 1 unsafe, 2 unproven, 3 no answer (no such\n"
	 "package, wrong usage, unreadable image).\n",
	 explain_choices, command_explain},
	{"vet", "IMAGE FEED... -o DIR",
	 "Writes a feed of the safe packages, which opkg or apk installs",
	 "IMAGE and FEED are those of audit. DIR, a new folder, becomes a feed for exactly\n"
	 "this image: the packages that are safe and not installed, with all they need.\n"
	 "Their dependency on the kernel names the image's, and opkg or apk installs them\n"
	 "without force. DIR/report.yaml is the audit. A run that fails leaves nothing.\n"
	 "What the device needs is printed. Packages of apk-tools 2 are left out.\n"
	 "\n"
	 "Exit status: as for audit, and 1 if the feed lacks what --only names; DIR is\n"
	 "written when at least one package is safe and not installed.\n",
	 vet_choices, command_vet},
	{"gate", "PLAN", "Checks many feeds against many images, as a plan says",
	 "PLAN is a YAML file that lists images, feeds, the pairs to check, and the\n"
	 "policy, waivers and earlier reports to apply. --init IMAGE FEED... prints a new\n"
	 "plan. The matrix of packages and images is printed to stdout. An image or feed\n"
	 "that cannot be read fails its pairs; the other pairs are still checked. The key\n"
	 "reports of the plan names a folder, made where it is missing, for the reports of\n"
	 "the pairs.\n"
	 "\n"
	 "Exit status: the worst of all pairs: 3 some have no answer, 1 something unsafe,\n"
	 "2 something unproven, 0 all safe or installed.\n",
	 gate_choices, command_gate},
	{"merge", "REPORT...", "Combines the reports of all shards of a plan",
	 "REPORT is a YAML report of `kmodaudit gate --shard I/N`. The output is identical\n"
	 "to that of a single run. A missing shard is an error.\n"
	 "\n"
	 "Exit status: as for gate.\n",
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
	{"facts", "FILE...", "Prints what a file contains",
	 "FILE is an image, a kernel, a package, a module, a kernel config or a Packages\n"
	 "file; the content decides which. It can be a URL, or - for standard input. One\n"
	 "document for each is printed to stdout.\n"
	 "\n"
	 "Exit status: 0 all were read, 3 some could not be read.\n",
	 facts_choices, command_facts},
	{"symvers", "IMAGE|KERNEL", "Recovers Module.symvers from a kernel",
	 "The format is that of the kernel build, sorted by name; the CRC is 0x00000000\n"
	 "where the kernel has none. The argument can be a URL, or - for standard input.\n"
	 "\n"
	 "Exit status: 0 the table is complete, 2 symbols may be missing, 3 no table.\n",
	 reading_choices, command_symvers},
	{"abi", "IMAGE|FEED|HASH|FILE [B]", "Names the build behind an abi hash",
	 "The abi hash is the md5 by which OpenWrt names the kernel configuration of a\n"
	 "build, as in `kernel (= 6.6.73~a21259e4...-r1)`. The hashes of OpenWrt's\n"
	 "releases are built in, with the lines behind each of them. FILE is a set of\n"
	 "such lines or a .config.set. Of a feed, each hash that its packages name is\n"
	 "answered. With a second operand the difference of the lines is printed, with\n"
	 "what each changes.\n"
	 "\n"
	 "Exit status: 0 the build is known, or the two were compared; 2 not found; 3 no\n"
	 "answer (wrong usage, unreadable input, no hash in it).\n",
	 abi_choices, command_abi},
	{"config", "A B", "Compares two kernel configs",
	 "A and B are configs, plain or gzipped, or kernels, modules (configs.ko) or\n"
	 "images that contain one, or abi hashes; each can be a URL, and one - for\n"
	 "standard input. The differences from A to B are printed by kind (=y, =m,\n"
	 "value), each with the kernel structs that it changes, as far as the rules know\n"
	 "them.\n"
	 "\n"
	 "Exit status: 0 compared, 3 a config could not be read.\n",
	 config_choices, command_config},
	{"vermagic", "CONFIG", "Prints OpenWrt's md5 of a kernel config",
	 "This is the hash in `kernel (= ...)` and in the file names of a feed. OpenWrt\n"
	 "hashes .config.set in the kernel's build directory, before kconfig completes it.\n"
	 "CONFIG may also be such a hash, if its lines are known.\n"
	 "\n"
	 "Exit status: 0 printed, 3 CONFIG could not be read.\n",
	 reading_choices, command_vermagic},
	{"rules", "[ID]", "Lists the rules, or explains one of them",
	 "The list has the id, the level and the title of each rule, then the accepted\n"
	 "proofs and the options that configs may differ in. With ID: why the rule matters\n"
	 "and what to do. ID may also be a proof (identity), a verdict (unproven) or a\n"
	 "level (warning): what it means.\n",
	 rules_choices, command_rules},
	{"help", "[COMMAND]", "Prints help", "Without COMMAND: the list of commands.\n",
	 help_choices, command_help},
	{NULL, NULL, NULL, NULL, NULL, NULL},
};
