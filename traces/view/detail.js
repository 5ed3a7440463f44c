// Everything about one thing.
function facts(pairs) {
  return element("dl", {}, ...pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined)
    .flatMap(([name, value]) => [element("dt", { text: name }), value instanceof Node ? element("dd", {}, value) : element("dd", { text: String(value) })]));
}
function pretty(text) {
  const json = parsed(text);
  return json && typeof json === "object" ? JSON.stringify(json, null, 1) : text;
}
function jump_button(words, thing) { return element("button", { type: "button", text: words, onclick: () => select(thing) }); }

function event_detail(i) {
  return [
    facts([["At", seconds(events.at[i], 6)], ["Host", hosts[events.host[i]].name + " in " + hosts[events.host[i]].region], ["Event", texts[events.name[i]]]]),
    element("pre", { text: pretty(texts[events.fields[i]]) }),
  ];
}
function message_detail(i) {
  const arrived = messages.took[i] >= 0, asked = messages.answers[i], answer = messages.answered[i];
  const links = element("div", { class: "row" });
  if (asked >= 0) links.append(jump_button("The request", [OF_MESSAGE, asked]));
  if (answer >= 0) links.append(jump_button("The answer", [OF_MESSAGE, answer]));
  return [
    facts([["From", hosts[messages.from[i]].name], ["To", hosts[messages.to[i]].name], ["Sent", seconds(messages.sent[i], 6)],
      ["Arrived", arrived ? seconds(messages.sent[i] + messages.took[i], 6) + ", after " + lasting(messages.took[i]) : "never: " + FATES[messages.fate[i]]],
      ["Sent again", messages.resent[i] ? counted(messages.resent[i], "packet") : ""], ["Answer", unanswered(i) ? "none came back" : ""],
      ["Kind", texts[messages.kind[i]]], ["Says", texts[messages.label[i]]]]),
    links, texts[messages.detail[i]] ? element("pre", { text: pretty(texts[messages.detail[i]]) }) : "",
  ];
}
function span_detail(i) {
  const span = spans[i], names = span.hosts.map((host) => hosts[host].name).join(", ");
  return [
    facts([["From", seconds(span.from, 6)], ["Until", span.until > span.from ? seconds(span.until, 6) + ", " + lasting(span.until - span.from) : "it struck once"],
      ["What", span.family === "fault" ? FAMILY_WORDS[family_of(span.kind)] + ": " + span.kind : span_words(span)], ["Hosts", names]]),
    span.detail ? element("pre", { text: pretty(span.detail) }) : "",
  ];
}

function fill_detail() {
  const pane = by_id("pane-detail");
  if (!state.selected) {
    pane.replaceChildren(element("p", { class: "quiet", text: "Click on an event, a message or a fault; or press N for the next event." }));
    return;
  }
  const [of, i] = state.selected, line = told(state.selected);
  const parts = of === OF_EVENT ? event_detail(i) : of === OF_MESSAGE ? message_detail(i) : span_detail(i);
  pane.replaceChildren(element("p", {}, element("b", { text: line.who + " " }), line.what, element("br"), element("span", { class: line.bad ? "bad-text" : "quiet", text: line.more })), ...parts);
}

function show_tip(thing, x, y) {
  const tip = by_id("tip");
  if (!thing) { tip.hidden = true; return; }
  const line = told(thing);
  tip.replaceChildren(element("b", { text: line.who }), shortened(line.what, 260), element("br"),
    element("span", { class: line.bad ? "bad-text" : "", text: seconds(line.at, 6) + (line.more ? ", " + line.more : "") }));
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(x + 14, picture.width_px - box.width - 8)) + "px";
  tip.style.top = (y + 18 + box.height > picture.height_px ? Math.max(4, y - box.height - 12) : y + 18) + "px";
}
