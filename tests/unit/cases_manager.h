/* SPDX-License-Identifier: ISC */
/* What real opkg (opkg-lede of 2025) and apk-tools 3.0.6 did when asked to install kmod-x by
 * name: one rule of a manager in each row. */
#ifndef TESTS_CASES_MANAGER_H
#define TESTS_CASES_MANAGER_H

#define HASH "d2e0a589214daa7e43fd1bd18e88034c"
#define OTHER "475b00aecaf183823515937b3561a876"

/* The package kernel is installed as well. */
struct semantic {
	const char *title;
	const char *installed, *feed, *x; /* stanzas of opkg, or lines of apk's database */
	const char *world; /* of apk */
	enum answer answer;
};

static const struct semantic opkg_semantics[] = {
	{"<< equal", "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (<< 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"<< lower", "Package: foo\nVersion: 0.9\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (<< 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{">> equal", "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>> 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"< equal", "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (< 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"> equal", "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (> 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"= other revision", "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"= leading zero", "Package: foo\nVersion: 1.01\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (= 1.1)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{">= tilde", "Package: foo\nVersion: 1.0~rc1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{">= epoch", "Package: foo\nVersion: 1:0.5\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"provided, provider's version fits",
	 "Package: bar\nVersion: 2.0\nArchitecture: mipsel_24kc\nProvides: foo\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"provided, provider's version does not fit",
	 "Package: bar\nVersion: 2.0\nArchitecture: mipsel_24kc\nProvides: foo\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 3.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"Provides: foo (= 2.0), provider 0.5, >= 1.0",
	 "Package: bar\nVersion: 0.5\nArchitecture: mipsel_24kc\nProvides: foo (= 2.0)\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"Provides: foo (= 2.0), no version asked",
	 "Package: bar\nVersion: 0.5\nArchitecture: mipsel_24kc\nProvides: foo (= 2.0)\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"Provides: foo=1.2, no version asked",
	 "Package: bar\nVersion: 0.5\nArchitecture: mipsel_24kc\nProvides: foo=1.2\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"alternative", "Package: bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo | bar\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"no blank before (", "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo(>= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"no blank inside", "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>=1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"greedy *", "", "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo *\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"in the feed", "", "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"kmod missing everywhere", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), kmod-nowhere\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"missing everywhere", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), nowhere\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"in the feed, which needs what is missing", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: nowhere\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"in the feed for another kernel", "",
	 "Package: kmod-foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" OTHER ")\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), kmod-foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"in the feed of another architecture", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mips_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"installed too old, newer in the feed",
	 "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\n",
	 "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 2.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"installed too new, older in the feed",
	 "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n",
	 "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"recommends what is missing", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nRecommends: "
	 "nowhere\nDepends: kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"pre-depends on what is missing", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nPre-Depends: "
	 "nowhere\nDepends: kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"conflicts, installed", "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"conflicts, not installed", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"conflicts with a version that is not there",
	 "Package: foo\nVersion: 3.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo (<= "
	 "2.0)\nDepends: kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"conflicts << equal", "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo (<< "
	 "2.0)\nDepends: kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"conflicts with a provided name",
	 "Package: bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: virt\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"conflicts with itself by a provided name", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: virt\nProvides: "
	 "virt\nDepends: kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"installed one conflicts with it",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: kmod-x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"conflicts and replaces", "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nReplaces: "
	 "foo\nDepends: kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REPLACES},
	{"conflicts with what it needs", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"two that it needs conflict", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: bar\n\nPackage: "
	 "bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo, bar\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"file of another package",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nFiles: etc/x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/x etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"file of another package, same bytes",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nFiles: etc/x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/x etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"file of another package that it replaces",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nFiles: etc/x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nReplaces: foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/x etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"file of nobody", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/x etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"file of nobody, same bytes", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/x etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"file of what it needs", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nFiles: etc/x\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/x etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"architecture of another word", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_74kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"architecture all", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: all\nDepends: kernel (= 4.14.275-1-" HASH
	 ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"installed in the same version",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_KEEPS},
	{"installed older", "Package: kmod-x\nVersion: 0.9-1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"installed newer", "Package: kmod-x\nVersion: 1.1-1\nArchitecture: mipsel_24kc\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_KEEPS},
	{"installed in the same version, other kernel",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" OTHER ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_KEEPS},
	{"other kernel", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" OTHER ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"other kernel, the feed has its package", "",
	 "Package: kernel\nVersion: 4.14.275-1-" OTHER "\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" OTHER ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"newer kernel, the feed has its package", "",
	 "Package: kernel\nVersion: 4.14.276-1-" OTHER "\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.276-1-" OTHER ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REPLACES},
	{"two kernels by alternative", "", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" OTHER ") | kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"replaces a name that the owner of its file provides",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\nFiles: "
	 "etc/x\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nReplaces: virt\nFiles: etc/x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"replaces another version of the owner of its file",
	 "Package: foo\nVersion: 3.0-1\nArchitecture: mipsel_24kc\nFiles: etc/x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nReplaces: foo (<< 2.0)\nFiles: etc/x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"the owner of its file replaces it",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nReplaces: kmod-x\nFiles: "
	 "etc/x\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/x\n\n",
	 NULL, ANSWER_REFUSES},
	{"what it needs replaces it and has its file", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nReplaces: kmod-x\nFiles: "
	 "etc/x\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/x\n\n",
	 NULL, ANSWER_REFUSES},
	{"other kernel, and an installed one provides its name",
	 "Package: bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: kmod-x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" OTHER ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_KEEPS},
	{"an installed one provides its name",
	 "Package: bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: kmod-x\n\n", "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"needs a package whose newest version is for another kernel", "",
	 "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\nPackage: foo\nVersion: "
	 "2.0\nArchitecture: mipsel_24kc\nDepends: kernel (= 4.14.275-1-" OTHER ")\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"needs a package whose newest version needs what is missing", "",
	 "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\nPackage: foo\nVersion: "
	 "2.0\nArchitecture: mipsel_24kc\nDepends: nowhere\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"needs a package whose oldest version needs what is missing", "",
	 "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\nDepends: nowhere\n\nPackage: "
	 "foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"needs a version, and a newer one needs what is missing", "",
	 "Package: foo\nVersion: 1.0\nArchitecture: mipsel_24kc\n\nPackage: foo\nVersion: "
	 "2.0\nArchitecture: mipsel_24kc\nDepends: nowhere\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (= 1.0)\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"needs what needs a package whose newest version is broken", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: bar\n\nPackage: "
	 "bar\nVersion: 1.0\nArchitecture: mipsel_24kc\n\nPackage: bar\nVersion: "
	 "2.0\nArchitecture: mipsel_24kc\nDepends: nowhere\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"the first alternative needs what is missing", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: nowhere\n\nPackage: "
	 "bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo | bar\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"the first provider needs what is missing", "",
	 "Package: bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\nDepends: "
	 "nowhere\n\nPackage: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), virt\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"the last provider needs what is missing", "",
	 "Package: bar\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\n\nPackage: "
	 "foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\nDepends: nowhere\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), virt\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"the package of that name needs what is missing, a provider does not", "",
	 "Package: virt\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: nowhere\n\nPackage: "
	 "foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nProvides: virt\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), virt\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"an older one is installed, and the newest needs what is missing",
	 "Package: foo\nVersion: 0.5\nArchitecture: mipsel_24kc\n\n",
	 "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\nDepends: nowhere\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"the newer version that it needs gives up its file",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nFiles: etc/x\n\n",
	 "Package: foo\nVersion: 2.0\nArchitecture: mipsel_24kc\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo (>= 2.0)\nFiles: etc/x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"unpacked, not configured",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nStatus: install user "
	 "unpacked\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"half-installed",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nStatus: install user "
	 "half-installed\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"conflict, half-installed",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nStatus: install ok "
	 "half-installed\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_REFUSES},
	{"conflict, half-installed, not wanted",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nStatus: deinstall ok "
	 "half-installed\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"conflict, half-installed, replaced",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nStatus: install ok "
	 "half-installed\n\n",
	 "",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nConflicts: foo\nReplaces: "
	 "foo\nDepends: "
	 "kernel (= 4.14.275-1-" HASH ")\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
	{"cycle", "",
	 "Package: foo\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kmod-x\n\n",
	 "Package: kmod-x\nVersion: 1.0-1\nArchitecture: mipsel_24kc\nDepends: kernel (= "
	 "4.14.275-1-" HASH "), foo\nFiles: etc/kmod-x\n\n",
	 NULL, ANSWER_ACCEPTS},
};

static const struct semantic apk_semantics[] = {
	{"< equal", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo<1.0-r0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"<= equal", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo<=1.0-r0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"> equal", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>1.0-r0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"= without revision", "P:foo\nV:1.0-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo=1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"~ prefix", "P:foo\nV:1.2.5-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"~ not the prefix", "P:foo\nV:1.20-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"=~ prefix", "P:foo\nV:1.2.5-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo=~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{">~ above", "P:foo\nV:1.3-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{">~ within", "P:foo\nV:1.2.9-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{">~ below", "P:foo\nV:1.1-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"<~ below", "P:foo\nV:1.1-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo<~1.2\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"hash in the version", "P:foo\nV:1.0~abc123-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo=1.0~abc123-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"another hash", "P:foo\nV:1.0~abc123-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo=1.0~def456-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"provided without version, >= asked", "P:bar\nV:0.5-r0\nA:aarch64_cortex-a53\np:foo\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>=1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"provided without version, >= asked, the provider's own would fit",
	 "P:bar\nV:2.0-r0\nA:aarch64_cortex-a53\np:foo\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>=1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"provided without version, < asked, the provider's own would not fit",
	 "P:bar\nV:2.0-r0\nA:aarch64_cortex-a53\np:foo\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo<1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"provided without version, conflict with a version",
	 "P:bar\nV:2.0-r0\nA:aarch64_cortex-a53\np:foo\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 !foo>=1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"provided without version, none asked", "P:bar\nV:0.5-r0\nA:aarch64_cortex-a53\np:foo\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"provided with version that fits", "P:bar\nV:0.5-r0\nA:aarch64_cortex-a53\np:foo=2.0\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>=1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"provided with version that does not fit",
	 "P:bar\nV:2.0-r0\nA:aarch64_cortex-a53\np:foo=0.5\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>=1.0\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"provides what an installed one provides, with versions",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt=1\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\np:virt=2\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"provides the name of an installed one, with version",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\np:bar=2\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REPLACES},
	{"provides what an installed one provides, without version",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\np:virt\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"in the feed", "", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"only provided in the feed", "", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"only provided in the feed, with version", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt=1\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"kmod missing everywhere", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 kmod-nowhere\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"missing everywhere", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 nowhere\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"in the feed, which needs what is missing", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:nowhere\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"installed too old, newer in the feed", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:2.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo>=2.0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REPLACES},
	{"installed too new, older in the feed", "P:foo\nV:2.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo=1.0-r0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REPLACES},
	{"conflicts, installed and wanted", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 !foo\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"conflicts, installed as a dependency",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\nD:foo\n\nP:foo\nV:1.0-r0\nA:aarch64_cortex-"
	 "a53\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 !foo\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"conflicts with a version that is not there", "P:foo\nV:3.0-r0\nA:aarch64_cortex-a53\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 !foo<2.0\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"conflicts with a provided name", "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 !virt\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"installed one conflicts with it", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:!kmod-x\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_REFUSES},
	{"two that it needs conflict", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:!bar\n\nP:bar\nV:1.0-r0\nA:aarch64_cortex-"
	 "a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo bar\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"file of another package", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:x\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_BREAKS},
	{"file of another package, same bytes",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:x\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_BREAKS},
	{"file of another package that it replaces",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nr:foo\nF:usr\nR:x\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"file of another package of the same origin",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\no:one\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\no:one\nF:usr\nR:x\nR:kmod-x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"file of nobody", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:x\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"file of what it needs", "", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nF:usr\nR:x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:x\nR:kmod-x\n\n",
	 "kernel", ANSWER_BREAKS},
	{"architecture of another word", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_generic\nD:kernel=6.6.86~" HASH "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"architecture noarch", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:noarch\nD:kernel=6.6.86~" HASH "-r1\nF:usr\nR:kmod-x\n\n", "kernel",
	 ANSWER_ACCEPTS},
	{"installed in the same version",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH "-r1\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel kmod-x", ANSWER_KEEPS},
	{"installed older", "P:kmod-x\nV:0.9-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel kmod-x", ANSWER_KEEPS},
	{"installed newer", "P:kmod-x\nV:1.1-r1\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel kmod-x", ANSWER_KEEPS},
	{"other kernel", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"other kernel, the feed has its package", "",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REPLACES},
	{"other kernel, the feed has its package, world pins kernel", "",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel=6.6.86~" HASH "-r1", ANSWER_REFUSES},
	{"other kernel, the feed has its package, world pins kernel~release", "",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel~6.6.86", ANSWER_REPLACES},
	{"other kernel, the feed has its package, world has kernel><checksum", "",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel><Q1kernel", ANSWER_REFUSES},
	{"other kernel, the feed has all",
	 "P:kmod-y\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH "-r1\n\n",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\nP:kmod-y\nV:1.0-r1\nA:aarch64_"
	 "cortex-a53\nD:kernel=6.6.86~" OTHER "-r1\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel kmod-y", ANSWER_REPLACES},
	{"other kernel, the feed lacks a wanted kmod",
	 "P:kmod-y\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH "-r1\n\n",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel kmod-y", ANSWER_REFUSES},
	{"other kernel, the feed lacks a kmod that nobody wants",
	 "P:kmod-y\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH "-r1\n\n",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REPLACES},
	{"other kernel, the feed provides a wanted kmod's name",
	 "P:kmod-y\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH "-r1\n\n",
	 "P:kernel\nV:6.6.86~" OTHER "-r1\nA:aarch64_cortex-a53\n\nP:kmod-z\nV:1.0-r1\nA:aarch64_"
	 "cortex-a53\nD:kernel=6.6.86~" OTHER "-r1\np:kmod-y\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel kmod-y", ANSWER_REFUSES},
	{"a package of the installed kernel is in no world, another is asked for",
	 "P:kmod-y\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH "-r1\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REPLACES},
	{"needs a name that two provide, one with higher priority", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\nk:100\n\nP:bar\nV:1.0-r0\nA:aarch64_"
	 "cortex-a53\np:virt\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"default variant: needs a virtual name of a package with priority", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\nk:100\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"install-if comes along", "", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"install-if of another kernel", "",
	 "P:kmod-foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER "-r1\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"install-if conflicts with an installed one", "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:!bar\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"install-if of another kernel, which waits for the kernel", "",
	 "P:kmod-foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER
	 "-r1\ni:kernel kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"install-if needs what is missing", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\nD:nowhere\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"install-if needs a newer one", "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\nD:bar>=2.0\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REFUSES},
	{"install-if needs a newer one than it waits for",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x bar\nD:bar>=2.0\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"install-if conflicts with what it waits for", "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x bar\nD:!bar\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"an installed one conflicts with install-if",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\nD:!foo\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"it conflicts with install-if", "", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 !foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"what it needs conflicts with install-if", "",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\nD:!foo\n\nP:foo\nV:1.0-r0\nA:aarch64_cortex-"
	 "a53\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 bar\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"install-if conflicts with what it needs", "",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\nP:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-"
	 "x\nD:!bar\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 bar\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"an installed one provides the name of install-if",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\np:foo=2\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"install-if provides what an installed one provides, with versions",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt=2\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\np:virt=1\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_ACCEPTS},
	{"install-if provides the name of an installed one",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\ni:kmod-x\np:bar\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REPLACES},
	{"provides the name of an installed one, without version",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\np:bar\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_REPLACES},
	{"an installed one provides its name",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\np:kmod-x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nF:usr\nR:kmod-x\n\n",
	 "kernel bar", ANSWER_KEEPS},
	{"provides what another needs in a version",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\nP:baz\nV:1.0-r0\nA:aarch64_cortex-a53\nD:bar>=1."
	 "0\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\np:bar\nF:usr\nR:kmod-x\n\n",
	 "kernel bar baz", ANSWER_REFUSES},
	{"provides what another needs, with a version that fits",
	 "P:bar\nV:1.0-r0\nA:aarch64_cortex-a53\n\nP:baz\nV:1.0-r0\nA:aarch64_cortex-a53\nD:bar<3."
	 "0\n\n",
	 "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\np:bar=2\nF:usr\nR:kmod-x\n\n",
	 "kernel bar baz", ANSWER_REPLACES},
	{"replaces another version of the owner of its file",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nr:foo<1.0\nF:usr\nR:x\n\n",
	 "kernel foo", ANSWER_BREAKS},
	{"replaces this version of the owner of its file",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nr:foo<2.0\nF:usr\nR:x\n\n",
	 "kernel foo", ANSWER_ACCEPTS},
	{"replaces a name that the owner of its file provides",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\nF:usr\nR:x\n\n", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1\nr:virt\nF:usr\nR:x\n\n",
	 "kernel foo", ANSWER_BREAKS},
	{"needs a package whose newest version is for another kernel", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\nP:foo\nV:2.0-r0\nA:aarch64_cortex-a53\nD:kernel="
	 "6.6.86~" OTHER "-r1\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"needs a package whose newest version is for another kernel that is in the feed", "",
	 "P:kernel\nV:6.6.86~" OTHER
	 "-r1\nA:aarch64_cortex-a53\n\nP:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\nP:foo\nV:2.0-r0\nA:"
	 "aarch64_cortex-a53\nD:kernel=6.6.86~" OTHER "-r1\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"needs a package whose newest version needs what is missing", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\n\nP:foo\nV:2.0-r0\nA:aarch64_cortex-a53\nD:"
	 "nowhere\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"needs what two provide, the one with priority is broken", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt\nk:100\nD:nowhere\n\nP:bar\nV:1.0-r0\nA:"
	 "aarch64_cortex-a53\np:virt\nk:10\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_REFUSES},
	{"needs what two provide, the newest conflicts with it", "",
	 "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\np:virt=2\nD:!kmod-x\n\nP:bar\nV:1.0-r0\nA:aarch64_"
	 "cortex-a53\np:virt=1\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"needs a name that is provided in a newer version", "",
	 "P:virt\nV:1.0-r0\nA:aarch64_cortex-a53\nD:!kmod-x\n\nP:bar\nV:1.0-r0\nA:aarch64_cortex-"
	 "a53\np:virt=2\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 virt\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"cycle", "", "P:foo\nV:1.0-r0\nA:aarch64_cortex-a53\nD:kmod-x\n\n",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 foo\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
	{"needs a kernel, no pin in version", "", "",
	 "P:kmod-x\nV:1.0-r1\nA:aarch64_cortex-a53\nD:kernel=6.6.86~" HASH
	 "-r1 kernel>=6.6\nF:usr\nR:kmod-x\n\n",
	 "kernel", ANSWER_ACCEPTS},
};

#endif
