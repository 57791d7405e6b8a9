// SPDX-License-Identifier: GPL-2.0
/*
 * A witness inside the running kernel: members that the kernel's code wrote are read with the
 * offsets this module was compiled with. A module may well load and unload with foreign
 * offsets; this one tells.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/sock.h>

/* An skb or device that reads wrong is leaked: freeing it through a foreign layout would crash. */
static bool skb_agrees(void)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);

	if (!skb)
		return false;
	skb_put(skb, 10);
	if (skb->len != 10 || skb->data != skb->head)
		return false;
	kfree_skb(skb);
	return true;
}

static bool device_agrees(void)
{
	struct net_device *device = alloc_etherdev(0);

	if (!device)
		return false;
	if (device->mtu != 1500 || device->type != ARPHRD_ETHER || device->addr_len != ETH_ALEN)
		return false;
	free_netdev(device);
	return true;
}

static bool net_agrees(void)
{
	return &init_net == dev_net(init_net.loopback_dev);
}

static int __init probe_init(void)
{
	bool skb = skb_agrees(), device = device_agrees(), net = net_agrees();

	pr_info("probe: module=%zu sk_buff=%zu net_device=%zu net=%zu sock=%zu task=%zu\n",
		sizeof(struct module), sizeof(struct sk_buff), sizeof(struct net_device),
		sizeof(struct net), sizeof(struct sock), sizeof(struct task_struct));
	pr_info("probe: layout=%s skb=%d device=%d net=%d\n",
		skb && device && net ? "agrees" : "differs", skb, device, net);
	return 0;
}

static void __exit probe_exit(void)
{
	pr_info("probe: bye\n");
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("compares compiled-in offsets with the running kernel");
