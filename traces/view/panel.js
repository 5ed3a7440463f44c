// The tabs beside the timeline.
const TABS = ["story", "detail", "books", "run"];
let open_tab = "story";

function show_tab(name, focus = false) {
  open_tab = name;
  for (const tab of TABS) {
    const on = tab === name, button = by_id("tab-" + tab);
    button.setAttribute("aria-selected", String(on));
    button.tabIndex = on ? 0 : -1;
    by_id("pane-" + tab).hidden = !on;
    if (on && focus) button.focus();
  }
  if (name === "books") fill_books();
  if (name === "detail") fill_detail();
}

function init_tabs() {
  for (const tab of TABS) by_id("tab-" + tab).addEventListener("click", () => show_tab(tab));
  by_id("tabs").addEventListener("keydown", (event) => {
    const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!turn) return;
    event.preventDefault();
    event.stopPropagation();
    show_tab(TABS[(TABS.indexOf(open_tab) + turn + TABS.length) % TABS.length], true);
  });
}

function fill_run() {
  const note = run.note ? [element("h2", { text: "Note" }), element("pre", { text: run.note })] : [];
  by_id("pane-run").replaceChildren(
    element("h2", { text: "The recipe" }),
    facts([["Scenario", run.scenario], ["", run.about], ["Seed", run.seed], ["Faults", run.faults + " in the plan"], ["Outcome", run.outcome.replace(/_/g, " ")],
      ["Digest", run.digest], ["Ended at", seconds(end_us)], ["Program", "drawproof " + run.version], ["Commit", run.commit],
      ["Trace written by", run.trace_commit === run.commit ? "" : run.trace_commit]]),
    element("h2", { text: "Run it again" }), element("pre", { text: run.reproduce }), ...note,
    element("h2", { text: "On this page" }),
    facts([["Events", grouped(events.count)], ["Messages", grouped(messages.count)], ["Hosts", hosts.length], ["Violations", violations.length]]),
    element("h2", { text: "Violations" }), violations.length === 0 ? element("p", { text: "None." }) : violation_list());
  by_id("print").textContent = "drawproof " + run.version + " (" + run.commit + ")  ·  scenario " + run.scenario + ", seed " + run.seed + "  ·  digest " + run.digest + "  ·  " + run.reproduce;
}
function violation_list() {
  return element("ol", { class: "steps" }, ...violations.map((violation, index) => element("li", {},
    element("button", { type: "button", onclick: () => { show_violation(index); show_tab("story"); } },
      element("time", { text: seconds(violation.at) }), element("span", {}, element("span", { class: "bad", text: violation.property + " " }), shortened(violation.what, 200))))));
}
