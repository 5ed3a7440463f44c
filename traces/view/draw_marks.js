// What happens at a moment: events as dots, messages as arrows, violations as lines. The loops run
// over everything that is visible; marks that would cover each other are drawn once. Every mark is
// a shape of its own: one path of thousands of pieces takes a browser ten times as long.
const LINES_MAX = 1400;  // messages drawn at a time; of more, an even part
const ARROWS_MAX = 400;  // with heads
const DOTS_MAX = 2500;   // events drawn as dots; more are ticks
const STUB_PX = 26;      // how far a message comes that never arrives

const pixel_of_lane = new Int32Array(hosts.length);
let pixel_of_pair = null;

function visible_messages() {
  return [first_from(shown.reach, state.from), first_shown(shown.messages, messages.sent, state.until)];
}

// Where a message is drawn: from x, y to x, y.
function line_of(i) {
  const x0 = x_of(messages.sent[i]), y0 = lane_y(messages.from[i]), y1 = lane_y(messages.to[i]);
  if (messages.took[i] >= 0) return [x0, y0, x_of(messages.sent[i] + messages.took[i]), y1];
  return [x0, y0, x0 + STUB_PX, y0 + (y1 - y0) * 0.62];
}

const story_is_told = () => state.story.messages.size > 0 || state.story.events.size > 0;

function draw_messages(pen) {
  const [begin, end] = visible_messages();
  const every = Math.max(1, Math.ceil((end - begin) / LINES_MAX));
  const heads = end - begin <= ARROWS_MAX, faint = state.spotlight && story_is_told();
  const lines = MESSAGE_CATEGORIES.map(() => []);
  if (!pixel_of_pair) pixel_of_pair = new Int32Array(hosts.length * hosts.length);
  pixel_of_pair.fill(-1);
  for (let place = begin - (begin % every); place < end; place += every) {
    const i = shown.messages[place], from = messages.from[i], to = messages.to[i];
    if (messages.took[i] < 0 || lanes.y[from] < 0 || lanes.y[to] < 0 || (!lanes.own[from] && !lanes.own[to])) continue;
    const pixel = Math.floor(x_of(messages.sent[i])), pair = from * hosts.length + to;
    if (pixel_of_pair[pair] === pixel) continue;
    pixel_of_pair[pair] = pixel;
    lines[message_kind[i]].push(i);
  }
  pen.lineWidth = 1;
  pen.globalAlpha = faint ? 0.28 : 0.75;
  lines.forEach((list, kind) => {
    pen.strokeStyle = colour.messages[kind];
    for (const i of list) draw_line(pen, line_of(i), heads && !faint);
  });
  draw_failed(pen, faint);
  pen.globalAlpha = 1;
  draw_story_messages(pen, [...state.story.messages].filter((i) => messages.sent[i] <= state.until && messages.sent[i] + Math.max(0, messages.took[i]) >= state.from && lanes.y[messages.from[i]] >= 0 && lanes.y[messages.to[i]] >= 0));
}

function draw_line(pen, [x0, y0, x1, y1], with_head) {
  if (x1 < LABELS_PX) return;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  if (with_head) head(pen, x0, y0, x1, y1);
  pen.stroke();
}

// Those that never arrived; of many, those that are apart.
function draw_failed(pen, faint) {
  const begin = first_shown(shown.failed, messages.sent, at_of(LABELS_PX - STUB_PX)), end = first_shown(shown.failed, messages.sent, state.until);
  pixel_of_pair.fill(-1000);
  pen.globalAlpha = faint ? 0.5 : 0.9;
  pen.strokeStyle = colour.bad;
  const ends = [];
  pen.setLineDash(end - begin > 300 ? [] : [4, 3]);
  for (let place = begin; place < end; ++place) {
    const i = shown.failed[place], from = messages.from[i], to = messages.to[i];
    if (lanes.y[from] < 0 || lanes.y[to] < 0 || (!lanes.own[from] && !lanes.own[to])) continue;
    const line = line_of(i), pair = from * hosts.length + to;
    if (line[0] - pixel_of_pair[pair] < 4) continue;
    pixel_of_pair[pair] = line[0];
    draw_line(pen, line, false);
    ends.push(line);
  }
  pen.setLineDash([]);
  for (const [, , x, y] of ends) {
    pen.beginPath();
    cross(pen, x, y, 3.5);
    pen.stroke();
  }
}

function draw_story_messages(pen, list) {
  pen.lineWidth = 2;
  for (const i of list) {
    const [x0, y0, x1, y1] = line_of(i), failed = messages.took[i] < 0, alone = unanswered(i);
    pen.strokeStyle = failed || alone ? colour.bad : colour.messages[message_kind[i]];
    if (failed || alone) pen.setLineDash([5, 3]);
    draw_line(pen, [x0, y0, x1, y1], false);
    pen.setLineDash([]);
    pen.beginPath();
    if (failed) cross(pen, x1, y1, 5); else head(pen, x0, y0, x1, y1);
    pen.stroke();
  }
}

function cross(path, x, y, size) {
  path.moveTo(x - size, y - size);
  path.lineTo(x + size, y + size);
  path.moveTo(x - size, y + size);
  path.lineTo(x + size, y - size);
}
function head(path, x0, y0, x1, y1) {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  for (const turn of [2.7, -2.7]) {
    path.moveTo(x1, y1);
    path.lineTo(x1 + 7 * Math.cos(angle + turn), y1 + 7 * Math.sin(angle + turn));
  }
}

// A dot of each colour, drawn once and then copied.
const dots = { key: "", list: [] };
function dot_of(kind) {
  const key = colour.events.join() + picture.ratio;
  if (dots.key !== key) {
    dots.key = key;
    dots.list = colour.events.map((ink) => {
      const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
      sheet.width = sheet.height = Math.ceil(8 * picture.ratio);
      pen.scale(picture.ratio, picture.ratio);
      pen.fillStyle = ink;
      pen.beginPath();
      pen.arc(4, 4, 3, 0, 6.3);
      pen.fill();
      return sheet;
    });
  }
  return dots.list[kind];
}

function draw_events(pen) {
  const begin = first_shown(shown.events, events.at, state.from), end = first_shown(shown.events, events.at, state.until);
  const dense = end - begin > DOTS_MAX, apart_px = dense ? 3 : 2, list = shown.events;
  const marks = EVENT_CATEGORIES.map(() => []);
  const scale = plot_px() / (state.until - state.from) / apart_px, base = state.from;
  pixel_of_lane.fill(-1);
  for (let place = begin; place < end; ++place) {
    const i = list[place], host = events.host[i], pixel = Math.floor((events.at[i] - base) * scale);
    if (pixel_of_lane[host] === pixel || lanes.y[host] < 0) continue;
    pixel_of_lane[host] = pixel;
    marks[event_kind[i]].push(i);
  }
  pen.globalAlpha = state.spotlight && story_is_told() ? 0.4 : 0.95;
  marks.forEach((of_kind, kind) => {
    pen.fillStyle = colour.events[kind];
    const dot = dot_of(kind);
    for (const i of of_kind) {
      const x = x_of(events.at[i]), y = lane_y(events.host[i]);
      if (dense || !lanes.own[events.host[i]]) pen.fillRect(x - 1, y - 4, 2, 8);
      else pen.drawImage(dot, x - 4, y - 4, 8, 8);
    }
  });
  pen.globalAlpha = 1;
  for (const i of state.story.events) {
    if (events.at[i] >= state.from && events.at[i] <= state.until && lanes.y[events.host[i]] >= 0) draw_story_event(pen, i);
  }
}
function draw_story_event(pen, i) {
  pen.beginPath();
  pen.arc(x_of(events.at[i]), lane_y(events.host[i]), 5.5, 0, 6.3);
  pen.fillStyle = colour.events[event_kind[i]];
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = colour.paper;
  pen.stroke();
}

function draw_violations(pen) {
  let flag_until = -1;
  violations.forEach((violation, index) => {
    const x = Math.round(x_of(violation.at)), current = index === state.violation;
    if (x < LABELS_PX || x > picture.width_px) return;
    pen.fillStyle = colour.bad;
    pen.globalAlpha = current ? 1 : 0.35;
    pen.fillRect(x - (current ? 1 : 0), AXIS_PX, current ? 2 : 1, picture.height_px);
    pen.globalAlpha = 1;
    if (!current && x < flag_until) return;
    const words = violation.property + " violated";
    pen.font = "700 11px system-ui, 'DejaVu Sans', sans-serif";
    const width = pen.measureText(words).width + 12, left = Math.min(x, picture.width_px - width);
    if (current) {
      pen.fillRect(left, 3, width, 18);
      pen.fillStyle = colour.paper;
      pen.textBaseline = "middle";
      pen.fillText(words, left + 6, 12.5);
      flag_until = x + width;
    }
  });
}
