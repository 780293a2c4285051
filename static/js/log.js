// The meeting form in the hand: blocks that open, rows that grow, chips that can be taken back.
"use strict";

(() => {
  const form = document.getElementById("log-form");
  if (!form) return;
  document.documentElement.classList.add("scripted");

  // Blocks open by the type of the meeting; one that opened by itself and stayed empty closes again.
  const byItself = new WeakSet();
  const fieldsIn = (block) => block.querySelectorAll("input, select, textarea");
  const isMark = (one) => one.name.endsWith("-answered");
  const isSaid = (one) => (one.type === "checkbox" || one.type === "radio" ? one.checked : one.value !== "");
  const hasAnswer = (block) => [...fieldsIn(block)].some((one) => !isMark(one) && isSaid(one));
  const mark = (block) => [...fieldsIn(block)].find(isMark);

  function openFor(type) {
    for (const block of form.querySelectorAll("details[data-types]")) {
      const fits = block.dataset.types.split(" ").includes(type);
      if (fits && !block.open) { block.open = true; byItself.add(block); }
      else if (!fits && byItself.has(block) && !hasAnswer(block)) { block.open = false; byItself.delete(block); }
    }
  }
  // Opened by hand is gone through: an answer, even with nothing ticked. Closed empty is none.
  form.addEventListener("click", (event) => {
    const block = event.target.closest("summary")?.parentElement;
    const box = block && block.matches("details[data-types]") && mark(block);
    if (!box) return;
    const opening = !block.open;
    if (opening) byItself.delete(block);
    if (opening || !hasAnswer(block)) {
      box.checked = opening;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  // Readings follow what they are proposed from.
  const SPEAKS = /^(trust|highest_level|levels|not_held|(iceberg-moved|objections-heard|motives-\w+|manner-\w+|seen_as-ticked|setting-\w+|(iceberg|objections|motives|manner|seen_as|setting)-answered))$/;
  let waiting = 0;
  form.addEventListener("change", (event) => {
    if (event.target.name === "type") openFor(event.target.value);
    if (!SPEAKS.test(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 200);
  });
  function refresh() {
    const place = document.getElementById("readings");
    if (place && window.htmx) window.htmx.trigger(place, "refresh");
  }
  // Never take the list away under somebody's hands: it comes again when they have left it.
  form.addEventListener("htmx:beforeSwap", (event) => {
    const place = document.getElementById("readings");
    if (event.detail.target !== place || !place.contains(document.activeElement)) return;
    event.detail.shouldSwap = false;
    place.addEventListener("focusout", () => setTimeout(refresh, 100), { once: true });
  });

  // A chip or rung tapped again is taken back.
  let before = null;
  const radioAt = (target) => {
    const label = target.closest("label");
    const radio = label ? label.control : target;
    return radio && radio.type === "radio" ? radio : null;
  };
  form.addEventListener("pointerdown", (event) => {
    const radio = radioAt(event.target);
    before = radio && radio.checked ? radio : null;
  });
  form.addEventListener("click", (event) => {
    if (event.target.type !== "radio") return;
    if (event.target === before && event.target.name !== "level") {
      event.target.checked = false;
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
    before = null;
  });

  // Enter in a line goes on to the next field; it does not send the form half filled.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const stops = [...form.elements].filter((one) => one.checkVisibility() && one.tabIndex >= 0);
    stops[stops.indexOf(event.target) + 1]?.focus();
  });

  // The first fault's fold is open already; a link of the summary moves the focus into the field.
  document.getElementById("error-summary")?.addEventListener("click", (event) => {
    const place = event.target.hash && document.getElementById(event.target.hash.slice(1));
    if (!place) return;
    event.preventDefault(); // following the link would put the focus on the frame around the field
    place.closest("details")?.setAttribute("open", "");
    (place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea, summary"))?.focus();
    place.scrollIntoView({ block: "center" });
  });
})();
