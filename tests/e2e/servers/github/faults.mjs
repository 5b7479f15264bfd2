// Ways to fail. A fault has `path` (the start of the paths it hits; default all), `times` (default 1) and `kind`:
//   status      { status, headers, body }: that answer
//   reset       the connection is closed before the answer
//   cut         the connection is closed in the middle of the body
//   truncated   half of the JSON, as if that were all
//   html        a page with status 200
//   hang        no answer
//   merge       the right answer, with `body` laid over it: partial GraphQL errors
const kinds = {
    status: (fault) => ({
        instead: (_request, response, result, send) =>
            send(response, { status: fault.status, headers: fault.headers, body: fault.body ?? { message: `HTTP ${fault.status}` } }),
    }),
    reset: () => ({ before: (request) => request.socket.destroy() }),
    hang: () => ({ before: () => {} }),
    cut: () => ({
        instead: (request, response, result) => {
            const text = JSON.stringify(result.body);
            response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
            response.write(text.slice(0, text.length / 2), () => setTimeout(() => response.destroy(), 10));
        },
    }),
    truncated: () => ({
        instead: (_request, response, result, send) => {
            const text = JSON.stringify(result.body);
            send(response, { ...result, body: text.slice(0, text.length / 2) });
        },
    }),
    html: () => ({
        instead: (_request, response, _result, send) =>
            send(response, { status: 200, headers: { "content-type": "text/html" }, body: "<!DOCTYPE html><h1>Sign in</h1>" }),
    }),
    merge: (fault) => ({
        instead: (_request, response, result, send) => {
            const body = { ...result.body, ...fault.body };
            for (const [alias, value] of Object.entries(fault.repository ?? {})) body.data.repository[alias] = value;
            send(response, { ...result, body });
        },
    }),
};

export class Faults {
    #waiting = [];

    set(list) {
        for (const fault of list) if (!kinds[fault.kind]) throw new Error(`no fault of kind ${fault.kind}`);
        this.#waiting = list.map((fault) => ({ times: 1, path: "/", ...fault }));
    }

    next(path) {
        const fault = this.#waiting.find((each) => each.times > 0 && path.startsWith(each.path));
        if (!fault) return null;
        fault.times -= 1;
        return kinds[fault.kind](fault);
    }
}
