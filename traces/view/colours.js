// The colours of the style sheet, read once per theme: a canvas does not know variables.
const colour = {};
const COLOUR_NAMES = ["ground", "paper", "lane", "lane-other", "ink", "soft", "line", "grid", "accent", "accent-soft", "bad", "bad-soft", "good", "mark",
  "client", "worker", "bank", "ledger", "raft", "request", "call", "replication", "vote", "connect", "machine", "network", "time", "disk",
  "service", "down", "held", "charging", "abandoning", "refunding", "leader"];

function read_colours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of COLOUR_NAMES) colour[name] = style.getPropertyValue("--" + name).trim();
  colour.events = EVENT_CATEGORIES.map((category) => colour[category]);
  colour.messages = MESSAGE_CATEGORIES.map((category) => colour[MESSAGE_TONES[category]]);
}

const wants_dark = window.matchMedia("(prefers-color-scheme: dark)");
function stored_theme() { try { return localStorage.getItem("drawproof-theme"); } catch { return null; } }
function use_theme(theme) {
  document.documentElement.dataset.theme = theme;
  read_colours();
  draw();
}
function toggle_theme() {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("drawproof-theme", theme); } catch { /* a file may have no storage */ }
  use_theme(theme);
}
wants_dark.addEventListener("change", () => { if (!stored_theme()) use_theme(wants_dark.matches ? "dark" : "light"); });

const LEGEND = () => [
  ["dot", "client", "user"], ["dot", "worker", "worker"], ["dot", "bank", "bank"], ["dot", "ledger", "ledger"], ["dot", "raft", "Raft"],
  ["line", "request", "HTTP"], ["line", "call", "ledger call"], ["dash", "bad", "lost or unanswered"],
  ["", "machine", "machine"], ["", "network", "network"], ["", "time", "clock"], ["", "disk", "disk"], ["", "service", "bank misbehaves"],
  ["", "down", "no process"], ["", "leader", "leads"], ["", "held", "held"], ["", "charging", "charging"],
];
function fill_legend() {
  by_id("legend").replaceChildren(...LEGEND().map(([shape, name, words]) => {
    const sign = element("i", { class: shape });
    if (shape === "dash" || shape === "line") sign.style.borderColor = "var(--" + name + ")";
    else sign.style.background = "var(--" + name + ")";
    return element("li", {}, sign, words);
  }));
}
