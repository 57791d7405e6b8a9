#!/usr/bin/python3
"""scripts/derive-rules --join: what either file says that an option changes, it changes; clean is only what both call clean."""
import os
import subprocess
import tempfile

import yaml

SCRIPT = os.path.join(os.path.dirname(os.path.realpath(__file__)), '../../scripts/derive-rules')
TREE = '''schema: kmodaudit/layout-rules/1
series: "9.8"
derived_from: "Linux 9.8.7"
lacks: []
structs:
  net: {header: n.h, subsystem: net, core: true, holds: [mib]}
  mib: {header: m.h, subsystem: net}
layout:
  IPV6:
    mib: [icmpv6_statistics]
constants: []
drag:
  - {turns_on: [DST], by: [WG]}
effects:
  DST: {exports: [dst_init], count: 1}
core:
  SMP:
    net: [cpus]
direct:
  net:
    "": skb_put
clean:
  - of: [net, fs]
    symbols:
      "": "printk kmalloc kfree gone skb_mangle"
      lib_: "one two*"
      net_: "*"
options:
  "": "IPV6 SMP WG DST QUIET PACKET TOUCHING"
seen:
  "": "IPV6 SMP"
modules:
  "": "dummy wg"
touched:
  - {options: "IPV6 PACKET TOUCHING", modules: wg}
private: []
handles:
  net:
    "": net_get
'''
PATCHED = '''schema: kmodaudit/layout-rules/1
series: "9.8"
derived_from: "Linux 9.8.7 and patches"
lacks: []
structs:
  net: {header: n.h, subsystem: net, holds: [route]}
  route: {header: r.h, subsystem: net}
  regmap_irq_type: {header: map.h, subsystem: device}
  leftover: {header: l.h, subsystem: net}
layout:
  IPV6:
    mib: ["DEFINE_SNMP_STAT(struct icmpv6_mib, icmp"]
    route: [via]
  REGMAP:
    regmap_irq_type: [types]
constants:
  - {option: PACKET, header: c.h, enum: ids, adds: [ID_P], shifts: [ID_END], sizes: [net]}
drag:
  - {turns_on: [MORE], by: [WG]}
effects:
  DST: {exports: [wrong], count: 1}
core:
  OURS:
    net: [mangle]
    <anonymous>: [x]
direct:
  net:
    "": [skb_mangle]
clean:
  - of: [net]
    symbols:
      "": [printk, kmalloc, net_far, net_fs]
      lib_: ["*"]
  - of: [fs]
    symbols:
      "": [printk, kfree, net_far]
      lib_: ["*"]
'''
checks = []


def check(held, words, why=''):
    checks.append(bool(held))
    print('%sok %d - %s' % ('' if held else 'not ', len(checks), words))
    if not held and why:
        print('# %s' % why)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def join(*arguments):
    return subprocess.run([SCRIPT, '--join', *arguments], capture_output=True, text=True, check=False)


def names(folded):
    return {head + rest for head, rests in folded.items() for rest in rests.split()}


def test_changes(rules):
    check(rules['layout']['IPV6'] == {'mib': ['icmpv6_statistics'], 'route': ['via']}, 'what either changes; a cut name is left out', rules['layout'])
    check('REGMAP' not in rules['layout'] and 'regmap_irq_type' not in rules['structs'], 'a struct that exists only with the option does not change')
    check(rules['core'] == {'SMP': {'net': ['cpus']}, 'OURS': {'net': ['mangle']}}, 'a bool of the patches', rules['core'])
    check(rules['constants'] == [yaml.safe_load(PATCHED)['constants'][0]], 'constants of the patches')
    check(rules['structs']['net'] == {'header': 'n.h', 'subsystem': 'net', 'core': True, 'holds': ['mib', 'route']}, 'what a struct holds in either')
    check('leftover' not in rules['structs'], 'a struct that nothing changes has no entry')
    check(rules['drag'] == [{'turns_on': ['DST', 'MORE'], 'by': ['WG']}], 'what a tristate turns on in either')
    check(rules['effects'] == {'DST': {'exports': ['dst_init'], 'count': 1}}, 'exports are those of the tree')


def test_reach(rules):
    check(names(rules['direct']['net']) == {'skb_put', 'skb_mangle'}, 'direct in either')
    check(rules['clean'][0]['of'] == ['net', 'fs'] and names(rules['clean'][0]['symbols']) == {'printk', 'gone', 'lib_one', 'lib_two*', 'net_far'},
          'clean in both, or known to one, for each of the subsystems', rules['clean'])
    check('OURS' not in names(rules['options']), 'an option of the patches is not one of the tree')
    check(names(rules['seen']) == {'IPV6', 'SMP', 'PACKET'}, 'what the patches make an option change is seen', rules['seen'])
    check(rules['touched'] == [{'options': 'TOUCHING', 'modules': 'wg'}], 'what the patches make an option touch is not known', rules['touched'])


def main():
    with tempfile.TemporaryDirectory() as scratch:
        tree, patched, out = write(scratch, 'tree.yaml', TREE), write(scratch, 'patched.yaml', PATCHED), os.path.join(scratch, 'out.yaml')
        ran = join(tree, patched, '--derived', 'Linux 9.8.7, with patches', '-o', out)
        check(ran.returncode == 0, 'two files are joined', ran.stderr)
        if ran.returncode:
            return
        with open(out, encoding='utf-8') as file:
            text = file.read()
        rules = yaml.safe_load(text)
        check((rules['series'], rules['derived_from'], rules['lacks']) == ('9.8', 'Linux 9.8.7, with patches', []), 'says what it is made from')
        test_changes(rules)
        test_reach(rules)
        again = os.path.join(scratch, 'again.yaml')
        join(tree, patched, '--derived', 'Linux 9.8.7, with patches', '-o', again)
        with open(again, encoding='utf-8') as file:
            check(file.read() == text, 'same files, same bytes')
        other = write(scratch, 'other.yaml', PATCHED.replace('9.8', '9.9'))
        ran = join(tree, other, '-o', out)
        check(ran.returncode != 0 and 'two series' in ran.stderr, 'files of two series are refused')


main()
print('1..%d' % len(checks))
