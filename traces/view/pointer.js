// Mouse, wheel and fingers on the timeline.
function init_pointer() {
  const canvas = by_id("overlay");
  let down = null, moved = false;
  const touches = new Map();
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    touches.set(event.pointerId, event.offsetX);
    down = { x: event.offsetX, y: event.offsetY, from: state.from, until: state.until, scroll: state.scroll };
    moved = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (touches.size === 2 && touches.has(event.pointerId)) { pinch(touches, event); return; }
    if (down && (moved || Math.hypot(event.offsetX - down.x, event.offsetY - down.y) > 4)) {
      moved = true;
      canvas.classList.add("dragging");
      const us = (down.x - event.offsetX) / plot_px() * (down.until - down.from);
      scroll_by(down.scroll + down.y - event.offsetY - state.scroll);
      show_range(down.from + us, down.until + us);
      return;
    }
    hover_at(event.offsetX, event.offsetY);
  });
  const up = (event) => {
    touches.delete(event.pointerId);
    canvas.classList.remove("dragging");
    if (down && !moved && event.type === "pointerup") click_at(event.offsetX, event.offsetY);
    down = null;
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => { state.hover = null; show_tip(null); draw_overlay(); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.shiftKey) { scroll_by(event.deltaY); return; }
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) { pan(event.deltaX / plot_px() * (state.until - state.from)); return; }
    zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.0022))), at_of(Math.max(LABELS_PX, event.offsetX)));
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => zoom(1 / 4, at_of(event.offsetX)));
}

function pinch(touches, event) {
  const before = [...touches.values()];
  touches.set(event.pointerId, event.offsetX);
  const after = [...touches.values()];
  const wide = Math.max(20, Math.abs(before[0] - before[1])), now = Math.max(20, Math.abs(after[0] - after[1]));
  zoom(wide / now, at_of((after[0] + after[1]) / 2));
}

let books_asked = false;
function hover_at(x, y) {
  state.hover = thing_at(x, y);
  if (x >= LABELS_PX) state.cursor = Math.max(0, Math.min(end_us, at_of(x)));
  show_tip(state.hover, x, y);
  draw_overlay();
  if (open_tab === "books" && !books_asked) {
    books_asked = true;
    requestAnimationFrame(() => { books_asked = false; fill_books(); });
  }
}

function click_at(x, y) {
  const row = x < LABELS_PX && y > lanes.top ? row_at(y) : null;
  if (row && row.folded) { filter.users = "all"; refilter(); return; }
  if (row && row.host !== undefined) { search_for(hosts[row.host].name); return; }
  select(thing_at(x, y), false);
}
