// What is selected, and how one gets from one thing to the next.
function say(words) { by_id("said").textContent = words; }

function select(thing, move = true) {
  state.selected = thing;
  if (thing) {
    const line = told(thing), [of, i] = thing;
    state.cursor = of === OF_MESSAGE && messages.took[i] >= 0 && state.cursor === messages.sent[i] ? messages.sent[i] : line.at;
    say(seconds(line.at, 6) + ", " + line.who + " " + line.what + ". " + line.more);
    if (hosts_of(thing).some((host) => lanes.y[host] >= 0 && !lanes.own[host]) && of !== OF_SPAN) place_lanes();
    if (move) {
      const until = of === OF_MESSAGE ? messages.sent[i] + Math.max(0, messages.took[i]) : line.at;
      scroll_to_hosts(thing);
      bring_into_view(line.at, until);
    }
  }
  mark_step();
  if (open_tab === "books") fill_books();
  if (open_tab === "detail" || !in_story(thing)) show_tab(thing ? "detail" : open_tab);
  draw();
}
function in_story(thing) {
  if (!thing) return true;
  const [of, i] = thing;
  return (of === OF_EVENT ? state.story.events : of === OF_MESSAGE ? state.story.messages : state.story.spans).has(i);
}

function scroll_to_hosts(thing) {
  for (const host of hosts_of(thing).slice(0, 2)) {
    const y = lanes.y[host] - state.scroll;
    if (lanes.y[host] < 0) continue;
    if (y < lanes.top + 20) scroll_by(y - lanes.top - 40);
    else if (y > picture.height_px - 40) scroll_by(y - picture.height_px + 60);
  }
}
function scroll_by(px) {
  const most = Math.max(0, lanes.height + 40 - picture.height_px);
  state.scroll = Math.max(0, Math.min(most, state.scroll + px));
  draw();
}

// The next event that is shown, in the order of time; `turn` -1: the one before.
function step_event(turn) {
  const list = shown.events;
  if (list.length === 0) return;
  let place;
  if (state.selected && state.selected[0] === OF_EVENT) {
    place = first_from(list, state.selected[1]) + turn;
  } else {
    place = first_shown(list, events.at, state.cursor);
    if (turn < 0) place -= 1;
  }
  if (place >= 0 && place < list.length) select([OF_EVENT, list[place]]);
}
function step_fault(turn) {
  const list = spans.map((span, index) => index).filter((index) => spans[index].family === "fault");
  const at = state.selected && state.selected[0] === OF_SPAN ? list.indexOf(state.selected[1]) + turn
    : turn > 0 ? list.findIndex((index) => spans[index].from > state.cursor) : list.filter((index) => spans[index].from < state.cursor).length - 1;
  if (at >= 0 && at < list.length) select([OF_SPAN, list[at]]);
}
function step_violation(turn) {
  if (violations.length > 0) show_violation((state.violation + turn + violations.length) % violations.length);
}
// Along the story.
function step_story(turn) {
  if (state.violation < 0) return;
  const steps = violations[state.violation].steps;
  const wanted = state.selected ? state.selected.join(":") : "";
  let place = steps.findIndex((step) => step.join(":") === wanted);
  place = place < 0 ? (turn > 0 ? 0 : steps.length - 1) : place + turn;
  if (place >= 0 && place < steps.length) {
    show_tab("story");
    select(steps[place]);
  }
}
