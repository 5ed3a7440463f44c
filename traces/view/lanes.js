// A lane per host, grouped by region; users who are not in the story share one.
const LABELS_PX = 132;  // to the left of the lanes
const AXIS_PX = 26;     // above them: the time ...
const FAULT_ROW_PX = 17, FAULT_ROWS_MAX = 5;  // ... and the faults
const REGION_PX = 17, LANE_PX_MIN = 20, LANE_PX_MAX = 64;
const REGION_ORDER = ["home", "bank", "centre", "east", "west"];
const ROLE_ORDER = ["user", "edge", "app", "planner", "bank", "ledger"];

const lanes = {
  rows: [],        // { region } or { host } or { folded: [hosts] }, each with y and height
  y: new Float32Array(hosts.length).fill(-1),  // middle of each host's lane, without scrolling; -1: none
  own: new Uint8Array(hosts.length),           // 1: not in a folded lane
  height: 0, lane: LANE_PX_MIN, top: AXIS_PX, fault_rows: [],
};

function hosts_in_story() {
  const wanted = new Set(state.violation >= 0 ? violations[state.violation].hosts : []);
  for (const i of state.story.events) wanted.add(events.host[i]);
  for (const i of state.story.messages) { wanted.add(messages.from[i]); wanted.add(messages.to[i]); }
  for (const thing of [state.selected]) if (thing && thing[0] !== OF_SPAN) hosts_of(thing).forEach((host) => wanted.add(host));
  return wanted;
}

function by_place(list, value) { const at = list.indexOf(value); return at < 0 ? list.length : at; }

function place_lanes() {
  const wanted = hosts_in_story();
  const regions = [...new Set(hosts.map((host) => host.region))];
  regions.sort((a, b) => by_place(REGION_ORDER, a) - by_place(REGION_ORDER, b) || (a < b ? -1 : 1));
  lanes.rows = [];
  for (const region of regions) {
    const of_region = hosts.map((_, index) => index).filter((index) => hosts[index].region === region && passes_host(index));
    of_region.sort((a, b) => by_place(ROLE_ORDER, hosts[a].role) - by_place(ROLE_ORDER, hosts[b].role) || a - b);
    const alone = of_region.filter((index) => hosts[index].role !== "user" || filter.users === "all" || wanted.has(index));
    const folded = of_region.filter((index) => !alone.includes(index));
    if (of_region.length === 0) continue;
    lanes.rows.push({ region });
    alone.forEach((host) => lanes.rows.push({ host }));
    if (folded.length > 0) lanes.rows.push({ folded });
  }
  place_rows();
}

function place_rows() {
  const real = lanes.rows.filter((row) => !row.region).length;
  const region_px = REGION_PX * (lanes.rows.length - real);
  const room = picture.height_px - lanes.top - region_px - 8;
  lanes.lane = Math.max(LANE_PX_MIN, Math.min(LANE_PX_MAX, Math.floor(room / Math.max(1, real))));
  lanes.y.fill(-1);
  lanes.own.fill(0);
  let y = lanes.top;
  for (const row of lanes.rows) {
    row.y = y;
    row.height = row.region ? REGION_PX : lanes.lane;
    y += row.height;
    if (row.region) continue;
    const middle = row.y + row.height / 2;
    if (row.host !== undefined) { lanes.y[row.host] = middle; lanes.own[row.host] = 1; }
    else row.folded.forEach((host) => { lanes.y[host] = middle; });
  }
  lanes.height = y;
  state.scroll = Math.max(0, Math.min(state.scroll, lanes.height + 40 - picture.height_px));
}

// Faults that overlap stand below each other; what does not fit shares the last rows. Once for the
// whole run, so that nothing jumps while it moves.
function place_faults() {
  const ends = [];
  lanes.fault_rows = [];
  spans.forEach((span, index) => {
    if (span.family !== "fault") return;
    let row = ends.findIndex((end) => end <= span.from);
    if (row < 0) row = ends.length < FAULT_ROWS_MAX ? ends.length : ends.indexOf(Math.min(...ends));
    ends[row] = Math.max(span.until, span.from + 1, ends[row] || 0);
    lanes.fault_rows.push([index, row]);
  });
  lanes.top = AXIS_PX + Math.max(1, ends.length) * FAULT_ROW_PX + 4;
}
const lane_y = (host) => lanes.y[host] - state.scroll;
function row_at(y) { return lanes.rows.find((row) => y + state.scroll >= row.y && y + state.scroll < row.y + row.height); }
