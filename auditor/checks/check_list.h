/* SPDX-License-Identifier: ISC */
/* check_list - the checks of a package, one per line, in the order of the kernel's own
 * checks, then the proofs. Private to checks/. */
#ifndef KMODAUDIT_CHECK_LIST_H
#define KMODAUDIT_CHECK_LIST_H

/* C(name of the group, function with the type of check.run, the loaders that
 * it is for). From check_contradiction on, each check uses the findings of
 * those before it. */
#define CHECKS(C)                                            \
	C("readable", check_readable, ANY)                   \
	C("foreign-system", check_foreign_system, ANY)       \
	C("trust", check_trust, ANY)                         \
	C("machine", check_machine, ANY)                     \
	C("architecture", check_architecture, ANY)           \
	C("kld-load", check_kld_load, FREEBSD)               \
	C("kld-file", check_kld_file, FREEBSD)               \
	C("kld-records", check_kld_records, FREEBSD)         \
	C("kld-clash", check_kld_clash, FREEBSD)             \
	C("kld-kernel", check_kld_kernel, FREEBSD)           \
	C("kld-depends", check_kld_depends, FREEBSD)         \
	C("kld-symbol", check_kld_symbol, FREEBSD)           \
	C("kld-register", check_kld_register, FREEBSD)       \
	C("kld-hidden", check_kld_hidden, FREEBSD)           \
	C("kld-secure", check_kld_secure, FREEBSD)           \
	C("kld-breaks", check_kld_breaks, FREEBSD)           \
	C("directory", check_directory, LINUX)               \
	C("place", check_place, LINUX)                       \
	C("release", check_release, LINUX)                   \
	C("this-module", check_this_module, LINUX)           \
	C("foreign", check_foreign, LINUX)                   \
	C("versions", check_versions, LINUX)                 \
	C("vermagic", check_vermagic, LINUX)                 \
	C("symbols", check_symbols, LINUX)                   \
	C("orders", check_orders, LINUX)                     \
	C("panic", check_panic, LINUX)                       \
	C("loader", check_loader, LINUX)                     \
	C("btf", check_btf, LINUX)                           \
	C("namespace", check_namespace, LINUX)               \
	C("taint", check_taint, LINUX)                       \
	C("exports", check_exports, LINUX)                   \
	C("module-depends", check_module_depends, LINUX)     \
	C("suppliers", check_suppliers, LINUX)               \
	C("package-depends", check_package_depends, ANY)     \
	C("conflicts", check_conflicts, ANY)                 \
	C("install-if", check_install_if, ANY)               \
	C("files", check_files, ANY)                         \
	C("autoload", check_autoload, LINUX)                 \
	C("layout", check_layout, LINUX)                     \
	C("options", check_options, LINUX)                   \
	C("abi", check_abi, LINUX)                           \
	C("interface", check_interface, ANY)                 \
	C("contradiction", check_contradiction, LINUX)       \
	C("proof-symbols", check_proof_symbols, LINUX)       \
	C("proof-identity", check_proof_identity, LINUX)     \
	C("proof-osreldate", check_proof_osreldate, FREEBSD) \
	C("proof-config", check_proof_config, LINUX)         \
	C("proof-hash", check_proof_hash, LINUX)             \
	C("proof-declared", check_proof_declared, ANY)       \
	C("proof-twins", check_proof_twins, LINUX)           \
	C("demanded", check_demanded, LINUX)                 \
	C("unread", check_unread, ANY)                       \
	C("kernels", check_kernels, ANY)                     \
	C("installed", check_installed, ANY)

#endif
