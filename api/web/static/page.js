// Without this the page works all the same: forms post and the browser follows.
"use strict";

const still = matchMedia("(prefers-reduced-motion: reduce)");

// Put the answer of an action in the place of the page, so that it stays where the listener has scrolled to.
async function send(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.append(button.name, button.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (!main) return location.assign(answer.url);
  const place = [...document.querySelectorAll(".actions")].indexOf(form);
  const swap = () => {
    document.querySelector("main").replaceWith(main);
    document.title = page.title;
    document.getElementById("announcement").textContent = main.querySelector(".message")?.textContent ?? "";
    if (answer.ok) history.replaceState(null, "", answer.url);
    const next = document.querySelectorAll(".actions")[Math.max(place, 0)];
    next?.querySelector("button")?.focus({ preventScroll: true });
  };
  if (document.startViewTransition && !still.matches) document.startViewTransition(swap);
  else swap();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  send(form, event.submitter).catch(() => location.reload());
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".switch input")) event.target.form.requestSubmit();
});
