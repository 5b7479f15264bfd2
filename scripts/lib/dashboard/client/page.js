// Brings a page to life: its filter, its charts, its tables.
"use strict";

// Fills each choice with the values that the page's data have, and hides those that would not change anything.
function fillFilter(choices) {
  for (const select of choices.querySelectorAll("select")) {
    const labels = new Set();
    for (const { columns } of dashboard.datasets.values()) {
      if (columns[select.name]?.type === "category") columns[select.name].labels.forEach((label) => labels.add(label));
    }
    select.closest("label").hidden = labels.size < 2;
    select.append(...[...labels].sort().map((label) => new Option(label || "(none)", label)));
  }
}

function showFilter(choices) {
  for (const field of choices.querySelectorAll("select, input")) {
    field.value = dashboard.filter[field.name] ?? (field.tagName === "SELECT" ? "*" : "");
  }
  // Other pages are shown with what was chosen here.
  document.querySelectorAll("nav a").forEach((link) => { link.hash = location.hash; });
}

document.addEventListener("DOMContentLoaded", () => {
  const choices = document.querySelector(".filter");
  dashboard.defaults = JSON.parse(choices?.dataset.defaults ?? "{}");
  dashboard.readFilter();
  if (choices) {
    fillFilter(choices);
    showFilter(choices);
    choices.addEventListener("change", (event) => dashboard.choose({ [event.target.name]: event.target.value }));
    choices.querySelector("button").addEventListener("click", () => dashboard.choose(null));
    dashboard.watchers.push(() => showFilter(choices));
  }
  for (const figure of document.querySelectorAll("figure[data-view]")) {
    const view = JSON.parse(figure.dataset.view);
    if (view.y) new Chart(figure, view);
    new Table(figure, view);
  }
  // A server says when there is something new; what was chosen stands in the address.
  const { live } = document.documentElement.dataset;
  if (live) new EventSource(live).addEventListener("changed", () => location.reload());
  window.addEventListener("hashchange", () => {
    dashboard.readFilter();
    dashboard.changed();
  });
  document.documentElement.dataset.ready = "true";
});
