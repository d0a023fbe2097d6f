// Makes elements, and lets people sort and filter the tables of the report.
// What comes from records goes through shown(), as text: nothing here makes markup of a string.
const PAGE = 100; // rows put on the page at a time
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const PICTURE = /[\p{So}\p{Sk}\ufe0f]/u;
const SVG = "http://www.w3.org/2000/svg";
const RELATIONS = ["in the same records", "the account wrote it", "in a conversation of the account"];
const ORDER = new Intl.Collator("en", { numeric: true });
const main = document.getElementById("content");
const source = document.getElementById("explorer-data");
const D = source ? JSON.parse(source.textContent) : null;

// ---- elements -------------------------------------------------------------------------------

function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function drawn(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function pieces(text) { // the text, characters without a visible sign as their code
  if (!HIDDEN.test(text)) return [text];
  const chars = Array.from(text), made = [];
  let plain = "";
  chars.forEach((char, at) => {
    const joins = char === "\u200d" && at > 0 && at + 1 < chars.length
      && PICTURE.test(chars[at - 1]) && PICTURE.test(chars[at + 1]);
    if (!HIDDEN.test(char) || joins) { plain += char; return; }
    const number = char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    made.push(plain, el("span", { class: "code" }, char === "\n" ? "↵" : "U+" + number));
    plain = char === "\n" ? "\n" : "";
  });
  return [...made, plain];
}

const shown = (text) => el("bdi", {}, ...pieces(text));
const count = (number, one, many) => `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
const figure = (number) => number.toLocaleString("en-US");
const pad = (number) => String(number).padStart(2, "0");

function stamp(seconds, length = 19) {
  if (seconds === null) return "–";
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "–"
    : date.toISOString().replace("T", " ").replace(/\..*/, "").slice(0, length);
}

function button(label, act, attributes = {}) {
  const made = el("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}

// ---- tables of the report -------------------------------------------------------------------

function compare(a, b) { // numbers by size, others by letter; what is empty comes last
  const x = Number(a), y = Number(b);
  if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return ORDER.compare(a, b);
}

function sortable(heads, act) {
  heads.forEach((head, column) => {
    const label = [...head.childNodes];
    head.append(button("", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      act(column, down);
    }, { class: "sort" }));
    head.lastChild.append(...label);
  });
}

function keyOf(row, column) {
  const cell = row.cells[column];
  const key = cell.dataset.s ?? cell.textContent.trim();
  return key === "–" ? "" : key;
}

function liven(table) {
  const body = table.tBodies[0], rows = [...body.rows];
  if (rows.length < 2) return;
  sortable([...table.tHead.rows[0].cells], (column, down) => {
    const keyed = rows.map((row) => [keyOf(row, column), row]);
    keyed.sort(([a], [b]) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      return down ? compare(b, a) : compare(a, b);
    });
    body.remove(); // rows that stand in no page move ten times as fast
    body.append(...keyed.map(([, row]) => row));
    table.append(body);
  });
  const input = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter this table" });
  const said = el("span", { role: "status" });
  let texts = null;
  input.addEventListener("input", () => {
    texts ??= rows.map((row) => folded(row.textContent));
    const wanted = folded(input.value.trim());
    let kept = 0;
    rows.forEach((row, at) => { row.hidden = !texts[at].includes(wanted); kept += !row.hidden; });
    said.textContent = wanted ? `${figure(kept)} of ${count(rows.length, "row", "rows")}` : "";
  });
  table.before(el("div", { class: "tools" }, input, said));
}

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
