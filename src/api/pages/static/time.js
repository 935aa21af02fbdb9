// The slider says which day it stands on and how many records there were by then. Without this script its form does
// the same by its button.

const slider = document.querySelector("input[name=day]");
const [day, count] = slider.form.querySelectorAll("[data-said] strong");
const ticks = Array.from(slider.list.options, (option) => Number(option.value));
const format = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", {
  dateStyle: "long",
  timeZone: "UTC",
});
// The calendar's number of 1 January 1970.
const EPOCH = 719163;

slider.addEventListener("input", () => {
  day.textContent = format.format((slider.value - EPOCH) * 86400000);
  count.textContent = ticks.filter((tick) => tick <= slider.value).length;
  slider.setAttribute("aria-valuetext", day.textContent);
});
