// Uses the page as a person would and holds what it shows against what it knows.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { join } from "node:path";

const folder = process.argv[2];
const DRAW_MS_MAX = 16;  // median, with 100,000 events
let passed = 0;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-frame-rate-limit", "--disable-gpu-vsync"] });

async function open(name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  page.trouble = [];
  page.on("pageerror", (error) => page.trouble.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") page.trouble.push(message.text()); });
  page.on("request", (request) => { if (!/^(file|data):/.test(request.url())) page.trouble.push("asked for " + request.url()); });
  await page.goto("file://" + join(folder, name));
  await until(page, () => Boolean(window.drawproof) && window.drawproof.frames.last_ms > 0);
  return page;
}
// The page forbids the evaluation of text, which a browser driver's own waiting needs.
async function until(page, condition) {
  for (let tries = 0; tries < 200; ++tries) {
    if (await page.evaluate(condition)) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error("never: " + condition);
}
async function check(name, test) {
  try {
    await test();
  } catch (error) {
    console.error("FAILED  " + name + "\n" + error.stack);
    process.exitCode = 1;
    return;
  }
  ++passed;
  console.log("ok      " + name);
}
const state = (page) => page.evaluate(() => { const s = window.drawproof.state; return { from: s.from, until: s.until, cursor: s.cursor, selected: s.selected, violation: s.violation, spotlight: s.spotlight }; });
const text = (page, selector) => page.textContent(selector);
const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

const page = await open("m25.html");

await check("opens at the violation, with a headline in plain words", async () => {
  assert.match(await text(page, "#title"), /charged more than once/);
  assert.match(await text(page, "#what"), /the bank captured 1000 in 2 charges/);
  assert.match(await text(page, "#rule"), /S3.*never captures more/);
  const { from, until, violation } = await state(page);
  const at = await page.evaluate(() => window.drawproof.violations[0].at);
  assert.equal(violation, 0);
  assert.ok(from < at && at < until);
});
await check("the story tells both charges and the answer that never came", async () => {
  const story = await text(page, "#pane-story");
  assert.match(story, /CHARGES 500 for p194\.0 under key charge-p194\.0-1-2/);
  assert.match(story, /CHARGES 500 for p194\.0 under key charge-p194\.0-1-3/);
  assert.match(story, /POST \/v1\/charges.*NO ANSWER/s);
});
await check("a click on a step goes there", async () => {
  await page.click("#pane-story ol.steps >> nth=1 >> button >> nth=0");
  const { selected, from, until, cursor } = await state(page);
  assert.ok(selected);
  assert.ok(from <= cursor && cursor <= until);
  assert.equal(await page.locator("#pane-story [aria-current=true]").count() > 0, true);
});
await check("keys: along the story, events, faults, violations", async () => {
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  const first = (await state(page)).selected;
  await page.keyboard.press("j");
  assert.notDeepEqual((await state(page)).selected, first);
  await page.keyboard.press("k");
  assert.deepEqual((await state(page)).selected, first);
  await page.keyboard.press("n");
  const event = (await state(page)).selected;
  assert.equal(event[0], 0);
  await page.keyboard.press("n");
  await page.keyboard.press("p");
  assert.deepEqual((await state(page)).selected, event);
  await page.keyboard.press("f");
  assert.equal((await state(page)).selected[0], 2);
  await page.keyboard.press("v");
  assert.equal((await state(page)).violation, 1);
  await page.keyboard.press("Shift+V");
  assert.equal((await state(page)).violation, 0);
});
await check("keys: zoom, move, all, story", async () => {
  const before = await state(page);
  await page.keyboard.press("+");
  const nearer = await state(page);
  assert.ok(nearer.until - nearer.from < before.until - before.from);
  await page.keyboard.press("ArrowLeft");
  assert.ok((await state(page)).from < nearer.from);
  await page.keyboard.press("0");
  const all = await state(page);
  assert.ok(all.from <= 0 && all.until >= await page.evaluate(() => window.drawproof.end_us));
  await page.keyboard.press("Home");
  assert.ok((await state(page)).from > 0);
});
await check("wheel and drag", async () => {
  const box = await page.locator("#overlay").boundingBox();
  const before = await state(page);
  await page.mouse.move(box.x + 500, box.y + 200);
  await page.mouse.wheel(0, -300);
  await settle(page);
  const nearer = await state(page);
  assert.ok(nearer.until - nearer.from < before.until - before.from);
  await page.mouse.down();
  await page.mouse.move(box.x + 600, box.y + 200, { steps: 4 });
  await page.mouse.up();
  assert.ok((await state(page)).from < nearer.from);
});
await check("what is under the mouse is told, a click shows its details", async () => {
  await page.keyboard.press("Escape");
  await page.keyboard.press("m");
  await settle(page);
  const [x, y] = await page.evaluate(() => {
    const d = window.drawproof, at = d.violations[0].at;
    const i = [...d.state.story.events].find((event) => d.events.at[event] === at);
    return [d.x_of(d.events.at[i]), d.lane_y(d.events.host[i])];
  });
  const box = await page.locator("#overlay").boundingBox();
  await page.mouse.move(box.x + x, box.y + y);
  assert.match(await text(page, "#tip"), /bank.*CHARGES 500/s);
  await page.mouse.click(box.x + x, box.y + y);
  assert.equal((await state(page)).selected[0], 0);
  await page.keyboard.press("2");
  assert.match(await text(page, "#pane-detail"), /bank\.moved/);
});
await check("the books at the cursor show the double charge", async () => {
  await page.keyboard.press("3");
  await page.keyboard.press("Escape");
  await page.evaluate(() => { window.drawproof.state.cursor = window.drawproof.violations[0].at; });
  await page.keyboard.press("3");
  const named = page.locator("#pane-books tr.named").first();
  assert.match(await named.textContent(), /p194\.0.*user-3.*1,000/);
  assert.equal(await named.locator("td.bad").count(), 1);
});
await check("search, next and previous, only matches", async () => {
  await page.keyboard.press("/");
  await page.keyboard.type("p194.0");
  await page.keyboard.press("Enter");
  assert.match(await text(page, "#find-count"), /^\d+ of \d+/);
  const first = (await state(page)).selected;
  await page.keyboard.press("Enter");
  assert.notDeepEqual((await state(page)).selected, first);
  await page.keyboard.press("Shift+Enter");
  assert.deepEqual((await state(page)).selected, first);
  const before = await page.evaluate(() => window.drawproof.shown.events.length);
  await page.check("#find-only");
  assert.ok(await page.evaluate(() => window.drawproof.shown.events.length) < before);
  await page.uncheck("#find-only");
  await page.fill("#find", "no such thing");
  await until(page, () => document.getElementById("find-count").textContent === "nothing");
  await page.fill("#find", "");
});
await check("filter by kind and host", async () => {
  await page.click("#filter-open");
  const before = await page.evaluate(() => window.drawproof.shown.events.length);
  await page.getByLabel("Raft", { exact: true }).uncheck();
  const fewer = await page.evaluate(() => window.drawproof.shown.events.length);
  assert.ok(fewer < before);
  await page.getByLabel("bank", { exact: true }).last().uncheck();
  assert.ok(await page.evaluate(() => window.drawproof.shown.events.length) < fewer);
  await page.getByLabel("bank", { exact: true }).last().check();
  await page.getByLabel("Raft", { exact: true }).check();
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal(await page.evaluate(() => window.drawproof.shown.events.length), before);
});
await check("help, theme, tabs by keyboard", async () => {
  await page.keyboard.press("?");
  assert.ok(await page.locator("#help").isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("#help").isVisible()));
  await page.keyboard.press("t");
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.keyboard.press("t");
  await page.keyboard.press("1");
  await page.focus("#tab-story");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getAttribute("#tab-detail", "aria-selected"), "true");
});
await check("every control has a name, selection is said", async () => {
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, canvas[role]")]
    .filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || (e.labels && e.labels.length > 0))).map((e) => e.outerHTML));
  assert.deepEqual(nameless, []);
  await page.keyboard.press("1");
  await page.keyboard.press("j");
  assert.match(await text(page, "#said"), /s, /);
});
await check("colours can be read, in both themes", async () => {
  for (const theme of ["light", "dark"]) {
    const ratios = await page.evaluate((wanted) => {
      document.documentElement.dataset.theme = wanted;
      const style = getComputedStyle(document.documentElement);
      const light = (name) => {
        const hex = style.getPropertyValue("--" + name).trim();
        const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
      };
      const pairs = [["ink", "paper"], ["soft", "paper"], ["soft", "ground"], ["bad", "paper"], ["bad", "bad-soft"], ["ink", "mark"], ["accent", "paper"]];
      return pairs.map(([a, b]) => { const x = light(a), y = light(b); return [a + " on " + b, (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)]; });
    }, theme);
    for (const [pair, ratio] of ratios) assert.ok(ratio >= 4.5, theme + ": " + pair + " " + ratio.toFixed(2));  // WCAG 2.1, 1.4.3
  }
});
await check("no error, no request", async () => assert.deepEqual(page.trouble, []));
await page.close();

await check("hostile texts stay texts", async () => {
  const hostile = await open("hostile.html");
  await hostile.keyboard.press("4");
  assert.match(await text(hostile, "#pane-run"), /<\/script><script>window\.hacked/);
  assert.equal(await hostile.evaluate(() => window.hacked), undefined);
  assert.equal(await hostile.locator("img").count(), 0);
  assert.deepEqual(hostile.trouble, []);
  await hostile.close();
});

await check("smooth with 100,000 events", async () => {
  const rush = await open("rush.html");
  const times = await rush.evaluate(async () => {
    const d = window.drawproof, result = { events: d.events.count, messages: d.messages.count };
    const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    for (const part of [1, 0.3, 0.1, 0.01, 0.001]) {
      const draws = [], frames = [];
      let last = 0;
      for (let i = 0; i < 60; ++i) {
        const from = d.end_us * (0.1 + 0.004 * i);
        d.show_range(from, from + d.end_us * part * (1 - 0.004 * i));
        const now = await new Promise((done) => requestAnimationFrame(done));
        if (last > 0) frames.push(now - last);
        last = now;
        draws.push(d.frames.last_ms);
      }
      result["of the run " + part] = { draw_ms: +middle(draws).toFixed(1), frame_ms: +middle(frames).toFixed(1) };
    }
    return result;
  });
  console.log(JSON.stringify(times));
  assert.ok(times.events > 100000);
  for (const name in times) if (times[name].draw_ms) assert.ok(times[name].draw_ms < DRAW_MS_MAX, name + ": " + times[name].draw_ms + " ms");
  assert.deepEqual(rush.trouble, []);
  await rush.close();
});

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [[1280, 800], [2560, 1440]]) {
    const shot = await open("m25.html", { colorScheme, viewport: { width, height } });
    await settle(shot);
    await shot.screenshot({ path: join(folder, "m25-" + colorScheme + "-" + width + ".png") });
    await shot.close();
  }
}
await browser.close();
console.log(passed + " passed" + (process.exitCode ? ", some failed" : ", 0 failed"));
