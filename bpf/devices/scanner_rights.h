/* SPDX-License-Identifier: MIT */
#ifndef DEVICES_SCANNER_RIGHTS_H
#define DEVICES_SCANNER_RIGHTS_H

/* Gives up root's user, and the capabilities that looking at devices in every namespace does not take. */
void scanner_leave_root(void);

/*
 * Refuses the system calls that it does not take. CAP_SYS_ADMIN stays, with which a process can do nearly anything: this is what
 * keeps the scanner from it. A kernel without seccomp leaves it as it is.
 */
void scanner_confine(void);

#endif
