// Lets a link chart be explored: its nodes open values and show what they touch; it can be zoomed.

function chart(figure) {
  const svg = figure.querySelector("svg"), frame = figure.querySelector(".drawing");
  if (!svg?.viewBox.baseVal) return;
  const nodes = [...svg.querySelectorAll("[data-entity]")];
  const edges = [...svg.querySelectorAll("[data-a]")];
  const pairs = edges.length ? edges.map((edge) => [edge.dataset.a, edge.dataset.b])
    : [...figure.querySelectorAll("tbody tr")].map(
      (row) => [...row.querySelectorAll("[data-e]")].map((cell) => cell.dataset.e));
  const touch = (a, b) => a === b || pairs.some((pair) => pair.includes(a) && pair.includes(b));
  const light = (id) => { // null: all
    const dim = (item, isDim) => item.setAttribute("opacity", isDim ? 0.15 : 1);
    for (const node of nodes) dim(node, id !== null && !touch(id, node.dataset.entity));
    for (const edge of edges) {
      dim(edge, id !== null && ![edge.dataset.a, edge.dataset.b].includes(id));
    }
  };
  const seen = new Set();
  for (const node of nodes) {
    const id = node.dataset.entity, place = placeOf.get(id);
    if (place === undefined) continue;
    const open = () => { jumped = true; location.hash = "#e/" + id; };
    node.setAttribute("class", "node");
    node.addEventListener("click", open);
    node.addEventListener("pointerenter", () => light(id));
    node.addEventListener("pointerleave", () => light(null));
    if (seen.has(id)) continue; // a node and its name: one stop for the keyboard
    seen.add(id);
    const label = `${shown(titleOf(place)).textContent}, ${kindOf(place)}`;
    for (const [key, value] of [["tabindex", 0], ["role", "link"], ["aria-label", label]]) {
      node.setAttribute(key, value);
    }
    node.addEventListener("focus", () => light(id));
    node.addEventListener("blur", () => light(null));
    node.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
  }
  if (seen.size) svg.setAttribute("role", "group"); // an image would hide its links
  const { x, y, width, height } = svg.viewBox.baseVal;
  let view = [x, y, width, height];
  const set = (next) => { view = next; svg.setAttribute("viewBox", view.join(" ")); };
  const zoom = (by, at = [0.5, 0.5]) => {
    const size = Math.min(width, Math.max(width / 12, view[2] * by)) / width;
    set([view[0] + at[0] * (view[2] - size * width), view[1] + at[1] * (view[3] - size * height),
      size * width, size * height]);
  };
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  svg.addEventListener("wheel", (event) => { // with Ctrl, so that the page scrolls as ever
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, at(event));
  }, { passive: false });
  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-entity]")) held = at(event);
  });
  addEventListener("pointerup", () => { held = null; });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const now = at(event);
    const [left, top] = [view[0] - (now[0] - held[0]) * view[2], view[1] - (now[1] - held[1]) * view[3]];
    set([left, top, view[2], view[3]]);
    held = now;
  });
  frame.before(el("div", { class: "tools" },
    button("Nearer", () => zoom(1 / 1.4)), button("Farther", () => zoom(1.4)),
    button("All", () => set([x, y, width, height])),
    el("span", {}, "Drag to move; Ctrl and wheel to come nearer; a node opens its value.")));
}
