// What is under the mouse.
const REACH_PX = 7;

function distance_to_line(x, y, [x0, y0, x1, y1]) {
  const dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy;
  const part = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / square));
  return Math.hypot(x - x0 - part * dx, y - y0 - part * dy);
}

function event_at(x, y) {
  const begin = first_shown(shown.events, events.at, at_of(x - REACH_PX)), end = first_shown(shown.events, events.at, at_of(x + REACH_PX));
  let best = null, nearest = REACH_PX;
  for (let place = begin; place < end; ++place) {
    const i = shown.events[place];
    if (lanes.y[events.host[i]] < 0) continue;
    const bonus = state.story.events.has(i) ? 2 : 0;
    const far = Math.hypot(x_of(events.at[i]) - x, lane_y(events.host[i]) - y) - bonus;
    if (far <= nearest) { nearest = far; best = [OF_EVENT, i]; }
  }
  return best;
}

function message_at(x, y) {
  const [begin, end] = visible_messages();
  const every = Math.max(1, Math.ceil((end - begin) / LINES_MAX));
  let best = null, nearest = REACH_PX - 2;
  for (let place = begin; place < end; ++place) {
    const i = shown.messages[place], story = state.story.messages.has(i);
    if (lanes.y[messages.from[i]] < 0 || lanes.y[messages.to[i]] < 0) continue;
    if (every > 1 && !story && messages.took[i] >= 0 && place % every !== 0) continue;  // not drawn
    const far = distance_to_line(x, y, line_of(i)) - (story ? 2 : 0);
    if (far < nearest) { nearest = far; best = [OF_MESSAGE, i]; }
  }
  return best;
}

function span_at(x, y) {
  const at = at_of(x), margin = (state.until - state.from) / plot_px() * 4;
  const touches = (span) => span.from - margin <= at && span.until + margin >= at;
  if (y < lanes.top) {
    const row = Math.floor((y - AXIS_PX - 2) / FAULT_ROW_PX);
    const found = lanes.fault_rows.filter(([index, of_row]) => of_row === row && touches(spans[index]));
    return found.length > 0 ? [OF_SPAN, found[found.length - 1][0]] : null;
  }
  const row = row_at(y);
  if (!row || row.host === undefined) return null;
  const index = spans.findIndex((span) => span.family !== "fault" && span.hosts[0] === row.host && touches(span));
  return index >= 0 ? [OF_SPAN, index] : null;
}

function thing_at(x, y) {
  if (x < LABELS_PX) return null;
  if (y < lanes.top) return span_at(x, y);
  return event_at(x, y) || message_at(x, y) || span_at(x, y);
}
