// The violation in plain words, and what led to it.
const QUIET_US = 400000;  // a pause that is told

function show_violation(index) {
  state.violation = index;
  state.story = { events: new Set(), messages: new Set(), spans: new Set(), purchases: new Set() };
  state.selected = null;
  if (index >= 0) {
    for (const [of, i] of violations[index].steps) (of === OF_EVENT ? state.story.events : of === OF_MESSAGE ? state.story.messages : state.story.spans).add(i);
    violations[index].named.forEach((name) => state.story.purchases.add(name));
    state.cursor = violations[index].at;
  }
  apply_filter();
  place_lanes();
  fill_headline();
  fill_story();
  show_story_range();
  if (open_tab !== "story") show_tab(open_tab);
}

function fill_headline() {
  const bad = state.violation >= 0, violation = violations[state.violation];
  by_id("head").classList.toggle("bad", bad);
  by_id("pager").hidden = violations.length < 2;
  by_id("violation-place").textContent = bad ? "violation " + (state.violation + 1) + " of " + violations.length : "";
  if (!bad) {
    by_id("badge").textContent = "✓";
    by_id("title").textContent = run.outcome === "holds" ? "Every property held" : "The run ended: " + run.outcome.replace(/_/g, " ");
    by_id("what").textContent = "Scenario " + run.scenario + ", seed " + run.seed + ": " + grouped(events.count) + " events and " + grouped(messages.count) + " messages in " + seconds(end_us, 1) + " of virtual time, under " + counted(run.faults, "fault") + ".";
    by_id("rule").textContent = run.about;
    return;
  }
  by_id("badge").textContent = violation.property === "abort" ? "!" : violation.property;
  by_id("title").textContent = (NAMES[violation.property] || "A property was violated") + (violation.at_end ? ", as was found at the end" : ", at " + seconds(violation.at));
  by_id("what").textContent = violation.what.charAt(0).toUpperCase() + violation.what.slice(1) + "." + (violation.times > 1 ? " Found " + violation.times + " times until " + seconds(violation.last) + "." : "");
  by_id("rule").textContent = "Must hold (" + violation.property + "): " + violation.statement + ".";
}

// The last steps before the violation, as many as can be told apart.
function show_story_range() {
  if (state.violation < 0) { show_range(0, end_us); return; }
  const violation = violations[state.violation], steps = violation.steps.filter(([of]) => of !== OF_SPAN);
  const first = steps.length > 0 ? time_of(steps[0]) : violation.at - 2e6;
  const width = Math.max(20000, violation.at - first);
  show_range(violation.at - width * 1.04, violation.at + width * 0.1);
}
// From the last long pause on: the moment itself.
function show_moment() {
  if (state.violation < 0) { show_range(0, end_us); return; }
  const violation = violations[state.violation], times = violation.steps.filter(([of]) => of !== OF_SPAN).map(time_of);
  let first = violation.at;
  for (let i = times.length - 1; i >= 0 && first - times[i] < QUIET_US; --i) first = times[i];
  const width = Math.max(2000, violation.at - first);
  show_range(violation.at - width * 1.1, violation.at + width * 0.15);
}

// What a reader in a hurry must know: what users wanted, money that moved, messages that nobody
// got or answered, elections.
const AIMED_MAX = 4;  // hosts of a fault that is told in its place
const TURNING_POINTS = ["client.intent", "client.replied", "raft.hard_state", "worker.bank_call", "bank.moved", "bank.declined", "raft.elected", "raft.opened", "raft.snapshot", "ledger.restored"];
const SHORT_MAX = 12;
function is_turning_point([of, i]) {
  if (of === OF_EVENT) return events.at[i] > 0 && TURNING_POINTS.includes(texts[events.name[i]]);
  if (of === OF_SPAN) return spans[i].family === "down";
  return messages.took[i] < 0 || unanswered(i) || /^5\d\d /.test(texts[messages.label[i]]);
}

// The first of those that answer "5..": of the rest only how many came, and until when.
const is_refusal = ([of, i]) => of === OF_MESSAGE && messages.took[i] >= 0 && /^5\d\d /.test(texts[messages.label[i]]);
function without_repeats(things) {
  const first = new Map(), told_once = [];
  for (const thing of things) {
    const key = is_refusal(thing) ? messages.label[thing[1]] : null, known = first.get(key);
    if (key !== null && known) { ++known.times; known.last = time_of(thing); continue; }
    const entry = { thing, times: 1, last: time_of(thing) };
    if (key !== null) first.set(key, entry);
    told_once.push(entry);
  }
  return told_once;
}

function step_line(thing, before, times = 1, last = 0) {
  const line = told(thing);
  if (times > 1) line.more = (line.more ? line.more + " · " : "") + times + " times until " + seconds(last);
  const button = element("button", { type: "button", onclick: () => select(thing) },
    element("time", { text: seconds(line.at) }),
    element("span", {}, element("span", { class: "who", text: line.who + " " }), shortened(line.what, 220), line.more ? element("span", { class: line.bad ? "bad" : "quiet", text: " · " + line.more }) : ""));
  button.style.setProperty("--tone", "var(" + line.tone + ")");
  button.dataset.thing = thing.join(":");
  const pause = line.at - before;
  const parts = before >= 0 && pause >= QUIET_US ? [element("div", { class: "pause", text: "⋮ " + lasting(pause) + " later" })] : [];
  return element("li", {}, ...parts, button);
}

function fill_story() {
  const pane = by_id("pane-story");
  if (state.violation < 0) {
    pane.replaceChildren(element("p", { text: "Nothing was violated: there is no story to tell. The timeline has all that happened; press ? for the keys." }),
      element("h2", { text: "Faults" }), element("ol", { class: "steps" }, ...spans.flatMap((span, i) => (span.family === "fault" ? [step_line([OF_SPAN, i], -1)] : []))));
    return;
  }
  const violation = violations[state.violation], steps = violation.steps;
  const broad = ([of, i]) => of === OF_SPAN && spans[i].hosts.length > AIMED_MAX;
  const faults = steps.filter(broad), rest = steps.filter((step) => !broad(step));
  const chips = violation.named.map((name) => element("button", { class: "chip", type: "button", text: name, title: "Search for " + name, onclick: () => search_for(name) }));
  let before = -1;
  const list = element("ol", { class: "steps" }, ...rest.map((thing) => {
    const item = step_line(thing, before);
    before = time_of(thing);
    return item;
  }));
  const turns = without_repeats(rest.filter(is_turning_point)), short = turns.length > SHORT_MAX ? turns.slice(0, 4).concat(turns.slice(4 - SHORT_MAX)) : turns;
  const end = element("button", { type: "button", class: "end", onclick: () => { state.cursor = violation.at; show_moment(); } },
    element("time", { text: seconds(violation.at) }), element("span", {}, element("span", { class: "bad", text: violation.property + " violated " }), shortened(violation.what, 260)));
  list.append(element("li", {}, end));
  pane.replaceChildren(
    element("div", { class: "chips", "aria-label": "Named by the violation" }, ...chips),
    element("h2", { text: "In short" }), element("ol", { class: "steps" }, ...short.map((turn) => step_line(turn.thing, -1, turn.times, turn.last)), element("li", {}, end.cloneNode(true))),
    element("h2", { text: "What led to it: " + counted(rest.length, "step") + ", in the order of time" }), list,
    element("h2", { text: "Faults that struck many, these among them" }), faults.length === 0 ? element("p", { class: "quiet", text: "None." }) : element("ol", { class: "steps" }, ...faults.map((thing) => step_line(thing, -1))));
  pane.querySelector("button.end").addEventListener("click", () => end.click());
  pane.scrollTop = 0;
}

function mark_step() {
  const wanted = state.selected ? state.selected.join(":") : "";
  for (const button of by_id("pane-story").querySelectorAll("button[data-thing]")) {
    const current = button.dataset.thing === wanted;
    button.setAttribute("aria-current", String(current));
    if (current && open_tab === "story") button.scrollIntoView({ block: "nearest" });
  }
}
