/* SPDX-License-Identifier: ISC */
/* check_list - the checks of a package, one per line, in the order of the kernel's own checks,
 * then the proofs. Private to checks/. */
#ifndef KMODAUDIT_CHECK_LIST_H
#define KMODAUDIT_CHECK_LIST_H

/* C(name of the group, function with the type of check.run). From check_contradiction on, each
 * check uses the findings of those before it. */
#define CHECKS(C)                                   \
	C("readable", check_readable)               \
	C("trust", check_trust)                     \
	C("machine", check_machine)                 \
	C("architecture", check_architecture)       \
	C("directory", check_directory)             \
	C("place", check_place)                     \
	C("release", check_release)                 \
	C("this-module", check_this_module)         \
	C("foreign", check_foreign)                 \
	C("versions", check_versions)               \
	C("vermagic", check_vermagic)               \
	C("symbols", check_symbols)                 \
	C("loader", check_loader)                   \
	C("btf", check_btf)                         \
	C("namespace", check_namespace)             \
	C("taint", check_taint)                     \
	C("exports", check_exports)                 \
	C("module-depends", check_module_depends)   \
	C("package-depends", check_package_depends) \
	C("conflicts", check_conflicts)             \
	C("install-if", check_install_if)           \
	C("files", check_files)                     \
	C("autoload", check_autoload)               \
	C("layout", check_layout)                   \
	C("options", check_options)                 \
	C("abi", check_abi)                         \
	C("interface", check_interface)             \
	C("contradiction", check_contradiction)     \
	C("proof-symbols", check_proof_symbols)     \
	C("proof-identity", check_proof_identity)   \
	C("proof-config", check_proof_config)       \
	C("proof-hash", check_proof_hash)           \
	C("proof-declared", check_proof_declared)   \
	C("proof-twins", check_proof_twins)         \
	C("unread", check_unread)                   \
	C("installed", check_installed)

#endif
