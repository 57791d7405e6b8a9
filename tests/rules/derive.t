#!/usr/bin/python3
"""scripts/derive-rules on a small invented kernel tree: what is found, what is not, what cannot be known."""
import os
import subprocess
import tempfile

import yaml

SCRIPT = os.path.join(os.path.dirname(os.path.realpath(__file__)), '../../scripts/derive-rules')
TREE = {
    'Makefile': 'VERSION = 9\nPATCHLEVEL = 8\nSUBLEVEL = 7\nifdef CONFIG_FLAGGED\nKBUILD_CFLAGS += -mfast\nendif\n',
    'drivers/neck/Makefile': 'obj-$(CONFIG_NECK) += neck.o\nobj-$(CONFIG_LINK) += neck-far.o neck_size.o\n',
    'drivers/neck/neck-priv.h': '''
struct neck_head {
	int first;
#if IS_ENABLED(CONFIG_NECK)
	int second;
#endif
};
int neck_register(struct neck_head *head);
''',
    'drivers/neck/neck.c': '#include "neck-priv.h"\n#include <linux/netdevice.h>\nint neck_register(struct neck_head *head) { return 0; }\n'
                           'EXPORT_SYMBOL(neck_register);\nint f(struct net_device *d) { return d->pair.__one.deep; }\n',
    'drivers/neck/neck-far.c': '#include <linux/netdevice.h>\n#ifdef CONFIG_SILENT\nint silent;\n#endif\nint f(struct net_device *d) { return d->nd_net.fancy; }\n',
    'drivers/neck/neck_size.c': '#include <linux/netdevice.h>\nint f(void) { return sizeof(struct net_device); }\n',
    'Kconfig': '''
config MODULES
	bool "modules"
config TRACK
	tristate "tracking"
	select HOOKS if FANCY
	select MIDDLE
	help
	  config GHOST
	    tristate "a word in a help text"
config MIDDLE
	tristate
	select DEEP
config DEEP
	bool
config HOOKS
	bool
config FANCY
	bool "fancy"
config FOLLOWS
	def_bool y if TRACK
config VLAN
	tristate "vlan"
config BRIDGE
	tristate "bridge"
config LINK
	tristate "link"
config QUIET
	tristate "changes nothing"
config EXTRA
	tristate "extra"
config HEADROOM
	tristate "headroom"
config NECK
	tristate "neck"
config SILENT
	bool "silent"
config FLAGGED
	bool "flagged"
''',
    'include/linux/skbuff.h': '''
/* #if IS_ENABLED(CONFIG_QUIET) in a comment { */
enum skb_slot {
	SLOT_A,
#if IS_ENABLED(CONFIG_BRIDGE)
	SLOT_BRIDGE,
#endif
	SLOT_B,
	SLOT_COUNT,
};
#if IS_MODULE(CONFIG_HEADROOM)
#define ROOM 64
#else
#define ROOM 32
#endif
#if IS_ENABLED(CONFIG_EXTRA)
struct skb_tail { int x; };
struct alone { int y; };
#else
struct skb_tail { };
struct alone { };
#endif
struct sk_buff {
	struct sk_buff *next;
#if IS_ENABLED(CONFIG_TRACK) || \\
	defined(CONFIG_VLAN_MODULE)
	unsigned long tracked;
#endif
#ifdef CONFIG_QUIET
	int only_built_in;
#endif
#if IS_BUILTIN(CONFIG_QUIET)
	int only_built_in_too;
#endif
#ifdef CONFIG_HOOKS
	int (*hook)(struct sk_buff *skb);
#endif
#ifdef CONFIG_DEEP
	int deep:3;
#endif
	char slots[SLOT_COUNT];
	char room[ROOM];
	struct skb_tail tail;
};
struct skb_pair {
	struct sk_buff __one;
};
struct skb_ops {
	int (*xmit)(struct sk_buff *skb);
};
struct opaque;
extern int lib_header(char *text);
extern struct sk_buff *lib_shared __read_mostly;
extern unsigned long lib_ticks;
static inline int since(struct sk_buff *skb, int lib_ticks, struct sk_buff *lib_header)
{ return lib_ticks; }
''',
    'include/linux/netdevice.h': '''
#include <linux/skbuff.h>
typedef struct {
#ifdef CONFIG_FANCY
	int fancy;
#endif
} possible_net_t;
struct net_device {
	possible_net_t nd_net;
#if IS_REACHABLE(CONFIG_LINK)
	void *link_ptr;
#endif
	struct skb_pair pair;
	struct far_away __rcu *far;
};
struct far_away { struct net *net; };
struct net { int x; };
struct handle { struct net_device *dev; };
typedef struct handle handle_t;
''',
    'net/core/Makefile': 'obj-y += skb.o either.o\nobj-$(CONFIG_FOLLOWS) += follows.o\nobj-$(CONFIG_QUIET) += quiet.o\n',
    'net/core/skb.c': '''
#include <linux/skbuff.h>
struct sk_buff *skb_make(int size)
{
	return 0;
}
EXPORT_SYMBOL(skb_make);
int skb_register(const struct skb_ops *ops) { return 0; }
EXPORT_SYMBOL_GPL(skb_register);
int net_ratelimit(void) { return 0; }
EXPORT_SYMBOL(net_ratelimit);
EXPORT_SYMBOL(skb_nowhere);
''',
    'net/core/follows.c': 'int follows_me(void) { return 0; }\nEXPORT_SYMBOL(follows_me);\n'
                            'int follows_twice(void) { return 0; }\nEXPORT_SYMBOL(follows_twice);\n',
    # with another option, without the option, and once more in another file: none of them exists only with it
    'net/core/either.c': '#if defined CONFIG_FOLLOWS || defined CONFIG_QUIET\nint follows_or(void) { return 0; }\n'
                         'EXPORT_SYMBOL(follows_or);\n#endif\n#ifndef CONFIG_FOLLOWS\nint follows_not(void) { return 0; }\n'
                         'EXPORT_SYMBOL(follows_not);\nint follows_twice(void) { return 0; }\nEXPORT_SYMBOL(follows_twice);\n#endif\n',
    'net/core/quiet.c': 'int quiet_me(void) { return 0; }\nEXPORT_SYMBOL(quiet_me);\n',
    'lib/lib.c': '''
#include <linux/netdevice.h>
int text_copy(char *to, const char *from) { return 0; }
EXPORT_SYMBOL(text_copy);
int text_find(char *in) { return 0; }
EXPORT_SYMBOL(text_find);
int text_len(char *in) { return 0; }
EXPORT_SYMBOL(text_len);
void lib_take(struct net_device *dev) { }
EXPORT_SYMBOL(lib_take);
void lib_handle(handle_t *handle) { }
EXPORT_SYMBOL(lib_handle);
void lib_pair(struct skb_pair *pair) { }
EXPORT_SYMBOL(lib_pair);
void lib_opaque(struct opaque *thing) { }
EXPORT_SYMBOL(lib_opaque);
EXPORT_SYMBOL(lib_nowhere);
EXPORT_SYMBOL(lib_header);
EXPORT_SYMBOL(lib_shared);
EXPORT_SYMBOL(lib_ticks);
#define MAKE(kind) int made_##kind(kind *x) { return 0; } EXPORT_SYMBOL(made_##kind)
MAKE(int);
''',
}
# struct core grows by CONFIG_GROWN: what lies behind `first` moves. Each of REACHED can have other code with it, none of SPARED
TREE['include/linux/core.h'] = '''
struct node { struct node *next; };
struct core {
	int first;
#ifdef CONFIG_GROWN
	int grown;
#endif
	int moved;
	struct node node;
	union { struct slot { int depth; } slot; };
};
struct owner { struct core *inner; core_t *again; };
struct other { int moved; struct core *unused; };
typedef struct core core_t;
struct core *core_get(void);
struct other *other_get(void);
void core_pass(struct core *core);
extern struct core core_global;
#define core_moved(c) ((c)->moved)
#define CORE_TEST(name, member) static inline int core_test_##name(struct core *c) { return c->member; }
#define CORE_FNS(name, member) CORE_TEST(name, member) /* in
	two lines */ CORE_TEST(not_##name, member)
CORE_FNS(ready, moved)
#define core_call(name) core_##name(core_get())
static inline int core_peek(struct core *c) { return c->moved; }
static inline int core_look(struct core *c) { return core_peek(c); }
static inline void *core_private(void *p) { return p + sizeof(struct core); }
#ifdef CONFIG_GROWN
int core_more(int x);
#define CORE_LIMIT 8
#else
static inline int core_more(int x) { return 0; }
#define CORE_LIMIT 4
#endif
enum { CORE_SIZE = CORE_LIMIT };
struct sized { char room[CORE_SIZE]; int after; };
#if CORE_LIMIT > 4
static inline int core_room(int x) { return x; }
#else
static inline int core_room(int x) { return 0; }
#endif
'''
REACHED = {
    'inline': 'int f(void *p) { return core_peek(p); }',
    'inlines': 'int f(void *p) { return core_look(p); }',
    'macro': 'int f(void) { return core_moved(core_get()); }',
    'container': 'void *f(void *n) { return container_of(n, struct core, node); }',
    'embed': 'struct own { struct core core; int tail; }; int f(struct own *o) { return o->tail; }',
    'alloc': 'void *f(void *p) { return core_private(p); }',
    'sizeof': 'void *f(struct owner *o) { return kzalloc(sizeof(*o->inner)); }',
    'percpu': 'void *f(void) { return alloc_percpu(struct core); }',
    'array': 'int f(struct core *c) { return c[1].first; }',
    'step': 'void *f(struct core *c) { return c + 1; }',
    'copy': 'void f(struct core *c) { *c = *core_get(); }',
    'chain': 'int f(struct owner *o) { return o->inner->moved; }',
    'alias': 'int f(core_t *c) { return c->moved; }',
    'aliases': 'int f(struct owner *o) { return o->again->moved; }',
    'result': 'int f(void) { return core_get()->moved; }',
    'global': 'int f(void) { return core_global.moved; }',
    'nested': 'int f(struct slot *s) { return s->depth; }',
    'made': 'int f(void *p) { return core_test_not_ready(p); }',
    'pasted': 'int f(void) { return core_call(peek); }',
    'stub': 'int f(void) { return core_more(1); }',
    'constant': 'int f(void) { return CORE_SIZE; }',
    'behind': 'int f(struct sized *s) { return s->after; }',
    'condition': 'int f(void) { return core_room(1); }',
}
SPARED = {
    'front': 'int f(struct core *c) { return c->first; }',
    'passes': 'void f(void) { core_pass(core_get()); }',
    'other': 'int f(void) { return other_get()->moved; }',
    'pointer': 'struct own { struct core *core; int tail; }; int f(struct own *o) { return o->tail; }',
}
for name, code in list(REACHED.items()) + list(SPARED.items()):
    TREE['drivers/reach/%s.c' % name] = '#include <linux/core.h>\n%s\n' % code
TREE['drivers/reach/apart.c'] = 'static int core_peek(int x) { return x; }\nstruct mine { int moved; };\nint f(struct mine *m) { return core_peek(m->moved); }\n'
TREE['drivers/reach/lost.c'] = '#include "gone.h"\n#include "../neck/neck-priv.h"\nint f(void) { return 0; }\n'
TREE['drivers/reach/Makefile'] = ''.join('obj-$(CONFIG_NECK) += %s.o\n' % n for n in [*REACHED, *SPARED, 'apart', 'lost'])
TREE['Kconfig'] += 'config GROWN\n\tbool "grown"\n'
checks = []


def check(held, words):
    checks.append(bool(held))
    print('%sok %d - %s' % ('' if held else 'not ', len(checks), words))


def plant(root):
    for path, text in TREE.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), 'w') as file:
            file.write(text)


def derive(*arguments):
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True)


def matches(folded, name):
    for head, rests in folded.items():
        for rest in rests.split():
            full = head + rest
            if name == full or full.endswith('*') and name.startswith(full[:-1]):
                return True
    return False


def clean(rules, name):
    return {s for group in rules['clean'] if matches(group['symbols'], name) for s in group['of']}


def test_layout(rules):
    layout = rules['layout']
    check(layout.get('TRACK', {}).get('sk_buff') == ['tracked'], 'IS_ENABLED, over a continued line')
    check('tracked' in layout.get('VLAN', {}).get('sk_buff', []), 'CONFIG_X_MODULE')
    check(layout.get('LINK') == {'net_device': ['link_ptr']}, 'IS_REACHABLE')
    check(layout.get('HEADROOM') == {'sk_buff': ['room']}, 'a macro defined under IS_MODULE sizes an array')
    check(layout.get('EXTRA') == {'skb_tail': ['x']}, 'a struct that is empty otherwise, only where another holds it by value')
    check('QUIET' not in layout, 'neither #ifdef, IS_BUILTIN nor a comment makes a =m visible')
    check('GHOST' not in layout and 'HOOKS' not in layout, 'help texts and bools are no layout options')
    constant = rules['constants'][0]
    check(len(rules['constants']) == 1 and constant['option'] == 'BRIDGE' and constant['adds'] == ['SLOT_BRIDGE'],
          'an enum constant under an option')
    check(constant['shifts'] == ['SLOT_B', 'SLOT_COUNT'] and constant['sizes'] == ['sk_buff'], 'what it shifts and sizes')
    check('net' not in rules['structs']['net_device']['holds'], 'a pointer is not held by value')
    check(set(rules['structs']['net_device']['holds']) >= {'sk_buff', 'skb_tail', 'possible_net_t'}, 'holds by value, through another struct')


def test_drag(rules):
    drag = {by: group['turns_on'] for group in rules['drag'] for by in group['by']}
    check(set(drag.get('TRACK', [])) == {'DEEP', 'FOLLOWS', 'HOOKS if FANCY'}, 'selected, conditional, transitive and default-on bools')
    check(drag.get('MIDDLE') == ['DEEP'], 'a tristate in the middle drags too')
    check('QUIET' not in drag, 'a tristate that selects nothing drags nothing')
    check(rules['effects']['HOOKS'] == {'structs': ['sk_buff']}, 'a dragged bool that changes a struct')
    check(rules['effects']['FOLLOWS'] == {'exports': ['follows_me'], 'count': 1}, 'a dragged bool that adds exports')
    check(rules['core'] == {'FANCY': {'possible_net_t': ['fancy']}, 'HOOKS': {'sk_buff': ['hook']}, 'DEEP': {'sk_buff': ['deep']}}, 'core options and their members')


def test_symbols(rules):
    net = rules['direct']['net']
    check(matches(net, 'skb_make') and matches(net, 'lib_take'), 'direct: named in the declaration, wherever exported')
    check(matches(net, 'skb_register'), 'direct: a callback of the subsystem\'s own registration')
    check(matches(net, 'lib_pair'), 'direct: a struct that holds it by value')
    check(matches(net, 'skb_nowhere'), 'direct: no declaration found, exported by the subsystem')
    check('net' in clean(rules, 'lib_header') and matches(net, 'lib_shared'), 'declared in a header only')
    check('net' in clean(rules, 'lib_ticks'), 'a parameter of that name in a header declares nothing')
    check(not matches(net, 'net_ratelimit') and 'net' in clean(rules, 'net_ratelimit'), 'an export of net that handles none is clean')
    check('net' in clean(rules, 'text_copy') and 'net' in clean(rules, 'text_new'), 'clean, and so is what begins alike')
    check('net' in clean(rules, 'lib_opaque') and 'net' in clean(rules, 'made_int'), 'clean: opaque pointers, exports made by a macro')
    check(not matches(net, 'lib_handle') and 'net' not in clean(rules, 'lib_handle'), 'near: a pointer away, neither direct nor clean')
    check(not matches(net, 'lib_nowhere') and 'net' not in clean(rules, 'lib_nowhere'), 'no declaration: not known')
    check(not matches(net, 'never_heard') and not clean(rules, 'never_heard'), 'a symbol of no tree is not known')


def all_of(folded):
    return {head + rest for head, rests in folded.items() for rest in rests.split()}


def touched_of(rules):
    return {option: row['modules'] for row in rules['touched'] for option in row['options'].split()}


def test_reach(rules):
    options, seen, touched = all_of(rules['options']), all_of(rules['seen']), touched_of(rules)
    check({'TRACK', 'SILENT', 'FANCY'} <= options and 'GHOST' not in options, 'every option of Kconfig')
    check({'TRACK', 'LINK', 'FLAGGED'} <= seen and 'SILENT' not in seen, 'seen: named by a public header or a compiler flag')
    check(all_of(rules['modules']) - {*REACHED, *SPARED, 'apart'} == {'neck', 'neck_far', 'neck_size', 'quiet'}, 'modules by their name, with _ for -')
    check('lost' not in all_of(rules['modules']), 'a module with an include that leads nowhere is not known')
    check(touched['LINK'].split() == ['neck', 'neck_size'],
          'touched: a member behind the changed one, the size of the struct; not a member in front')
    check('FLAGGED' not in touched, 'a compiler flag reaches every module')
    private = rules['private']
    check([(p['option'], p['structs'], p['exports']) for p in private] == [('NECK', 'neck_head', 'neck_register')],
          'a struct of a header beside the sources, with what the header declares')
    check(private[0]['modules'].split() == ['lost', 'neck'], 'also of a module that is not known otherwise: who includes that header')
    handles = {s: all_of(names) for s, names in rules['handles'].items()}
    check('lib_take' in handles['net_device'] and 'lib_pair' not in handles['sk_buff'], 'handles: the very struct is named')


def test_reached(touched):
    for name in REACHED:
        check(name in touched, 'reached: ' + name)
    for name in [*SPARED, 'apart']:
        check(name not in touched, 'spared: ' + name)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        tree, one, two = (os.path.join(scratch, n) for n in ('tree', 'one.yaml', 'two.yaml'))
        plant(tree)
        done = derive(tree, '-o', one)
        check(done.returncode == 0, 'derive-rules reads the tree')
        if done.returncode:
            print(done.stderr)
            return
        derive(tree, '-o', two)
        text = open(one).read()
        check(text == open(two).read() and tree not in text, 'same tree, same bytes, and no path of this machine')
        rules = yaml.safe_load(text)
        check((rules['schema'], rules['series'], rules['derived_from'], rules['lacks'])
              == ('kmodaudit/layout-rules/1', '9.8', 'Linux 9.8.7', []), 'says what it is made from')
        test_layout(rules)
        test_drag(rules)
        test_symbols(rules)
        test_reach(rules)
        test_reached(touched_of(rules)['GROWN'].split())
        with open(os.path.join(tree, 'Kconfig'), 'a') as file:
            file.write('source "net/Kconfig"\n')
        refused = derive(tree, '-o', two)
        check(refused.returncode != 0 and 'net/Kconfig' in refused.stderr, 'a tree that is cut short is refused')
        refused = derive(scratch, '-o', two)
        check(refused.returncode == 2 and 'kernel tree' in refused.stderr, 'a folder that is no kernel tree is refused')


main()
print('1..%d' % len(checks))
