// The data of the page as columns of numbers. page_data.cc writes them; times are virtual
// microseconds.
const raw = JSON.parse(document.getElementById("data").textContent);
const texts = raw.texts;
const run = raw.run;
const hosts = raw.hosts.map(([name, role, region]) => ({ name, role, region }));
const violations = raw.violations;
const books = raw.books;
const OF_EVENT = 0, OF_MESSAGE = 1, OF_SPAN = 2;
const FATES = ["arrived", "lost", "cut off", "receiver without power", "refused", "never arrived"];
const end_us = Math.max(1, run.end_us);

// The file holds differences.
function running(differences) {
  const sums = new Float64Array(differences.length);
  let sum = 0;
  for (let i = 0; i < sums.length; ++i) {
    sum += differences[i];
    sums[i] = sum;
  }
  return sums;
}

const events = {
  count: raw.events.at.length,
  at: running(raw.events.at),
  host: Uint16Array.from(raw.events.host),
  name: Uint32Array.from(raw.events.name),
  fields: Uint32Array.from(raw.events.fields),
};

const messages = {
  count: raw.messages.sent.length,
  sent: running(raw.messages.sent),
  took: Float64Array.from(raw.messages.took),
  from: Uint16Array.from(raw.messages.from),
  to: Uint16Array.from(raw.messages.to),
  fate: Uint8Array.from(raw.messages.fate),
  resent: Uint32Array.from(raw.messages.resent),
  kind: Uint32Array.from(raw.messages.kind),
  label: Uint32Array.from(raw.messages.label),
  detail: Uint32Array.from(raw.messages.detail),
  answers: Int32Array.from(raw.messages.answers),
};
// By which message each is answered; -1: by none that arrived.
messages.answered = new Int32Array(messages.count).fill(-1);
for (let i = 0; i < messages.count; ++i) {
  if (messages.answers[i] >= 0 && messages.took[i] >= 0) messages.answered[messages.answers[i]] = i;
}

const spans = raw.spans.map(([from, until, family, kind, on, detail]) => (
  { from, until, family, kind, hosts: on, detail: texts[detail] }));
raw.events = raw.messages = raw.spans = null;

// The first index in [0, count) whose value is not below `value`.
function first_from(sorted, value, count = sorted.length) {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

function expects_answer(i) {
  const kind = texts[messages.kind[i]];
  return kind === "request" || kind === "propose" || kind === "query" || kind === "poll";
}
const unanswered = (i) => expects_answer(i) && messages.took[i] >= 0 && messages.answered[i] < 0;

function time_of([of, i]) {
  return of === OF_EVENT ? events.at[i] : of === OF_MESSAGE ? messages.sent[i] : spans[i].from;
}
function hosts_of([of, i]) {
  return of === OF_EVENT ? [events.host[i]]
    : of === OF_MESSAGE ? [messages.from[i], messages.to[i]] : spans[i].hosts;
}

// What the view shows at the moment; every part of the page reads it.
const state = {
  from: 0, until: end_us,       // visible
  cursor: 0,                    // the moment of the books
  hover: null, selected: null,  // [of, index]
  violation: violations.length > 0 ? 0 : -1,
  story: { events: new Set(), messages: new Set(), spans: new Set() },
  spotlight: violations.length > 0,
  only: false, matches: null,
  scroll: 0,
};
