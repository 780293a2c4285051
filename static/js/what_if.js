// A slider says where it stands, in figures and in words, while it is moved.
"use strict";

document.addEventListener("input", (event) => {
  const slider = event.target;
  if (!slider.matches("input[type=range][data-words]")) return;
  const words = slider.dataset.words.split("|");
  const word = words[Math.floor(slider.value * (words.length - 1) + 0.5)].toLowerCase();
  const said = `${Number(slider.value).toFixed(2)}, ${word}`;
  slider.setAttribute("aria-valuetext", said);
  slider.parentElement.querySelector("output").textContent = said;
});
