-- policies/workflow_rules.lua: what the steps of a workflow are for, and which findings mean that less is checked
local M = {}

local function words(text)
    local list = {}
    for word in text:gmatch("%S+") do list[#list + 1] = word end
    return list
end

-- Commands ------------------------------------------------------------------------------------------------------------

-- Programs that prepare, look around, or deliver. Losing one is no loss of coverage.
M.preparing = words [[
    cd mkdir rm rmdir cp mv ln touch chmod chown export echo printf source . set unset pushd popd curl wget tar
    unzip zip gzip gunzip apt apt-get aptitude brew choco dnf yum apk pkg pkg_add pkg_delete pkgin pacman zypper
    rpm dpkg snap port pip pip3 pipx conda mamba micromamba rustup nvm sdk gem corepack sed awk jq yq sleep read
    true false exit return wait kill trap sysctl ulimit su id git setx nuget vcpkg asdf mise ghcup opam
    systemctl service mount umount tee tr cut sort uniq head tail xargs dirname basename seq shift eval local
    declare dd losetup sync useradd groupadd usermod update-alternatives ldconfig modprobe start-service
    new-item remove-item copy-item move-item invoke-webrequest expand-archive add-content write-host
    write-output import-module install-module set-location out-file get-childitem
]]
M.looking = words [[
    cat ls df du env printenv ps top which where whereis type uname date pwd free lscpu find file stat hostname
    whoami nproc dig nslookup host ping netstat ss ip ifconfig nc traceroute lsb_release dir tree journalctl
    dmesg ccache sccache ldd otool
]]
M.delivering = words [[
    twine aws gcloud gsutil az kubectl helm anaconda scp rsync ssh gh semantic-release netlify vercel wrangler
    surge flyctl heroku cosign codecov coveralls
]]

-- Words of a command, or of the name of a target, script or subcommand, that say what it is for.
M.purposes = {
    test = words [[
    test tests testing check checks spec specs e2e integration unit unittest pytest jest mocha vitest ctest tox
    nox rspec phpunit cypress playwright bench benchmark nextest miri doctest doctests distcheck runtest
    runtests verify validate smoke fuzz ava karma tap prove busted bats selenium detox maestro junit pester
    gotestsum regression conformance assert
]],
    lint = words [[
    lint linter linting fmt format formatting clippy eslint flake8 ruff black isort mypy pylint pyright prettier
    stylelint shellcheck hadolint yamllint actionlint markdownlint codespell cspell typos golangci-lint vet
    staticcheck tsc typecheck types rubocop standardrb phpstan psalm phpcs ktlint detekt spotless checkstyle
    pre-commit prek clang-format clang-tidy cppcheck editorconfig linkcheck linkinator lychee links spelling
    zizmor stylish fourmolu ormolu hlint credo dialyzer tflint oxlint biome knip style
]],
    security = words [[
    audit trivy grype snyk codeql semgrep gitleaks bandit safety osv gosec deny vulncheck govulncheck scan
    trufflehog checkov tfsec pip-audit scorecard
]],
    build = words [[
    build compile make cmake ninja package pack dist bazel meson gradle mvn msbuild xcodebuild dune cabal stack
    docs doc mkdocs sphinx
]],
}
-- Commands that say it only together with their subcommand. Phases of Maven and Gradle test what they build.
M.command_purposes = {
    ["cargo check"] = "build", ["gradle build"] = "test", ["gradlew build"] = "test", ["mvn package"] = "test",
    ["mvn verify"] = "test", ["mvn install"] = "test", ["mvnw package"] = "test", ["mvnw verify"] = "test",
    ["mvnw install"] = "test", ["helm lint"] = "lint",
}
M.preparing_words = words [[
    setup set-up install init prepare configure config download fetch login bootstrap provision clean cleanup
    prune cache restore env environment deps dependencies ensure wait generate-matrix matrix upgrade update
    start stop wait warm create submodule submodules
]]
M.looking_words = words [[
    print dump show info version versions --version -v debug log logs status report summary help list
]]
M.delivering_words = words [[
    publish deploy release upload push notify comment label announce bump tag sign notarize promote changelog
]]

-- Tools of which one may take the place of another.
M.same_kind = {
    words [[ npm pnpm yarn bun npx ]], words [[ pre-commit prek ]], words [[ flake8 ruff pylint pycodestyle ]],
    words [[ black ruff yapf autopep8 ]], words [[ isort ruff ]], words [[ eslint biome oxlint standard tslint ]],
    words [[ prettier biome dprint ]], words [[ mypy pyright pyre ty ]], words [[ jest vitest mocha ava ]],
    words [[ pytest unittest nose nosetests ]], words [[ golint golangci-lint staticcheck vet ]],
    words [[ cargo cross nextest ]], words [[ tox nox hatch ]], words [[ linkinator lychee linkcheck ]],
    words [[ make gmake ninja cmake ]], words [[ trivy grype snyk ]], words [[ go gotestsum ]],
    words [[ cspell codespell typos misspell ]], words [[ gradle gradlew ]], words [[ mvn mvnw ]],
}

-- Options and variables -----------------------------------------------------------------------------------------------

-- An option that leaves something out.
M.leaving_out = { "skip", "exclude", "ignore", "deselect", "omit", "disable", "allow", "no%-verify", "continue%-on",
    "no%-fail" }
-- The same, in words of single tools: Maven, Jest, Go.
M.switching_off = { "^%-dskip", "test%.skip", "^%-%-testpathignore", "^%-%-?short$", "^%-%-quick$",
    "^%-%-passwithnotests" }
-- An option that chooses what is run.
M.selecting = { "filter", "grep", "^only", "%-only", "match", "scope", "suite", "^tags?$", "%-tags?$", "^group",
    "^spec$", "changed", "since", "affected", "^new%-", "failed$", "pattern", "^labels?$" }
M.selecting_of = {
    cargo = words "--lib --bins --bin --doc --test --tests --example --examples -p --package --no-default-features -A",
    pytest = words "-m --lf", go = words "-run -short", ctest = words "-E -R -L -LE -I",
    shellcheck = words "-e -S", bandit = words "-l -ll -lll -i -ii -iii", playwright = words "--project -g",
    nox = words "-s -e -k", tox = words "-e", mocha = words "-g -f", mvn = words "-pl --projects -Dtest -Dgroups",
    mvnw = words "-pl --projects -Dtest", jest = words "-t", vitest = words "-t --project", rspec = words "-e -t",
    eslint = words "--quiet", stylelint = words "--quiet", ["golangci-lint"] = words "--new -n",
    gradle = words "--tests", gradlew = words "--tests", make = words "-n --dry-run --question",
}
-- Subcommands and targets that do.
M.selecting_commands = words "affected changed testonly testquick"
-- What the target of a smaller part is called: `make test-unit`.
M.narrow_targets = words "unit fast quick smoke short lite minimal basic small partial simple sanity subset"
-- Commands that run everything unless they are told what to run.
M.parts_by_name = { "pre-commit run", "prek run", "cargo deny", "cargo test", "cargo bench" }
-- An option with which nothing fails.
M.toothless = { "^%-%-exit%-zero", "^%-%-no%-error", "^%-%-no%-run", "^%-%-if%-present$", "^%-%-fix$", "^%-fn$",
    "fail%-never", "failure%.ignore", "^%-%-write$", "^%-%-in%-place$", "soft%-fail", "^%-%-collect%-only",
    "^%-%-list$" }
-- Options that only sound so.
M.harmless = { "skip%-install", "skip%-download", "ignore%-scripts", "ignore%-platform", "ignore%-engines",
    "no%-fail%-fast", "skip%-cache", "skip%-upload", "skip%-existing", "skip%-build", "disable%-telemetry",
    "allow%-net", "allow%-read", "allow%-write", "allow%-env", "allow%-run", "allow%-all", "allow%-ffi", "allow%-sys",
    "allow%-import", "allow%-releaseinfo", "allow%-downgrade", "allow%-unauthenticated", "skip%-push", "skip%-publish",
    "allow%-scripts", "disable%-pip", "ignore%-missing%-imports", "allow%-root", "allow%-dirty", "disable%-cache",
    "ignore%-installed" }
-- An option that makes a check stricter.
M.strict = { "^%-%-strict", "^%-%-?check", "^%-%-deny", "^%-%-lint$", "^%-%-exit%-code", "^%-Werror",
    "^%-%-all%-targets$", "^%-%-all%-features$", "^%-%-workspace$", "^%-race$", "^%-%-max%-warnings",
    "^%-%-cov%-fail%-under", "^%-%-fail", "^%-%-error", "^%-%-all$", "^%-%-all%-files$", "^%-D$", "^%-Dwarnings$",
    "warnings%-as%-errors", "^%-%-Werror", "^%-%-fatal", "^%-strict$", "warnaserror" }
M.strict_of = { ["sphinx-build"] = words "-W -n", go = words "-fuzz", shfmt = words "-d" }

-- Actions -------------------------------------------------------------------------------------------------------------

-- Repositories that are archived.
M.archived_actions = words [[
    actions-rs/toolchain actions-rs/cargo actions-rs/clippy-check actions-rs/audit-check actions-rs/tarpaulin
    actions-rs/grcov actions/create-release actions/upload-release-asset actions/setup-ruby actions/setup-elixir
    actions/setup-haskell actions/heroku
]]
-- The oldest major version that runs on a Node.js which runners have.
M.least_versions = {
    ["actions/checkout"] = 4, ["actions/setup-node"] = 4, ["actions/setup-python"] = 5, ["actions/setup-go"] = 5,
    ["actions/setup-java"] = 4, ["actions/setup-dotnet"] = 4, ["actions/cache"] = 4, ["actions/upload-artifact"] = 4,
    ["actions/download-artifact"] = 4, ["actions/github-script"] = 7, ["actions/labeler"] = 5, ["actions/stale"] = 9,
}

-- Names of checks without which nothing is merged, as the branch's protection has them: { "verify (22.x)", "lint" }.
M.required_checks = {}

-- Findings ------------------------------------------------------------------------------------------------------------

local reducing = {}
for _, rule in ipairs(words [[
    workflow_removed event_removed branches_narrowed paths_narrowed types_narrowed job_removed step_removed
    command_removed combination_removed never_runs condition_narrowed continue_on_error failure_ignored
    early_exit options_weakened variable_skips input_weakened strictness_removed
]]) do
    reducing[rule] = true
end

--- The rules by which findings mean that fewer checks run afterwards.
function M.reduces(rule)
    if reducing[rule] then return true, "fewer checks run, or a failure no longer counts" end
    return false, "worth a look; the same checks run"
end

M.examples = {
    { call = "reduces", with = { "combination_removed" }, gives = true },
    { call = "reduces", with = { "timeout_removed" }, gives = false },
}

return M
