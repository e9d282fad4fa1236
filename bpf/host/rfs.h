/* SPDX-License-Identifier: MIT */
/* Whether Receive Flow Steering may choose CPUs on this host: net.core.rps_sock_flow_entries is above 0. */
#ifndef HOST_RFS_H
#define HOST_RFS_H

#include <stdbool.h>

/* Opens the setting, for rfs_may_choose(); it can be read again and again without any right. */
int rfs_open(void);

/* True also when that cannot be known, as in a container, where the setting does not show. */
bool rfs_may_choose(int fd);

#endif
