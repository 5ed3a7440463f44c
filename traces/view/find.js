// Search in names, members, labels and bodies.
const found = { list: [], place: -1, text: "" };

// Each text is looked at once, however often it occurs.
function matching_texts(wanted) {
  const hit = new Uint8Array(texts.length);
  for (let i = 0; i < texts.length; ++i) hit[i] = texts[i].toLowerCase().includes(wanted) ? 1 : 0;
  return hit;
}

function search_now(text) {
  const wanted = text.trim().toLowerCase();
  found.text = wanted;
  found.list = [];
  found.place = -1;
  state.matches = null;
  if (wanted !== "") {
    const hit = matching_texts(wanted), on = hosts.map((host) => host.name.toLowerCase() === wanted);
    state.matches = { events: new Set(), messages: new Set() };
    for (let i = 0; i < events.count; ++i) {
      if (hit[events.name[i]] || hit[events.fields[i]] || on[events.host[i]]) { state.matches.events.add(i); found.list.push([OF_EVENT, i]); }
    }
    for (let i = 0; i < messages.count; ++i) {
      if (hit[messages.label[i]] || hit[messages.detail[i]] || hit[messages.kind[i]] || on[messages.from[i]] || on[messages.to[i]]) {
        state.matches.messages.add(i);
        found.list.push([OF_MESSAGE, i]);
      }
    }
    found.list.sort((a, b) => time_of(a) - time_of(b) || a[0] - b[0] || a[1] - b[1]);
  }
  tell_found();
  if (state.only) refilter();
}
function tell_found() {
  by_id("find-count").textContent = found.text === "" ? "" : found.list.length === 0 ? "nothing" : (found.place >= 0 ? found.place + 1 + " of " : "") + grouped(found.list.length);
}
function step_found(turn) {
  if (found.list.length === 0) return;
  if (found.place < 0) {  // from the cursor on
    const times = found.list.map(time_of), next = first_from(times, state.cursor);
    found.place = turn > 0 ? next % found.list.length : (next - 1 + found.list.length) % found.list.length;
  } else {
    found.place = (found.place + turn + found.list.length) % found.list.length;
  }
  const thing = found.list[found.place];
  tell_found();
  show_kind_of(thing);
  select(thing);
}
// A match that the filter hides could not be seen.
function show_kind_of([of, i]) {
  const set = of === OF_EVENT ? filter.events : filter.messages, category = of === OF_EVENT ? category_of_event(i) : category_of_message(i);
  if (!set.has(category)) { set.add(category); refilter(); }
}
function search_for(text) {
  by_id("find").value = text;
  search_now(text);
  step_found(1);
}
function init_find() {
  const box = by_id("find");
  let waiting = 0;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => search_now(box.value), 120); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      clearTimeout(waiting);  // or it would begin anew a moment later
      if (box.value.trim().toLowerCase() !== found.text) search_now(box.value);
      step_found(event.shiftKey ? -1 : 1);
    }
    if (event.key === "Escape") { box.value = ""; search_now(""); by_id("overlay").focus(); }
    event.stopPropagation();
  });
  by_id("find-next").addEventListener("click", () => step_found(1));
  by_id("find-before").addEventListener("click", () => step_found(-1));
  by_id("find-only").addEventListener("change", (event) => { state.only = event.target.checked; refilter(); });
}
