-- Measures how `uhost serve` accepts webhooks: signed deliveries of 7 kB at a fixed rate, whatever becomes of those
-- before, from a client in Node.js. How long an answer takes counts from when the delivery was due, not from when the
-- client came to send it. The service is killed while more arrive. The answer that is compared: whether the store has
-- all that were answered with 202. Service and client share the machine.
--
--   serve.lua [SECONDS [RATE]]    60 s and 2,000 a second by default
--
-- Prints: name, value, "-", "-", target, same answer; separated by tabs.
local seconds, rate = tonumber((...)) or 60, tonumber((select(2, ...))) or 2000
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/../?.lua;" .. package.path
local service_of = require("support.service")

-- Each connection has one request at a time; what is due when none is free waits, which counts.
local client = [[
import net from "node:net";
import crypto from "node:crypto";
const [port, secret, seconds, rate] = process.argv.slice(1);
const filler = "x".repeat(7000), total = seconds * rate, measured = [], accepted = [], due = [];
const free = [];
let sent = 0, refused = 0, open = 0;
function connect() {
    const socket = net.connect(+port, "127.0.0.1", () => { open++; free.push(socket); });
    let text = "";
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
        text += chunk;
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = +(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        const took = performance.now() - socket.due;
        if (text.startsWith("HTTP/1.1 202")) accepted.push(socket.number); else refused++;
        if (socket.number < total) measured.push(took);
        text = "";
        free.push(socket);
        next();
    });
    socket.on("error", () => {});
    socket.on("close", () => { if (--open === 0) report(); });
}
function next() {
    while (due.length > 0 && free.length > 0) {
        const socket = free.pop();
        [socket.number, socket.due] = due.shift();
        const body = `{"action":"created","number":${socket.number},"filler":"${filler}"}`;
        const signature = crypto.createHmac("sha256", secret).update(body).digest("hex");
        socket.write(`POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
            `X-GitHub-Event: label\r\nX-GitHub-Delivery: bench-${socket.number}\r\n` +
            `X-Hub-Signature-256: sha256=${signature}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    }
}
function report() {
    clearInterval(timer);
    measured.sort((a, b) => a - b);
    const at = (share) => measured[Math.min(measured.length - 1, Math.floor(measured.length * share))];
    console.log(JSON.stringify({ accepted, refused, measured: measured.length, p50: at(0.5), p99: at(0.99),
        max: at(1) }));
}
for (let i = 0; i < 128; i++) connect();
const began = performance.now() + 500;
const timer = setInterval(() => {
    for (; began + (sent * 1000) / rate <= performance.now(); sent++) {
        if (sent === total) console.log("measured");
        due.push([sent, began + (sent * 1000) / rate]);
    }
    next();
}, 1);
]]

local function processor_s(pid)
    local fields, stat = {}, fs.read(("/proc/%d/stat"):format(pid))
    for field in stat:match("%) (.*)"):gmatch("%S+") do fields[#fields + 1] = field end
    return (fields[12] + fields[13]) / 100
end

-- How many of these the store does not have.
local function lost(folder, numbers)
    local store, kept, missing = db.open(folder .. "/state/serve.sqlite"), {}, 0
    for row in store:each("SELECT id FROM serve_deliveries") do kept[row.id] = true end
    store:close()
    for _, number in ipairs(numbers) do
        if not kept["bench-" .. number] then missing = missing + 1 end
    end
    return missing
end

service_of.with({ ["policies/events.lua"] = "return { rules = {} }" }, function(service)
    local load = process.start({ "node", "--input-type=module", "-e", client, service.url:match("%d+$"),
        service_of.secret, seconds, rate })
    assert(load:read_line() == "measured")
    local used_s = processor_s(service.child:pid())
    -- It goes on sending.
    task.sleep(0.5)
    service.child:kill("SIGKILL")
    service.child:wait()
    local result = json.decode(load:read_all())
    local missing = lost(service.folder, result.accepted)
    local same = missing == 0 and result.refused == 0 and "yes" or "no"
    local function row(what, value, target) print(("%s\t%s\t-\t-\t%s\t%s"):format(what, value, target, same)) end
    row(("webhooks answered a second, of %d"):format(rate), ("%.0f"):format(result.measured / seconds), rate)
    row("99th percentile of an answer", ("%.1f ms"):format(result.p99), "50 ms")
    row("processor time of the service for one", ("%.2f ms"):format(1000 * used_s / result.measured), "-")
    log.info(("median %.1f ms, longest %.0f ms; of %d accepted, %d lost; %d refused"):format(result.p50, result.max,
        #result.accepted, missing, result.refused))
end)
