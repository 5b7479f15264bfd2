// Tables: rows as they are, or groups with measures. Each can be sorted and saved as CSV.
"use strict";

const firstRows = 25;

// Text up to so many characters stands on one line.
const maxUnbroken = 40;

class Table {
  constructor(figure, view) {
    this.view = view;
    this.dataset = dashboard.datasets.get(view.dataset);
    this.limit = firstRows;
    this.sort = view.sort ? { column: view.sort, down: view.descending !== false } : null;
    this.element = figure.querySelector("table");
    this.more = figure.querySelector(".more");
    this.more.addEventListener("click", () => {
      this.limit *= 8;
      this.draw();
    });
    figure.querySelector(".csv").addEventListener("click", () => this.save());
    this.update();
    dashboard.watchers.push(() => this.update());
  }

  // Columns as { title, type, bar } and rows as { cells, url }.
  update() {
    const { dataset, view } = this;
    if (view.group) {
      const group = dataset.columns[view.group];
      this.columns = [{ title: group.title, type: "category" },
        ...view.measures.map((spec) => ({ title: spec.title, type: dashboard.typeOf(dataset, spec), bar: spec.bar }))];
      this.rows = [...dashboard.groups(dataset, view.group)].map(([label, rows]) => ({
        cells: [label, ...view.measures.map((spec) => dashboard.measure(dataset, rows, spec))],
        url: view.url && dataset.columns[view.url].values[rows[0]],
      }));
    } else {
      this.columns = view.columns.map((name) => dataset.columns[name]);
      this.rows = dashboard.visible(dataset).map((row) => ({
        cells: this.columns.map((column) => dashboard.value(column, row)),
        url: view.url && dataset.columns[view.url].values[row],
      }));
    }
    this.order();
    this.draw();
  }

  order() {
    if (!this.sort) return;
    const place = this.columns.findIndex((column, i) =>
      column.title === this.sort.column || this.view.columns?.[i] === this.sort.column);
    if (place < 0) return;
    const direction = this.sort.down ? -1 : 1;
    this.rows.sort((a, b) => {
      const [x, y] = [a.cells[place], b.cells[place]];
      if (x === null || y === null) return (x === null) - (y === null);
      return direction * (typeof x === "string" ? x.localeCompare(y) : x - y);
    });
    this.sorted = place;
  }

  draw() {
    const head = document.createElement("tr");
    this.columns.forEach((column, i) => head.append(this.header(column, i)));
    this.element.tHead.replaceChildren(head);
    const shown = this.rows.slice(0, this.limit);
    const widest = this.columns.map((column, i) =>
      column.bar ? this.rows.reduce((most, row) => Math.max(most, row.cells[i] ?? 0), 0) : 0);
    this.element.tBodies[0].replaceChildren(...shown.map((row) => this.row(row, widest)));
    const hidden = this.rows.length - shown.length;
    this.more.hidden = hidden === 0;
    this.more.textContent = `Show more (${hidden.toLocaleString("en")} left)`;
    this.element.nextElementSibling.hidden = this.rows.length > 0;
    this.element.hidden = this.rows.length === 0;
  }

  header(column, place) {
    const cell = document.createElement("th"), button = document.createElement("button");
    cell.scope = "col";
    if (isNumber(column)) cell.className = "right";
    if (this.sort && this.sorted === place) cell.setAttribute("aria-sort", this.sort.down ? "descending" : "ascending");
    button.type = "button";
    button.textContent = column.title;
    button.addEventListener("click", () => {
      const down = this.sorted === place ? !this.sort.down : isNumber(column);
      this.sort = { column: column.title, down };
      this.order();
      this.draw();
      this.element.tHead.rows[0].cells[place].firstChild.focus();
    });
    cell.append(button);
    return cell;
  }

  row(row, widest) {
    const line = document.createElement("tr");
    row.cells.forEach((value, i) => {
      const cell = document.createElement("td"), column = this.columns[i];
      const text = dashboard.format(column.type, value);
      if (isNumber(column)) cell.className = "right";
      else if (text.length <= maxUnbroken) cell.className = "unbroken";
      if (i === 0 && row.url) {
        const link = document.createElement("a");
        link.href = row.url;
        link.rel = "noopener noreferrer";
        link.textContent = text;
        cell.append(link);
      } else {
        cell.textContent = text;
      }
      if (column.bar && widest[i] > 0) {
        cell.classList.add("bar");
        cell.style.setProperty("--share", `${(value ?? 0) / widest[i] * 100}%`);
      }
      line.append(cell);
    });
    return line;
  }

  // Text that a spreadsheet would compute gets an apostrophe before it.
  save() {
    const quote = (value) => {
      if (value === null || value === undefined) return "";
      const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const cells = (column, value) => column.type === "time" && value !== null ? new Date(value * 1000).toISOString() : value;
    const lines = [this.columns.map((column) => quote(column.title)),
      ...this.rows.map((row) => row.cells.map((value, i) => quote(cells(this.columns[i], value))))];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.map((line) => line.join(",") + "\r\n").join("")], { type: "text/csv" }));
    link.download = `${this.view.name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}

const isNumber = (column) => !["category", "text", "time"].includes(column.type);
