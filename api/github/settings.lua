return {
    api_url = {
        type = "string", trusted = true,
        doc = "Where the REST API is. Default: GITHUB_API_URL, then https://api.github.com.",
    },
    graphql_url = {
        type = "string", trusted = true,
        doc = "Where the GraphQL API is. Default: GITHUB_GRAPHQL_URL, then what belongs to the REST API.",
    },
    token_file = {
        type = "string", trusted = true,
        doc = "File that holds the token. Default: the token in GH_TOKEN or GITHUB_TOKEN.",
    },
    max_wait_s = {
        type = "number",
        doc = "Longest wait for a rate limit to end, in seconds; a longer one fails at once. Default: 3600.",
    },
    attempts = {
        type = "number",
        doc = "How often a request is tried before its failure is reported, 1 to 20. Default: 5.",
    },
    backoff_s = {
        type = "number",
        doc = "Seconds before the second attempt; doubled for each further one, and varied. Default: 0.5.",
    },
    concurrency = {
        type = "number",
        doc = "How many requests are on their way at a time where one call needs several. Default: 4.",
    },
}
