// What plain HTML and htmx attributes cannot do. No inline code anywhere: listeners only.
"use strict";

// A form that came back with errors: the summary is read out and tabbing starts there.
document.getElementById("error-summary")?.focus();

// Lists of filters lie open where there is room, folded on a phone.
if (window.matchMedia("(min-width: 60rem)").matches) {
  for (const fold of document.querySelectorAll("[data-open-wide]")) fold.open = true;
}

// A long time axis opens at its newest end.
function showNewest(root) {
  for (const box of root.querySelectorAll("[data-newest]")) box.scrollLeft = box.scrollWidth;
}
showNewest(document);

// "At most three": further boxes rest until one is taken away. The server decides in any case.
function restSurplus(group) {
  const boxes = [...group.querySelectorAll("input[type=checkbox]")];
  const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
  for (const box of boxes) box.disabled = full && !box.checked;
}
for (const group of document.querySelectorAll("[data-most]")) restSurplus(group);
document.addEventListener("change", (event) => {
  const group = event.target.closest("[data-most]");
  if (group) restSurplus(group);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Failures of background requests in words, in the one place that is read out.
function tell(sentence) {
  const place = document.getElementById("notice");
  if (!place || place.textContent === sentence) return; // said once, not at every poll
  const line = document.createElement("p");
  line.className = "notice warn";
  line.textContent = sentence;
  place.replaceChildren(line);
}
const ANSWERS = {
  401: "Your sign-in has ended. Sign in again in another tab, then go on here: nothing typed is lost.",
  403: "Your sign-in has changed. Sign in again in another tab, then go on here: nothing typed is lost.",
  429: "Too many requests for the moment. Wait a little; what you typed stays here.",
};
document.addEventListener("htmx:sendError", () => tell("The network does not answer. What you typed stays here."));
document.addEventListener("htmx:timeout", () => tell("The network is too slow just now. What you typed stays here."));
document.addEventListener("htmx:responseError", (event) => {
  tell(ANSWERS[event.detail.xhr.status] || "The server could not do that. What you typed stays here; try again.");
});
document.addEventListener("htmx:afterSwap", (event) => showNewest(event.target));
