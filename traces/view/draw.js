// Two canvases: the picture, drawn again when what is visible changes, and above it what follows
// the mouse.
const sheets = { picture: by_id("picture"), overlay: by_id("overlay") };
const pens = { picture: sheets.picture.getContext("2d", { alpha: false }), overlay: sheets.overlay.getContext("2d") };
const frames = { asked: false, overlay_only: true, last_ms: 0 };

function draw() { ask(false); }
function draw_overlay() { ask(true); }
function ask(overlay_only) {
  frames.overlay_only = frames.overlay_only && overlay_only;
  if (frames.asked) return;
  frames.asked = true;
  requestAnimationFrame(() => {
    const whole = !frames.overlay_only;
    frames.asked = false;
    frames.overlay_only = true;
    if (whole) draw_now();
    draw_overlay_now();
  });
}

function fit_canvases() {
  const box = by_id("canvases").getBoundingClientRect();
  picture.width_px = box.width;
  picture.height_px = box.height;
  picture.ratio = window.devicePixelRatio || 1;
  for (const name in sheets) {
    sheets[name].width = Math.round(box.width * picture.ratio);
    sheets[name].height = Math.round(box.height * picture.ratio);
    pens[name].setTransform(picture.ratio, 0, 0, picture.ratio, 0, 0);
  }
  place_rows();
  draw_now();
  draw_overlay_now();
}

function draw_now() {
  const begun = performance.now(), pen = pens.picture;
  const grid = draw_lanes(pen);
  pen.save();
  pen.beginPath();
  pen.rect(LABELS_PX, lanes.top, picture.width_px, picture.height_px);
  pen.clip();
  draw_spans(pen);
  draw_messages(pen);
  draw_events(pen);
  pen.restore();
  draw_axis(pen, grid);
  draw_faults(pen);
  draw_violations(pen);
  draw_labels(pen);
  draw_overview();
  frames.last_ms = performance.now() - begun;
}

function draw_overlay_now() {
  const pen = pens.overlay;
  pen.clearRect(0, 0, picture.width_px, picture.height_px);
  pen.save();
  pen.beginPath();
  pen.rect(LABELS_PX, 0, picture.width_px, picture.height_px);
  pen.clip();
  const x = Math.round(x_of(state.cursor));
  pen.fillStyle = colour.accent;
  pen.globalAlpha = 0.8;
  pen.fillRect(x, 0, 1, picture.height_px);
  pen.globalAlpha = 1;
  if (state.hover) outline(pen, state.hover, 1.5);
  if (state.selected) outline(pen, state.selected, 3);
  pen.restore();
  by_id("clock").textContent = seconds(Math.min(end_us, Math.max(0, state.cursor)), 6);
}

function outline(pen, [of, i], width) {
  pen.strokeStyle = colour.accent;
  pen.lineWidth = width;
  pen.beginPath();
  if (of === OF_EVENT) {
    if (lanes.y[events.host[i]] < 0) return;
    pen.arc(x_of(events.at[i]), lane_y(events.host[i]), 8, 0, 6.3);
  } else if (of === OF_MESSAGE) {
    if (lanes.y[messages.from[i]] < 0 || lanes.y[messages.to[i]] < 0) return;
    const [x0, y0, x1, y1] = line_of(i);
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
  }
  pen.stroke();
}
