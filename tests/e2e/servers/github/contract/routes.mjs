// Which operation of the description a path belongs to.
import { description } from "./description.mjs";

const anySegment = /\\\{([^}]*)\\\}/g;

// Names in braces stand for one segment, or for many where the description says so.
function routeOf(entry) {
    const [method, path, , many] = entry;
    const names = [];
    const pattern = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(anySegment, (_, name) => {
        names.push(name);
        if (!many.includes(name)) return "([^/]+)";
        return name === "path" ? "(.*)" : "(.+)"; // the root is a folder too
    });
    // A word says more than a name in braces, and one segment more than many: "/issues/comments" is not an issue.
    const weight = path
        .split("/")
        .map((segment) => (segment[0] !== "{" ? "2" : many.includes(segment.slice(1, -1)) ? "0" : "1"));
    return { method, entry, names, weight: weight.join(""), pattern: new RegExp(`^${pattern}$`) };
}

let routes;
function byMethod(method) {
    routes ??= description()
        .operations.map(routeOf)
        .sort((a, b) => (a.weight < b.weight ? 1 : -1));
    return routes.filter((route) => route.method === method);
}

const kept = new Map();

// The operation of a method and a path and the values of the names in its braces: { entry, params }, or null.
export function match(method, path) {
    if (!kept.has(method)) kept.set(method, byMethod(method));
    for (const { entry, names, pattern } of kept.get(method)) {
        const found = pattern.exec(path);
        if (found)
            return {
                entry,
                params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1])])),
            };
    }
    return null;
}
