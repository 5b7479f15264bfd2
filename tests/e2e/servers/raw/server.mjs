// A server that breaks HTTP/1.1 at the level of bytes, for the tests of `http`.
//
//   node server.mjs [--silent]
//
// Prints {"port": N} on its first line and serves until it is killed. What each path does stands beside it below.
// With --silent it accepts connections and never says a word. GET /counts says how often each path was asked, how many
// connections there were and how many are open.
import net from "node:net";

const counts = { connections: 0, open: 0 };

function answer(socket, text, headers = "") {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n${headers}\r\n${text}`);
}

// Writes `piece` again and again until the other side goes.
function drip(socket, piece, every_ms) {
    const timer = setInterval(() => socket.write(piece), every_ms);
    socket.on("close", () => clearInterval(timer));
}

// Each gets the socket, and the bytes of the request's body that have come; called again as more come.
const behaviours = {
    "/fine": (socket) => answer(socket, "fine"),
    "/counts": (socket) => answer(socket, JSON.stringify(counts)),
    // Closes without a word of it in the answer, as a server does with a connection that was idle for long.
    "/close-after": (socket) => { answer(socket, "fine"); setImmediate(() => socket.end()); },
    "/reset-before-answer": (socket, body, whole) => whole && socket.resetAndDestroy(),
    "/reset-in-request": (socket, body) => body > 0 && socket.resetAndDestroy(),
    "/reset-in-answer": (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
        setTimeout(() => socket.resetAndDestroy(), 20);
    },
    "/reset-in-headers": (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-le");
        setTimeout(() => socket.resetAndDestroy(), 20);
    },
    // The connection ends in an orderly way, but before the header does.
    "/ends-in-header": (socket, body, whole) => whole && socket.end("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"),
    "/ends-in-status": (socket, body, whole) => whole && socket.end("HTTP/1.1 201 Created\r\n"),
    "/head": (socket, body, whole, head) => whole && answer(socket, head),
    "/bad-status": (socket) => socket.end("HTTP/1.1 two hundred\r\n\r\n"),
    "/nul-header": (socket) => socket.end("HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n"),
    "/no-colon": (socket) => answer(socket, "fine", "no colon here\r\n"),
    "/odd-headers": (socket) => answer(socket, "fine", ": no name\r\nx-odd:\tyes \r\nx-bytes: \xff\r\n"),
    "/bad-chunk": (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\nxx\r\n"),
    "/cut-chunk": (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel"),
    "/bad-gzip": (socket) => answer(socket, "this is not gzip", "content-encoding: gzip\r\n"),
    "/many-encodings": (socket) => answer(socket, "x", `content-encoding: ${Array(50).fill("gzip").join(", ")}\r\n`),
    "/bad-length": (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello"),
    "/endless-header": (socket) => { socket.write("HTTP/1.1 200 OK\r\nx: "); drip(socket, "y".repeat(65536), 1); },
    "/endless-headers": (socket) => { socket.write("HTTP/1.1 200 OK\r\n"); drip(socket, "x: y\r\n".repeat(2000), 1); },
    "/endless-interim": (socket) => drip(socket, "HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n".repeat(2000), 1),
    "/drip": (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        drip(socket, "2\r\n.\n\r\n", 50);
    },
};

// What a proxy does with a request to connect, by the host it names.
const connects = {
    "fails.invalid": (socket) => socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"),
    "closes.invalid": (socket) => socket.end(),
};

function connect(socket, head) {
    const host = /^CONNECT ([^:]*):/.exec(head)[1];
    counts[`CONNECT ${host}`] = (counts[`CONNECT ${host}`] ?? 0) + 1;
    if (connects[host]) return connects[host](socket);
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
}

function serve(socket) {
    counts.connections += 1;
    counts.open += 1;
    socket.on("close", () => { counts.open -= 1; });
    socket.on("error", () => {});
    if (process.argv.includes("--silent")) return;
    let head = "", path = null, length = 0, body = 0;
    socket.on("data", (bytes) => {
        if (path === null) {
            if (bytes[0] === 0x16) return socket.end("HTTP/1.1 400 this is no TLS\r\n\r\n");
            head += bytes.toString("latin1");
            const end = head.indexOf("\r\n\r\n");
            if (end < 0) return;
            path = head.split(" ")[1];
            length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
            body = head.length - end - 4;
            counts[path] = (counts[path] ?? 0) + 1;
        } else {
            body += bytes.length;
        }
        const whole = body >= length;
        if (head.startsWith("CONNECT ")) return connect(socket, head);
        behaviours[path](socket, body, whole, head);
        if (whole) { head = ""; path = null; }
    });
}

const server = net.createServer(serve);
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
