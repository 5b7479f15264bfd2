// Charts over time, drawn by dygraphs: lines or stacked areas, with marks where something changed.
"use strict";

// Okabe and Ito's colours, which people with any colour vision can keep apart, without yellow and black, which are hard to see
// on one of the two backgrounds.
const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8c8c8c"];

// How many rows a chart of this width shows: two for each pixel.
const maxRows = (width) => Math.max(200, Math.round(width) * 2);

// Keeps, of each interval of time, the rows with the smallest and the largest total, so that no extreme is lost.
function thin(points, most) {
  if (points.length <= most) return points;
  const first = points[0].time, span = points[points.length - 1].time - first || 1;
  const intervals = Math.floor(most / 2), kept = [];
  let interval = -1, low, high;
  const keep = () => {
    if (!low) return;
    if (low === high) kept.push(low);
    else kept.push(...(low.time <= high.time ? [low, high] : [high, low]));
  };
  for (const point of points) {
    const own = Math.min(intervals - 1, Math.floor((point.time - first) / span * intervals));
    if (own !== interval) {
      keep();
      interval = own;
      low = high = point;
    }
    if (point.total < low.total) low = point;
    if (point.total > high.total) high = point;
  }
  keep();
  return kept;
}

// Where an axis of durations has its ticks: at whole seconds, minutes and hours.
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

function durationTicks(from, to, pixels) {
  const wanted = (to - from) / Math.max(2, pixels / 45), step = steps.find((each) => each >= wanted) ?? wanted, ticks = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++) ticks.push({ v: i * step, label: formatDuration(i * step) });
  return ticks;
}

class Chart {
  constructor(figure, view) {
    this.figure = figure;
    this.view = view;
    this.dataset = dashboard.datasets.get(view.dataset);
    this.plot = figure.querySelector(".plot");
    this.note = figure.querySelector(".note");
    this.addButtons(figure.querySelector(".buttons"));
    this.update();
    dashboard.watchers.push(() => this.update());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.update());
  }

  addButtons(box) {
    const add = (text, action) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", action);
      box.append(button);
    };
    add("Zoom in", () => this.zoom(0.5, 0));
    add("Zoom out", () => this.zoom(2, 0));
    add("Earlier", () => this.zoom(1, -0.5));
    add("Later", () => this.zoom(1, 0.5));
    add("All", () => this.showWindow(null));
  }

  // The series: one for each column of `y`, or for each value of the category `split`.
  readPoints() {
    const { dataset, view } = this, rows = dashboard.visible(dataset), time = dataset.columns.time;
    this.points = [];
    if (view.split) {
      const split = dataset.columns[view.split], y = dataset.columns[view.y[0]];
      const used = [...new Set(rows.map((row) => dashboard.value(split, row)))].filter((label) => label !== null).sort();
      this.labels = used;
      const place = new Map(used.map((label, i) => [label, i]));
      for (const row of rows) {
        if (y.values[row] === null || !place.has(dashboard.value(split, row))) continue;
        const values = new Array(used.length).fill(null);
        values[place.get(dashboard.value(split, row))] = y.values[row];
        this.points.push({ row, time: time.values[row], values, total: y.values[row] });
      }
    } else {
      const columns = view.y.map((name) => dataset.columns[name]);
      this.labels = columns.map((column) => column.title);
      for (const row of rows) {
        const values = columns.map((column) => column.values[row]);
        if (view.stacked) values.forEach((value, i) => { values[i] = value ?? 0; });
        const present = values.filter((value) => value !== null);
        if (present.length === 0) continue;
        const total = view.stacked ? present.reduce((sum, value) => sum + value, 0) : Math.max(...present);
        this.points.push({ row, time: time.values[row], values, total });
      }
    }
    this.points.sort((a, b) => a.time - b.time);
  }

  window() {
    if (this.shown) return this.shown;
    const { points } = this;
    return points.length ? [points[0].time, points[points.length - 1].time] : [0, 1];
  }

  inWindow() {
    const [from, to] = this.window();
    return this.points.filter((point) => point.time >= from && point.time <= to);
  }

  zoom(factor, shift) {
    const [from, to] = this.window(), middle = (from + to) / 2 + (to - from) * shift, half = (to - from) / 2 * factor;
    this.showWindow([middle - half, middle + half]);
  }

  showWindow(range) {
    this.shown = range;
    this.draw();
  }

  update() {
    this.readPoints();
    this.shown = null;
    this.draw();
  }

  draw() {
    const inside = this.inWindow();
    this.drawn = thin(inside, maxRows(this.plot.clientWidth));
    this.describe(inside);
    if (this.points.length === 0) {
      this.graph?.destroy();
      this.graph = null;
      this.plot.replaceChildren();
      return;
    }
    const [from, to] = this.window(), room = from === to ? 43200 : 0;
    const options = {
      file: this.drawn.map((point) => [new Date(point.time * 1000), ...point.values]),
      labels: ["time", ...this.labels],
      dateWindow: [(from - room) * 1000, (to + room) * 1000],
      axes: this.axes(),
      gridLineColor: getComputedStyle(document.documentElement).getPropertyValue("--line").trim(),
    };
    if (this.graph && this.graph.numColumns() === this.labels.length + 1) this.graph.updateOptions(options);
    else this.create(options);
  }

  axes() {
    const type = this.dataset.columns[this.view.y[0]].type;
    return {
      x: { axisLabelWidth: 75, valueFormatter: (ms) => `${dashboard.format("time", ms / 1000)} UTC` },
      y: {
        axisLabelWidth: 75, ...(type === "duration" && { ticker: durationTicks }),
        axisLabelFormatter: (value) => dashboard.format(type, value),
        valueFormatter: (value) => dashboard.format(type, value),
      },
    };
  }

  create(options) {
    this.graph?.destroy();
    const { file, ...rest } = options;
    this.graph = new Dygraph(this.plot, file, {
      ...rest, labelsUTC: true, legend: "always", labelsDiv: this.figure.querySelector(".legend"), colors: palette,
      stackedGraph: Boolean(this.view.stacked), fillGraph: Boolean(this.view.stacked), connectSeparatedPoints: true,
      drawPoints: Boolean(this.view.points) || file.length < 30, pointSize: 2, strokeWidth: this.view.points ? 0 : 1.2,
      highlightCircleSize: 4, includeZero: true, drawGapEdgePoints: true, animatedZooms: false,
      legendFormatter: (data) => this.legend(data),
      underlayCallback: (canvas, area, graph) => this.drawMarks(canvas, area, graph),
      zoomCallback: (from, to) => this.showWindow([from / 1000, to / 1000]),
      pointClickCallback: (_event, point) => this.open(point),
    });
    this.plot.querySelectorAll("canvas").forEach((canvas) => canvas.setAttribute("aria-hidden", "true"));
    this.plot.ondblclick = () => this.showWindow(null);
  }

  // The names of the series, with their values where the pointer is. Only the dash has the colour: text must be readable.
  legend(data) {
    const when = data.x === undefined ? "" : `${data.xHTML}: `;
    return when + data.series.filter((series) => series.isVisible && (data.x === undefined || series.yHTML)).map((series) =>
      `<span class="series">${series.dashHTML} ${series.labelHTML}${series.yHTML ? ` ${series.yHTML}` : ""}</span>`).join(" ");
  }

  open(point) {
    const url = this.dataset.columns[this.view.url];
    const found = this.drawn.find((each) => each.time * 1000 === point.xval);
    const address = url && found && url.values[found.row];
    if (address) window.open(address, "_blank", "noopener");
  }

  // A line where a level changed, and the levels before and after it.
  drawMarks(canvas, area, graph) {
    const style = getComputedStyle(document.documentElement), marks = this.marks();
    canvas.save();
    canvas.strokeStyle = style.getPropertyValue("--mark").trim();
    canvas.lineWidth = 2;
    canvas.setLineDash([5, 4]);
    for (const mark of marks) {
      const x = graph.toDomXCoord(mark.time * 1000);
      if (x < area.x || x > area.x + area.w) continue;
      canvas.beginPath();
      canvas.moveTo(x, area.y);
      canvas.lineTo(x, area.y + area.h);
      canvas.stroke();
    }
    canvas.restore();
  }

  marks() {
    const dataset = dashboard.datasets.get(this.view.marks);
    if (!dataset) return [];
    return dashboard.visible(dataset).map((row) => ({ time: dataset.columns.time.values[row] }));
  }

  describe(inside) {
    const unit = this.view.unit ?? "rows", count = inside.length.toLocaleString("en");
    if (inside.length === 0) {
      this.note.textContent = `No ${unit} pass the filter.`;
      return;
    }
    const totals = inside.map((point) => point.total), type = this.dataset.columns[this.view.y[0]].type;
    const median = dashboard.format(type, dashboard.quantile(totals, 0.5));
    const p95 = dashboard.format(type, dashboard.quantile(totals, 0.95));
    const marks = this.view.marks ? ` Dashed lines: the ${this.marks().length} changes listed below.` : "";
    const drawn = this.drawn.length === inside.length ? "" :
      ` Drawn are ${this.drawn.length.toLocaleString("en")}: the lowest and the highest of each interval.`;
    const left = this.dataset.left_out, older = left ? ` ${left.toLocaleString("en")} older ones are left out.` : "";
    this.note.textContent = `${count} ${unit}, median ${median}, 95th percentile ${p95}.${older}${drawn}${marks}`;
  }
}
