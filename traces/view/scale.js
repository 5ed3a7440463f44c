// Time and pixels.
const picture = { width_px: 800, height_px: 400, ratio: 1 };
const plot_px = () => Math.max(50, picture.width_px - LABELS_PX - 8);
const x_of = (at) => LABELS_PX + (at - state.from) / (state.until - state.from) * plot_px();
const at_of = (x) => state.from + (x - LABELS_PX) / plot_px() * (state.until - state.from);

const VIEW_US_MIN = 200, MARGIN = 0.02;  // of the whole run, on both sides

function show_range(from, until) {
  const most = end_us * (1 + 2 * MARGIN);
  const width = Math.min(most, Math.max(VIEW_US_MIN, until - from));
  const middle = (from + until) / 2;
  let start = Math.max(-end_us * MARGIN, middle - width / 2);
  start = Math.min(start, end_us * (1 + MARGIN) - width);
  state.from = start;
  state.until = start + width;
  draw();
}
function zoom(factor, around = (state.from + state.until) / 2) {
  show_range(around - (around - state.from) * factor, around + (state.until - around) * factor);
}
function pan(us) { show_range(state.from + us, state.until + us); }

// The picture moves so far that the moment is well inside of it.
function bring_into_view(at, until = at) {
  const width = state.until - state.from;
  if (until - at > width * 0.8) show_range(at - (until - at) * 0.15, until + (until - at) * 0.15);
  else if (at < state.from + width * 0.08 || until > state.until - width * 0.08) show_range((at + until) / 2 - width / 2, (at + until) / 2 + width / 2);
  else draw();
}

// Steps of 1, 2 or 5 times a power of ten, about 110 pixels apart.
function ticks() {
  const wanted = (state.until - state.from) / plot_px() * 110;
  const power = Math.pow(10, Math.floor(Math.log10(wanted)));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= wanted);
  const list = [];
  for (let at = Math.ceil(state.from / step) * step; at <= state.until; at += step) list.push(at);
  return { step, list };
}
function tick_words(at, step) {
  const digits = step >= 1e6 ? 0 : Math.min(6, Math.ceil(6 - Math.log10(step)));
  return (at / 1e6).toFixed(digits) + " s";
}
