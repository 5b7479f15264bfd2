// The shapes of GitHub's answers.
const documentation = "https://docs.github.com/rest";

export const ok = (body, headers = {}) => ({ status: 200, headers, body });
export const created = (body) => ({ status: 201, headers: body.url ? { location: body.url } : {}, body });
export const accepted = (body = {}) => ({ status: 202, body });
export const noContent = () => ({ status: 204 });

export function failure(status, message, more = {}) {
    return { status, body: { message, documentation_url: documentation, status: String(status), ...more } };
}

export const notFound = () => failure(404, "Not Found");
export const gone = (message) => failure(410, message);

// GitHub understood the request and finds a value wrong: `code` is missing, missing_field, invalid, already_exists …
export function invalid(resource, field, code, message) {
    const error = { resource, field, code, ...(message ? { message } : {}) };
    return failure(422, "Validation Failed", { errors: [error] });
}

export function moved(method, location) {
    const status = method === "GET" || method === "HEAD" ? 301 : 307;
    return {
        status,
        headers: { location },
        body: { message: "Moved Permanently", url: location, documentation_url: documentation },
    };
}

// One page of `items`, each shown as `show(item)` says; `wrap(list, total)` makes the body of it.
export function page({ url, query }, items, show, wrap = (list) => list) {
    const perPage = Math.min(100, Math.max(1, query.per_page ?? 30));
    const number = Math.max(1, query.page ?? 1);
    const last = Math.max(1, Math.ceil(items.length / perPage));
    const to = (target) => {
        const address = new URL(url);
        address.searchParams.set("page", target);
        return address.href;
    };
    const links = [];
    if (number > 1) links.push(`<${to(number - 1)}>; rel="prev"`, `<${to(1)}>; rel="first"`);
    if (number < last) links.push(`<${to(number + 1)}>; rel="next"`, `<${to(last)}>; rel="last"`);
    const shown = items.slice((number - 1) * perPage, number * perPage).map(show);
    return ok(wrap(shown, items.length), links.length > 0 ? { link: links.join(", ") } : {});
}

// For the lists that come in an object: { total_count, [name]: [ … ] }.
export const counted = (name) => (list, total) => ({ total_count: total, [name]: list });
