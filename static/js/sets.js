// A draft weight set: a slider beside each number, and the running sum of those that make a hundred.
// Without this script the numbers are typed and the server adds them up.
"use strict";

function addSlider(number) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = number.dataset.sliderMin;
  slider.max = number.dataset.sliderMax;
  slider.step = number.dataset.sliderStep;
  slider.value = number.value;
  slider.tabIndex = -1; // the number takes the keys; the slider is for the hand
  slider.setAttribute("aria-hidden", "true");
  slider.addEventListener("input", () => {
    number.value = slider.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // The slider has no name: its change is the number's, and the preview listens for that.
  slider.addEventListener("change", (event) => {
    event.stopPropagation();
    number.dispatchEvent(new Event("change", { bubbles: true }));
  });
  number.addEventListener("input", () => { slider.value = number.value; });
  number.after(slider);
}

function addUp(group) {
  const numbers = [...group.querySelectorAll("input[type=number]")].map((one) => Number(one.value));
  const total = Math.round(numbers.reduce((sum, one) => sum + one, 0) * 1000) / 1000;
  const wanted = Number(group.dataset.sumsTo);
  const far = total === wanted ? "" : total < wanted ? `, ${Math.round((wanted - total) * 1000) / 1000} to go` : `, ${Math.round((total - wanted) * 1000) / 1000} too much`;
  group.querySelector("[data-sum]").textContent = `Together ${total} %${far}.`;
}

for (const number of document.querySelectorAll("[data-weight-form] input[data-slider-max]")) addSlider(number);
for (const group of document.querySelectorAll("[data-sums-to]")) {
  addUp(group);
  group.addEventListener("input", () => addUp(group));
}
