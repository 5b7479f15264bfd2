// Code scanning: what is sent must be SARIF, compressed and in Base64.
import { gunzipSync } from "node:zlib";
import { accepted, described, failure, notFound, ok, page } from "./replies.mjs";

function upload(call) {
    const { repository, body, origin } = call;
    let sarif;
    try {
        sarif = JSON.parse(gunzipSync(Buffer.from(body.sarif, "base64")).toString());
    } catch (error) {
        return failure(400, `rejecting SARIF: ${error.message}`);
    }
    if (sarif.version !== "2.1.0") return failure(400, "rejecting SARIF, as its version is not 2.1.0");
    const id = `00000000-0000-0000-0000-${String(repository.store.nextId()).padStart(12, "0")}`;
    repository.sarifs.set(id, sarif);
    return accepted({ id, url: `${origin}/repos/${repository.name}/code-scanning/sarifs/${id}` });
}

function status(call) {
    const found = call.repository.sarifs.get(call.params.sarif_id);
    return found ? ok({ processing_status: "complete", analyses_url: call.origin, errors: null }) : notFound();
}

// An alert is { number, state, rule, … } laid over what the description requires.
function alertBody(call, { number, state, rule = {}, ...rest }) {
    const body = described(call, 200, {});
    return { ...body, number, state, rule: { ...body.rule, ...rule }, ...rest };
}

const alertsOf = ({ repository }) => repository.settings.alerts ?? [];

function update(call) {
    const found = alertsOf(call).find((alert) => alert.number === call.params.alert_number);
    if (!found) return notFound();
    const { state, dismissed_reason: reason } = call.body;
    if (state === "dismissed" && !reason) return failure(422, "dismissed_reason is required");
    Object.assign(found, { state, dismissed_reason: state === "open" ? null : reason });
    return ok(alertBody(call, found));
}

export const scanning = {
    "code-scanning/upload-sarif": upload,
    "code-scanning/get-sarif": status,
    "code-scanning/list-alerts-for-repo": (call) =>
        page(
            call,
            alertsOf(call).filter((alert) => !call.query.state || alert.state === call.query.state),
            (alert) => alertBody(call, alert),
        ),
    "code-scanning/update-alert": update,
};
