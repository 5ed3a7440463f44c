// Words and figures for people. Every text of the run reaches the page through these as text.
const NAMES = {
  S1: "More tickets were sold than exist", S3: "A user was charged more than once",
  S4: "Money and purchase do not agree", S5: "The ledger's books are wrong",
  S6: "An account went below zero", S7: "One request got two different answers",
  S8: "A read showed what was no longer true", S9: "Something acknowledged was lost",
  S10: "Two replicas hold different books", S14: "A lock did not keep others out",
  S15: "A hold was not respected", S20: "The replicas broke a promise of Raft",
  S26: "A stored session was lost", L1: "A purchase never came to an end",
  L2: "Stock never came back", L3: "A replica never caught up", abort: "A process ended by itself",
};
const FAMILIES = {
  machine: ["crash", "power_loss", "power_cut", "pause", "slow_cpu", "disk_loss", "pause_leader", "crash_leader"],
  time: ["clock_jump", "clock_drift", "clock_freeze"],
  service: ["setting"],
  disk: ["disk_slow", "disk_error", "disk_full", "lying_sync", "bit_rot", "latent_error", "lost_write", "torn_write", "misdirected_write"],
};
const FAMILY_WORDS = { machine: "machine fault", network: "network fault", time: "clock fault", disk: "disk fault", service: "the bank misbehaves" };

function family_of(kind) {
  for (const family in FAMILIES) if (FAMILIES[family].includes(kind)) return family;
  return "network";
}

function seconds(us, digits = 3) { return (us / 1e6).toFixed(digits) + " s"; }
function lasting(us) {
  if (us < 1000) return Math.round(us) + " µs";
  if (us < 1e6) return (us / 1000).toFixed(us < 1e4 ? 2 : 1) + " ms";
  return (us / 1e6).toFixed(us < 1e7 ? 2 : 1) + " s";
}
const counted = (n, word) => n + " " + word + (n === 1 ? "" : "s");
const grouped = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
function shortened(text, most) { return text.length > most ? text.slice(0, most - 1) + "…" : text; }

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }  // cut, or no JSON
}

// "bank", "app-1 and app-2", "ledger-1, ledger-2 and 11 others". Of a long list the data hold the
// first names and, as "+488", how many more there are.
function host_list(on, most = 3) {
  const names = on.map((host) => (typeof host === "number" ? hosts[host].name : host));
  const more = names.length > 0 && /^\+\d+$/.test(names[names.length - 1]) ? Number(names.pop()) : 0;
  const total = names.length + more;
  if (total >= hosts.length) return "all hosts";
  if (total > most) return names.slice(0, most - 1).join(", ") + " and " + (total - most + 1) + " others";
  return names.join(", ").replace(/, ([^,]*)$/, " and $1");
}

function body_state(body) {
  if (!body || typeof body !== "object") return "";
  if (body.calls) return body.calls.length === 0 ? "nothing due" : "hands out " + body.calls.map((call) => call.kind + " of " + call.purchase + " under key " + call.key + ", send " + call.send).join("; ");
  return body.state || body.error || "";
}
function commands_of(entry) {
  const commands = entry && entry.commands ? entry.commands : [];
  return commands.map((command) => command.type + (command.purchase ? " " + command.purchase : "") +
    (command.bank_key ? " under " + command.bank_key : "")).join(", ");
}

const EVENT_WORDS = {
  "client.intent": (f) => "wants " + counted(f.count, "ticket"),
  "client.replied": (f) => f.operation + " is answered " + f.status + " " + body_state(f.body) + (f.body.purchase ? ", " + f.body.purchase : ""),
  "client.looked": (f) => "looks at " + f.target + " (" + f.level + ")",
  "client.saw": (f) => "sees " + f.status + " " + body_state(f.body) + " as of entry " + f.index,
  "client.cart_stored": (f) => "session version " + f.version + " is stored",
  "client.repeated": (f) => (f.why === "retry" ? "does not know the outcome and asks again" : "presses the button twice"),
  "client.done": () => "is done",
  "worker.bank_call": (f) => "calls the bank: " + f.kind + " for " + f.purchase + " under key " + f.key,
  "bank.moved": (f) => (f.kind === "charge" ? "CHARGES " : "REFUNDS ") + f.amount + " for " + f.reference + " under key " + f.key,
  "bank.declined": (f) => "declines " + f.reference + " under key " + f.key,
  "ledger.committed": (f) => "entry " + f.index + " is committed: " + (commands_of(f.entry) || "no command"),
  "ledger.applied": (f) => "entry " + f.index + " is in the books: " + (f.replies.map((r) => r.status + " " + body_state(r.body)).join(", ") || "no command"),
  "ledger.recovered": (f) => "opens its books at entry " + f.applied_index,
  "ledger.restored": (f) => "takes the books of a snapshot, up to entry " + f.applied_index,
  "raft.opened": (f) => "opens its log: term " + f.term + ", " + (f.vote ? "vote for node " + f.vote : "no vote") + ", " + (f.last_index < f.first_index ? "no entries" : "entries " + f.first_index + " to " + f.last_index),
  "raft.hard_state": (f) => "is in term " + f.term + (f.vote ? ", votes for node " + f.vote : ", no vote") + " (durable)",
  "raft.appended": (f) => "its log gets entry " + f.first_index + (f.terms.length > 1 ? " to " + (f.first_index + f.terms.length - 1) : ""),
  "raft.elected": (f) => "LEADS term " + f.term,
  "raft.commit": (f) => "knows entry " + f.index + " committed",
  "raft.snapshot": (f) => "took a snapshot up to entry " + f.index,
};

function event_words(i) {
  const name = texts[events.name[i]], fields = parsed(texts[events.fields[i]]);
  if (EVENT_WORDS[name] && fields) {
    try { return EVENT_WORDS[name](fields); } catch { /* members that it does not have */ }
  }
  return name + " " + shortened(texts[events.fields[i]], 120);
}

function message_words(i) {
  const kind = texts[messages.kind[i]], label = texts[messages.label[i]];
  const verb = { request: "asks", reply: "answers", propose: "proposes", query: "asks for", answer: "answers", poll: "asks for", connect: "tries to" }[kind];
  return (verb || kind + ":") + " " + label;
}
function fate_words(i) {
  if (messages.took[i] < 0) return FATES[messages.fate[i]] + (messages.resent[i] ? ", sent " + (messages.resent[i] + 1) + " times" : "");
  const late = messages.resent[i] ? ", a packet sent again " + counted(messages.resent[i], "time") : "";
  return (unanswered(i) ? "was there after " : "took ") + lasting(messages.took[i]) + late + (unanswered(i) ? ", and NO ANSWER came back" : "");
}

// What a setting of a service means; parts per million are of its calls.
const percent = (ppm) => Math.round(ppm / 1e4) + " %";
const SETTINGS = {
  "bank.latency_ms": (value) => "answers " + lasting(value * 1000) + " late",
  "bank.refuse_ppm": (value) => "turns " + percent(value) + " of calls away",
  "bank.fail_after_ppm": (value) => "acts, and answers " + percent(value) + " of calls with an error",
  "bank.mute_ppm": (value) => "acts, and leaves " + percent(value) + " of calls unanswered",
};
function setting_words(f) {
  const words = SETTINGS[f.name];
  return words ? host_list(f.hosts || [], 2) + " " + words(f.value) : "setting " + f.name + " = " + f.value + " on " + host_list(f.hosts || [], 2);
}

// What a fault did to whom.
function span_words(span) {
  const f = parsed(span.detail);
  if (span.family === "down") return "no process";
  if (span.family === "leader") return "leads " + span.kind;
  if (span.family === "purchase") return span.detail + " is " + span.kind;
  const words = span.kind.replace(/_/g, " ");
  if (!f) return words;
  if (f.peers) return words + " between " + host_list(f.hosts, 3) + " and " + host_list(f.peers, 3);
  if (f.regions) return words + " " + f.regions.join(", ");
  if (f.name) return setting_words(f);
  return words + (f.hosts ? " on " + host_list(f.hosts, 3) : "");
}

// One line about anything: when, who, what, and a tone for its edge.
function told([of, i]) {
  if (of === OF_EVENT) {
    return { at: events.at[i], who: hosts[events.host[i]].name, what: event_words(i), more: "", bad: false, tone: "--" + category_of_event(i) };
  }
  if (of === OF_MESSAGE) {
    return {
      at: messages.sent[i], who: hosts[messages.from[i]].name + " → " + hosts[messages.to[i]].name, what: message_words(i),
      more: fate_words(i), bad: messages.took[i] < 0 || unanswered(i), tone: "--" + MESSAGE_TONES[category_of_message(i)],
    };
  }
  const span = spans[i];
  return {
    at: span.from, who: span.family === "fault" ? "FAULT" : host_list(span.hosts, 2), what: span_words(span),
    more: span.until > span.from ? "for " + lasting(span.until - span.from) : "", bad: span.family === "down",
    tone: span.family === "down" ? "--down" : "--" + family_of(span.kind),
  };
}

// Elements without markup: the only way in which this page makes any.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const key in attributes) {
    if (key === "text") made.textContent = attributes[key];
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), attributes[key]);
    else if (attributes[key] !== false && attributes[key] !== null) made.setAttribute(key, attributes[key] === true ? "" : attributes[key]);
  }
  made.append(...children);
  return made;
}
const by_id = (id) => document.getElementById(id);
