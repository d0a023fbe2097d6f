// Moves between the report and what opens beside it: addresses, back button, keys.

// ---- moving about ---------------------------------------------------------------------------

const frame = el("main", { id: "explorer" });
const scrolls = new Map();
let current = "", jumped = false;
let depth = -1, left = ""; // steps back that stay in the page; where the report was left
frame.hidden = true;

function viewOf(hash) {
  const [, name, rest = ""] = /^#(find|e|r)(?:\/(.*))?$/s.exec(hash) ?? [];
  if (!D || !name) return null;
  if (name === "find") {
    try { return listView(decodeURIComponent(rest)); } catch { return listView(""); }
  }
  const place = name === "e" ? placeOf.get(rest) : recordOf.get(rest) ?? Number(rest || NaN);
  if (name === "e" && place !== undefined) return entityView(place);
  if (name === "r" && place in R.cite) return recordView(place);
  return [el("h1", { tabindex: -1 }, "Not found"),
    el("p", {}, "This page holds nothing of that name.")];
}

function route() {
  const wasOut = !frame.hidden, view = viewOf(location.hash);
  if (wasOut || view) scrolls.set(current, scrollY);
  if (!wasOut && view) left = current;
  current = location.hash;
  frame.hidden = !view;
  main.hidden = Boolean(view);
  if (view) {
    frame.replaceChildren(...view);
    scrollTo(0, jumped ? 0 : scrolls.get(current) ?? 0);
    (document.getElementById("query") ?? frame.querySelector("h1")).focus({ preventScroll: true });
  } else {
    frame.replaceChildren();
    const target = document.getElementById(decoded(current.slice(1)));
    if (target?.closest("details")) target.closest("details").open = true;
    if (target) target.hidden = false;
    if (wasOut && !jumped && scrolls.has(current)) scrollTo(0, scrolls.get(current));
    else if (wasOut) target ? target.scrollIntoView() : scrollTo(0, 0);
  }
  jumped = false;
  depth = Math.max(0, depth + 1);
}

const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };

function leave() { // back where the reader came from; to the report where that is another page
  jumped = false;
  if (depth > 0) { depth -= 2; history.back(); } else location.hash = "";
}

function follow(event) {
  const link = event.target.closest?.("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  jumped = true;
  if (link.id === "back" && !frame.hidden) { // to where the reader was in the report
    event.preventDefault();
    jumped = false;
    location.hash = left;
  } else if (link.dataset.r && recordOf.has(link.dataset.r)) {
    event.preventDefault();
    location.hash = "#r/" + link.dataset.r;
  } else if (link.getAttribute("href") === location.hash) jumped = false;
}

function press(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (typing && document.activeElement.value && document.activeElement.type === "search") return;
    if (!frame.hidden) leave();
    else document.activeElement?.blur();
  } else if (typing && event.key === "ArrowDown" && document.activeElement.id === "query") {
    step(1, event);
  } else if (typing) return;
  else if (event.key === "/" && D) {
    event.preventDefault();
    if (!document.getElementById("query")) location.hash = "#find";
    else document.getElementById("query").focus();
  } else if (event.key === "j" || (event.key === "ArrowDown" && !frame.hidden)) step(1, event);
  else if (event.key === "k" || (event.key === "ArrowUp" && !frame.hidden)) step(-1, event);
}

function step(by, event) { // to the next link that opens a value
  const links = [...document.querySelectorAll("a.open")].filter(
    (link) => link.offsetParent !== null);
  if (!links.length) return;
  event.preventDefault();
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by;
  links[Math.min(links.length - 1, Math.max(0, next))].focus();
}

// ---- start ----------------------------------------------------------------------------------

for (const item of main.querySelectorAll("table.cards")) liven(item);
addEventListener("beforeprint", () => {
  for (const item of main.querySelectorAll("details")) item.open = true;
});
if (D) {
  for (const cell of main.querySelectorAll("[data-e]")) {
    const at = placeOf.get(cell.dataset.e), first = cell.firstElementChild?.firstChild;
    if (at === undefined || !first) continue;
    const link = el("a", { class: "open", href: "#e/" + E.id[at] });
    first.before(link);
    link.append(first);
  }
  for (const item of main.querySelectorAll("figure[data-explore=network]")) chart(item);
  main.before(el("nav", { class: "bar", "aria-label": "Views" },
    el("a", { id: "back", href: "#content" }, "Report"),
    el("a", { href: "#find" }, "Search all values and messages"), el("kbd", {}, "/")));
  main.after(frame);
  addEventListener("hashchange", route);
  document.addEventListener("click", follow);
  route();
}
document.addEventListener("keydown", press);
