// Sends a file in pieces, goes on after an interruption, and shows how far it is. Without it the form sends it whole.
"use strict";

const form = document.getElementById("upload");
if (form) form.addEventListener("submit", send);

async function send(event) {
  const file = form.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  complain("");
  try {
    const begun = await begin(file);
    const page = await pieces(file, begun);
    localStorage.removeItem(key(file));
    window.location.assign(page);
  } catch (error) {
    complain(error.told || form.dataset.lost);
    button.disabled = false;
  }
}

// A file is known again by name, size, time of change and the organisation it is for.
function key(file) {
  return ["chorok-upload", form.elements.organisation.value, file.name, file.size, file.lastModified].join("/");
}

async function begin(file) {
  const known = localStorage.getItem(key(file));
  if (known) {
    const answer = await fetch(known);
    if (answer.ok) {
      const told = await answer.json();
      if (told.state === "receiving" && told.size === file.size) return told;
    }
  }
  const body = new URLSearchParams({
    organisation: form.elements.organisation.value,
    name: file.name,
    size: file.size,
  });
  const told = await ask(form.dataset.begin, { method: "POST", body });
  localStorage.setItem(key(file), told.bytes);
  return told;
}

async function pieces(file, begun) {
  const step = Number(form.dataset.piece);
  let at = begun.received;
  show(at, file.size);
  while (at < file.size) {
    const told = await ask(`${begun.bytes}?offset=${at}`, {
      method: "PUT",
      body: file.slice(at, at + step),
      headers: { "Content-Type": "application/octet-stream" },
    });
    at = told.received;
    show(at, file.size);
  }
  return begun.page;
}

async function ask(address, wish) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch(address, { ...wish, headers: { ...wish.headers, "X-CSRFToken": token } });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  const error = new Error(String(answer.status));
  error.told = told.error;
  throw error;
}

function show(at, size) {
  const box = form.querySelector(".upload-progress");
  const percent = Math.floor((100 * at) / size);
  box.hidden = false;
  box.querySelector("progress").value = percent;
  box.querySelector(".muted").textContent = `${percent} %`;
}

function complain(text) {
  const box = form.querySelector(".upload-error");
  box.textContent = text;
  box.hidden = !text;
}
