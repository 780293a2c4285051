// Rows that grow: another one is the pattern with the next number, a cleared one is left out.
"use strict";

(() => {
  document.documentElement.classList.add("scripted");

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) addRow(add.closest("[data-rows]"), add);
    const clear = event.target.closest("[data-clear-row]");
    if (clear) clearRow(clear.closest(".row-set"));
  });

  function addRow(rows, button) {
    const numbers = [...rows.querySelectorAll("[name]")].map((one) => Number(one.name.split("-")[1]));
    const next = Math.max(-1, ...numbers.filter(Number.isInteger)) + 1;
    const row = rows.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const one of [row, ...row.querySelectorAll("*")]) {
      for (const { name, value } of [...one.attributes]) {
        if (value.includes("__n__")) one.setAttribute(name, value.replaceAll("__n__", next));
      }
    }
    button.before(row);
    window.htmx?.process(row);
    row.querySelector("select, input, textarea")?.focus();
  }

  function clearRow(row) {
    for (const one of row.querySelectorAll("input, select, textarea")) {
      if (one.type === "checkbox" || one.type === "radio") one.checked = false;
      else one.value = "";
    }
    row.dispatchEvent(new Event("change", { bubbles: true }));
  }
})();
