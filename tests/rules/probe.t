#!/usr/bin/python3
"""Checks rules with the compiler: compiles a probe against Linux 6.1 with an option off and =m, and compares the structs. Needs
KMODAUDIT_SLOW=1 and Debian's linux-source-6.1 (or KMODAUDIT_TREE: that tree unpacked). Nothing is run: the numbers are the sizes
of symbols in the object."""
import os
import re
import subprocess
import sys
import tempfile

ARCHIVE = '/usr/src/linux-source-6.1.tar.xz'
RULES = os.path.join(os.path.dirname(os.path.realpath(__file__)), '../../rules/kernel/6.1.yaml')
BASE = '''CONFIG_64BIT=y
CONFIG_MODULES=y
CONFIG_NET=y
CONFIG_INET=y
CONFIG_NETFILTER=y
CONFIG_NETFILTER_ADVANCED=y
CONFIG_USB_SUPPORT=y
CONFIG_USB=y
CONFIG_DEBUG_FS=y
'''
# option -> structs that the rule names
CASES = {
    'NF_CONNTRACK': {'sk_buff', 'net'},
    'VLAN_8021Q': {'net_device'},
    'USB_MON': {'usb_bus'},
}
PROBE = '''#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <linux/usb.h>
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#define SIZE(s) char size_##s[sizeof(struct s)]
#define AT(s, m) char at_##s##_##m[offsetof(struct s, m) + 1]
SIZE(sk_buff); AT(sk_buff, headers); AT(sk_buff, head); AT(sk_buff, users);
SIZE(net); AT(net, net_cookie); AT(net, diag_nlsk);
SIZE(net_device); AT(net_device, ip_ptr); AT(net_device, _rx); AT(net_device, dev);
SIZE(usb_bus); AT(usb_bus, bandwidth_isoc_reqs); AT(usb_bus, resuming_ports);
SIZE(sock); AT(sock, sk_socket);
SIZE(inode); AT(inode, i_private);
SIZE(gendisk); AT(gendisk, part0);
SIZE(task_struct); AT(task_struct, comm);
SIZE(module); AT(module, list);
'''


def run(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode:
        print('Bail out! %s: %s' % (' '.join(command), done.stdout[-1500:].replace('\n', ' | ')))
        sys.exit(1)
    return done.stdout


def measure(tree, scratch, extra):
    """symbol -> size, for the base config and EXTRA."""
    build, probe = os.path.join(scratch, 'build'), os.path.join(scratch, 'probe')
    fragment = os.path.join(scratch, 'fragment')
    os.makedirs(probe, exist_ok=True)
    open(fragment, 'w').write(BASE + extra)
    open(os.path.join(probe, 'probe.c'), 'w').write(PROBE)
    open(os.path.join(probe, 'Kbuild'), 'w').write('obj-m := probe.o\n')
    make = ['nice', '-n', '10', 'make', '-s', '-j1', '-C', tree, 'O=' + build, 'ARCH=x86_64']
    run(*make, 'KCONFIG_ALLCONFIG=' + fragment, 'allnoconfig')
    run(*make, 'prepare')
    run('rm', '-f', os.path.join(probe, 'probe.o'))
    run(*make, 'M=' + probe, 'probe.o')
    config = open(os.path.join(build, '.config')).read()
    for line in (BASE + extra).split():
        if line not in config:
            print('Bail out! the config would not take ' + line)
            sys.exit(1)
    rows = re.findall(r'^\w+ (\w+) \w ((?:size|at)_\w+)$', run('nm', '-S', os.path.join(probe, 'probe.o')), re.M)
    return {name: int(size, 16) for size, name in rows}, config


def lines(config):
    return set(re.findall(r'^CONFIG_\w+=.*', config, re.M))


def section(option):
    """The structs that the shipped rule names for OPTION."""
    text = open(RULES).read().split('\nlayout:\n')[1].split('\nconstants:')[0]
    match = re.search(r'^  "?%s"?:\n((?:    .*\n)+)' % option, text, re.M)
    return set(re.findall(r'^    (\w+):', match.group(1), re.M)) if match else set()


def main():
    tree = os.environ.get('KMODAUDIT_TREE')
    if os.environ.get('KMODAUDIT_SLOW') != '1' or not (tree or os.path.exists(ARCHIVE)):
        print('1..0 # SKIP needs KMODAUDIT_SLOW=1 and linux-source-6.1')
        return
    with tempfile.TemporaryDirectory() as scratch:
        if not tree:
            tree = os.path.join(scratch, 'tree')
            os.mkdir(tree)
            run('tar', '-xJf', ARCHIVE, '-C', tree, '--strip-components=1')
        before, config = measure(tree, scratch, '')
        print('1..%d' % (3 * len(CASES)))
        number = 0
        for option, structs in CASES.items():
            after, changed = measure(tree, scratch, 'CONFIG_%s=m\n' % option)
            moved = {re.match(r'(?:size|at)_(sk_buff|net_device|net|usb_bus|[a-z]+(?:_struct)?)', n).group(1)
                     for n in before if before[n] != after[n]}
            for name in sorted(n for n in before if before[n] != after[n]):
                print('# %s=m: %s %d -> %d' % (option, name, before[name], after[name]))
            added = lines(changed) - lines(config)
            core = {a for a in added if not a.endswith('=m')} | {a for a in lines(config) - lines(changed)}
            for held, words in ((moved == structs, 'moves %s and no other probed struct' % ', '.join(sorted(structs))),
                                (structs <= section(option), 'the shipped rule names them'),
                                (not core, 'and the config differs in =m lines only')):
                number += 1
                print('%sok %d - %s=m %s' % ('' if held else 'not ', number, option, words))
                if not held:
                    print('# moved %s, rule %s, core lines %s' % (sorted(moved), sorted(section(option)), sorted(core)))


main()
