// Ways to fail. A fault has `path` (the start of the paths it hits; default all), `method` (default any), `skip` (how
// many such requests pass first; default 0), `times` (how many it hits; default 1) and `kind`.
//
// Nothing has happened at GitHub after
//   status        { status, headers, body }: that answer
//   html          a page with status 200
//   garbage       no JSON with status 200
//   redirect      { location, status }: to another address, with 302 by default
//   reset         the connection is closed after the headers of the request
//   reset_during  the connection is closed in the middle of the body of the request
//   reset_after   the connection is closed after the whole request
//   hang          no answer
//   late          the connection is closed after the whole request, which has its effect when { "arrive": true } is sent
// The request had its effect before
//   lost          the connection is closed instead of the answer
//   status_after  { status, headers, body }: that answer
//   cut           the connection is closed in the middle of the body
//   truncated     half of the JSON, as if that were all
//   merge         the right answer, with `body` laid over it: partial GraphQL errors
//   drip          { bytes, interval_ms }: the right answer, a few bytes at a time
const close = (exchange) => exchange.socket.destroy();

const answer =
    ({ status, headers, body }) =>
    (exchange) =>
        exchange.send({ status, headers, body: body ?? { message: `HTTP ${status}`, status: String(status) } });

const page = (type, text) => (exchange) =>
    exchange.send({ status: 200, headers: { "content-type": type }, body: text });

function cut({ response }, { body }) {
    const text = JSON.stringify(body);
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), () => setTimeout(() => response.destroy(), 10));
}

function truncated(exchange, result) {
    const text = JSON.stringify(result.body);
    exchange.send({ ...result, body: text.slice(0, text.length / 2) });
}

const merge = (fault) => (exchange, result) => {
    const body = { ...result.body, ...fault.body };
    for (const [alias, value] of Object.entries(fault.repository ?? {})) body.data.repository[alias] = value;
    exchange.send({ ...result, body });
};

const drip =
    ({ bytes = 8, interval_ms: interval = 5 }) =>
    ({ response }, { status, headers, body }) => {
        const text = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
        response.writeHead(status, {
            "content-type": "application/json; charset=utf-8",
            "content-length": text.length,
            ...headers,
        });
        let sent = 0;
        const timer = setInterval(() => {
            response.write(text.subarray(sent, sent + bytes));
            sent += bytes;
            if (sent < text.length) return;
            clearInterval(timer);
            response.end();
        }, interval);
        response.on("close", () => clearInterval(timer));
    };

// When each strikes: after the headers of the request, within its body, in place of its effect, or in place of the
// answer.
const kinds = {
    reset: () => ({ atHeaders: close }),
    late: () => ({ delaysEffect: true }),
    hang: () => ({ atHeaders: () => {} }),
    reset_during: () => ({ inBody: close }),
    reset_after: () => ({ insteadOfEffect: close }),
    status: (fault) => ({ insteadOfEffect: answer(fault) }),
    html: () => ({ insteadOfEffect: page("text/html", "<!DOCTYPE html><h1>Sign in</h1>") }),
    garbage: () => ({ insteadOfEffect: page("application/json; charset=utf-8", '{"number": 1, "title": \u0000oops') }),
    redirect: ({ location, status = 302 }) => ({ insteadOfEffect: answer({ status, headers: { location } }) }),
    lost: () => ({ insteadOfAnswer: close }),
    status_after: (fault) => ({ insteadOfAnswer: answer(fault) }),
    cut: () => ({ insteadOfAnswer: cut }),
    truncated: () => ({ insteadOfAnswer: truncated }),
    merge: (fault) => ({ insteadOfAnswer: merge(fault) }),
    drip: (fault) => ({ insteadOfAnswer: drip(fault) }),
};

export class Faults {
    #waiting = [];

    set(list) {
        for (const fault of list) if (!kinds[fault.kind]) throw new Error(`no fault of kind ${fault.kind}`);
        this.#waiting = list.map((fault) => ({ times: 1, skip: 0, path: "/", ...fault }));
    }

    // The fault that this request meets, or null. Those that wait for requests to pass count them.
    next(method, path) {
        for (const fault of this.#waiting) {
            if (fault.times === 0 || !path.startsWith(fault.path) || (fault.method && fault.method !== method))
                continue;
            if (fault.skip > 0) {
                fault.skip -= 1;
                continue;
            }
            fault.times -= 1;
            return kinds[fault.kind](fault);
        }
        return null;
    }
}
