// What makes pages more convenient; everything also works without it.
"use strict";

// A file can be dropped on the box around its field.
for (const box of document.querySelectorAll(".drop")) {
  const field = box.querySelector("input[type=file]");
  const chosen = box.querySelector(".chosen");
  const tell = () => {
    if (chosen) chosen.textContent = Array.from(field.files, (file) => `${file.name} (${size(file.size)})`).join(", ");
  };
  const over = (event, on) => {
    event.preventDefault();
    box.classList.toggle("over", on);
  };
  box.addEventListener("dragover", (event) => over(event, true));
  box.addEventListener("dragleave", (event) => over(event, false));
  box.addEventListener("drop", (event) => {
    over(event, false);
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    tell();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", tell);
}

function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let step = 0;
  for (; bytes >= 1000 && step < units.length - 1; step += 1) bytes /= 1000;
  return `${bytes.toFixed(step && bytes < 10 ? 1 : 0)} ${units[step]}`;
}

// A form is sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
});

// Where cells stand one below the other, each says which column it is of.
function label(part) {
  for (const table of part.querySelectorAll(".stacks table")) {
    const heads = Array.from(table.querySelectorAll("thead tr:last-child > *"), (head) => head.textContent.trim());
    for (const cell of table.querySelectorAll("tbody td")) {
      if (cell.parentElement.cells.length === heads.length) cell.dataset.label = heads[cell.cellIndex];
    }
  }
}
label(document);
document.addEventListener("htmx:load", (event) => label(event.detail.elt.parentElement || document));

// Forms that only filter send themselves when a choice changes.
for (const form of document.querySelectorAll("form[data-send-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// The way to what is wrong in a form is short.
const wrong = document.querySelector(".has-error :is(input, select, textarea)");
if (wrong) wrong.focus();
