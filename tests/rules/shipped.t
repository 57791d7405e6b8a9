#!/usr/bin/python3
"""The shipped rules/kernel/*.yaml: their form, the 50 options that an independent scan of 6.1 found, and, with
KMODAUDIT_CORPUS (a folder with lab-x86), whether `direct` and `clean` agree with what the real loader did.
With KMODAUDIT_SLOW=1 and Debian's linux-source-6.1, the file is derived anew and must be the same."""
import glob
import os
import re
import subprocess
import tarfile
import tempfile

import yaml

HERE = os.path.dirname(os.path.realpath(__file__))
RULES = os.path.join(HERE, '../../rules/kernel')
ARCHIVE = '/usr/src/linux-source-6.1.tar.xz'
EXPECTED = '''6LOWPAN ATALK AX25 BCACHE BRIDGE_NETFILTER CAN CDROM CFG80211 CRYPTO_USER FB_BACKLIGHT FCOE FSCACHE GARP GPIO_GENERIC
HYPERV IEEE802154 IEEE802154_6LOWPAN IPV6 IPV6_MIP6 IP_SCTP IP_VS KUNIT KVM_INTEL LIBFCOE MACSEC MPLS_ROUTING MRP NET_DROP_MONITOR
NET_DSA NFS_V4 NF_CONNTRACK NF_DEFRAG_IPV4 NF_DEFRAG_IPV6 NF_FLOW_TABLE NF_NAT NF_NAT_PPTP NF_TABLES PCMCIA SMC SND_MIXER_OSS
SND_PCM_OSS SND_SEQUENCER SND_SEQUENCER_OSS TIPC TLS UNICODE USB_MON VIDEO_VIA_CAMERA VLAN_8021Q VMD'''.split()
KEYS = ['schema', 'series', 'derived_from', 'lacks', 'structs', 'layout', 'constants', 'drag', 'effects', 'core', 'direct', 'clean']
REACH = ['options', 'seen', 'modules', 'touched', 'private', 'handles']
BAD = {'OOPS', 'LOADED-OOPS-IN-USE', 'LOADED-LAYOUT-MISMATCH', 'DEP-OOPS', 'ENOENT', 'DEP-ENOENT'}
OUTSIDE = re.compile(r'crc|lzo|zlib|md4|md5|ecb|ctr|cmac|deflate|des_|libdes|nls_|zram|zsmalloc|squashfs|fat|vfat|isofs|test_|slhc')
checks = []


def check(held, words, why=''):
    checks.append(bool(held))
    print('%sok %d - %s' % ('' if held else 'not ', len(checks), words))
    if not held and why:
        print('# %s' % why)


def unfold(folded):
    names, globs = set(), []
    for head, rests in folded.items():
        for rest in rests.split() if isinstance(rests, str) else rests:
            full = head + rest
            if full.endswith('*'):
                globs.append(full[:-1])
            else:
                names.add(full)
    return names, tuple(globs)


def listed(table, name):
    return name in table[0] or name.startswith(table[1])


def scalars_only(node, depth=0):
    if isinstance(node, dict):
        return all(isinstance(k, str) and scalars_only(v, depth + 1) for k, v in node.items())
    if isinstance(node, list):
        return all(scalars_only(v, depth + 1) for v in node)
    return isinstance(node, (str, int))


def test_form(path):
    name = os.path.basename(path)
    text = open(path).read()
    rules = yaml.safe_load(text)
    check(rules['schema'] == 'kmodaudit/layout-rules/1' and list(rules) == KEYS + REACH, name + ': schema and keys in their order')
    check(rules['lacks'] in ([], ['modules', 'touched']) and bool(rules['touched']) == (not rules['lacks']), name + ': what it lacks is empty')
    check(scalars_only(rules), name + ': maps and lists of scalars')
    check(rules['series'] + '.yaml' == name and '/' not in rules['derived_from'], name + ': says what it was made from')
    named = {s for structs in rules['layout'].values() for s in structs} | {s for structs in rules['core'].values() for s in structs}
    named |= {s for e in rules['effects'].values() for s in e.get('structs', ())}
    check(not {s for s in named if s not in rules['structs'] and not s.startswith('<')}, name + ': every struct has its entry',
          sorted(named - rules['structs'].keys()))
    return rules


def test_every(rules, name):
    """What holds for each series."""
    options, seen = unfold(rules['options'])[0], unfold(rules['seen'])[0]
    changing = set(rules['layout']) | set(rules['core']) | {c['option'] for c in rules['constants']}
    check(len(options) > 9000 and {'NF_CONNTRACK', 'KALLSYMS', 'MD_RAID1', 'NET_NS'} <= options, name + ': the options of the tree')
    check('MD_RAID1' not in seen and 'NET_NS' in seen, name + ': which of them a header names')
    check(changing & options <= seen, name + ': what changes a struct is seen', sorted(changing & options - seen)[:9])
    check('sk_buff' in rules['layout'].get('NF_CONNTRACK', {}), name + ': NF_CONNTRACK')
    check(listed(unfold(rules['direct']['net']), 'skb_put') and listed(unfold(rules['handles']['sk_buff']), 'skb_put'), name + ': skb_put')
    check(not any(listed(unfold(g['symbols']), 'skb_put') for g in rules['clean'] if 'net' in g['of']), name + ': it is not clean')
    check(any(listed(unfold(g['symbols']), 'kfree') for g in rules['clean'] if 'net' in g['of']), name + ': kfree is far from net')
    cut = [m for table in (rules['layout'], rules['core']) for t in table.values() for members in t.values() for m in members if '(' in m]
    check(not cut, name + ': members are names', cut[:3])


def test_options(rules):
    found = set(rules['layout'])
    check(found == set(EXPECTED), '6.1: exactly the options of the independent scan',
          'missing %s, more %s' % (sorted(set(EXPECTED) - found), sorted(found - set(EXPECTED))))
    check(rules['layout']['NF_CONNTRACK'] == {'net': ['ct'], 'sk_buff': ['_nfct']}, '6.1: NF_CONNTRACK')
    check('VETH' not in found and 'TUN' not in found and 'BLK_DEV_DM' not in found, '6.1: VETH, TUN and BLK_DEV_DM change nothing')
    check({c['option'] for c in rules['constants']} >= {'BRIDGE_NETFILTER', 'NF_NAT', 'ZSMALLOC', 'NET_ACT_CT'}, '6.1: constants')
    drag = {by: group['turns_on'] for group in rules['drag'] for by in group['by']}
    check('DST_CACHE' in drag['WIREGUARD'] and 'dst_cache_destroy' in rules['effects']['DST_CACHE']['exports'],
          '6.1: WIREGUARD drags DST_CACHE, which adds exports')
    check(any(b.startswith('XFRM') for b in drag['INET_ESP']), '6.1: INET_ESP drags XFRM')
    check(rules['core']['NET_NS'].get('possible_net_t') == ['net'], '6.1: NET_NS changes a core struct')
    holders = [s for s in ('net_device', 'sock_common', 'sock', 'inet_sock') if 'possible_net_t' in rules['structs'][s]['holds']]
    check(len(holders) == 4, '6.1: which net_device and sock hold by value', holders)


def imports(path):
    """module -> imported symbols, by nm."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith('.ko'):
                    name = os.path.basename(member.name)[:-3].replace('-', '_')
                    file = os.path.join(scratch, name)
                    open(file, 'wb').write(archive.extractfile(member).read())
                    out = subprocess.run(['nm', '-u', '-P', file], capture_output=True, text=True).stdout
                    found[name] = {line.split()[0] for line in out.splitlines()}
    return found


def test_loader(rules, lab):
    base, variant = 'x86-base-nomv', 'x86-conntrack-nomv'
    direct = unfold(rules['direct']['net'])
    clean = [unfold(g['symbols']) for g in rules['clean'] if 'net' in g['of']]
    needs = imports(os.path.join(lab, variant, 'modules.tar.xz'))
    own = {line.split('\t')[1] for line in open(os.path.join(lab, base, 'Module.symvers')) if line.split('\t')[2] == 'vmlinux'}
    outcome = {}
    for line in open(os.path.join(lab, 'outcomes.tsv')):
        row = line.split('\t')
        if row[:2] == [base, variant]:
            outcome[row[2]] = row[3]
    exposed = {m for m, n in needs.items() if any(listed(direct, s) for s in n)}
    free = {m for m, n in needs.items() if all(any(listed(c, s) for c in clean) for s in n if s in own)}
    bad = {m for m, o in outcome.items() if o in BAD and m != 'libcrc32c'}
    outside = {m for m in needs if OUTSIDE.match(m)}
    working = {m for m, o in outcome.items() if o == 'LOADED'}
    unproven = working - exposed - free
    print('# %d modules: %d exposed, %d free, %d neither: %s' % (len(needs), len(exposed), len(free),
          len(needs) - len(exposed | free), ', '.join(sorted(set(needs) - exposed - free))))
    check(bad and bad <= exposed, 'lab-x86: every module that NF_CONNTRACK broke imports a direct symbol', sorted(bad - exposed))
    check(not bad & free, 'lab-x86: none of them is free', sorted(bad & free))
    check(outside and not outside & exposed, 'lab-x86: no module outside networking is exposed', sorted(outside & exposed))
    check(len(unproven) * 10 <= len(working), 'lab-x86: at most a tenth of the working modules is neither', sorted(unproven))


# what OpenWrt 17.01 to 25.12 runs, and 6.1
SERIES = ['3.18', '4.1', '4.14', '4.19', '4.4', '4.9', '5.10', '5.15', '5.4', '6.1', '6.12', '6.6']


def main():
    found = sorted(os.path.basename(path)[:-5] for path in glob.glob(os.path.join(RULES, '[0-9]*.yaml')))
    check(found == SERIES, 'the series', found)
    found = sorted(os.path.basename(path)[:-4] for path in glob.glob(os.path.join(RULES, 'kconfig', '*.txt')))
    check(found == SERIES, 'each of them has its Kconfig, for the proof config-hash', found)
    for path in sorted(glob.glob(os.path.join(RULES, '[0-9]*.yaml'))):
        rules = test_form(path)
        test_every(rules, os.path.basename(path))
        if rules['series'] == '6.1':
            test_options(rules)
            lab = os.path.join(os.environ.get('KMODAUDIT_CORPUS', ''), 'lab-x86')
            if os.path.exists(os.path.join(lab, 'outcomes.tsv')):
                test_loader(rules, lab)
    if os.environ.get('KMODAUDIT_SLOW') == '1' and os.path.exists(ARCHIVE):
        with tempfile.TemporaryDirectory() as scratch:
            made = os.path.join(scratch, '6.1.yaml')
            subprocess.run(['nice', 'tar', '-xJf', ARCHIVE, '-C', scratch], check=True)
            subprocess.run(['nice', os.path.join(HERE, '../../scripts/derive-rules'), os.path.join(scratch, 'linux-source-6.1'), '-o', made], check=True)
            same = [line for line in open(made) if not line.startswith('derived_from')]
            check(same == [line for line in open(os.path.join(RULES, '6.1.yaml')) if not line.startswith('derived_from')],
                  '6.1: derived anew from linux-source-6.1, the same')
    print('1..%d' % len(checks))


main()
