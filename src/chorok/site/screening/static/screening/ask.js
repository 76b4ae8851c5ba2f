// What makes the purchaser's pages more convenient; everything also works without it.
"use strict";

// An identification number is copied with one press.
const ready = (root) => {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button.copy[hidden]")) button.hidden = false;
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.done;
});
document.addEventListener("htmx:afterSwap", (event) => ready(event.target));
ready(document);

// What was typed into a request is not lost by leaving the page unasked.
let changed = false;
for (const form of document.querySelectorAll("form[data-guarded]")) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
}
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
