"""Computes how close each exported symbol is to the structs of each subsystem, and the shortest notation for the
result."""
import re

import reach

# Exports of these are as a rule modules' own: the program judges an import from a module by that module.
LEFT_OUT = re.compile(r'(?:drivers/(?:gpu|media|infiniband|staging|scsi|iio|s390|target|net/ethernet|net/wireless|crypto|'
                      r'bluetooth|isdn|atm|edac|comedi|fpga|most|greybus|rapidio|platform|accel|ntb|nvdimm|dax|xen|hv|'
                      r'misc|message|visorbus|hwtracing|soundwire|thunderbolt|vfio|vhost|parport|mfd)|'
                      r'sound|tools|samples|arch/(?!x86/|arm/|arm64/|mips/)\w+)/')
DIRECT, NEAR, FAR = 'direct', 'near', 'far'


def inside(path, folders):
    return any(path == f or path.startswith(f + '/') for f in folders)


def grade(distance, path, folders, strict):
    """See docs/layout-rules.md for the reasons of these numbers. STRICT: a symbol is direct only if nothing else is
    possible."""
    own = inside(path, folders)
    if strict:
        return DIRECT if own and distance == 1 else NEAR
    if distance is None:
        return DIRECT if own else NEAR
    if distance == 1 or own and distance <= 3:
        return DIRECT
    return NEAR if distance == 2 else FAR


def holders(held, structs):
    """Returns STRUCTS and all structs that hold one of them by value. HELD: struct -> all that it holds, at any
    depth."""
    return set(structs) | {name for name, inside in held.items() if not inside.isdisjoint(structs)}


def grades(tree, exports, subsystems, targets, wanted):
    """Returns symbol -> {subsystem: grade}; the worst grade if several files export a name. WANTED: the subsystems that
    a =m can change; for the others only `direct` matters."""
    graph = reach.Graph(tree)
    numbers = {s: {graph.index('struct ' + n) for n in names} for s, names in targets.items()}
    files = {}
    for export in exports:
        if not LEFT_OUT.match(export.path):
            files.setdefault(export.path, []).append(export)
    seen = {path: tree.closure(path) for path in sorted(files)}
    keep = reach.relevant(graph, sorted(set().union(*seen.values())), set().union(*numbers.values()), 2)
    found = {}
    for path, closure in seen.items():
        mentioned = reach.backwards(graph, closure, keep)
        for subsystem, structs in numbers.items():
            near = reach.distances(graph, mentioned, structs, 2)
            for export in files[path]:
                distance = nearest(graph, export, near)
                now = found.setdefault(export.name, {})
                worst = grade(distance, path, subsystems[subsystem], subsystem not in wanted)
                now[subsystem] = min(now.get(subsystem, FAR), worst, key=(DIRECT, NEAR, FAR).index)
    return found


def nearest(graph, export, near):
    """None: unknown. 9: farther than the search went."""
    if export.words is None:
        return None
    return min([near[graph.number[w]] + 1 for w in export.words if graph.number.get(w) in near] or [9])


def patterns(universe, allowed, names=None, least=3):
    """Returns NAMES, with "prefix_*" in place of names if all names of UNIVERSE with that prefix are ALLOWED."""
    made = []
    wanted = allowed if names is None else names

    def walk(group, prefix):
        if not any(n in wanted for n in group):
            return
        if len(group) >= least and prefix.endswith('_') and len(prefix) > 3 and all(n in allowed for n in group):
            made.append(prefix + '*')
            return
        below = {}
        for name in group:
            end = re.compile(r'_*[^_]*_?').match(name, len(prefix)).end()
            if end == len(name):
                made.extend([name] if name in wanted else [])
            else:
                below.setdefault(name[:end], []).append(name)
        for head in sorted(below):
            walk(below[head], head)

    walk(sorted(universe), '')
    return made


def folded(names):
    """Returns prefix -> rests: names with a common beginning share a line."""
    found = {}
    for name in names:
        head = re.match(r'_*[A-Za-z0-9]+_?', name).group()
        head = '' if head == name else head
        found.setdefault(head, []).append(name[len(head):])
    for head in [h for h, rests in found.items() if h and len(rests) < 3]:
        found.setdefault('', []).extend(head + rest for rest in found.pop(head))
    return {head: sorted(rests) for head, rests in sorted(found.items())}


def clean_groups(graded, subsystems, least=60):
    """Returns [(subsystems, names)]: the names that are far from each of the subsystems. A rare combination joins a
    common one that claims less."""
    groups = {}
    for name, row in graded.items():
        far = tuple(s for s in subsystems if row[s] == FAR)
        if far:
            groups.setdefault(far, set()).add(name)
    common = sorted((g for g in groups if len(groups[g]) >= least), key=lambda g: (-len(g), g))
    for group in sorted(groups):
        if group not in common:
            home = next((c for c in common if set(c) <= set(group)), None)
            if home:
                groups[home] |= groups.pop(group)
    return sorted(groups.items(), key=lambda g: (-len(g[0]), g[0]))
