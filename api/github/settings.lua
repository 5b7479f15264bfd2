return {
    api_url = {
        type = "string",
        doc = "Where the REST API is. Default: GITHUB_API_URL, then that of GH_HOST, then https://api.github.com.",
    },
    graphql_url = {
        type = "string",
        doc = "Where the GraphQL API is. Default: GITHUB_GRAPHQL_URL, then what belongs to the REST API.",
    },
    token_file = {
        type = "string",
        doc = "File that holds the token. Default: the token in GH_TOKEN or GITHUB_TOKEN.",
    },
    token_from = {
        type = "string",
        doc = "\"gh\": the token is what `gh auth token` prints, or what gh's hosts.yml has, for this GitHub. Default: "
            .. "\"environment\".",
    },
    app_id = {
        type = "string",
        doc = "Id (or client id) of a GitHub App to act as. Then its installations' tokens are used.",
    },
    app_key_file = {
        type = "string",
        doc = "PEM file with the App's private key.",
    },
    app_installation = {
        type = "string",
        doc = "Number of the App's installation to act for. Default: that of the repository asked for.",
    },
    cache = {
        type = "boolean", repository = true,
        doc = "Whether answers are kept and asked for with their ETag, which costs nothing of the rate limit. "
            .. "Default: true.",
    },
    cache_size_mb = {
        type = "number",
        doc = "How large these answers may grow together; those not used for longest go. Default: 64.",
    },
    max_wait_s = {
        type = "number",
        doc = "Longest wait for a rate limit to end, in seconds; a longer one fails at once. Default: 3600.",
    },
    shared_budget = {
        type = "boolean",
        doc = "Whether processes that share the store take points of the rate limit there before they ask GitHub: they "
            .. "keep within it together, and each gets its share. Default: false; uhost fleet sets it for its scripts.",
    },
    attempts = {
        type = "number",
        doc = "How often a request is tried before its failure is reported, 1 to 20. Default: 5.",
    },
    backoff_s = {
        type = "number",
        doc = "Seconds before the second attempt; doubled for each further one, and varied. Default: 0.5.",
    },
    settle_s = {
        type = "number",
        doc = "Seconds before GitHub is asked whether a creation took effect whose answer was lost; doubled for each "
            .. "of the 4 attempts. Default: 1.",
    },
    concurrency = {
        type = "number",
        doc = "How many requests run at a time where one call needs several. Default: 4.",
    },
}
