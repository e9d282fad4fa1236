// SPDX-License-Identifier: MIT
/*
 * Of libpcap, only the compiler of expressions is wanted. What captures packets hangs on these functions; as they are
 * here, the linker leaves the rest and the libraries that it wants (D-Bus, RDMA) out. Nothing calls them.
 */
#include <stddef.h>

#define NO_CAPTURE(name)     \
	void *name(void);    \
	void *name(void)     \
	{                    \
		return NULL; \
	}

NO_CAPTURE(pcap_create_interface)
NO_CAPTURE(pcap_findalldevs_interfaces)
NO_CAPTURE(pcap_platform_finddevs)
NO_CAPTURE(pcap_lib_version)
NO_CAPTURE(bt_create)
NO_CAPTURE(bt_findalldevs)
NO_CAPTURE(bt_monitor_create)
NO_CAPTURE(bt_monitor_findalldevs)
NO_CAPTURE(dbus_create)
NO_CAPTURE(dbus_findalldevs)
NO_CAPTURE(netfilter_create)
NO_CAPTURE(netfilter_findalldevs)
NO_CAPTURE(rdmasniff_create)
NO_CAPTURE(rdmasniff_findalldevs)
NO_CAPTURE(usb_create)
NO_CAPTURE(usb_findalldevs)
