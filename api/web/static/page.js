// Without this the pages work all the same: forms post or ask, and the browser follows.
"use strict";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const OFFLINE = "No connection: nothing was sent. Try again.";

// Put the answer to a form in the place of the page, so that it stays where the listener has scrolled to.
async function swapIn(answer, form) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (!main) return location.assign(answer.url);
  const place = [...document.querySelectorAll(".actions")].indexOf(form);
  const focused = document.activeElement?.id;
  const swap = () => {
    document.querySelector("main").replaceWith(main);
    // What waits is counted there.
    const [menu, counted] = [document, page].map((one) => one.querySelector(".menu"));
    if (menu && counted) menu.replaceWith(counted);
    document.title = page.title;
    document.getElementById("announcement").textContent = main.querySelector(".message")?.textContent ?? "";
    if (answer.ok) history.replaceState(null, "", answer.url);
    const buttons = document.querySelectorAll(".actions");
    const next = place >= 0 ? buttons[Math.min(place, buttons.length - 1)]?.querySelector("button") : focused && document.getElementById(focused);
    (next || main).focus({ preventScroll: true });
  };
  if (document.startViewTransition && !still.matches) document.startViewTransition(swap);
  else swap();
}

// What is being asked for; another change of the same form asks again, and nobody waits for the first.
let asking;

async function send(form, button) {
  const said = new URLSearchParams(new FormData(form));
  if (button?.name) said.append(button.name, button.value);
  const holder = form.closest(".card, .row, .done") ?? document.querySelector("main");
  holder.classList.add("waiting");
  try {
    const asks = form.method === "get";
    asking?.abort();
    if (asks) asking = new AbortController();
    const address = asks ? `${form.action}?${said}` : form.action;
    const options = asks ? { signal: asking.signal } : { method: "POST", body: said };
    await swapIn(await fetch(address, { ...options, headers: { Accept: "text/html" } }), form);
  } catch (error) {
    if (error.name === "AbortError") return;
    // The next press goes the way of a page without JavaScript, which may say more than this.
    form.dataset.plain = "yes";
    delete form.dataset.sent;
    holder.classList.remove("waiting");
    tell(OFFLINE);
  }
}

// A message of the page's own, where those of the service are.
function tell(text) {
  document.querySelector(".done")?.remove();
  const box = document.createElement("div");
  box.className = "done offline";
  box.textContent = text;
  document.querySelector("main").append(box);
  document.getElementById("announcement").textContent = text;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".actions, .undo, [data-live]") || form.dataset.plain) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  if (form.method === "post") form.dataset.sent = "yes";
  send(form, event.submitter);
});

document.addEventListener("change", (event) => {
  if (event.target.form?.matches("[data-live]")) event.target.form.requestSubmit();
});

// Copy what stands in the field beside the button; a page without a secure address has only the older way.
async function copy(button) {
  const field = button.parentElement.querySelector("input");
  field.select();
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  document.getElementById("announcement").textContent = "Copied";
  button.firstChild.data = "Copied";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  // What cannot be copied stays selected, for the keys that copy.
  if (button) copy(button).catch(() => tell("Press Ctrl+C to copy the link."));
});

// Filter as one types; pages fold case and accents in the same way.
const folded = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

function filter(input) {
  const wanted = folded(input.value.trim());
  let found = 0;
  for (const one of document.querySelectorAll(input.dataset.filter)) {
    const name = one.querySelector(".name") ?? one;
    one.hidden = !folded(name.textContent).includes(wanted);
    if (!one.hidden) found += 1;
  }
  for (const part of document.querySelectorAll(".ledger-part")) part.hidden = !part.querySelector("li:not([hidden])");
  const nothing = document.querySelector(".nothing");
  if (!nothing) return;
  nothing.hidden = found > 0;
  nothing.querySelector("bdi").textContent = input.value.trim();
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target);
});
document.documentElement.classList.add("js");
