#pragma once

/*
 * Drives what the module of that name provides: its network device, file system, block or
 * character device, netlink family. Returns 0, or the errno of what did not work; a module
 * nobody knows how to drive works.
 */
int exercise(const char *module);

/* Creates a link of the kind, sends through it, removes it. 0 or an errno. */
int exercise_link(const char *kind);

/* A tun device: datagrams out, one packet in. 0 or an errno. */
int exercise_tun(void);

/* The netlink family of netfilter; with queue, a queue bound. 0 or an errno. */
int exercise_nfnetlink(int queue);
