// A stand-in for GitHub's API, for the tests. Every request is held against GitHub's own description of the API, every
// query against its schema; what breaks them is refused with 418 and kept as a violation. What is right has its effect
// on repositories and issues that are kept here, and is answered with what the description says. It checks tokens,
// counts requests, and fails as it is asked to.
//
//   node server.mjs [--tls KEY CERT]
//
// Prints {"port": N, "plain_port": M} on its first line and serves until it is killed; M is another origin, never TLS.
// The tests steer it by POST /_control at either with any of
//   { "token": "…" }                    the one token that is accepted; until then, any
//   { "login": "helper[bot]" }          whose it is; until then, "tester"
//   { "scopes": "repo, gist" }          what the token may do, as X-OAuth-Scopes gives it
//   { "repository": "o/n", "issues": [ { number, kind, state, … } ] }     see store/issues.mjs
//   { "repository": "o/n", "generate": 1000 }                             issues 1 to 1000 of every kind
//   { "repository": "o/n", "labels": […], "milestones": […], "comments": [ { issue, body, user } ], "releases": […] }
//   { "repository": "o/n", "commits": […], "branches": { name: sha }, "tags": { name: sha }, "files": { path: text } }
//                                       see store/history.mjs; pull requests among the issues: see rest/pulls.mjs
//   { "repository": "o/n", "settings": { protected: { branch: [ check ] }, rules: [ { branch, … } ], secrets: [ name ],
//     environments: [ name ], hooks, runners, teams: { slug: [ login ] }, alerts, timeline: { number: [ event ] },
//     notifications, project_fields } }    see rest/settings.mjs
//   { "repository": "o/n", "workflows": […], "runs": […], "artifacts": […], "caches": […], "dispatch_delay_ms": 50 }
//                                       see store/actions.mjs
//   { "blobs": { "expired": 1, "life_s": 600 } }       the next address of a log has expired; how long others hold
//   { "blobs": { "cuts": 2, "cut_after": 100, "ignores_ranges": true } }  the next logs break off; ranges are ignored
//   { "app": { id, public_key_pem, installations: { "owner" or "o/n": id }, clock_skew_s, token_life_s } }
//   { "repository": "old/name", "renamed_to": "o/n" }
//   { "private": "o/n" }, { "members_only": "o/n" }: private, and shown to the token; { "issues_disabled": "o/n" }
//   { "lag": 2 }                        an issue created from now on is missing from the next 2 lists
//   { "rate": { "core": { "remaining": 1, "reset_in_s": 2 } } }
//   { "secondary": { "concurrent": 100, "changes": 80, "window_s": 60, "retry_after_s": 1, "status": 403 } }
//                                       more at once, or more changes in a while, are refused; by default, 100 at once
//   { "faults": [ { "path": "/graphql", "kind": "status", "status": 502, "times": 3 } ] }   see faults.mjs
//   { "latency_ms": 20 }             how long every request and every log takes until it is looked at; for benches
//   { "arrive": true }                  requests that a fault keeps on their way have their effect
//   { "check_answers": false }          answers are sent as they are: for benches, which measure who asks
//   { "forget": true }                  the requests so far; { "forgive": true } the violations
// GET /_control gives { requests: [ { method, path, authorization, version, agent, status, body } ],
// connections_closed, most_concurrent, violations: [ { kind: "request" | "answer" | "server", method, path, problems }
// ], effects: { id of an operation: how often it changed something, also where the answer was lost },
// issues: [ { repository, number, …, comments } ] (but those generated and never changed), operations: {
// implemented: [ id ], answered: [ "STATUS id" ] } }.
import http from "node:http";
import https from "node:https";
import { readFileSync } from "node:fs";
import { Access } from "./access.mjs";
import { Blobs } from "./blobs.mjs";
import { obey, report } from "./control.mjs";
import { Exchange } from "./exchange.mjs";
import { Faults } from "./faults.mjs";
import { Rate } from "./rate.mjs";
import { Secondary } from "./secondary.mjs";
import { Store } from "./store/store.mjs";

const world = {
    store: new Store(),
    faults: new Faults(),
    rate: new Rate(),
    access: new Access(),
    blobs: new Blobs(),
    secondary: new Secondary(),
    late: [], // what requests do that arrive later
    timing: { latency: 0 }, // in milliseconds
    record: { requests: [], effects: [], violations: [], answered: new Set(), closed: 0, checksAnswers: true },
};

async function textOf(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
}

async function control(request, response) {
    const text = await textOf(request);
    const body = request.method === "GET" ? report(world) : await obey(world, JSON.parse(text));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
}

function fetchBlob(request, response) {
    const problem = world.blobs.serve(request, response);
    if (problem)
        world.record.violations.push({
            kind: "request",
            method: request.method,
            path: request.url,
            problems: [problem],
        });
}

async function serve(request, response) {
    if (request.url === "/_control") return control(request, response);
    const { latency } = world.timing;
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
    if (request.url.startsWith("/blobs/")) return fetchBlob(request, response);
    return new Exchange(world, request, response).run();
}

const listening = (server) =>
    new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));

const tls = process.argv.indexOf("--tls");
const main =
    tls < 0
        ? http.createServer(serve)
        : https.createServer(
              { key: readFileSync(process.argv[tls + 1]), cert: readFileSync(process.argv[tls + 2]) },
              serve,
          );
main.on("connection", (socket) =>
    socket.on("close", () => {
        world.record.closed += 1;
    }),
);
const plain = http.createServer(serve);
const ports = { port: await listening(main), plain_port: await listening(plain) };
world.blobs.origin = `http://127.0.0.1:${ports.plain_port}`;
console.log(JSON.stringify(ports));
