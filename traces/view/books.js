// The ledger's and the bank's books as they were at a moment.
function latest(rows, at, key) {
  const last = new Map();
  for (const row of rows) {
    if (row[0] > at) break;
    last.set(texts[row[key]], row);
  }
  return last;
}

function accounts_at(at) {
  const accounts = new Map();
  for (const [name, row] of latest(books.accounts, at, 2)) accounts.set(name, { posted: row[4], incoming: row[5], outgoing: row[6], entry: row[1] });
  return accounts;
}
function purchases_at(at) {
  return [...latest(books.purchases, at, 2).values()].map(([, , id, user, draw, status, count, price, attempt]) => (
    { id: texts[id], user: texts[user], draw: texts[draw], state: texts[status], count, price, attempt }));
}
function bank_at(at) {
  return books.bank.filter((row) => row[0] <= at).map(([when, sequence, kind, key, purchase, amount]) => (
    { at: when, sequence, kind: texts[kind], key: texts[key], purchase: texts[purchase], amount }));
}

const named_now = () => new Set(state.violation >= 0 ? violations[state.violation].named : []);

function stock_rows(accounts) {
  const made = [];
  for (const [name, account] of accounts) {
    if (!name.startsWith("STOCK[")) continue;
    const of = name.slice(5), minted = -(accounts.get("MINT" + of) || { posted: 0 }).posted;
    const sold = accounts.get("SOLD" + of) || { posted: 0, incoming: 0 };
    const free = account.posted - account.outgoing;
    const over = sold.posted + sold.incoming > minted;
    const share = (n) => Math.max(0, n) / Math.max(1, minted, sold.posted + sold.incoming) * 100 + "%";
    const part = (width, tone, title) => {
      const piece = element("span", { title });
      piece.style.width = width;
      piece.style.background = "var(--" + tone + ")";
      return piece;
    };
    made.push(element("p", {}, element("b", { text: of.slice(1, -1) }), ": ",
      element("span", { class: over ? "bad-text" : "", text: sold.posted + " sold, " + sold.incoming + " held" }), ", " + free + " free of " + minted));
    made.push(element("div", { class: "stock", role: "img", "aria-label": "stock" },
      part(share(sold.posted), over ? "bad" : "ledger", "sold"), part(share(sold.incoming), "held", "held"), part(share(free), "grid", "free")));
  }
  return made;
}

function money_rows(accounts) {
  const sums = new Map();
  for (const [name, account] of accounts) {
    if (/^(STOCK|SOLD|MINT)\[/.test(name)) continue;
    const family = /^(SUSPENSE|CLEARING)\[/.test(name) ? name.split("[")[0] + ", all purchases" : name;
    sums.set(family, (sums.get(family) || 0) + account.posted);
  }
  return [...sums].sort().map(([name, sum]) => element("tr", {}, element("td", { class: "key", text: name }), element("td", { class: "n", text: grouped(sum) })));
}

function purchase_rows(at, named) {
  const moved = new Map();
  for (const row of bank_at(at)) {
    const sum = moved.get(row.purchase) || { captured: 0, refunded: 0, charges: 0 };
    if (row.kind === "charge") { sum.captured += row.amount; ++sum.charges; } else sum.refunded += row.amount;
    moved.set(row.purchase, sum);
  }
  const all = purchases_at(at), open = (p) => ["HELD", "CHARGING", "ABANDONING", "REFUNDING"].includes(p.state);
  const rows = all.filter((p) => named.has(p.id)).concat(all.filter((p) => !named.has(p.id) && open(p)).slice(-12));
  return rows.map((p) => {
    const bank = moved.get(p.id) || { captured: 0, refunded: 0, charges: 0 };
    const wrong = bank.captured > p.price || bank.charges > 1;
    return element("tr", { class: named.has(p.id) ? "named" : null }, element("td", { class: "id", text: p.id }), element("td", { class: "id", text: p.user }),
      element("td", { text: p.state + (p.attempt > 1 ? " #" + p.attempt : "") }), element("td", { class: "n", text: p.count + " / " + grouped(p.price) }),
      element("td", { class: wrong ? "n bad" : "n", text: grouped(bank.captured) + (bank.refunded ? " − " + grouped(bank.refunded) : "") }));
  });
}

function bank_rows(at, named) {
  const rows = bank_at(at), told = rows.filter((row) => named.has(row.purchase) || named.has(row.key)).slice(-8);
  const others = rows.filter((row) => !told.includes(row)).slice(-6);
  return told.concat(others).sort((a, b) => a.sequence - b.sequence).map((row) => element("tr", { class: told.includes(row) ? "named" : null },
    element("td", { class: "n", text: seconds(row.at) }), element("td", { text: row.kind }), element("td", { class: "key", text: row.key }), element("td", { class: "n", text: grouped(row.amount) })));
}

function table(heads, rows, empty) {
  if (rows.length === 0) return element("p", { class: "quiet", text: empty });
  return element("table", {}, element("thead", {}, element("tr", {}, ...heads.map(([words, figures]) => element("th", { text: words, scope: "col", class: figures ? "n" : null })))),
    element("tbody", {}, ...rows));
}

function fill_books() {
  const at = Math.min(end_us, Math.max(0, state.cursor)), accounts = accounts_at(at), named = named_now(), bank = bank_at(at);
  const entry = [...accounts.values()].reduce((most, account) => Math.max(most, account.entry), 0);
  const states = new Map();
  for (const p of purchases_at(at)) states.set(p.state, (states.get(p.state) || 0) + 1);
  const sum = (kind) => bank.filter((row) => row.kind === kind).reduce((total, row) => total + row.amount, 0);
  by_id("pane-books").replaceChildren(
    element("p", {}, element("b", { text: "At " + seconds(at, 6) }), element("span", { class: "quiet", text: ", under the cursor; ledger up to entry " + entry })),
    element("h2", { text: "Tickets" }), ...stock_rows(accounts),
    element("h2", { text: "Purchases" }), element("div", { class: "chips" }, ...[...states].sort().map(([name, count]) => element("span", { class: "chip", text: name + " " + count }))),
    table([["purchase"], ["user"], ["state"], ["n / price", 1], ["bank", 1]], purchase_rows(at, named), "None is open."),
    element("h2", { text: "Bank: captured " + grouped(sum("charge")) + ", refunded " + grouped(sum("refund")) }),
    table([["at", 1], ["kind"], ["key"], ["amount", 1]], bank_rows(at, named), "It has moved nothing yet."),
    element("h2", { text: "Ledger: money" }), table([["account"], ["balance", 1]], money_rows(accounts), "No account yet."));
}
