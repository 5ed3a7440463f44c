// What is drawn: kinds of events and messages, hosts, and matches of the search.
const EVENT_CATEGORIES = ["client", "worker", "bank", "ledger", "raft"];
const MESSAGE_CATEGORIES = ["requests", "calls", "polls", "replication", "votes", "heartbeats", "connects"];
const MESSAGE_TONES = { requests: "request", calls: "call", polls: "call", replication: "replication", votes: "vote", heartbeats: "connect", connects: "connect" };
const CATEGORY_WORDS = {
  client: "users", worker: "workers", bank: "bank", ledger: "ledger's books", raft: "Raft",
  requests: "HTTP requests and replies", calls: "calls of the ledger", polls: "polls for work", replication: "log entries and snapshots",
  votes: "votes", heartbeats: "heartbeats", connects: "connects that failed at first",
};
const OF_KIND = {
  request: "requests", reply: "requests", propose: "calls", query: "calls", answer: "calls", poll: "polls", append: "replication",
  "append reply": "replication", snapshot: "replication", vote: "votes", heartbeat: "heartbeats", "keep-alive": "heartbeats",
  read: "heartbeats", connect: "connects", bytes: "connects",
};

const event_category_of_name = new Map();
function category_of_event(i) {
  const name = events.name[i];
  let category = event_category_of_name.get(name);
  if (!category) {
    const family = texts[name].split(".")[0];
    category = EVENT_CATEGORIES.includes(family) ? family : "client";
    event_category_of_name.set(name, category);
  }
  return category;
}
function category_of_message(i) {
  const asked = messages.answers[i];
  return asked >= 0 ? OF_KIND[texts[messages.kind[asked]]] || "connects" : OF_KIND[texts[messages.kind[i]]] || "connects";
}

// Numbers of the categories, for the drawing loops.
const event_kind = Uint8Array.from({ length: events.count }, (_, i) => EVENT_CATEGORIES.indexOf(category_of_event(i)));
const message_kind = Uint8Array.from({ length: messages.count }, (_, i) => MESSAGE_CATEGORIES.indexOf(category_of_message(i)));

const filter = {
  events: new Set(EVENT_CATEGORIES),
  messages: new Set(["requests", "calls", "votes", "connects"]),
  hidden: new Set(),  // hosts
  users: "story",     // or "all"
};
// What the filter lets through, in the order of time.
const shown = { events: new Uint32Array(0), messages: new Uint32Array(0), reach: new Float64Array(0), failed: new Uint32Array(0) };

function passes_host(host) { return !filter.hidden.has(host); }

function apply_filter() {
  const event_on = EVENT_CATEGORIES.map((category) => filter.events.has(category));
  const message_on = MESSAGE_CATEGORIES.map((category) => filter.messages.has(category));
  const only = state.only ? state.matches : null;
  const keep_events = [], keep_messages = [];
  for (let i = 0; i < events.count; ++i) {
    const wanted = only ? only.events.has(i) : event_on[event_kind[i]] || state.story.events.has(i);
    if (wanted && passes_host(events.host[i])) keep_events.push(i);
  }
  for (let i = 0; i < messages.count; ++i) {
    const wanted = only ? only.messages.has(i) : message_on[message_kind[i]] || state.story.messages.has(i);
    if (wanted && passes_host(messages.from[i]) && passes_host(messages.to[i])) keep_messages.push(i);
  }
  shown.events = Uint32Array.from(keep_events);
  shown.messages = Uint32Array.from(keep_messages);
  shown.failed = shown.messages.filter((i) => messages.took[i] < 0);
  // Up to each message, the latest arrival: where the search for visible ones may begin.
  shown.reach = new Float64Array(keep_messages.length);
  let latest = 0;
  keep_messages.forEach((i, place) => {
    latest = Math.max(latest, messages.sent[i] + Math.max(0, messages.took[i]));
    shown.reach[place] = latest;
  });
}

// Of a list of indices in the order of time, the first place whose time is not below `at`.
function first_shown(list, times, at) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[list[middle]] < at) low = middle + 1; else high = middle;
  }
  return low;
}

function filter_check(set, value, words) {
  const box = element("input", { type: "checkbox", checked: set.has(value) });
  box.addEventListener("change", () => {
    if (box.checked) set.add(value); else set.delete(value);
    refilter();
  });
  return element("label", {}, box, words);
}
function refilter() {
  apply_filter();
  place_lanes();
  draw();
}
function fill_filter() {
  const kinds = element("div", {}, element("h2", { text: "Events of" }), ...EVENT_CATEGORIES.map((c) => filter_check(filter.events, c, CATEGORY_WORDS[c])));
  const wires = element("div", {}, element("h2", { text: "Messages" }), ...MESSAGE_CATEGORIES.map((c) => filter_check(filter.messages, c, CATEGORY_WORDS[c])));
  const who = element("div", {}, element("h2", { text: "Hosts" }));
  hosts.forEach((host, index) => {
    if (host.role === "user") return;
    const box = element("input", { type: "checkbox", checked: passes_host(index) });
    box.addEventListener("change", () => {
      if (box.checked) filter.hidden.delete(index); else filter.hidden.add(index);
      refilter();
    });
    who.append(element("label", {}, box, host.name));
  });
  const users = element("input", { type: "checkbox", checked: filter.users === "all" });
  users.addEventListener("change", () => {
    filter.users = users.checked ? "all" : "story";
    refilter();
  });
  const close = element("button", { type: "button", text: "Close", onclick: () => toggle_filter(false) });
  by_id("filter").replaceChildren(kinds, wires, who, element("div", { class: "wide" },
    element("label", {}, users, "a lane for every user, not only for those in the story"), element("span", { class: "gap" }), close));
}
function toggle_filter(open = by_id("filter").hidden) {
  fill_filter();
  by_id("filter").hidden = !open;
  by_id("filter-open").setAttribute("aria-expanded", String(open));
  (open ? by_id("filter").querySelector("input") : by_id("filter-open")).focus();
}
