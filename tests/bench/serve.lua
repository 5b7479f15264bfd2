-- Measures how fast `uhost serve` accepts webhooks: signed deliveries of 7 kB over 64 connections of a client in
-- Node.js, for 10 seconds, or for as many as the first argument says. The service is then killed. The answer that is
-- compared: whether the store has all that were answered with 202. Service and client share the machine.
--
-- Prints: name, deliveries a second, "-", "-", target, same answer; separated by tabs; then the 99th percentile.
local seconds = tonumber((...)) or 10
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/../?.lua;" .. package.path
local service_of = require("support.service")

local client = [[
import http from "node:http";
import crypto from "node:crypto";
const [url, secret, seconds] = process.argv.slice(1);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const filler = "x".repeat(7000), times = [];
let accepted = 0, failed = 0, number = 0;
const end = performance.now() + seconds * 1000;
function send() {
    const body = JSON.stringify({ action: "created", number: number++, filler });
    const signature = "sha256=" + crypto.createHmac("sha256", secret).update(body).digest("hex");
    const began = performance.now();
    return new Promise((resolve) => {
        const request = http.request(url + "/webhooks/github", { method: "POST", agent, headers: {
            "Content-Type": "application/json", "Content-Length": body.length, "X-GitHub-Event": "label",
            "X-GitHub-Delivery": `bench-${number}`, "X-Hub-Signature-256": signature } }, (response) => {
            response.resume();
            response.on("end", () => {
                times.push(performance.now() - began);
                if (response.statusCode === 202) accepted++; else failed++;
                resolve();
            });
        });
        request.on("error", () => { failed++; resolve(); });
        request.end(body);
    });
}
await Promise.all([...Array(64)].map(async () => { while (performance.now() < end) await send(); }));
times.sort((a, b) => a - b);
console.log(JSON.stringify({ accepted, failed, p99: times[Math.floor(times.length * 0.99)] }));
]]

service_of.with({ ["policies/events.lua"] = "return { rules = {} }" }, function(service)
    local result = json.decode(process.run({ "node", "--input-type=module", "-e", client, service.url,
        service_of.secret, seconds, check = true }).stdout)
    service.child:kill("SIGKILL")
    service.child:wait()
    local store = db.open(service.folder .. "/state/serve.sqlite")
    local kept = store:one("SELECT count(*) AS rows_ FROM serve_deliveries").rows_
    store:close()
    local same = kept >= result.accepted and result.failed == 0 and "yes" or "no"
    print(("webhooks accepted a second\t%d\t-\t-\t2000\t%s"):format(result.accepted / seconds, same))
    print(("99th percentile of an answer\t%.1f ms\t-\t-\t50 ms\t%s"):format(result.p99, same))
end)
