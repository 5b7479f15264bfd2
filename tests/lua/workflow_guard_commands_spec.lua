-- Commands before and after a change, of many tools: those that check less, and those that only look like it.
local guard, rules

setup(function()
    guard = require("lib.workflow_guard.guard")
    rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
end)

local weaker = [=[
    pytest tests => pytest tests -k 'not network'
    pytest => pytest --ignore=tests/slow
    pytest => pytest --deselect tests/test_a.py::test_b
    pytest => pytest -m 'not slow'
    pytest tests => pytest tests/unit
    cargo test --workspace => cargo test --workspace --lib
    cargo test --workspace => cargo test --workspace --exclude foo
    cargo test => cargo test -- --skip flaky
    cargo test --workspace => cargo test -p core
    cargo test => cargo test --no-run
    cargo test => cargo check
    cargo test --all-features => cargo test
    cargo test => cargo test --no-default-features
    cargo clippy -- -D warnings => cargo clippy
    cargo clippy -- -D warnings => cargo clippy -- -D warnings -A clippy::all
    go test ./... => go test -short ./...
    go test ./... => go test -run TestA ./...
    go test ./... => go test -skip TestA ./...
    go test ./... => go test ./pkg/...
    go test -race ./... => go test ./...
    go test ./... => go test $(go list ./... | grep -v integration)
    go vet ./... \n go test ./... => go test ./...
    ctest --output-on-failure => ctest --output-on-failure -E network
    ctest --output-on-failure => ctest --output-on-failure -R unit
    ctest => ctest -LE slow
    npm test => npm test -- --passWithNoTests
    npx jest => npx jest --testPathIgnorePatterns e2e
    npx jest => npx jest src/unit
    npx jest => npx jest --onlyChanged
    npm test => npm test --if-present
    npm test => npm run test:unit
    npx vitest run => npx vitest run --exclude e2e
    mvn verify => mvn verify -DskipTests
    mvn -B verify => mvn -B verify -Dmaven.test.skip=true
    mvn verify => mvn verify -fn
    mvn test => mvn test -Dmaven.test.failure.ignore=true
    mvn test => mvn test -pl '!slow'
    ./gradlew build => ./gradlew build -x test
    ./gradlew check => ./gradlew assemble
    tox -e py310,py311,lint => tox -e py311
    make check => make
    make test => make test-unit
    bazel test //... => bazel test //core/...
    bazel test //... => bazel test //... --test_tag_filters=-slow
    bazel test //... => bazel test -- //... -//flaky/...
    bazel test //... => bazel build //...
    pytest --cov --cov-fail-under=90 => pytest --cov --cov-fail-under=60
    pytest --cov --cov-fail-under=90 => pytest --cov
    npx eslint . --max-warnings 0 => npx eslint . --max-warnings 100
    npx eslint . --max-warnings=0 => npx eslint . --max-warnings=50
    npx eslint . => npx eslint . --quiet
    npx eslint . => npx eslint . --fix
    npx prettier --check . => npx prettier --write .
    black --check . => black .
    ruff check . => ruff check . --exit-zero
    ruff check . => ruff check . --ignore E501
    flake8 . => flake8 . --exit-zero
    mypy --strict src => mypy src
    pre-commit run --all-files => SKIP=mypy pre-commit run --all-files
    pre-commit run --all-files => pre-commit run black --all-files
    pre-commit run --all-files => pre-commit run
    npm test => npm test || true
    npm test => npm test || exit 0
    npm test => npm test || :
    npm test => npm test || echo failed
    npm test => if ! npm test; then echo failed; fi
    npm test => set +e \n npm test \n exit 0
    set -o pipefail \n npm test | tee log => set +o pipefail \n npm test | tee log
    npm test => timeout 1 npm test || :
    npm test => npm test &
    npm run lint \n npm test => # npm run lint \n npm test
    npm test => echo 'npm test'
    dotnet test => dotnet test --filter Category!=Slow
    vendor/bin/phpunit => vendor/bin/phpunit --exclude-group slow
    vendor/bin/phpunit => vendor/bin/phpunit --testsuite unit
    bundle exec rspec => bundle exec rspec --tag ~slow
    bundle exec rspec => bundle exec rspec spec/models
    swift test => swift test --skip Network
    swift test => swift test --filter Core
    zig build test => zig build
    mix test => mix test --exclude integration
    mix compile --warnings-as-errors => mix compile
    npm audit --audit-level=moderate => npm audit --audit-level=critical
    npm audit => npm audit --omit=dev
    trivy fs --exit-code 1 . => trivy fs --exit-code 0 .
    trivy fs --exit-code 1 --severity HIGH,CRITICAL . => trivy fs --exit-code 1 --severity CRITICAL .
    cargo audit => cargo audit --ignore RUSTSEC-2020-0001
    cargo deny check => cargo deny check licenses
    terraform fmt -check \n terraform validate => terraform fmt -check
    ansible-lint => ansible-lint --exclude roles/x
    meson test -C build => meson test -C build --suite unit
    meson test -C build => meson test -C build --no-suite slow
    npx playwright test => npx playwright test --grep-invert @slow
    npx playwright test => npx playwright test --project=chromium
    npx cypress run => npx cypress run --spec cypress/e2e/a.cy.js
    npx nx run-many --target=test => npx nx affected --target=test
    turbo run test => turbo run test --filter=web
    lerna run test => lerna run test --scope core
    sbt test => sbt 'testOnly foo.*'
    stack test => stack test --no-run-tests
    cabal test all => cabal build all
    nox => nox -s lint
    python manage.py test => python manage.py test --exclude-tag=slow
    make CFLAGS=-Werror => make
    ./configure \n make check => ./configure --disable-tests \n make check
    ./ci/test.sh => ./ci/test.sh --skip-e2e
    ./ci/test.sh => SKIP_SLOW_TESTS=1 ./ci/test.sh
    npm run build \n npm test => npm run build \n exit 0 \n npm test
    mkdocs build --strict => mkdocs build
    sphinx-build -W docs out => sphinx-build docs out
    codespell => codespell --skip '*.po'
    clang-format --dry-run --Werror src/*.c => clang-format --dry-run src/*.c
    helm lint --strict chart => helm lint chart
    golangci-lint run => golangci-lint run --new-from-rev=HEAD~1
    golangci-lint run => golangci-lint run --issues-exit-code=0
    shellcheck *.sh => shellcheck --severity=error *.sh
    shellcheck *.sh => shellcheck -e SC2086 *.sh
    hadolint Dockerfile => hadolint --ignore DL3008 Dockerfile
    bundle exec rubocop => bundle exec rubocop --fail-level error
    phpstan analyse --level=8 src => phpstan analyse --level=3 src
    pylint src => pylint --disable=all src
    bandit -r src => bandit -r src -lll
    semgrep ci => semgrep ci --no-error
    deno test => deno test --filter unit
    bun test => bun test src/unit
    npx mocha => npx mocha --grep fast
    flutter test => flutter test test/unit
    dart analyze --fatal-infos => dart analyze
    kubeconform -strict k8s/ => kubeconform k8s/
    ctest => ctest --rerun-failed --output-on-failure
    go vet ./... => go vet $(go list ./... | grep -v /vendor/ | grep -v e2e)
    go test -fuzz=Fuzz -fuzztime=10m ./fuzz => go test ./fuzz
    npm run lint => npm run lint || echo 'lint failed'
    cargo test => cargo test unit::
    ctest => ctest --label-exclude slow
    jest => jest --testNamePattern=unit
    mvn verify => mvn verify -pl core -am
    ./gradlew test => ./gradlew :core:test
    ./gradlew test => ./gradlew test --tests 'com.foo.*'
    make lint test docs => make lint docs
    stylelint '**/*.css' => stylelint '**/*.css' --quiet
    tsc --noEmit \n eslint . => eslint .
    npx playwright test => npx playwright test --list
    phpstan analyse --error-format=github => phpstan analyse --error-format=github || true
    checkov -d . => checkov -d . --soft-fail
    checkov -d . => checkov -d . --skip-check CKV_1
    tfsec . => tfsec . --soft-fail
    snyk test => snyk test --severity-threshold=critical
    grype --fail-on medium img => grype --fail-on critical img
    grype --fail-on high img => grype img
    gitleaks detect => gitleaks detect --exit-code 0
    safety check => safety check --ignore 12345
    dotnet build -warnaserror \n dotnet test => dotnet build \n dotnet test
    swiftlint --strict => swiftlint
    ktlint => ktlint || :
    cpplint --recursive src => cpplint --recursive --filter=-build src
    cppcheck --error-exitcode=1 src => cppcheck src
    clang-tidy -warnings-as-errors='*' src/a.cpp => clang-tidy src/a.cpp
    RUSTDOCFLAGS='-D warnings' cargo doc => cargo doc
    RUSTFLAGS=-Dwarnings cargo build => cargo build
    npm run a & npm run b & \n wait => npm run a &
    cargo semver-checks => cargo semver-checks || true
    pytest => pytest --collect-only
    make check => make -n check
    ./run_tests.sh => echo 'Skipping tests for now'
    ./run_tests.sh => exit 0 \n ./run_tests.sh
    python -m pytest tests/ => python -m pytest tests/test_smoke.py
    pytest --cov=pkg --cov-branch --cov-fail-under=100 => pytest --cov=pkg --cov-branch --cov-fail-under=95
    nyc --check-coverage --lines 90 npm test => nyc npm test
    nyc --check-coverage --lines 90 npm test => nyc --check-coverage --lines 60 npm test
    bundle-audit check --update => bundle-audit check --update --ignore CVE-2020-1
    mix format --check-formatted => mix format
    terraform fmt -check -recursive => terraform fmt -recursive
    shfmt -d . => shfmt -w .
    oxlint --deny-warnings => oxlint
    docker scout cves --exit-code img => docker scout cves img
    mvn test => mvn test -Dgroups=fast
]=]

local equal = [=[
    pytest => pytest -x
    pytest tests => pytest -n auto tests
    pytest tests => pytest -vv --tb=short tests
    pytest tests => python -m pytest tests
    cargo test => cargo test --locked
    cargo test --workspace => cargo nextest run --workspace
    cargo clippy -- -D warnings => cargo clippy --all-targets -- -D warnings
    go test ./... => go test -count=1 -v ./...
    go test ./... => go test -timeout 30m ./...
    go test ./... => gotestsum -- ./...
    ctest --output-on-failure => ctest --output-on-failure -j4
    cd build && ctest => ctest --test-dir build
    npx jest => npx jest --ci --coverage
    npm ci \n npm test => pnpm install --frozen-lockfile \n pnpm test
    npm ci \n npm test => npm install \n npm test
    npm test => npm run test
    mvn verify => mvn -B -ntp verify
    ./gradlew check => ./gradlew check --continue
    ./gradlew build => ./gradlew build --no-daemon --stacktrace
    gradle build => ./gradlew build
    tox -e py310 => tox -e py310,py311
    make -j2 check => make -j4 check
    bazel test //... => bazel test --config=ci --test_output=errors //...
    pytest --cov --cov-fail-under=80 => pytest --cov --cov-fail-under=90
    black --check . \n flake8 . => ruff format --check . \n ruff check .
    pre-commit run --all-files => pre-commit run --all-files --show-diff-on-failure
    npm test => if ! npm test; then echo failed; exit 1; fi
    npm test => set +e \n npm test \n code=$? \n exit $code
    set -o pipefail \n npm test 2>&1 | tee log => set -euo pipefail \n npm test 2>&1 | tee log.txt
    npm test => timeout 600 npm test
    npm test => n=0; until npm test; do n=$((n+1)); [ $n -ge 3 ] && exit 1; sleep 5; done
    dotnet build \n dotnet test => dotnet build \n dotnet test --no-build
    bundle exec rspec => bundle exec rspec --format documentation
    swift test => swift test --parallel
    ninja -C build test => meson test -C build
    npx playwright test => npx playwright test --retries=2
    python -m unittest discover => pytest
    python manage.py test => python manage.py test --parallel
    cmake -B build \n cmake --build build => cmake -B build -G Ninja \n cmake --build build
    ./ci/test.sh => ./ci/test.sh --verbose
    make build \n make test => make build test
    npm run lint \n npm test => npm run lint && npm test
    sphinx-build docs out => sphinx-build -W docs out
    golangci-lint run => golangci-lint run --timeout=5m
    phpstan analyse src => phpstan analyse --memory-limit=1G src
    deno test => deno test --allow-net
    npx mocha => npx mocha --exit
    docker-compose run app npm test => docker compose run --rm app npm test
    pytest tests => pytest --cov=mypkg --cov-report=xml tests
    pytest => pytest --junitxml=out/junit.xml -o junit_family=xunit2
    pytest tests/ => pytest tests/ --timeout=300 --durations=10
    pytest => pytest -p no:cacheprovider
    pytest => pytest -c config/pytest.ini
    pytest tests => pytest tests --import-mode=importlib
    pytest tests => pytest tests/unit \n pytest tests/integration
    pytest tests => pytest --reruns 2 tests
    pytest => pytest -W error
    cargo test --all => cargo test --all --target x86_64-unknown-linux-gnu
    cargo test => cargo test --release
    cargo test --workspace => cargo test --workspace --profile ci
    cargo test => cargo test --features full
    cargo test --workspace => cargo test --workspace --lib --bins --tests \n cargo test --workspace --doc
    cargo test --all => cargo test --workspace
    cargo test => cargo +stable test
    cargo test => cargo test -- --test-threads=1
    cargo test => cargo test -- --nocapture
    cargo test => cargo hack test --feature-powerset
    cargo fmt -- --check => cargo fmt --all -- --check
    cargo fmt -- --check => cargo fmt --check
    go test ./... => go test -race -coverprofile=coverage.out -covermode=atomic ./...
    go test ./... => go test -json ./... > test.json
    go test ./... => go test -tags=integration ./...
    go test ./... => go test -p 1 -parallel 4 ./...
    go test ./... => make test
    go test ./... => go test ./pkg/... \n go test ./cmd/...
    npm test => npm test --workspaces
    npm run lint \n npm run typecheck => npm run lint && npm run typecheck
    npm test => npm t
    npm test => npm run test:ci
    npm run lint => yarn lint
    yarn install --frozen-lockfile \n yarn test => yarn install --immutable \n yarn test
    npm test => npm run test:coverage
    npx jest => npx jest --maxWorkers=2 --runInBand
    npx jest => npx jest --config jest.config.ci.js
    npx eslint . => npx eslint . --ext .js,.ts
    npx eslint src => npx eslint src --cache --cache-location .cache/eslint
    npx eslint . => npx eslint . --max-warnings 0
    npx eslint . --max-warnings 5 => npx eslint . --max-warnings 0
    npx prettier --check src => npx prettier --check .
    ruff check . => ruff check --output-format=github .
    flake8 src => flake8 src --max-line-length=100 --count --statistics
    mypy src => mypy --config-file mypy.ini --show-error-codes src
    mypy src => mypy --install-types --non-interactive src
    black --check . => black --check --diff .
    isort --check-only . => isort --check --diff .
    pre-commit run --all-files => pre-commit run --all-files --color=always
    tox => tox -p auto
    tox -e py311 => tox run -e py312
    tox -e py310,py311 => tox -e py310,py311 --skip-missing-interpreters=false
    nox => nox -r
    nox -s tests => nox -s tests-3.12
    mvn test => mvn verify
    mvn verify => mvn clean verify
    mvn -B verify => mvn -B -T 1C verify
    mvn -B verify => ./mvnw -B verify
    mvn verify => mvn -s .github/settings.xml verify
    mvn verify => mvn --file pom.xml verify
    ./gradlew test => ./gradlew check
    ./gradlew test => ./gradlew build
    ./gradlew build => ./gradlew clean build
    ./gradlew test => ./gradlew test -PmaxParallel=4 -Dorg.gradle.jvmargs=-Xmx2g
    make check => make check V=1 VERBOSE=1
    cd src && make check => make -C src check
    make check => make -k check
    make check => make distcheck
    make -j4 \n make test => ninja \n ninja test
    ctest => ctest -C Release --output-on-failure --timeout 300
    cd build; ctest => ctest --test-dir build --no-tests=error
    cmake -B build \n cmake --build build => cmake --preset ci \n cmake --build --preset ci
    bazel test //... => bazel test --config=remote --jobs=50 --keep_going //...
    bazel test //... => bazel build //... \n bazel test //...
    dotnet test => dotnet test -c Release --no-restore --logger trx
    dotnet test => dotnet test --collect:'XPlat Code Coverage'
    vendor/bin/phpunit => vendor/bin/phpunit --coverage-text --colors=always
    phpunit => ./vendor/bin/phpunit
    vendor/bin/phpunit => vendor/bin/phpunit -c phpunit.ci.xml
    composer test => composer run-script test
    bundle exec rspec => bundle exec parallel_rspec spec
    bundle exec rspec => bundle exec rspec --profile 10 --require spec_helper
    bundle exec rubocop => bundle exec rubocop --parallel --format github
    swift test => swift test --enable-code-coverage -v
    flutter test => flutter test --coverage --reporter expanded
    dart analyze => dart analyze --fatal-infos
    deno test => deno test -A --unstable
    deno test => deno task test
    npm test => bun test
    mix test => mix test --warnings-as-errors --cover
    mix test => mix test --trace --max-failures 10
    zig build test => zig build test --summary all
    sbt test => sbt +test
    sbt test => sbt clean coverage test
    stack test => stack test --fast --no-terminal
    cabal test => cabal test all --enable-tests
    npx playwright test => npx playwright test --reporter=html --workers=1
    npx playwright test => npx playwright test --shard=${{ matrix.shard }}/4
    npx cypress run => npx cypress run --browser chrome --headless
    golangci-lint run => golangci-lint run ./... --timeout 10m --out-format=github-actions
    shellcheck *.sh => shellcheck -x *.sh scripts/*.sh
    trivy image --exit-code 1 app => trivy image --exit-code 1 --format sarif --output r.sarif app
    npm audit --audit-level=high => npm audit --audit-level=moderate
    pip-audit => pip-audit -r requirements.txt --strict
    docker build . => docker buildx build --load .
    docker-compose up -d \n npm test => docker compose up -d --wait \n npm test
    npm test => npm test || { echo failed; exit 1; }
    npm test => npm test || (cat log && exit 1)
    npm run e2e => npm start & \n npx wait-on http://localhost:3000 \n npm run e2e
    npm test => trap 'docker compose down' EXIT \n npm test
    npm test => retry() { for i in 1 2 3; do "$@" && return 0; sleep 5; done; return 1; } \n retry npm test
    npm test => xvfb-run -a npm test
    npm test => CI=true FORCE_COLOR=1 npm test
    npm test => if [ "$RUNNER_OS" = Windows ]; then npm test; else xvfb-run npm test; fi
    make check => set -o pipefail; make check 2>&1 | tee check.log
    python3 -m pytest => python -m pytest
    pip install -e .[test] \n pytest => uv sync --all-extras \n uv run pytest
    pytest => poetry run pytest -q
    pytest => hatch run pytest
    sphinx-build -W docs _build => sphinx-build -W --keep-going -n -b html docs _build
    npm run lint \n npm test => npm run ci
    make test => time make test
    python manage.py test => coverage run manage.py test
    python manage.py test => python manage.py test --keepdb --noinput
    lerna run test => npx lerna run test --stream --concurrency 2
    npm test => npx turbo run test
    ansible-lint => ansible-lint -p --strict
    markdownlint . => markdownlint-cli2 '**/*.md'
    terraform validate => terraform validate -no-color
    make check => make check CFLAGS='-fsanitize=address'
]=]

local workflow = "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
    .. "      - name: Run\n        run: |\n"

local function with(commands)
    local lines = {}
    for line in (commands .. "\\n"):gmatch("%s*(.-)%s*\\n") do lines[#lines + 1] = "          " .. line .. "\n" end
    return { { path = ".github/workflows/ci.yml", text = workflow .. table.concat(lines) } }
end

-- Pairs of which the guard does not say what is expected.
local function mistaken(pairs_of_commands, expected)
    local list, count = {}, 0
    for before, after in pairs_of_commands:gmatch("%s*([^\n]-) => ([^\n]+)") do
        count = count + 1
        if guard.compare(with(before), with(after), rules).coverage_reduced ~= expected then
            list[#list + 1] = ("%s => %s"):format(before, after)
        end
    end
    assert.is_true(count > 50)
    return list
end

describe("a command that took the place of another", function()
    it("checks less where it leaves out, chooses, narrows, lowers a limit or lets failures pass", function()
        assert.same({}, mistaken(weaker, true))
    end)

    it("checks as much where it says something else, or is split or stricter", function()
        assert.same({}, mistaken(equal, false))
    end)
end)
