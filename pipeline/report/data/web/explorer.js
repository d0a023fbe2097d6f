// Shows every value with its records, links and time, from the data in the page.

// ---- what the tables hold -------------------------------------------------------------------

const E = D && D.entities, R = D && D.records, P = D && D.passages;
const placeOf = new Map(), recordOf = new Map(), accounts = new Set();
const watch = new Map(D ? E.watch : []), close = new Set(D ? E.close : []);
const near = new Map(D ? D.near.map(([at, ...sides]) => [at, sides]) : []);
if (D) {
  E.id.forEach((id, at) => placeOf.set(id, at));
  E.account.forEach(([id, at]) => { placeOf.set(id, at); accounts.add(at); });
  R.id.forEach(([id, at]) => recordOf.set(id, at));
}
const kindOf = (at) => D.kinds[E.kind[at]][1];
const NAMED = new Set(["alias", "account"]);
const titleOf = (at) => (NAMED.has(D.kinds[E.kind[at]][0]) && E.label[at]) || E.value[at];
const addressOf = (record) => "#r/" + (idOf.get(record) ?? record);
const idOf = new Map(D ? R.id.map(([id, at]) => [at, id]) : []);

let index = null; // passages of a record, and what stands in each passage; made when first asked
function standing() {
  if (index) return index;
  index = { of: new Map(), within: new Map() };
  P.record.forEach((record, at) => {
    index.of.set(record, [...(index.of.get(record) ?? []), at]);
  });
  D.mentions.forEach((rows, entity) => rows.forEach(([passage, ...spans]) => {
    if (spans.length === 0) return;
    if (!index.within.has(passage)) index.within.set(passage, []);
    index.within.get(passage).push([entity, spans]);
  }));
  return index;
}

function notes(at) {
  const said = [];
  if (watch.has(at)) said.push(el("strong", {}, "▶ watch list: ", shown(watch.get(at))));
  if (E.service[at] >= 0) said.push(`listed service (${D.kinds[E.service[at]][1]}): no lead`);
  if (E.review[at] >= 0) said.push("to be looked at: " + D.kinds[E.review[at]][1]);
  return said.flatMap((item, place) => (place ? ["; ", item] : [item]));
}

const opens = (at) => el("a", { class: "open", href: "#e/" + E.id[at] }, shown(titleOf(at)));
const cites = (record) => el("span", { class: "cite" }, "[",
  el("a", { href: addressOf(record) }, shown(R.cite[record])), "]");

function head(record) {
  const parts = [stamp(R.at[record]) + " UTC"];
  if (R.at[record] === null) parts[0] = "no time";
  if (R.author[record] >= 0) parts.push(" · account named ", shown(D.names[R.author[record]]));
  if (R.thread[record] >= 0) parts.push(" · in ", shown(D.names[R.thread[record]]));
  return el("p", { class: "note" }, ...parts, " · ", cites(record));
}

function passage(at, spans) { // its text, with the spans marked
  const chars = Array.from(P.text[at]), box = el("blockquote");
  const cut = (said) => box.append(el("span", { class: "cut" }, said));
  if (P.before[at]) cut(`(${figure(P.before[at])} characters before) … `);
  const cuts = [];
  for (let i = 0; i < spans.length; i += 2) cuts.push([spans[i], spans[i + 1]]);
  cuts.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const text = el("bdi");
  let from = 0;
  for (const [start, stop] of cuts) {
    if (start < from) continue;
    text.append(...pieces(chars.slice(from, start).join("")));
    text.append(el("mark", {}, ...pieces(chars.slice(start, stop).join(""))));
    from = stop;
  }
  text.append(...pieces(chars.slice(from).join("")));
  box.append(text);
  if (P.after[at]) cut(` … (${figure(P.after[at])} characters more)`);
  return box;
}

function quoted(text) { // an argument of a POSIX shell
  if (!/["$`\\!]/.test(text) && !HIDDEN.test(text)) return `"${text}"`;
  return `'${text.replace(/'/g, "'\\''")}'`;
}

function command(record) {
  const line = `triage show CASE ${quoted(R.cite[record])}`;
  const code = el("code", { class: "type" }, ...pieces(line));
  const said = el("span", { role: "status" });
  return el("p", { class: "command" }, code, " ", button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(line);
    } catch { // where a page may not reach the clipboard, the selection can
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    said.textContent = " copied";
  }), said);
}

// ---- one value ------------------------------------------------------------------------------

function facts(items) {
  return el("dl", { class: "facts" }, ...items.filter(([, value]) => value !== null).map(
    ([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value))));
}

function table(labels, rows, more = {}) {
  const heads = labels.map(([label, kind]) => el("th", { scope: "col", class: kind }, label));
  return el("table", { class: "cards", ...more }, el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows.map((cells) => tableRow(labels, cells))));
}

function tableRow(labels, cells) {
  return el("tr", {}, ...cells.map((cell, at) => el(at ? "td" : "th",
    { class: labels[at][1], "data-l": labels[at][0], ...(at ? {} : { scope: "row" }) },
    el("div", {}, ...[cell].flat()))));
}

function months(at) { // records by month, or by year where there are too many months
  const flat = D.months[at], found = new Map();
  if (!flat.length) return el("p", {}, "No record of it has a date.");
  const by = flat[flat.length - 2] - flat[0] < 60 ? 1 : 12;
  for (let i = 0; i < flat.length; i += 2) {
    const unit = Math.floor(flat[i] / by);
    found.set(unit, (found.get(unit) ?? 0) + flat[i + 1]);
  }
  const units = [...found.keys()], first = units[0], size = units[units.length - 1] - first + 1;
  const name = (unit) => (by === 12 ? String(unit)
    : `${Math.floor(unit / 12)}-${pad(unit % 12 + 1)}`);
  const rows = units.map((unit) => [name(unit), figure(found.get(unit))]);
  const list = table([[by === 12 ? "Year" : "Month (UTC)", ""], ["Records", "number"]], rows);
  list.classList.add("narrow");
  const folded = el("details", {}, el("summary", {}, "Table (evidence)"), list);
  if (size > 120 || size < 2) return size < 2 ? list : folded;
  const top = Math.max(...found.values()), step = 900 / size;
  const svg = drawn("svg", { viewBox: "0 0 960 150", role: "img", width: 960, height: 150,
    "aria-label": `Records from ${name(first)} to ${name(first + size - 1)}, at most ${top}` });
  svg.append(drawn("line", { x1: 40, x2: 940, y1: 120, y2: 120, stroke: "#111" }));
  const text = (x, y, anchor, said) => drawn("text",
    { x, y, "text-anchor": anchor, "font-size": 12, fill: "#111" }, said);
  svg.append(text(34, 22, "end", figure(top)), text(34, 122, "end", "0"));
  for (const [unit, records] of found) {
    const height = Math.max(1, 105 * records / top);
    svg.append(drawn("rect", { x: 40 + (unit - first) * step + step * .1, width: step * .8,
      y: 120 - height, height, fill: "#444" },
    drawn("title", {}, `${name(unit)}: ${figure(records)}`)));
  }
  svg.append(text(40, 140, "start", name(first)), text(940, 140, "end", name(first + size - 1)));
  return el("figure", {}, el("p", {}, el("strong", {}, "Records by time"), " (Illustration)"),
    el("div", { class: "drawing" }, svg), folded);
}

function entityView(at) {
  const found = D.mentions[at], [first, ...rest] = D.links[at], links = rest;
  const isAccount = accounts.has(at);
  const said = notes(at), view = [el("h1", { tabindex: -1 }, shown(titleOf(at)))];
  view.push(el("p", {}, kindOf(at), E.label[at] && E.label[at] !== titleOf(at)
    ? el("span", {}, ", as written ", shown(E.label[at])) : null,
    titleOf(at) === E.value[at] ? null : el("span", {}, ", ", shown(E.value[at])),
    el("span", { class: "id" }, E.id[at])));
  if (said.length) view.push(el("p", { class: "framed" }, ...said));
  view.push(facts([["Records", figure(E.records[at])],
    ["Mentions", isAccount ? null : figure(E.mentions[at])],
    ["Of them stated by the provider", E.stated[at] ? figure(E.stated[at]) : null],
    ["Conversations", figure(E.threads[at])],
    ["First to last (UTC)", E.first[at] === null ? null
      : el("span", { class: "long" }, el("span", { class: "whole" }, stamp(E.first[at], 10)),
        " to ", el("span", { class: "whole" }, stamp(E.last[at], 10)))]]));
  view.push(months(at));
  view.push(el("h2", {}, isAccount ? "First records it wrote" : "Records that hold it"));
  view.push(el("p", { class: "note" }, `${figure(found.length)} of ${figure(E.records[at])}, by time; `
    + "the text around it, not the whole conversation."));
  for (const [place, ...spans] of found) view.push(head(P.record[place]), passage(place, spans));
  if (found.length) view.push(command(P.record[found[0][0]]));
  view.push(el("h2", {}, "What occurs with it"));
  if (!first) view.push(el("p", {}, "Nothing else was found in its records."));
  else {
    view.push(el("p", { class: "note" }, `${figure(links.length)} of ${count(first[0], "link", "links")}, `
      + "those in most records. Two values that occur together need not belong to people who know "
      + "each other."));
    view.push(table(
      [["Other", ""], ["Kind", ""], ["How", ""], ["Records", "number"], ["Where", "cites"]],
      links.map(([other, relation, records, ...where]) => [
        [opens(other), el("small", {}, ...notes(other))], kindOf(other), RELATIONS[relation],
        figure(records), where.flatMap((record) => [cites(record), " "])])));
  }
  return view;
}

// ---- one record -----------------------------------------------------------------------------

function recordView(at) {
  const { of, within } = standing(), here = of.get(at) ?? [], values = new Map();
  for (const place of here) {
    for (const [entity] of within.get(place) ?? []) values.set(entity, true);
  }
  const marks = (place) => (within.get(place) ?? []).flatMap(([, spans]) => spans);
  const beside = (record, label) => (record >= 0 && of.has(record)
    ? [el("h2", {}, label), head(record), passage(of.get(record)[0], [])] : []);
  const [before, after] = near.get(at) ?? [-1, -1];
  const cited = [...new Set([...main.querySelectorAll(`a[data-r="${idOf.get(at)}"]`)].map(
    (link) => link.textContent))].filter((text) => text !== R.cite[at]);
  const row = [...document.querySelectorAll("#table-sources tbody tr")].find(
    (item) => R.cite[at].startsWith(item.cells[0].textContent.trim() + " "));
  return [
    el("h1", { tabindex: -1 }, shown(R.cite[at])),
    el("p", {}, "Kind: " + D.kinds[R.kind[at]][1],
      ...(cited.length ? [`; cited in the report as ${cited.join(", ")}`] : [])),
    head(at),
    ...(here.length ? here.map((place) => passage(place, marks(place)))
      : [el("p", {}, "This record has no text; the command below shows its fields.")]),
    command(at),
    el("p", { class: "note" }, "The command shows the whole record and the bytes of the source, "
      + "checked against its hash; CASE stands for the folder of the case. ",
      row ? el("a", { href: "#" + row.id }, "The source and its hash") : ""),
    ...(values.size ? [el("h2", {}, "Values found in this text"), el("ul", {},
      ...[...values.keys()].map((entity) => el("li", {}, opens(entity), ` (${kindOf(entity)}) `,
        ...notes(entity))))] : []),
    ...beside(before, "Before it in the conversation"), ...beside(after, "After it"),
  ];
}

// ---- all values -----------------------------------------------------------------------------

const COLUMNS = [["Value", ""], ["Kind", ""], ["Records", "number"], ["Mentions", "number"],
  ["Conversations", "number"], ["First (UTC)", "time"], ["Last (UTC)", "time"], ["Notes", ""]];
const KEYS = [titleOf, kindOf, (at) => E.records[at], (at) => E.mentions[at], (at) => E.threads[at],
  (at) => E.first[at] ?? "", (at) => E.last[at] ?? "", (at) => watch.get(at) ?? ""];
const CHOICES = [["Everything", () => true], ["In the report", (at) => close.has(at)],
  ["Watch list", (at) => watch.has(at)], ["Listed services", (at) => E.service[at] >= 0],
  ["To be looked at", (at) => E.review[at] >= 0]];
const list = { kind: "", choice: 0, column: -1, down: false, rows: PAGE, texts: 20 };
let values = null, texts = null; // folded, made at the first search

function matches(wanted) {
  values ??= E.id.map((id, at) =>
    folded([E.value[at], E.label[at] || "", watch.get(at) ?? "", id].join("\n")));
  texts ??= P.text.map((text) => folded(text));
  const digits = /^[\d\s().+-]+$/.test(wanted) ? wanted.replace(/\D/g, "") : "";
  const holds = (at) => values[at].includes(wanted)
    || (digits.length > 3 && values[at].replace(/\D/g, "").includes(digits));
  let found = [...E.id.keys()].filter((at) => (list.kind === "" || E.kind[at] === Number(list.kind))
    && CHOICES[list.choice][1](at) && (wanted === "" || holds(at)));
  if (list.column >= 0) {
    const key = KEYS[list.column], keyed = found.map((at) => [String(key(at)), at]);
    keyed.sort(([a], [b]) => (a === "" || b === "" ? (a === "") - (b === "")
      : list.down ? compare(b, a) : compare(a, b)));
    found = keyed.map(([, at]) => at);
  }
  const written = wanted.length < 2 ? []
    : [...P.text.keys()].filter((at) => texts[at].includes(wanted));
  return [found, written];
}

function listView(query) {
  const input = el("input", { type: "search", id: "query", value: query,
    "aria-label": "Search values and messages",
    placeholder: "Name, number, place, words of a message" });
  const kinds = [...new Set(E.kind)].sort((a, b) => ORDER.compare(D.kinds[a][1], D.kinds[b][1]));
  const kind = el("select", { "aria-label": "Kind" }, el("option", { value: "" }, "All kinds"),
    ...kinds.map((code) => el("option", { value: code }, D.kinds[code][1])));
  const choice = el("select", { "aria-label": "Which values" },
    ...CHOICES.map(([label], at) => el("option", { value: at }, label)));
  kind.value = list.kind;
  choice.value = list.choice;
  const said = el("p", { class: "note", role: "status" });
  const results = table(COLUMNS, [], { id: "values" });
  const foot = el("p"), written = el("div");
  const heads = [...results.tHead.rows[0].cells];
  sortable(heads, (column, down) => { Object.assign(list, { column, down }); fill(); });
  if (list.column >= 0) {
    heads[list.column].setAttribute("aria-sort", list.down ? "descending" : "ascending");
  }
  function fill() {
    const wanted = folded(input.value.trim()), [found, hits] = matches(wanted);
    said.textContent = `${count(found.length, "value", "values")}`
      + (wanted.length > 1 ? `, ${count(hits.length, "passage", "passages")} of messages shown here` : "")
      + (D.total > E.id.length ? `. ${figure(E.id.length)} of ${figure(D.total)} values can be `
        + "opened: those of the report and the watch list, then those in most records; triage "
        + "search finds the rest." : ".");
    results.hidden = found.length === 0;
    results.tBodies[0].replaceChildren(...found.slice(0, list.rows).map((at) => tableRow(COLUMNS, [
      opens(at), kindOf(at), figure(E.records[at]), figure(E.mentions[at]), figure(E.threads[at]),
      stamp(E.first[at], 10), stamp(E.last[at], 10), notes(at)])));
    const grow = (name, by) => { list[name] += by; fill(); };
    const more = (name, all, by) => (list[name] < all
      ? button(`Show ${figure(Math.min(by, all - list[name]))} more`, () => grow(name, by)) : "");
    foot.replaceChildren(more("rows", found.length, PAGE));
    written.replaceChildren();
    if (hits.length) written.append(el("h2", {}, "In messages"));
    for (const at of hits.slice(0, list.texts)) {
      written.append(head(P.record[at]), passage(at, spansOf(at, wanted)));
    }
    if (hits.length) written.append(more("texts", hits.length, 20));
  }
  let wait = 0;
  const again = () => {
    wait = 0;
    Object.assign(list, { rows: PAGE, texts: 20, kind: kind.value, choice: Number(choice.value) });
    const said = input.value.toWellFormed?.() ?? input.value;
    history.replaceState(null, "", "#find" + (said ? "/" + encodeURIComponent(said) : ""));
    current = location.hash;
    fill();
  };
  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(again, 120); });
  input.addEventListener("keydown", (event) => { // who moves on does not wait
    if (event.key === "ArrowDown" && wait) { clearTimeout(wait); wait = 0; again(); }
  });
  for (const item of [kind, choice]) item.addEventListener("change", again);
  fill();
  return [el("h1", { tabindex: -1 }, "All values and messages"),
    el("div", { class: "tools search" }, input, kind, choice), said, results, foot, written,
    el("p", { class: "note" }, "Keys: / search, j and k or arrows to move, Enter to open, Esc to go back. "
      + "The order says nothing about anyone; one value may have had several holders.")];
}

function spansOf(at, wanted) { // where a text says it, as code points; folding may shift them
  const chars = Array.from(P.text[at]), found = [];
  const starts = [], whole = chars.map((char) => folded(char)).reduce((all, part, place) => {
    for (let i = 0; i < part.length; i++) starts.push(place);
    return all + part;
  }, "");
  for (let i = whole.indexOf(wanted); i >= 0; i = whole.indexOf(wanted, i + wanted.length)) {
    found.push(starts[i], starts[i + wanted.length - 1] + 1);
  }
  return found;
}
