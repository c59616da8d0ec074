"use strict";
const $ = (query, root = document) => Array.from(root.querySelectorAll(query));

function sortBy(button) {
  const head = button.closest("th"), table = head.closest("table"), body = table.tBodies[0];
  const column = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
  const value = (row) => row.cells[column].dataset.v;
  $("th[aria-sort]", table).forEach((other) => other.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const number = head.dataset.sort === "number";
  const order = (a, b) => (number ? value(a) - value(b) : value(a).localeCompare(value(b)));
  const rows = Array.from(body.rows);
  const known = rows.filter((row) => value(row) !== ""), unknown = rows.filter((row) => value(row) === "");
  known.sort((a, b) => (down ? -order(a, b) : order(a, b)));
  body.append(...known, ...unknown);
}

function search(text) {
  const wanted = text.trim().toLocaleLowerCase();
  const items = $("[data-brand]");
  items.forEach((item) => { item.hidden = !item.dataset.brand.toLocaleLowerCase().includes(wanted); });
  const found = items.filter((item) => item.tagName === "TR" && item.dataset.list && !item.hidden).length;
  document.getElementById("found").textContent = wanted ? found + " found" : "";
}

// A link to a brand opens its profile, also the one that the page was opened with.
function reveal() {
  const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!named || named.tagName !== "DETAILS") return;
  named.hidden = false;
  named.open = true;
  named.scrollIntoView();
}

let folded = [];
$("th button").forEach((button) => button.addEventListener("click", () => sortBy(button)));
const box = document.getElementById("search");
box.addEventListener("input", () => search(box.value));
$(".tools").forEach((tools) => { tools.hidden = false; });
window.addEventListener("hashchange", reveal);
$('a[href^="#brand-"]').forEach((link) => link.addEventListener("click", () => setTimeout(reveal)));
window.addEventListener("beforeprint", () => {
  search("");
  folded = $("details:not([open])");
  folded.forEach((each) => { each.open = true; });
});
window.addEventListener("afterprint", () => {
  search(box.value);
  folded.forEach((each) => { each.open = false; });
});
reveal();
