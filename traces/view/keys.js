// The keyboard, and the help that lists it.
const KEYS = [
  ["←  →", "move; with Shift by a whole screen"], ["+  −", "zoom in, out"], ["0", "the whole run"], ["Home", "the story of the violation"],
  ["M", "the moment of the violation"], ["J  K", "next, previous step of the story"], ["N  P", "next, previous event"], ["F  Shift+F", "next, previous fault"],
  ["V  Shift+V", "next, previous violation"], ["/", "search; Enter next, Shift+Enter previous match"], ["G", "filter: kinds, hosts, users"], ["S", "spotlight on the story"],
  ["1 2 3 4", "story, details, books, run"], ["↑  ↓", "scroll the lanes"], ["T", "light or dark"], ["Esc", "close, unselect"], ["?", "this help"],
];

const ACTIONS = {
  ArrowLeft: (event) => pan(-(state.until - state.from) * (event.shiftKey ? 0.9 : 0.12)),
  ArrowRight: (event) => pan((state.until - state.from) * (event.shiftKey ? 0.9 : 0.12)),
  ArrowUp: () => scroll_by(-lanes.lane), ArrowDown: () => scroll_by(lanes.lane),
  "+": () => zoom(1 / 1.5, zoom_centre()), "=": () => zoom(1 / 1.5, zoom_centre()), "-": () => zoom(1.5, zoom_centre()), _: () => zoom(1.5, zoom_centre()),
  0: () => show_range(0, end_us), Home: show_story_range, m: show_moment, End: show_moment,
  n: () => step_event(1), p: () => step_event(-1), f: () => step_fault(1), F: () => step_fault(-1),
  v: () => step_violation(1), V: () => step_violation(-1), j: () => step_story(1), k: () => step_story(-1),
  s: () => by_id("spotlight").click(), t: toggle_theme, g: () => toggle_filter(), "?": () => toggle_help(),
  "/": () => by_id("find").focus(),
  1: () => show_tab("story"), 2: () => show_tab("detail"), 3: () => show_tab("books"), 4: () => show_tab("run"),
  Escape: () => { if (!by_id("filter").hidden) toggle_filter(false); else select(null); },
};
// Zooming keeps what one looks at in its place.
function zoom_centre() {
  return state.cursor >= state.from && state.cursor <= state.until ? state.cursor : (state.from + state.until) / 2;
}

function on_key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
  if (typing || by_id("help").open) return;
  const in_pane = event.target.closest && event.target.closest(".pane");
  if (in_pane && (event.key === "ArrowUp" || event.key === "ArrowDown")) return;
  const action = ACTIONS[event.key] || ACTIONS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action(event);
}

function toggle_help() {
  const help = by_id("help");
  if (help.open) { help.close(); return; }
  const keys = KEYS.flatMap(([keys_text, words]) => [element("span", {}, ...keys_text.split("  ").flatMap((key) => [element("kbd", { text: key }), " "])), element("span", { text: words })]);
  help.replaceChildren(
    element("h2", { id: "help-title", text: "How to read this page" }),
    element("p", { text: "A lane is a host, time runs to the right. Dots are what services said had happened, lines are messages, bars at the top are the faults. The red line is the moment at which a property was found violated; the Story tab tells what led to it, and a click on a step goes there." }),
    element("p", { text: "Wheel: zoom. Drag: move. Shift and wheel: scroll the lanes. The Books tab shows ledger and bank as they were at the cursor." }),
    element("h3", { text: "Keys" }), element("div", { class: "keys" }, ...keys),
    element("p", {}, element("br"), element("button", { type: "button", text: "Close", onclick: () => help.close() })));
  help.showModal();
}
