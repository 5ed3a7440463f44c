// What lasts: lanes, faults, hosts without a process, leaders, purchases.
function draw_lanes(pen) {
  pen.fillStyle = colour.ground;
  pen.fillRect(0, 0, picture.width_px, picture.height_px);
  let other = false;
  for (const row of lanes.rows) {
    const y = row.y - state.scroll;
    if (y > picture.height_px || y + row.height < lanes.top) continue;
    if (row.region) { other = false; continue; }
    pen.fillStyle = (other = !other) ? colour.lane : colour["lane-other"];
    pen.fillRect(LABELS_PX, y, picture.width_px - LABELS_PX, row.height);
  }
  const { step, list } = ticks();
  pen.fillStyle = colour.grid;
  for (const at of list) pen.fillRect(Math.round(x_of(at)), lanes.top, 1, picture.height_px);
  return { step, list };
}

const visible_span = (span) => span.until >= state.from && span.from <= state.until;
function bar(pen, span, y, height, least_px = 2) {
  const x = Math.max(LABELS_PX, x_of(span.from));
  const width = Math.max(least_px, Math.min(picture.width_px, x_of(span.until)) - x);
  if (x + width >= LABELS_PX) pen.fillRect(x, y, width, height);
  return [x, width];
}

const PURCHASE_COLOURS = { HELD: "held", CHARGING: "charging", ABANDONING: "abandoning", REFUNDING: "refunding" };

function draw_spans(pen) {
  for (let i = 0; i < spans.length; ++i) {
    const span = spans[i];
    if (!visible_span(span)) continue;
    if (span.family === "fault") tint(pen, span, i);
    else for (const host of span.hosts) if (lanes.own[host]) draw_span(pen, span, i, lane_y(host));
  }
}

// On the lanes that a fault strikes, faintly: what is everywhere would hide everything.
function tint(pen, span, index) {
  const everywhere = span.hosts.length > hosts.length / 2;
  if (everywhere && !(state.selected && state.selected[0] === OF_SPAN && state.selected[1] === index)) return;
  pen.fillStyle = colour[family_of(span.kind)];
  pen.globalAlpha = 0.13;
  for (const host of span.hosts) if (lanes.own[host]) bar(pen, span, lane_y(host) - lanes.lane / 2 + 1, lanes.lane - 2);
  pen.globalAlpha = 1;
}

function draw_span(pen, span, index, y) {
  const half = lanes.lane / 2;
  if (span.family === "down") {
    pen.fillStyle = colour.down;
    pen.globalAlpha = 0.5;
    const [x, width] = bar(pen, span, y - half + 2, lanes.lane - 4);
    pen.globalAlpha = 1;
    if (width > 60) words_in(pen, "no process", x + 5, y, width - 8, colour.ink);
  } else if (span.family === "leader") {
    pen.fillStyle = colour.leader;
    const [x, width] = bar(pen, span, y - half + 2, 4);
    if (width > 50 && lanes.lane > 26) words_in(pen, "leads " + span.kind, x + 3, y - half + 12, width - 6, colour.soft, 10);
  } else {
    pen.fillStyle = colour[PURCHASE_COLOURS[span.kind]] || colour.held;
    const lit = state.spotlight && state.story.purchases && !state.story.purchases.has(span.detail);
    pen.globalAlpha = lit ? 0.35 : 1;
    const [x, width] = bar(pen, span, y + half - 10, 8);
    pen.globalAlpha = 1;
    if (width > 90) words_in(pen, span.detail + " " + span.kind, x + 4, y + half - 6, width - 6, colour.ink, 10);
  }
}

function words_in(pen, words, x, y, width, ink, size = 11) {
  pen.save();
  pen.beginPath();
  pen.rect(Math.max(LABELS_PX, x), y - 10, width, 20);
  pen.clip();
  pen.fillStyle = ink;
  pen.font = size + "px system-ui, 'DejaVu Sans', sans-serif";
  pen.textBaseline = "middle";
  pen.fillText(words, Math.max(LABELS_PX + 2, x), y);
  pen.restore();
}

const ON_FAULT = "#14161b";  // readable on every fault's colour, in both themes

// Above the lanes: every fault with its words.
function draw_faults(pen) {
  pen.fillStyle = colour.paper;
  pen.fillRect(0, AXIS_PX, picture.width_px, lanes.top - AXIS_PX);
  for (const [index, row] of lanes.fault_rows) {
    const span = spans[index];
    if (!visible_span(span)) continue;
    const y = AXIS_PX + 2 + row * FAULT_ROW_PX;
    const named = state.story.spans.has(index);
    pen.fillStyle = colour[family_of(span.kind)];
    pen.globalAlpha = named || !state.spotlight ? 0.85 : 0.3;
    const [x, width] = bar(pen, span, y, FAULT_ROW_PX - 3, 4);
    pen.globalAlpha = 1;
    if (width > 34) words_in(pen, span_words(span), x + 4, y + 7, width - 6, named || !state.spotlight ? ON_FAULT : colour.ink, 11);
    if (state.selected && state.selected[0] === OF_SPAN && state.selected[1] === index) {
      pen.strokeStyle = colour.accent;
      pen.lineWidth = 2;
      pen.strokeRect(x, y, width, FAULT_ROW_PX - 3);
    }
  }
}

function draw_labels(pen) {
  pen.fillStyle = colour.paper;
  pen.fillRect(0, 0, LABELS_PX, picture.height_px);
  pen.textBaseline = "middle";
  for (const row of lanes.rows) {
    const y = row.y - state.scroll + row.height / 2;
    if (y < lanes.top - 10 || y > picture.height_px + 20) continue;
    if (row.region) {
      pen.font = "600 11px system-ui, 'DejaVu Sans', sans-serif";
      pen.fillStyle = colour.soft;
      pen.fillText(row.region.toUpperCase(), 10, y + 2);
      continue;
    }
    const named = row.host !== undefined && state.violation >= 0 && violations[state.violation].hosts.includes(row.host);
    pen.font = (named ? "700" : "500") + " 13px system-ui, 'DejaVu Sans', sans-serif";
    pen.fillStyle = row.folded ? colour.soft : named ? colour.bad : colour.ink;
    pen.fillText(row.folded ? counted(row.folded.length, "other user") : shortened(hosts[row.host].name, 16), 18, y);
  }
  pen.fillStyle = colour.paper;
  pen.fillRect(0, 0, LABELS_PX, lanes.top);
  pen.font = "600 11px system-ui, 'DejaVu Sans', sans-serif";
  pen.fillStyle = colour.soft;
  pen.fillText("FAULTS", 10, AXIS_PX + 10);
  pen.fillStyle = colour.line;
  pen.fillRect(LABELS_PX - 1, 0, 1, picture.height_px);
  pen.fillRect(0, lanes.top - 1, picture.width_px, 1);
}

function draw_axis(pen, { step, list }) {
  pen.fillStyle = colour.paper;
  pen.fillRect(LABELS_PX, 0, picture.width_px, AXIS_PX);
  pen.font = "11px system-ui, 'DejaVu Sans', sans-serif";
  pen.textBaseline = "middle";
  for (const at of list) {
    const x = Math.round(x_of(at));
    pen.fillStyle = colour.line;
    pen.fillRect(x, AXIS_PX - 7, 1, 7);
    pen.fillStyle = colour.soft;
    pen.fillText(tick_words(at, step), x + 4, AXIS_PX / 2);
  }
}
