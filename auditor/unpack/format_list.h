/* SPDX-License-Identifier: ISC */
/* format_list - the container formats, one per line, in the order in which they are
 * tried. Wrappers come first, because the formats that they contain would be found in
 * them too. The scan, which searches everywhere, comes last. */
#ifndef KMODAUDIT_FORMAT_LIST_H
#define KMODAUDIT_FORMAT_LIST_H

/* F(name of its struct format) */
#define FORMATS(F)                                                                           \
	F(format_nand) /* a NAND dump with spare bytes between pages */                      \
	F(format_fwtool) /* trailers of OpenWrt's fwtool */                                  \
	F(format_uimage) /* U-Boot's legacy header */                                        \
	F(format_fit) /* flattened image tree */                                             \
	F(format_tplink) /* headers of TP-Link */                                            \
	F(format_ubnt) /* parts with names, of Ubiquiti */                                   \
	F(format_poray) /* obfuscated images of Poray, Nexx, Hame */                         \
	F(format_squashfs)                                                                   \
	F(format_cramfs)                                                                     \
	F(format_ubi)                                                                        \
	F(format_ubifs)                                                                      \
	F(format_jffs2)                                                                      \
	F(format_yaffs) /* a kernel alone in a yaffs2, as RouterBOOT boots it */             \
	F(format_iso) /* ISO 9660; it may begin with a boot sector */                        \
	F(format_package) /* ipk in tar.gz and ar, deb */                                    \
	F(format_apk) /* packages and indexes of apk-tools 3 */                              \
	F(format_pkg) /* packages of FreeBSD's pkg */                                        \
	F(format_archive) /* tar, cpio, zip, with any filter */                              \
	F(format_bsdlabel) /* its first partition may begin with it */                       \
	F(format_ufs) /* UFS1 and UFS2 */                                                    \
	F(format_ext) /* ext2, ext3, ext4 */                                                 \
	F(format_fat)                                                                        \
	F(format_program) /* a kernel or module of FreeBSD, kernels of its relatives */      \
	F(format_kernel) /* a kernel without a container: bzImage, zImage, Image, vmlinux */ \
	F(format_boards) /* headers of board makers; known but unread containers */          \
	F(format_disk) /* MBR, GPT */                                                        \
	F(format_compressed) /* a compressed stream with anything in it */                   \
	F(format_flash) /* a limited scan of other bytes for a kernel and a root file system */

#endif
