// Keys of the review pages. Everything works without them; each only does what a link, a radio button or the form does.
(() => {
  const typing = (target) => target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const follow = (link) => { if (link) { location.assign(link.href); } };

  const list = document.querySelector("[data-keys=list]");
  const links = list ? [...list.querySelectorAll("th a")] : [];
  const step = (by) => {
    const now = links.indexOf(document.activeElement);
    const next = links[Math.min(links.length - 1, Math.max(0, now + by))];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  };

  const form = document.querySelector("form[data-keys=decide]");
  const choose = (key) => {
    const radio = form && form.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (!radio || radio.disabled) { return false; }
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  if (form) {
    form.addEventListener("change", () => {
      const proof = form.querySelector("[data-key=p]");
      if (proof && proof.checked) { form.querySelector("#id_document").closest("details").open = true; }
      for (const card of form.querySelectorAll(".candidate")) {
        card.classList.toggle("chosen-one", card.querySelector("input").checked);
      }
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    const key = event.key;
    if (key === "j" || key === "k") {
      if (links.length) { step(key === "j" ? 1 : -1); } else { follow(document.querySelector(key === "j" ? "a[rel=next]" : "a[rel=prev]")); }
    } else if (key === "u") {
      follow(document.querySelector("a[data-keys=up]"));
    } else if (key === "r" && form) {
      form.querySelector("textarea").focus();
    } else if (key === "Enter" && form && event.target.matches("input[type=radio], body")) {
      form.requestSubmit();
    } else if (!(form && /^[1-9nopb]$/.test(key) && choose(key))) {
      return;
    }
    event.preventDefault();
  });
})();
