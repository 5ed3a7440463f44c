// Puts the page together and opens it at the violation.
function init() {
  document.documentElement.dataset.theme = stored_theme() || (wants_dark.matches ? "dark" : "light");
  read_colours();
  fill_legend();
  init_tabs();
  init_find();
  init_pointer();
  init_overview();
  by_id("zoom-in").addEventListener("click", () => zoom(1 / 1.6, zoom_centre()));
  by_id("zoom-out").addEventListener("click", () => zoom(1.6, zoom_centre()));
  by_id("zoom-story").addEventListener("click", show_story_range);
  by_id("zoom-all").addEventListener("click", () => show_range(0, end_us));
  by_id("violation-next").addEventListener("click", () => step_violation(1));
  by_id("violation-before").addEventListener("click", () => step_violation(-1));
  by_id("filter-open").addEventListener("click", () => toggle_filter());
  by_id("help-open").addEventListener("click", toggle_help);
  by_id("theme").addEventListener("click", toggle_theme);
  by_id("spotlight").checked = state.spotlight;
  by_id("spotlight").addEventListener("change", (event) => { state.spotlight = event.target.checked; draw(); });
  document.addEventListener("keydown", on_key);
  place_faults();
  fill_run();
  show_tab("story");
  // What decides a violation of the ledger's or Raft's promises is in the log's traffic.
  if (violations.length > 0 && ["S9", "S10", "S20"].includes(violations[0].property)) filter.messages.add("replication");
  show_violation(state.violation);
  new ResizeObserver(fit_canvases).observe(by_id("canvases"));
  fit_canvases();
  show_story_range();
}
init();

// For tests of the page: what is shown, and how long drawing takes.
window.drawproof = { state, frames, events, messages, violations, shown, show_range, draw_now, thing_at, x_of, lane_y, end_us };
