/* Reads pages of --report html with Chromium: node browser.js READERS CHROMIUM SHOTS KIND=FILE... Prints a line for each thing that it
 * checked: "ok", "no" or "note", a tab, what. READERS has playwright-core and axe.min.js; SHOTS is a folder for screenshots, or "". */
const fs = require('fs');
const path = require('path');
const [readers, chromium, shots, ...pages] = process.argv.slice(2);
const playwright = require(path.join(readers, 'playwright-core'));
const axe = fs.readFileSync(path.join(readers, 'axe.min.js'), 'utf8');

const say = (good, what, more) => console.log(`${good ? 'ok' : 'no'}\t${what}${good || more === undefined ? '' : `: ${JSON.stringify(more)}`}`);
const note = (what) => console.log(`note\t${what}`);
const names = (page) => page.locator('button.name');

/* A page whose complaints are collected. */
async function open(browser, file, options) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage();
	page.complaints = [];
	page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.complaints.push(message.text()));
	page.on('pageerror', (error) => page.complaints.push(error.message));
	page.on('dialog', (dialog) => { page.complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	page.on('request', (request) => request.url().startsWith('file://') || page.complaints.push(`request: ${request.url()}`));
	await page.goto(`file://${path.resolve(file)}`);
	return page;
}

async function accessible(page, what) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
	const serious = found.violations.filter((one) => ['serious', 'critical'].includes(one.impact));
	say(!serious.length, `${what}: axe finds nothing serious`, serious.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]));
}

async function looks(browser, kind, file) {
	for (const colorScheme of ['light', 'dark'])
		for (const width of [360, 768, 1280]) {
			const what = `${kind}, ${colorScheme}, ${width} pixels`;
			const page = await open(browser, file, { colorScheme, viewport: { width, height: 900 } });
			if (await names(page).count()) await names(page).first().click();
			const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
			say(beyond <= 0, `${what}: nothing to scroll sideways`, beyond);
			if (width !== 768) await accessible(page, what);
			if (shots) await page.screenshot({ path: path.join(shots, `${kind}-${colorScheme}-${width}.png`) });
			if (shots) await page.screenshot({ path: path.join(shots, `${kind}-${colorScheme}-${width}-full.png`), fullPage: true });
			say(!page.complaints.length, `${what}: no error, no request`, page.complaints);
			await page.context().close();
		}
}

async function filters(browser, kind, file) {
	const page = await open(browser, file);
	const all = await names(page).count();
	const first = await names(page).first().textContent();
	const state = () => page.locator('.status').textContent();
	const before = await state();
	await page.locator('input[type=search]').fill(first.toUpperCase());
	const found = await names(page).allTextContents();
	say(found.length && found.every((name) => name.includes(first)), `${kind}: filter by name`, found);
	await page.locator('input[type=search]').fill('no such package');
	say(await page.locator('.empty').isVisible(), `${kind}: a filter that nothing passes says so`);
	await page.locator('.reset').click();
	say(await state() === before && await names(page).count() === all, `${kind}: all are shown again`);
	for (const box of await page.locator('.verdicts input').all()) await box.uncheck();
	say(await names(page).count() === 0, `${kind}: no verdict, no package`);
	await page.locator('.verdicts input').first().check();
	const signs = await page.locator('td.cell.unsafe:not(.faint)').count();
	say(signs > 0 && await page.locator('tr.row').evaluateAll((rows) => rows.every((row) => row.querySelector('td.unsafe'))), `${kind}: filter by verdict`);
	await page.locator('.reset').click();
	const link = page.locator('a[data-rule]').first();
	const rule = await link.getAttribute('data-rule');
	await link.click();
	say(await page.locator('.filter select').last().inputValue() === rule, `${kind}: a cause filters by its rule`);
	if (rule === 'needs' || await page.locator('#causes a[data-rule=needs]').count()) {
		await page.evaluate(() => { for (const folded of document.querySelectorAll('#causes details')) folded.open = true; });
		await page.locator('#causes a[data-rule=needs]').first().click();
		await names(page).first().click();
		const spoiler = page.locator('.spoilers button').first();
		const culprit = (await spoiler.textContent()).slice(2);
		await spoiler.click();
		say(await page.evaluate(() => document.activeElement.textContent) === culprit && await page.locator('.detail').count() >= 1,
			`${kind}: what spoils a package leads to that package`, culprit);
		await link.click();
	}
	await names(page).first().click();
	await page.locator('.chain a.rule').first().click();
	say(await page.evaluate(() => document.querySelector(location.hash).open), `${kind}: a finding leads to the text of its rule`);
	const images = page.locator('.filter label', { hasText: 'Image' }).locator('select');
	if (await images.count()) {
		await page.locator('.reset').click();
		await images.selectOption('0');
		say(await page.locator('.matrix.one').count() === 1, `${kind}: one image has one column`);
	}
	await page.locator('.reset').click();
	await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
	await page.emulateMedia({ media: 'print' });
	say(await page.locator('.printed').innerText() === '', `${kind}: paper has all`);
	say(!page.complaints.length, `${kind}: no error while filtering`, page.complaints);
	await page.context().close();
}

async function keyboard(browser, kind, file) {
	const page = await open(browser, file);
	const focused = () => page.evaluate(() => `${document.activeElement.className}:${document.activeElement.textContent}`);
	await page.keyboard.press('Tab');
	say((await focused()).startsWith('skip'), `${kind}: the first stop leads to the packages`);
	await names(page).first().focus();
	await page.keyboard.press('ArrowDown');
	say(await focused() === `name:${await names(page).nth(1).textContent()}`, `${kind}: an arrow leads to the next package`);
	await page.keyboard.press('Enter');
	say(await names(page).nth(1).getAttribute('aria-expanded') === 'true' && await page.locator('.detail').count() === 1, `${kind}: Enter opens it`);
	await page.keyboard.press('Escape');
	say(await page.locator('.detail').count() === 0 && (await focused()).startsWith('name:'), `${kind}: Escape closes it`);
	await page.context().close();
}

async function alone(browser, kind, file) {
	const page = await open(browser, file, { javaScriptEnabled: false });
	say(await page.locator('details.package').count() > 0, `${kind}: packages without scripts`);
	say(await page.locator('#map *').count() === 0, `${kind}: no form that does nothing`);
	await page.emulateMedia({ media: 'print' });
	say((await page.pdf()).length > 1000, `${kind}: it can be printed`);
	await page.context().close();
}

/* Paper is white, whatever the theme; causes that are folded on the screen can be read on it. */
async function paper(browser, kind, file) {
	const tone = (page) => page.evaluate(() => getComputedStyle(document.querySelector('h1 .word')).color);
	const light = await open(browser, file, { colorScheme: 'light' });
	const dark = await open(browser, file, { colorScheme: 'dark' });
	const wanted = await tone(light);
	await dark.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
	await dark.emulateMedia({ media: 'print' });
	say(await tone(dark) === wanted, `${kind}: on paper the colours of the light theme`, await tone(dark));
	say(await dark.locator('#causes details:not([open])').count() === 0, `${kind}: on paper all causes are open`);
	await light.context().close();
	await dark.context().close();
}

/* Milliseconds of the page's own thread to open it: other programs on the machine do not count. */
async function work(browser, file) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	const session = await context.newCDPSession(page);
	await session.send('Performance.enable', { timeDomain: 'threadTicks' });
	await page.goto(`file://${path.resolve(file)}`);
	const { metrics } = await session.send('Performance.getMetrics');
	await context.close();
	return 1000 * metrics.find((one) => one.name === 'TaskDuration').value;
}

async function quick(browser, kind, file) {
	const cpu = await work(browser, file);
	note(`${kind}: ${Math.round(cpu)} ms of cpu to open`);
	say(cpu < 2000, `${kind}: opens with little work`, cpu);
	const page = await open(browser, file);
	const took = [['open', await page.evaluate(() => performance.getEntriesByType('navigation')[0].domComplete)]];
	const act = async (what, selector, event, set) => took.push([what, await page.evaluate(([at, type, value]) => new Promise((done) => {
		const element = document.querySelector(at);
		const start = performance.now();
		if (type === 'click') element.click();
		else { element.value = value; element.dispatchEvent(new Event(type)); }
		requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
	}), [selector, event, set])]);
	await act('filter by name', 'input[type=search]', 'input', 'kmod-04');
	await act('filter by verdict', '.verdicts input', 'click');
	await act('filter by image', '.filter select', 'change', '7');
	await act('show all', '.reset', 'click');
	await act('open a package', 'button.name', 'click');
	note(`${kind}: ${took.map(([what, time]) => `${what} ${Math.round(time)} ms`).join(', ')}`);
	/* the machine may be busy: the aim is one second */
	await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
	await page.emulateMedia({ media: 'print' });
	const words = await page.locator('.printed').innerText();
	const lines = await names(page).count();
	say(lines >= 1000 && words === `Printed: the worst ${lines.toLocaleString('en')} of 5,000 packages.`, `${kind}: paper says what it leaves out`, [words, lines]);
	await page.emulateMedia({ media: 'screen' });
	await page.setViewportSize({ width: 360, height: 900 });
	const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
	say(beyond <= 0, `${kind}, 360 pixels: nothing to scroll sideways`, beyond);
	say(took.every(([, time]) => time < 5000), `${kind}: opens and filters quickly`, took);
	say(!page.complaints.length, `${kind}: no error`, page.complaints);
	await page.context().close();
}

(async () => {
	const browser = await playwright.chromium.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
	for (const one of pages) {
		const [kind, file] = one.split('=');
		if (kind === 'large') {
			await quick(browser, kind, file);
			continue;
		}
		await looks(browser, kind, file);
		if (kind === 'hostile' || kind === 'diff') continue;
		await paper(browser, kind, file);
		await alone(browser, kind, file);
		await filters(browser, kind, file);
		await keyboard(browser, kind, file);
	}
	await browser.close();
})().catch((error) => { console.log(`no\t${error.stack}`); process.exitCode = 1; });
