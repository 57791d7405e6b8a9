/* Shows all packages of the page from the data in it. Text from the data only becomes text nodes. */
(() => {
	'use strict';
	const VERDICTS = ['installed', 'safe', 'unproven', 'unsafe'];
	const SIGNS = ['•', '✓', '?', '✕'];
	const LEVELS = ['note', 'warning', 'unknown', 'error'];
	const GATES = ['passes the gate', 'passes the gate with a warning', 'fails the gate'];
	const NO_PROOF = 'no accepted proof: ';
	const CHUNK = 1200; /* cells of the map that are added at once, and at least 15 rows */
	const TALL = 4; /* more images than this have narrow columns */
	const NODES = 30; /* of a graph */
	const PRINTED = 1000; /* packages on paper */

	const data = JSON.parse(document.getElementById('data').textContent);
	const text = (index) => (index < 0 ? '' : data.texts[index]);
	const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

	/* An element with attributes and children: elements, texts, or lists of them. */
	function make(name, attributes, ...children) {
		const element = document.createElement(name);
		for (const [key, value] of Object.entries(attributes || {}))
			if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
			else if (value === true) element.setAttribute(key, '');
			else if (value !== false && value !== undefined) element.setAttribute(key, value);
		element.append(...children.flat().filter((child) => child !== '' && child !== null));
		return element;
	}

	const code = (words) => make('code', {}, words);
	function rule(id) {
		return data.rules[id] ? make('a', { class: 'rule', href: `#rule-${id}` }, id)
			: make('span', { class: 'rule' }, id);
	}

	/* ---- the data as objects ---- */

	/* Objects over the lists of the data, whose members are read when they are asked for. */
	class Finding {
		constructor(from) { this.from = from; }
		get id() { return text(this.from[0]); }
		get level() { return this.from[1]; }
		get module() { return text(this.from[2]); }
		get subject() { return text(this.from[3]); }
		get expected() { return text(this.from[4]); }
		get found() { return text(this.from[5]); }
		get witness() { return [text(this.from[6]), text(this.from[7])]; }
		get text() { return text(this.from[8]); }
		get settle() { return text(this.from[9]); }
		get passes() { return text(this.from[10]); }
		get more() { return this.from[11]; }
	}
	const finding = (index) => new Finding(data.findings[index]);

	class Cell {
		constructor(from) { this.from = from; }
		get verdict() { return this.from[0]; }
		get gate() { return this.from[1]; }
		get proof() { return text(this.from[2]); }
		get deciding() { return text(this.from[3]); }
		get text() { return text(this.from[4]); }
		get needs() { return this.from[5].map(text); }
		get findings() { return this.from[6].map(finding); }
		get notes() { return this.from[7].map(finding); }
		get whole() { return this.from[8]; }
		/* Whether the rule with this index in the texts decided, or has a finding. */
		has(rule) { return this.from[3] === rule || this.from[6].some((index) => data.findings[index][0] === rule); }
	}
	const cells = data.cells.map((from) => new Cell(from));
	const rows = data.rows.map((from, place) => {
		const row = {
			place, feed: from[0], name: text(from[1]), version: text(from[2]), file: text(from[3]),
			cells: from[4].map((i) => (i < 0 ? null : cells[i])),
		};
		row.find = `${row.name} ${row.version}`.toLowerCase();
		return row;
	});
	const byName = new Map();
	for (const row of rows) {
		if (!byName.has(row.name)) byName.set(row.name, []);
		byName.get(row.name).push(row);
	}
	const many = data.images.length > 1;
	const tall = data.images.length > TALL;

	/* ---- filter ---- */

	const state = { words: '', verdicts: new Set(VERDICTS.keys()), image: -1, feed: -1, rule: -1 };
	let shown = []; /* rows that pass */
	let drawn = 0; /* how many of them are in the table */

	const wanted = (cell) => cell && state.verdicts.has(cell.verdict) && (state.rule < 0 || cell.has(state.rule));
	const columns = () => (state.image < 0 ? [...data.images.keys()] : [state.image]);

	function passes(row) {
		if (state.words && !row.find.includes(state.words)) return false;
		if (state.feed >= 0 && row.feed !== state.feed) return false;
		return state.image < 0 ? row.cells.some(wanted) : Boolean(wanted(row.cells[state.image]));
	}

	function apply() {
		shown = rows.filter(passes);
		if (state.image >= 0) {
			const at = (row) => row.cells[state.image];
			shown.sort((a, b) => at(b).gate - at(a).gate || at(b).verdict - at(a).verdict || a.place - b.place);
		}
		status.textContent = shown.length === rows.length ? plural(rows.length, 'package')
			: `${shown.length.toLocaleString('en')} of ${plural(rows.length, 'package')}`;
		reset.hidden = shown.length === rows.length && state.image < 0;
		head.replaceChildren(headRow());
		table.className = `matrix${tall && state.image < 0 ? ' tall' : ''}${columns().length === 1 ? ' one' : ''}`;
		body.replaceChildren();
		drawn = 0;
		draw();
	}

	/* ---- form ---- */

	function select(label, names, none, set) {
		const box = make('select', { onchange: () => { set(box.value); apply(); } }, make('option', { value: '' }, none),
			names.map(([value, words]) => make('option', { value }, words)));
		return [make('label', {}, make('span', {}, label), box), box];
	}

	const search = make('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', placeholder: 'kmod-…',
		oninput: () => { state.words = search.value.trim().toLowerCase(); apply(); } });
	const counts = VERDICTS.map((_, verdict) => rows.filter((row) => row.cells.some((cell) => cell && cell.verdict === verdict)).length);
	const boxes = VERDICTS.map((name, verdict) => make('input', { type: 'checkbox', checked: true, onchange: (event) => {
		if (event.target.checked) state.verdicts.add(verdict);
		else state.verdicts.delete(verdict);
		apply();
	} }));
	const verdicts = make('fieldset', { class: 'verdicts' }, make('legend', {}, 'Verdict'),
		[3, 2, 1, 0].map((verdict) => make('label', { class: VERDICTS[verdict] }, boxes[verdict],
			make('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[verdict]), ` ${VERDICTS[verdict]} `,
			make('span', { class: 'soft' }, String(counts[verdict])))));
	const rules = new Map(); /* id -> index in the texts */
	for (const index of new Set([...data.findings.map((from) => from[0]), ...data.cells.map((from) => from[3])]))
		if (index >= 0) rules.set(text(index), index);
	const [imageLabel, imageBox] = select('Image', data.images.map((name, i) => [i, name]), 'all images',
		(value) => { state.image = value === '' ? -1 : Number(value); });
	const [feedLabel, feedBox] = select('Feed', data.feeds.map((name, i) => [i, name]), 'all feeds',
		(value) => { state.feed = value === '' ? -1 : Number(value); });
	const [ruleLabel, ruleBox] = select('Rule', [...rules.keys()].sort().map((id) => [id, id]), 'all rules',
		(value) => { state.rule = value === '' ? -1 : rules.get(value); });
	const status = make('p', { class: 'status', role: 'status' });
	const reset = make('button', { type: 'button', class: 'reset', onclick: () => { clear(); apply(); search.focus(); } }, 'Show all');

	function clear() {
		search.value = state.words = '';
		state.verdicts = new Set(VERDICTS.keys());
		for (const box of boxes) box.checked = true;
		state.image = state.feed = -1;
		state.rule = -1;
		imageBox.value = feedBox.value = ruleBox.value = '';
	}

	const form = make('form', { class: 'filter', 'aria-label': 'Filter the packages', onsubmit: (event) => event.preventDefault() },
		make('label', {}, make('span', {}, 'Name'), search), verdicts, many ? imageLabel : null,
		data.feeds.length > 1 ? feedLabel : null, ruleLabel, make('div', { class: 'result' }, status, reset));

	/* ---- map ---- */

	/* Names of images often differ at the end only. */
	const ends = (name) => (name.length > 22 ? `${name.slice(0, 9)}…${name.slice(-12)}` : name);

	function headRow() {
		return make('tr', {}, make('th', { scope: 'col' }, 'Package'),
			columns().map((i) => make('th', { scope: 'col', class: 'image', title: data.images[i] },
				make('span', {}, columns().length === 1 ? 'Verdict' : tall ? ends(data.images[i]) : data.images[i]))),
			columns().length <= TALL ? make('th', { scope: 'col', class: 'why' }, 'Why') : null);
	}

	function cellOf(row, image) {
		const cell = row.cells[image];
		if (!cell) return make('td', { class: 'cell' }, make('span', { class: 'nothing' }, '·', make('span', { class: 'sr' }, 'not judged')));
		const passing = cell.verdict > 1 && cell.gate === 0;
		const words = VERDICTS[cell.verdict] + (passing ? ', passes' : '');
		const alone = state.image >= 0 || !many;
		const td = document.createElement('td');
		td.className = `cell ${VERDICTS[cell.verdict]}${wanted(cell) ? '' : ' faint'}${passing ? ' passing' : ''}`;
		td.dataset.image = image;
		if (!alone) td.title = `${words} on ${data.images[image]}`;
		const word = document.createElement('span');
		word.className = alone ? 'word' : 'sr';
		word.textContent = ` ${words}`;
		const chip = document.createElement('span');
		chip.className = 'chip';
		chip.append(SIGNS[cell.verdict], word);
		td.append(chip);
		return td;
	}

	/* One clause for the row; the whole is behind it. */
	function why(cell) {
		if (!cell || cell.verdict < 2) return cell && cell.proof ? `proof: ${cell.proof}` : '';
		if (!cell.text.startsWith(NO_PROOF)) return cell.text || cell.deciding;
		const settles = cell.findings.map((one) => one.settle).filter(Boolean);
		return `no accepted proof holds${settles.length ? `; to settle it: ${settles[0]}` : ''}`;
	}

	function rowOf(row) {
		const button = make('button', { type: 'button', class: 'name', 'aria-expanded': 'false',
			onclick: () => toggle(row, -1) }, row.name);
		const worst = columns().map((i) => row.cells[i]).reduce((a, b) => (!a || (b && b.verdict > a.verdict) ? b : a), null);
		const line = make('tr', { class: 'row' },
			make('th', { scope: 'row' }, button, make('span', { class: 'version' }, row.version)),
			columns().map((i) => cellOf(row, i)),
			columns().length <= TALL ? make('td', { class: 'why' }, make('span', {}, why(worst))) : null);
		line.dataset.row = row.place;
		row.line = line;
		row.button = button;
		row.detail = null;
		return line;
	}

	function draw() {
		const chunk = Math.max(15, Math.floor(CHUNK / columns().length));
		body.append(...shown.slice(drawn, drawn + chunk).map(rowOf));
		drawn = Math.min(drawn + chunk, shown.length);
		more.hidden = drawn === shown.length;
		more.textContent = `Show more: ${(shown.length - drawn).toLocaleString('en')} left`;
		empty.hidden = shown.length > 0;
	}

	function toggle(row, image) {
		const again = row.detail && (image < 0 || row.image === image);
		if (row.detail) row.detail.remove();
		row.detail = null;
		row.button.setAttribute('aria-expanded', String(!again));
		if (again) return;
		row.image = image;
		row.detail = make('tr', { class: 'detail' }, make('td', { colspan: columns().length + 2 }, detail(row, image)));
		row.line.after(row.detail);
	}

	/* Moves the focus among the names of the packages. */
	function keys(event) {
		const names = [...body.querySelectorAll('button.name')];
		const at = names.indexOf(document.activeElement);
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (event.key === 'Escape') {
			const row = rows.find((one) => one.detail && (one.detail.contains(document.activeElement) || one.button === document.activeElement));
			if (row) { toggle(row, row.image); row.button.focus(); }
		} else if (at >= 0 && step) {
			event.preventDefault();
			if (at + step === names.length) draw();
			const next = body.querySelectorAll('button.name')[at + step];
			if (next) next.focus();
		}
	}

	const head = make('thead');
	const body = make('tbody', { onkeydown: keys, onclick: (event) => {
		const td = event.target.closest('td.cell');
		if (td && td.dataset.image) toggle(rows[td.parentNode.dataset.row], Number(td.dataset.image));
	} });
	const table = make('table', { class: 'matrix' }, make('caption', { class: 'sr' }, 'Verdict of each package on each image, worst first'), head, body);
	const scroll = make('div', { class: 'scroll map', role: 'region', tabindex: '0', 'aria-label': 'Packages and images' }, table);
	const more = make('button', { type: 'button', class: 'load', onclick: draw });
	const printed = make('p', { class: 'printed' });
	const empty = make('p', { class: 'empty', hidden: true }, 'No package fits the filter.');

	/* ---- one package ---- */

	/* The images with the same result, worst first. */
	function groups(row) {
		const found = new Map();
		row.cells.forEach((cell, image) => {
			if (!cell) return;
			const key = JSON.stringify([cell.verdict, cell.gate, cell.deciding, cell.text]);
			if (!found.has(key)) found.set(key, { cell, images: [] });
			found.get(key).images.push(image);
		});
		return [...found.values()].sort((a, b) => b.cell.verdict - a.cell.verdict || b.images.length - a.images.length);
	}

	/* The parts of two values that differ, marked. */
	function marked(value, other) {
		if (!value || !other || value === other) return [value];
		let start = 0, end = 0;
		while (start < Math.min(value.length, other.length) && value[start] === other[start]) start++;
		while (end < Math.min(value.length, other.length) - start && value[value.length - 1 - end] === other[other.length - 1 - end]) end++;
		if (start + end < 4) return [value];
		return [value.slice(0, start), make('mark', {}, value.slice(start, value.length - end)), value.slice(value.length - end)];
	}

	function side(label, value, other, witness) {
		return make('div', {}, make('dt', {}, label), make('dd', {}, value ? make('code', {}, marked(value, other)) : '',
			witness ? make('small', {}, witness) : '', value || witness ? '' : make('span', { class: 'soft' }, 'nothing to show')));
	}

	/* "no accepted proof: a: why; b: why" as a list of clauses. */
	function sentence(finding) {
		if (finding.id !== 'no-proof' || !finding.text.startsWith(NO_PROOF)) return [make('p', {}, finding.text || finding.subject)];
		const clauses = finding.text.slice(NO_PROOF.length).split(/; (?=[a-z-]+(?: \(not accepted\))?: )/);
		return [make('p', {}, 'No accepted proof holds:'), make('dl', { class: 'proofs' }, clauses.map((clause) => {
			const colon = clause.indexOf(': ');
			return make('div', {}, make('dt', {}, clause.slice(0, colon)), make('dd', {}, clause.slice(colon + 2)));
		}))];
	}

	function step(finding, deciding) {
		return make('li', { class: LEVELS[finding.level] },
			make('p', { class: 'tags' }, make('span', { class: `tag ${LEVELS[finding.level]}` }, finding.passes ? 'does not count' : LEVELS[finding.level]), ' ',
				rule(finding.id), finding.module ? [' module ', code(finding.module)] : '', deciding ? make('span', { class: 'soft' }, ' decides') : ''),
			sentence(finding),
			finding.expected || finding.found || finding.witness[0] || finding.witness[1]
				? make('dl', { class: 'sides' }, side('Expected', finding.expected, finding.found, finding.witness[0]),
					side('Found', finding.found, finding.expected, finding.witness[1])) : '',
			finding.more ? make('p', { class: 'soft' }, `and ${finding.more} more of this kind`) : '',
			finding.passes ? make('p', { class: 'soft' }, finding.passes) : '');
	}

	function chain(row, cell) {
		const first = (finding) => (finding.id === cell.deciding && finding.text === cell.text ? 1 : 0);
		const order = [...cell.findings].sort((a, b) => first(b) - first(a) || b.level - a.level);
		const proof = cell.notes.filter((note) => note.id !== 'package-manager');
		const steps = [...order.map((finding) => step(finding, first(finding))), ...proof.map((note) => step(note, false))];
		return [make('h4', {}, 'From bytes to verdict'), make('ol', { class: 'chain' },
			make('li', {}, make('p', { class: 'tags' }, make('span', { class: 'tag' }, 'package')), make('p', {}, code(row.file || row.name))), steps,
			make('li', { class: VERDICTS[cell.verdict] }, make('p', {}, make('b', {}, `${SIGNS[cell.verdict]} ${VERDICTS[cell.verdict]}`),
				cell.proof ? [', by proof ', rule(cell.proof)] : '', `: ${GATES[cell.gate]}`))),
		cell.whole ? '' : make('p', { class: 'soft' }, 'The findings were left out for lack of space. The report in YAML has them.')];
	}

	function advice(cell) {
		const settles = [...new Set(cell.findings.map((finding) => finding.settle).filter(Boolean))];
		const remedies = [...new Set(cell.findings.filter((finding) => finding.level === 3 && !finding.settle && finding.id !== 'needs')
			.map((finding) => (data.rules[finding.id] || ['', ''])[1]).filter(Boolean))];
		return [settles.length ? [make('h4', {}, 'What would settle it'), settles.map((words) => make('p', { class: 'do' }, words))] : '',
			remedies.length ? [make('h4', {}, 'What to do'), remedies.map((words) => make('p', { class: 'do' }, words))] : ''].flat(2);
	}

	/* The text of the package manager's finding: clauses, of which some end with a line to type. */
	function manager(cell) {
		return cell.notes.filter((note) => note.id === 'package-manager').flatMap((note) => [make('h4', {}, 'What the package manager does'),
			note.text.split(/; (?=without force: |install it all the same|risk: )/).map((clause) => {
				const typed = /^(install it all the same.*?|\S+ accepts it): ((?:tar|opkg|apk|pkg) .*)$/s.exec(clause);
				return typed ? make('div', { class: 'do' }, `${typed[1]}:`, make('pre', { tabindex: '0', 'aria-label': 'The line to type' }, code(typed[2]))) : make('p', { class: 'do' }, clause);
			})]).flat();
	}

	/* ---- what it needs ---- */

	function verdictOf(name, row, image) {
		const found = byName.get(name) || [];
		const same = found.find((one) => one.feed === row.feed && one.cells[image]) || found.find((one) => one.cells[image]);
		return same ? { row: same, cell: same.cells[image] } : null;
	}

	/* The packages below ROW, with their distance from it, and what needs what. */
	function graph(row, image) {
		const nodes = new Map([[row.name, { name: row.name, depth: 0, at: { row, cell: row.cells[image] } }]]);
		const edges = [];
		let cut = 0;
		for (const node of nodes.values()) {
			for (const name of node.at ? node.at.cell.needs : []) {
				if (!nodes.has(name) && nodes.size >= NODES) { cut++; continue; }
				if (!nodes.has(name)) nodes.set(name, { name, depth: node.depth + 1, at: verdictOf(name, row, image) });
				edges.push([node, nodes.get(name)]);
			}
		}
		return { nodes: [...nodes.values()], edges, cut };
	}

	function svg(name, attributes, ...children) {
		const element = document.createElementNS('http://www.w3.org/2000/svg', name);
		for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
		element.append(...children);
		return element;
	}

	const word = (node) => (node.at ? VERDICTS[node.at.cell.verdict] : 'no result of its own');
	const short = (name) => (name.length > 24 ? `${name.slice(0, 23)}…` : name);

	function drawing(nodes, edges) {
		const W = 210, GAP = 56, H = 30, STEP = 42;
		const layers = [];
		for (const node of nodes) {
			(layers[node.depth] = layers[node.depth] || []).push(node);
			node.x = 1 + node.depth * (W + GAP);
		}
		const most = Math.max(...layers.map((layer) => layer.length));
		for (const layer of layers) layer.forEach((node, i) => { node.y = 1 + (i + (most - layer.length) / 2) * STEP; });
		const width = layers.length * (W + GAP) - GAP + 2;
		const height = most * STEP - STEP + H + 2;
		return svg('svg', { class: 'graph', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
			...edges.map(([from, to]) => {
				const x1 = from.x + W, y1 = from.y + H / 2, x2 = to.x, y2 = to.y + H / 2;
				return svg('path', { class: to.at && to.at.cell.verdict > 1 ? `edge ${word(to)}` : 'edge', d: to.depth > from.depth
					? `M${x1} ${y1}C${x1 + GAP / 2} ${y1} ${x2 - GAP / 2} ${y2} ${x2} ${y2}`
					: `M${x1} ${y1}C${x1 + GAP} ${y1} ${x2 - GAP} ${y2} ${x2} ${y2}` });
			}),
			...nodes.map((node) => svg('g', { class: `node ${node.at ? word(node) : 'absent'}` },
				svg('title', {}, `${node.name}: ${word(node)}`),
				svg('rect', { x: node.x, y: node.y, width: W, height: H, rx: 4 }),
				svg('text', { x: node.x + 10, y: node.y + 20 }, `${node.at ? SIGNS[node.at.cell.verdict] : '·'} ${short(node.name)}`))));
	}

	/* Shows the package of another row and opens it. */
	function jump(row) {
		if (!shown.includes(row)) { clear(); apply(); }
		while (drawn < shown.length && shown.indexOf(row) >= drawn) draw();
		if (!row.detail) toggle(row, -1);
		row.line.scrollIntoView();
		row.button.focus();
	}

	/* The packages below that fail by themselves: each leads to its evidence. */
	function spoilers(nodes) {
		const found = nodes.filter((node) => node.depth && node.at && node.at.cell.verdict > 1 && node.at.cell.deciding !== 'needs');
		return found.length ? make('p', { class: 'spoilers' }, 'Spoiled by ', found.map((node) => [make('button', { type: 'button', class: `to ${word(node)}`,
			onclick: () => jump(node.at.row) }, `${SIGNS[node.at.cell.verdict]} ${short(node.name)}`), ' ']).flat()) : '';
	}

	function needs(row, image) {
		if (!row.cells[image].needs.length) return [];
		const { nodes, edges, cut } = graph(row, image);
		return [make('h4', {}, 'What it needs from the feeds'), make('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Graph of what it needs' }, drawing(nodes, edges)),
			make('ul', { class: 'sr' }, nodes.map((node) => {
				const below = edges.filter(([from]) => from === node).map(([, to]) => to.name);
				return make('li', {}, `${node.name}: ${word(node)}${below.length ? `; needs ${below.join(', ')}` : ''}`);
			})), cut ? make('p', { class: 'soft' }, `and ${cut} more`) : '', spoilers(nodes)];
	}

	function result(row, { cell, images }, image) {
		const at = images.includes(image) ? image : images[0];
		const own = row.cells[at];
		return make('section', { class: `result ${VERDICTS[cell.verdict]}` },
			many ? make('h3', {}, make('span', { class: 'chip' }, `${SIGNS[cell.verdict]} ${VERDICTS[cell.verdict]}`), ' on ',
				images.slice(0, 12).map((i, n) => [n ? ', ' : '', code(data.images[i])]).flat(), images.length > 12 ? ` and ${images.length - 12} more` : '') : '',
			many && images.length > 1 ? make('p', { class: 'soft' }, 'Shown for ', code(data.images[at]), '.') : '',
			chain(row, own), advice(own), manager(own), needs(row, at));
	}

	function detail(row, image) {
		const all = groups(row);
		const some = image < 0 && state.image < 0 ? all : all.filter((group) => group.images.includes(image < 0 ? state.image : image));
		return make('div', { class: 'inner' }, some.map((group) => result(row, group, image < 0 ? state.image : image)));
	}

	/* ---- links ---- */

	/* Opens what a link inside the page leads to. */
	function follow() {
		const id = decodeURIComponent(location.hash.slice(1));
		const target = id && document.getElementById(id);
		for (let at = target && target.closest('details'); at; at = at.parentElement.closest('details')) at.open = true;
		if (target) target.scrollIntoView();
	}

	document.addEventListener('click', (event) => {
		const link = event.target.closest('a[data-rule]');
		if (link && rules.has(link.dataset.rule)) {
			clear();
			ruleBox.value = link.dataset.rule;
			state.rule = rules.get(link.dataset.rule);
			apply();
		}
	});
	window.addEventListener('hashchange', follow);

	/* Paper has no button to show more, so that what is left out is said. Folded causes are opened. */
	window.addEventListener('beforeprint', () => {
		for (const folded of document.querySelectorAll('#causes details')) folded.open = true;
		while (drawn < shown.length && drawn < PRINTED) draw();
		printed.textContent = drawn < shown.length ? `Printed: the worst ${drawn.toLocaleString('en')} of ${plural(shown.length, 'package')}.` : '';
	});

	if (rows.length) document.getElementById('map').append(form, scroll, more, printed, empty);
	if ('IntersectionObserver' in window)
		new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting) && drawn) draw(); }, { rootMargin: '600px' }).observe(more);
	apply();
	follow();
})();
