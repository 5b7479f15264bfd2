// The REST calls that the tests make.
function notFound() {
    return { status: 404, body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" } };
}

function moved(url, path) {
    const location = `${url.origin}${path}`;
    return { status: 301, headers: { location }, body: { message: "Moved Permanently", url: location } };
}

function issueBody(url, issue) {
    const { full_name: name } = issue.repository;
    const isPull = issue.kind === "pull_request";
    return {
        number: issue.number, title: issue.title, state: issue.state === "open" ? "open" : "closed",
        state_reason: issue.state_reason, closed_at: issue.closed_at,
        html_url: `https://github.com/${name}/${isPull ? "pull" : "issues"}/${issue.number}`,
        repository_url: `${url.origin}/repos/${name}`,
        ...(isPull ? { pull_request: { merged_at: issue.state === "merged" ? issue.closed_at : null } } : {}),
    };
}

function page(url, items, wrap = (list) => list) {
    const perPage = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
    const number = Number(url.searchParams.get("page") ?? 1);
    const last = Math.max(1, Math.ceil(items.length / perPage));
    const to = (target) => {
        const address = new URL(url);
        address.searchParams.set("page", target);
        return address.href;
    };
    const links = [];
    if (number < last) links.push(`<${to(number + 1)}>; rel="next"`, `<${to(last)}>; rel="last"`);
    if (number > 1) links.unshift(`<${to(number - 1)}>; rel="prev"`, `<${to(1)}>; rel="first"`);
    const headers = links.length > 0 ? { link: links.join(", ") } : {};
    return { status: 200, headers, body: wrap(items.slice((number - 1) * perPage, number * perPage)) };
}

function listIssues(url, store, repository) {
    const wanted = url.searchParams.get("state") ?? "open";
    const issues = [...repository.issues.keys()].map((number) => store.issue(repository, number))
        .filter((issue) => issue && (wanted === "all" || (issue.state === "open") === (wanted === "open")));
    return issues.map((issue) => issueBody(url, issue));
}

function answerRepository(store, url, repository, rest) {
    if (rest === "") return { status: 200, body: { id: repository.id, full_name: repository.full_name } };
    if (rest === "/issues") return page(url, listIssues(url, store, repository));
    const number = rest.match(/^\/issues\/(\d+)$/)?.[1];
    if (!number) return notFound();
    const issue = store.issue(repository, Number(number));
    if (!issue) return repository.issues.has(Number(number)) ? { status: 410, body: { message: "This issue was deleted" } } : notFound();
    if (issue.repository !== repository) return moved(url, `/repositories/${issue.repository.id}/issues/${issue.number}/moved`);
    return { status: 200, body: issueBody(url, issue) };
}

export function answerRest(store, method, url) {
    if (method !== "GET") return notFound();
    const movedIssue = url.pathname.match(/^\/repositories\/(\d+)\/issues\/(\d+)\/moved$/);
    if (movedIssue) {
        const repository = store.byId(Number(movedIssue[1]));
        const issue = { number: Number(movedIssue[2]), kind: "issue", state: "open", title: "Moved", state_reason: null, closed_at: null };
        return { status: 200, body: issueBody(url, { ...issue, repository }) };
    }
    if (url.pathname === "/search/issues") {
        const found = listIssues(url, store, store.repository(url.searchParams.get("q").match(/repo:(\S+)/)[1]));
        return page(url, found, (items) => ({ total_count: found.length, incomplete_results: false, items }));
    }
    const byId = url.pathname.match(/^\/repositories\/(\d+)(.*)$/);
    const byName = url.pathname.match(/^\/repos\/([^/]+\/[^/]+)(.*)$/);
    const repository = byId ? store.byId(Number(byId[1])) : byName ? store.repository(byName[1]) : null;
    if (!repository) return notFound();
    if (byName && store.isOldName(byName[1])) return moved(url, `/repositories/${repository.id}${byName[2]}${url.search}`);
    return answerRepository(store, url, repository, (byId ?? byName)[2]);
}
