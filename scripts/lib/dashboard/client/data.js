// Data of a page: datasets in columns, the filter that the reader sets, and the rows that pass it.
"use strict";

const dashboard = { datasets: new Map(), defaults: {}, filter: {}, watchers: [] };

// A dataset is { rows, left_out, columns: { NAME: { type, title, values, labels, scale } } }, the newest row first. Types:
// "time" (seconds since 1970), "duration" (seconds), "number", "percent", "bytes", "money", "category" (values are places in
// labels), "text". Values of a column with a `scale` are so many times what they stand for.
dashboard.dataset = (name, dataset) => {
  for (const column of Object.values(dataset.columns)) {
    if (column.scale) column.values = column.values.map((value) => value === null ? null : value / column.scale);
  }
  dashboard.datasets.set(name, dataset);
};

dashboard.value = (column, row) => {
  const value = column.values[row];
  if (value === null || value === undefined) return null;
  return column.type === "category" ? column.labels[value] ?? null : value;
};

dashboard.format = (type, value) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  switch (type) {
    case "time": return new Date(value * 1000).toISOString().slice(0, 16).replace("T", " ");
    case "duration": return formatDuration(value);
    case "percent": return `${(value * 100).toFixed(1)} %`;
    case "bytes": return formatBytes(value);
    case "money": return value.toLocaleString("en", { style: "currency", currency: "USD" });
    case "number": return value.toLocaleString("en", { maximumFractionDigits: 2 });
    default: return String(value);
  }
};

function formatDuration(seconds) {
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const parts = (large, largeUnit, small, smallUnit) => `${large} ${largeUnit}${small ? ` ${small} ${smallUnit}` : ""}`;
  const whole = Math.round(seconds), minutes = Math.round(seconds / 60);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return parts(Math.floor(whole / 60), "min", whole % 60, "s");
  return parts(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

function formatBytes(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; Math.abs(bytes) >= 1024 && unit < units.length - 1; unit++) bytes /= 1024;
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

// What the reader chose stands in the address (#branch=main&from=2026-01-01), so that what one sees can be sent to somebody.
// "*" chooses all values of a category for which the page begins with one.

dashboard.readFilter = () => {
  const chosen = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  dashboard.filter = { ...dashboard.defaults, ...chosen };
};

// Changes the choice; null forgets it.
dashboard.choose = (changes) => {
  const chosen = changes ? new URLSearchParams(location.hash.slice(1)) : new URLSearchParams();
  for (const [name, value] of Object.entries(changes ?? {})) {
    if (value === "" || (value === "*" && !(name in dashboard.defaults))) chosen.delete(name);
    else chosen.set(name, value);
  }
  history.replaceState(null, "", `#${chosen}`);
  dashboard.readFilter();
  dashboard.changed();
};

dashboard.changed = () => {
  for (const dataset of dashboard.datasets.values()) dataset.visible = null;
  for (const watcher of dashboard.watchers) watcher();
};

const dayStart = (date) => date ? Date.parse(`${date}T00:00:00Z`) / 1000 : NaN;

function testsOf(dataset) {
  const tests = [];
  const time = dataset.columns.time;
  const from = dayStart(dashboard.filter.from), to = dayStart(dashboard.filter.to) + 86400;
  if (time && !Number.isNaN(from)) tests.push((row) => time.values[row] >= from);
  if (time && !Number.isNaN(to)) tests.push((row) => time.values[row] < to);
  for (const [name, wanted] of Object.entries(dashboard.filter)) {
    const column = dataset.columns[name];
    if (column?.type !== "category" || wanted === "*") continue;
    const place = column.labels.indexOf(wanted);
    tests.push((row) => column.values[row] === place);
  }
  return tests;
}

// The rows that pass the filter, as a list of row numbers. A dataset without a column is not filtered by it.
dashboard.visible = (dataset) => {
  if (dataset.visible) return dataset.visible;
  const tests = testsOf(dataset), rows = [];
  for (let row = 0; row < dataset.rows; row++) if (tests.every((test) => test(row))) rows.push(row);
  return dataset.visible = rows;
};

// The q-quantile of numbers, interpolated linearly (Hyndman and Fan, type 7), as uhost computes it.
dashboard.quantile = (numbers, q) => {
  if (numbers.length === 0) return null;
  const sorted = Float64Array.from(numbers).sort();
  const place = (sorted.length - 1) * q, low = Math.floor(place), high = Math.ceil(place);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
};

const measures = {
  count: (rows) => rows.length,
  sum: (rows, column) => valuesOf(rows, column).reduce((sum, value) => sum + value, 0),
  mean: (rows, column) => {
    const values = valuesOf(rows, column);
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  },
  p50: (rows, column) => dashboard.quantile(valuesOf(rows, column), 0.5),
  p95: (rows, column) => dashboard.quantile(valuesOf(rows, column), 0.95),
  max: (rows, column) => valuesOf(rows, column).reduce((most, value) => most === null || value > most ? value : most, null),
  last: (rows, column) => rows.length ? dashboard.value(column, rows[0]) : null,
};

function valuesOf(rows, column) {
  const values = [];
  for (const row of rows) if (column.values[row] !== null) values.push(column.values[row]);
  return values;
}

// A measure is { measure, column, title, where: { COLUMN: VALUE or VALUES }, share }: a number of those rows of a group
// that `where` takes; with `share`, divided by the number of the whole group.
dashboard.measure = (dataset, rows, spec) => {
  let taken = rows;
  for (const [name, wanted] of Object.entries(spec.where ?? {})) {
    taken = taken.filter((row) => [wanted].flat().includes(dashboard.value(dataset.columns[name], row)));
  }
  const compute = measures[spec.measure], column = dataset.columns[spec.column];
  const value = compute(taken, column);
  if (!spec.share) return value;
  const whole = compute(rows, column);
  return whole ? value / whole : null;
};

dashboard.typeOf = (dataset, spec) => {
  if (spec.share) return "percent";
  return spec.measure === "count" ? "number" : dataset.columns[spec.column].type;
};

// Visible rows by the values of a category, in the order of its labels.
dashboard.groups = (dataset, name) => {
  const column = dataset.columns[name], groups = new Map();
  for (const row of dashboard.visible(dataset)) {
    const label = dashboard.value(column, row) ?? "–";
    if (!groups.has(label)) groups.set(label, []);
    groups.get(label).push(row);
  }
  return groups;
};
