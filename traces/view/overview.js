// The whole run in one strip, and which part of it is visible.
const overview = { canvas: by_id("overview"), density: null, key: "", sheet: null };

function event_density(columns) {
  if (overview.density && overview.density.length === columns) return overview.density;
  const density = new Float32Array(columns);
  for (let i = 0; i < events.count; ++i) density[Math.min(columns - 1, Math.floor(events.at[i] / end_us * columns))] += 1;
  overview.density = density;
  return density;
}

// Everything but the frame around what is visible; drawn again when size or theme change.
function overview_picture(width, height) {
  const key = [width, height, picture.ratio, document.documentElement.dataset.theme].join();
  if (overview.key === key) return overview.sheet;
  overview.key = key;
  overview.sheet = document.createElement("canvas");
  overview.sheet.width = Math.max(1, Math.round(width * picture.ratio));
  overview.sheet.height = Math.max(1, Math.round(height * picture.ratio));
  const pen = overview.sheet.getContext("2d"), x = (at) => at / end_us * width;
  pen.scale(picture.ratio, picture.ratio);
  pen.fillStyle = colour.paper;
  pen.fillRect(0, 0, width, height);
  pen.globalAlpha = 0.28;
  for (const span of spans) {
    if (span.family !== "fault") continue;
    pen.fillStyle = colour[family_of(span.kind)];
    pen.fillRect(x(span.from), 4, Math.max(2, x(span.until) - x(span.from)), 10);
  }
  const density = event_density(Math.max(1, Math.floor(width / 2))), most = density.reduce((a, b) => Math.max(a, b), 1);
  pen.fillStyle = colour.raft;
  pen.globalAlpha = 0.55;
  density.forEach((count, column) => { const tall = Math.sqrt(count / most) * (height - 22); pen.fillRect(column * 2, height - tall - 2, 1.6, tall); });
  pen.globalAlpha = 1;
  pen.fillStyle = colour.bad;
  for (const violation of violations) pen.fillRect(x(violation.at) - 1, 0, 2, height);
  return overview.sheet;
}

function draw_overview() {
  const canvas = overview.canvas, ratio = picture.ratio, width = canvas.clientWidth, height = canvas.clientHeight;
  const sheet = overview_picture(width, height);
  if (canvas.width !== sheet.width || canvas.height !== sheet.height) {
    canvas.width = sheet.width;
    canvas.height = sheet.height;
  }
  const pen = canvas.getContext("2d"), x = (at) => Math.max(0, Math.min(1, at / end_us)) * width;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(sheet, 0, 0);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.globalAlpha = 0.45;
  pen.fillStyle = colour.ground;
  pen.fillRect(0, 0, x(state.from), height);
  pen.fillRect(x(state.until), 0, width, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = colour.accent;
  pen.lineWidth = 2;
  pen.strokeRect(x(state.from), 1, Math.max(4, x(state.until) - x(state.from)), height - 2);
}

function init_overview() {
  const canvas = overview.canvas;
  let dragging = false;
  const move = (event) => {
    const at = event.offsetX / canvas.clientWidth * end_us, half = (state.until - state.from) / 2;
    show_range(at - half, at + half);
  };
  canvas.addEventListener("pointerdown", (event) => { dragging = true; canvas.setPointerCapture(event.pointerId); move(event); });
  canvas.addEventListener("pointermove", (event) => { if (dragging) move(event); });
  canvas.addEventListener("pointerup", () => { dragging = false; });
}
