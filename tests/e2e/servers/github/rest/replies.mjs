// The shapes of GitHub's answers.
import { sample } from "../store/skeleton.mjs";

const documentation = "https://docs.github.com/rest";

export const ok = (body, headers = {}) => ({ status: 200, headers, body });
export const created = (body) => ({ status: 201, headers: body.url ? { location: body.url } : {}, body });
export const accepted = (body = {}) => ({ status: 202, body });
export const noContent = () => ({ status: 204 });

// The answer to a request, as little as its description requires with `more` laid over it; for lists, one item.
export function described({ operation }, status, more) {
    const schema = operation.schemaOf(status);
    const body = sample(schema.type === "array" ? schema.items : schema);
    return { ...body, ...more };
}

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

// The address of a list in its own links. GitHub names the repository by its number there.
function linkAddress({ url, repository }) {
    const address = new URL(url);
    if (repository)
        address.pathname = address.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`);
    return address;
}

// One page of `items`, each shown as `show(item)` says; `wrap(list, total)` makes the body of it.
export function page(call, items, show, wrap = (list) => list) {
    const { query } = call;
    const perPage = Math.min(100, Math.max(1, query.per_page ?? 30));
    const number = Math.max(1, query.page ?? 1);
    const last = Math.max(1, Math.ceil(items.length / perPage));
    const to = (target) => {
        const address = linkAddress(call);
        address.searchParams.set("page", target);
        return address.href;
    };
    const links = [];
    if (number > 1) links.push(`<${to(number - 1)}>; rel="prev"`, `<${to(1)}>; rel="first"`);
    if (number < last) links.push(`<${to(number + 1)}>; rel="next"`, `<${to(last)}>; rel="last"`);
    const shown = items.slice((number - 1) * perPage, number * perPage).map(show);
    return ok(wrap(shown, items.length), links.length > 0 ? { link: links.join(", ") } : {});
}

const maxNumbered = 1000; // items that a page number alone reaches in a list with cursors

const encodeCursor = (key) => Buffer.from(`cursor:${key}`).toString("base64");
const decodeCursor = (cursor) => Buffer.from(cursor, "base64").toString().replace(/^cursor:/, "");

// One page of a list with cursors, as GitHub gives that of issues: `after` or `before` decides, a page number beside it
// is for people, and alone it does not reach deep. Of `items` in their order those are listed that `fits` takes; what is
// removed while somebody reads does not move the others. `keyOf(item)` identifies an item.
export function cursorPage(call, items, { fits, keyOf, show }) {
    const { query } = call;
    const perPage = Math.min(100, Math.max(1, query.per_page ?? 30));
    const number = Math.max(1, query.page ?? 1);
    const cursor = query.after ?? query.before;
    if (!cursor && number * perPage > maxNumbered)
        return failure(
            422,
            "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)",
        );
    const at = cursor ? items.findIndex((item) => String(keyOf(item)) === decodeCursor(cursor)) : -1;
    if (cursor && at < 0) return failure(422, "The cursor is invalid");
    const listed = (query.before ? items.slice(0, at) : items.slice(at + 1)).filter(fits);
    const skipped = cursor ? 0 : (number - 1) * perPage;
    const shown = query.before ? listed.slice(-perPage) : listed.slice(skipped, skipped + perPage);
    const hasNext = query.before ? true : listed.length > skipped + perPage;
    const hasPrevious = query.before ? listed.length > perPage : Boolean(cursor) || number > 1;
    const to = (name, item, page) => {
        const address = linkAddress(call);
        for (const each of ["after", "before", "page"]) address.searchParams.delete(each);
        address.searchParams.set(name, encodeCursor(keyOf(item)));
        address.searchParams.set("page", page);
        return address.href;
    };
    const links = [];
    if (hasNext && shown.length > 0) links.push(`<${to("after", shown.at(-1), number + 1)}>; rel="next"`);
    if (hasPrevious && shown.length > 0) links.push(`<${to("before", shown[0], number - 1)}>; rel="prev"`);
    return ok(shown.map(show), links.length > 0 ? { link: links.join(", ") } : {});
}

// For the lists that come in an object: { total_count, [name]: [ … ] }.
export const counted = (name) => (list, total) => ({ total_count: total, [name]: list });
