// Reasons that are offered as buttons; without script they are written by hand.
"use strict";

for (const row of document.querySelectorAll(".quick-reasons")) {
  const field = document.getElementById(row.dataset.fills);
  if (!field) continue;
  row.hidden = false;
  row.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const before = field.value.trim();
    field.value = before && !before.includes(pressed.textContent) ? `${before} ${pressed.textContent}` : pressed.textContent;
    field.focus();
  });
}
