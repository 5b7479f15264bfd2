// The page for administrators: jobs and deliveries as they come, and buttons to end a job or to run it again. The token
// stays in this tab.
"use strict";

const byId = (id) => document.getElementById(id);
const refreshMs = 3000;
let token = sessionStorage.getItem("token") ?? "";

async function ask(path, method = "GET") {
  const answer = await fetch(path, { method, headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
  if (answer.status === 401) {
    signOut();
    throw new Error("This is not the token.");
  }
  if (answer.status === 409) throw new Error((await answer.text()).trim());
  if (!answer.ok) throw new Error(`The service answered with ${answer.status}.`);
  return answer.json();
}

const time = (seconds) => (seconds ? new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ") : "");

// Changes only what is different, so that focus and selection stay where they are.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function row(body, key, columns) {
  const made = document.createElement("tr");
  made.dataset.key = key;
  for (let i = 0; i < columns; i++) made.append(document.createElement("td"));
  return made;
}

// Puts the rows into the order of the list, makes those that are new, and removes those that are gone.
function showRows(body, list, columns, fill) {
  const known = new Map([...body.rows].map((each) => [each.dataset.key, each]));
  list.forEach((item, i) => {
    const shown = known.get(String(item.id)) ?? row(body, item.id, columns);
    known.delete(String(item.id));
    fill(shown, item);
    if (body.rows[i] !== shown) body.insertBefore(shown, body.rows[i] ?? null);
  });
  for (const each of known.values()) each.remove();
}

function fillEnding(cell, job) {
  if (!cell.firstChild) cell.append(document.createElement("span"), document.createElement("details"));
  const [note, details] = cell.children;
  write(note, job.note);
  if (!details.firstChild) details.append(document.createElement("summary"), document.createElement("pre"));
  write(details.children[0], `Output of job ${job.id}`);
  write(details.children[1], job.output);
  details.children[1].tabIndex = 0;
  details.hidden = !job.output;
}

function fillAction(cell, job) {
  if (!cell.firstChild) {
    const made = document.createElement("button");
    made.type = "button";
    made.addEventListener("click", () => act(job.id, made.dataset.action));
    cell.append(made);
  }
  const [button] = cell.children;
  const isOpen = job.state === "queued" || job.state === "running";
  button.dataset.action = isOpen ? "cancel" : "retry";
  write(button, isOpen ? "Cancel" : "Run again");
  button.setAttribute("aria-label", `${button.textContent}: job ${job.id}`);
}

function fillJob(shown, job) {
  const cells = shown.cells;
  write(cells[0], String(job.id));
  write(cells[1], job.state + (job.attempts > 1 ? ` (attempt ${job.attempts})` : ""));
  fillAction(cells[2], job);
  write(cells[3], `uhost ${job.command.join(" ")}`);
  write(cells[4], job.source);
  write(cells[5], time(job.ended_at ?? job.started_at ?? job.created_at));
  cells[2].className = cells[5].className = "unbroken";
  fillEnding(cells[6], job);
}

function fillDelivery(shown, delivery) {
  [delivery.id, delivery.event, time(delivery.received_at), delivery.state, delivery.note]
    .forEach((text, i) => write(shown.cells[i], text ?? ""));
}

function showJobs(jobs) {
  const state = byId("state").value;
  const chosen = jobs.filter((job) => !state || job.state === state);
  showRows(byId("jobs"), chosen, 7, fillJob);
  byId("empty").hidden = chosen.length > 0;
  const count = (name) => jobs.filter((job) => job.state === name).length;
  write(byId("status"), `${count("running")} running, ${count("queued")} waiting, ${count("failed")} failed`);
}

let latest = [], timer;

async function refresh() {
  clearTimeout(timer);
  if (!token) return;
  try {
    const [{ jobs }, { deliveries }] = await Promise.all([ask("/admin/jobs"), ask("/admin/deliveries")]);
    latest = jobs;
    byId("sign-in").hidden = true;
    byId("content").hidden = false;
    showJobs(jobs);
    showRows(byId("deliveries"), deliveries, 5, fillDelivery);
    write(byId("problem"), "");
    sessionStorage.setItem("token", token);
  } catch (error) {
    write(byId("problem"), error.message);
  }
  if (token) timer = setTimeout(refresh, refreshMs);
}

async function act(id, action) {
  try {
    await ask(`/admin/jobs/${id}/${action}`, "POST");
    await refresh();
  } catch (error) {
    write(byId("problem"), error.message);
  }
}

function signOut() {
  token = "";
  sessionStorage.removeItem("token");
  clearTimeout(timer);
  byId("content").hidden = true;
  byId("sign-in").hidden = false;
  byId("token").value = "";
  byId("token").focus();
}

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  token = byId("token").value;
  refresh().then(() => { if (token) byId("state").focus(); });
});
byId("sign-out").addEventListener("click", signOut);
byId("state").addEventListener("change", () => showJobs(latest));
refresh();
