# Sourced by tests/run and tests/bench/run after host/setup.sh: fetches what tests and benches take from the npm registry.

# ensure_node_packages FOLDER: `npm ci` there when node_modules is missing or older than the lock. Says so; stops with 3 when
# the registry does not answer. npm comes from Debian where Node.js came without it.
ensure_node_packages() {
    local folder=$1 log
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return 0
    command -v npm >/dev/null || ensure_packages <(echo npm)
    say "fetching the packages that ${folder#"$root"/} needs (npm ci, about 30 MB)"
    log=$(mktemp)
    if ! (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1) >"$log" 2>&1; then
        if grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT' "$log"; then
            stop 3 "the registry $(npm config get registry 2>/dev/null) does not answer, and ${folder#"$root"/} needs packages from it" \
                "check the network and the proxy, or set a mirror: npm config set registry URL"
        fi
        tail -n 5 "$log" >&2
        stop 3 "npm could not fetch the packages of ${folder#"$root"/} (its whole output: $log)" "correct that, then: (cd $folder && npm ci)"
    fi
    touch "$folder/node_modules/.package-lock.json"
    rm -f "$log"
}
