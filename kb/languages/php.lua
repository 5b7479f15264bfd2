-- PHP: Composer, extensions and PHPUnit.

return {
    about = "PHP: Composer, extensions and PHPUnit",
    entries = {
        {
            id = "composer.unsolvable", title = "Composer finds no versions that fit together",
            match = [[Your requirements could not be resolved to an installable set of packages]],
            class = "version mismatch", severity = "error", priority = 66,
            cause = "The requirements contradict each other or this PHP; the \"Problem\" paragraphs below say how.",
            fix = "Read \"Problem 1\" to its end: mostly a package wants another PHP, an extension is missing, or " ..
                "one pin is too narrow.",
            commands = { "composer why-not VENDOR/PACKAGE VERSION" },
            docs = { "https://getcomposer.org/doc/articles/troubleshooting.md" },
            examples = {
                matches = { "Your requirements could not be resolved to an installable set of packages." },
                rejects = { "Nothing to install, update or remove" },
            },
        },
        {
            id = "composer.php_version", title = "A package does not run on this PHP",
            match = [[(?:your php version \((?<actual>[\w.+-]{1,100})[^)]{0,200}\) does not satisfy that requirement]]
                .. [[|]] ..
                [[Your Composer dependencies require a PHP version "(?<wanted>[^"]+)"|]] ..
                [[requires php (?<range>.{1,40}?) but your php version)]],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "The lock file or a requirement wants another PHP than this job has.",
            fix = "Set up the PHP that is wanted, or make the lock file with `config.platform.php` set to the " ..
                "lowest supported version.",
            commands = { "composer why-not php \"$(php -r 'echo PHP_VERSION;')\"" },
            docs = { "https://getcomposer.org/doc/06-config.md#platform" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The PHP that the packages want",
                yaml = "- uses: shivammathur/setup-php@v2\n" ..
                    "  with:\n" ..
                    "    php-version: '8.3'\n",
            },
            examples = {
                matches = {
                    "    - demo/a 1.0.0 requires php >=8.3 -> your php version (8.2.35) does not satisfy that " ..
                        "requirement.",
                    "Composer detected issues in your platform: Your Composer dependencies require a PHP version " ..
                        "\">= 8.3.0\". You are running 8.2.35.",
                },
                rejects = { "PHP 8.2.35 (cli)" },
            },
        },
        {
            id = "composer.extension_missing", title = "The PHP extension {extension} is missing",
            match = [[ext-(?<extension>[\w-]{1,500}) .{0,60}-> it (?:is missing from your system|]] ..
                [[has the wrong version installed)|requires PHP extension ext-(?<ext>[\w-]+)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A package needs the extension {extension}, which this PHP does not have.",
            fix = "Install it: setup-php with `extensions`, `apt-get install php-{extension}`, or " ..
                "`docker-php-ext-install`.",
            commands = { "php -m" },
            docs = { "https://github.com/shivammathur/setup-php#heavy_plus_sign-php-extension-support" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The extensions that packages need",
                yaml = "- uses: shivammathur/setup-php@v2\n" ..
                    "  with:\n" ..
                    "    extensions: mbstring, intl, pdo_mysql\n",
            },
            examples = {
                matches = {
                    "    - phpunit/phpunit 10.0.0 requires ext-dom * -> it is missing from your system. Install " ..
                        "or enable PHP's dom extension.",
                },
                rejects = { "ext-dom is installed" },
            },
        },
        {
            id = "composer.lock_outdated", title = "composer.lock does not belong to composer.json",
            match = [[(?:The lock file is not up to date with the latest changes in composer\.json|]] ..
                [[Required (?:\(in require-dev\) )?package "(?<package>[^"]+)" is (?:not present in the lock ]] ..
                [[file|in the lock file as))]],
            class = "code bug", severity = "error", priority = 90,
            cause = "composer.json was changed and composer.lock was not committed with it.",
            fix = "`composer update VENDOR/PACKAGE` (or `--lock`), and commit the lock file.",
            commands = { "composer update --lock" },
            docs = {
                "https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control",
            },
            examples = {
                matches = {
                    "- Required package \"psr/log\" is not present in the lock file.",
                    "Warning: The lock file is not up to date with the latest changes in composer.json. You may " ..
                        "be getting outdated dependencies.",
                },
                rejects = { "Installing dependencies from lock file (including require-dev)" },
            },
        },
        {
            id = "composer.package_missing", title = "Composer finds no {package}",
            match = [[(?:Root composer\.json requires (?:PHP extension )?(?<package>[\w./-]+)[, ].{0,60}(?:it ]] ..
                [[could not be found in any version|found .{1,200} but (?:it does not match|]] ..
                [[these were not loaded|these conflict))|]] ..
                [[Could not find (?:a matching version of )?package (?<name>[\w./-]+))]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "Packagist (and the repositories of composer.json) has no such package, or not in the version " ..
                "or stability that is asked for.",
            fix = "Check the name, add the repository of a private package with its token, or lower " ..
                "`minimum-stability` for this one (`@dev`).",
            commands = { "composer show --all VENDOR/PACKAGE" },
            docs = { "https://getcomposer.org/doc/articles/troubleshooting.md#package-not-found" },
            examples = {
                matches = {
                    "    - Root composer.json requires acme/missing, it could not be found in any version, there " ..
                        "may be a typo in the package name.",
                    "    - Root composer.json requires psr/log ^99.0, found psr/log[dev-master, 1.0.0, ..., " ..
                        "3.0.0] but it does not match the constraint.",
                },
                rejects = { "- Installing psr/log (3.0.0): Extracting archive" },
            },
        },
        {
            id = "composer.github_token", title = "Composer needs a token for GitHub",
            match = [[(?:Could not authenticate against github\.com|]] ..
                [[GitHub API limit \(\d+ calls/hr\) is exhausted|Your (?:github-oauth|]] ..
                [[GitHub OAuth) token .{0,40}(?:invalid|contains))]],
            class = "infrastructure", severity = "error", priority = 86,
            cause = "Without a token GitHub allows few requests from a shared address; private packages need one " ..
                "in any case.",
            fix = "Set COMPOSER_AUTH or `composer config -g github-oauth.github.com`; setup-php does it with " ..
                "GITHUB_TOKEN.",
            docs = { "https://getcomposer.org/doc/articles/authentication-for-private-packages.md#github-oauth" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A token for Composer",
                yaml = "env:\n" ..
                    "  COMPOSER_AUTH: '{\"github-oauth\": {\"github.com\": \"${{ github.token }}\"}}'\n",
            },
            examples = {
                matches = {
                    "Could not authenticate against github.com",
                    "GitHub API limit (60 calls/hr) is exhausted, could not fetch https://api.github.com/repos/a/b.",
                },
                rejects = { "authenticated" },
            },
        },
        {
            id = "composer.plugin_blocked", title = "Composer does not run the plugin {plugin}",
            match = [[(?<plugin>(?<![\w.-])[\w.-]+/[\w.-]+) (?:\S.{0,60})?contains a Composer plugin which is ]]
                .. [[(?:currently ]] ..
                [[not in|blocked by) your allow-plugins]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Since 2.2 plugins must be allowed by name, and there is nobody to ask in CI.",
            fix = "Allow it and commit composer.json.",
            commands = { "composer config allow-plugins.{plugin} true" },
            docs = { "https://getcomposer.org/doc/06-config.md#allow-plugins" },
            examples = {
                matches = {
                    "dealerdirect/phpcodesniffer-composer-installer contains a Composer plugin which is blocked " ..
                        "by your allow-plugins config. You may add it to the list if you consider it safe.",
                },
                rejects = { "plugin activated" },
            },
        },
        {
            id = "composer.no_unzip", title = "Neither unzip nor the zip extension is there",
            match = [[The zip extension and unzip/7z commands are both missing]],
            class = "missing setup", severity = "error", priority = 86,
            cause = "Composer can unpack no archive, and falls back to cloning sources.",
            fix = "Install `unzip` (or php-zip), and `git` for sources.",
            commands = { "apt-get install -y unzip git" },
            docs = { "https://getcomposer.org/doc/00-intro.md#system-requirements" },
            examples = {
                matches = { "    The zip extension and unzip/7z commands are both missing, skipping." },
                rejects = { "unzip 6.00" },
            },
        },
        {
            id = "php.memory_limit", title = "PHP's memory limit was reached",
            match = [[Allowed memory size of (?<bytes>\d+) bytes exhausted]],
            class = "infrastructure", severity = "error", priority = 90,
            cause = "A script needed more than `memory_limit` ({bytes} bytes).",
            fix = "Raise it for this command: `php -d memory_limit=-1`, COMPOSER_MEMORY_LIMIT=-1, or PHPStan's " ..
                "`--memory-limit=1G`.",
            commands = { "php -d memory_limit=-1 vendor/bin/phpstan analyse" },
            docs = { "https://www.php.net/manual/en/ini.core.php#ini.memory-limit" },
            examples = {
                matches = {
                    "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 " ..
                        "bytes) in /home/runner/work/demo/demo/a.php on line 3",
                },
                rejects = { "memory_limit => 128M" },
            },
        },
        {
            id = "php.undefined_function", title = "PHP has no function {function}()",
            match = [[Call to undefined function (?<function>[\w\\]+)\(\)]],
            class = "missing setup", severity = "error", priority = 78,
            cause = "The function's extension is not loaded in this PHP, the file was not included, or PHP " ..
                "removed it.",
            fix = "Install the extension (mb_*: mbstring, curl_*: curl, simplexml_*: xml, image*: gd, bc*: " ..
                "bcmath, iconv*: iconv, each(): gone since 8.0).",
            commands = { "php -m" },
            docs = { "https://www.php.net/manual/en/extensions.alphabetical.php" },
            examples = {
                matches = {
                    "PHP Fatal error:  Uncaught Error: Call to undefined function mb_strlen() in " ..
                        "/home/runner/work/demo/demo/a.php:3",
                },
                rejects = { "function mb_strlen exists" },
            },
        },
        {
            id = "php.class_not_found", title = "PHP finds no class {class}",
            match = [[(?:Class|Interface|Trait) ['"](?<class>[\w\\]+)['"] not found]],
            class = "code bug", severity = "error", priority = 74,
            cause = "The autoloader knows no `{class}`: the package is not installed (or only with --dev), the " ..
                "namespace and path do not match (PSR-4 minds upper and lower case on Linux), or the class map " ..
                "is old.",
            fix = "Compare namespace, file name and `autoload` in composer.json, then `composer dump-autoload`.",
            commands = { "composer dump-autoload --strict-psr" },
            docs = { "https://getcomposer.org/doc/04-schema.md#psr-4" },
            examples = {
                matches = {
                    "PHP Fatal error:  Uncaught Error: Class \"App\\Service\\Mailer\" not found in " ..
                        "/home/runner/work/demo/demo/a.php:3",
                    "Error: Class 'Composer\\Util\\Response' not found",
                },
                rejects = { "Class loaded" },
            },
        },
        {
            id = "php.autoload_missing", title = "vendor/autoload.php is not there",
            match = [[(?:Failed opening required|failed to open stream: No such file or directory|]] ..
                [[Failed to open stream).{0,160}vendor/autoload\.php|]] ..
                [[vendor/autoload\.php\): [Ff]ailed to open stream]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Composer did not install the packages in this job or folder.",
            fix = "Run `composer install` before.",
            commands = { "composer install --no-interaction --prefer-dist" },
            docs = { "https://getcomposer.org/doc/01-basic-usage.md#autoloading" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Install packages before the tests",
                yaml = "- run: composer install --no-interaction --prefer-dist\n",
            },
            examples = {
                matches = {
                    "PHP Warning:  require(/home/runner/work/demo/demo/vendor/autoload.php): Failed to open " ..
                        "stream: No such file or directory in /home/runner/work/demo/demo/a.php on line 2",
                },
                rejects = { "Generating autoload files" },
            },
        },
        {
            id = "php.parse_error", title = "PHP cannot parse a file",
            match = [[(?:PHP )?Parse error: ++(?<message>.{1,160}?) in (?<file>\S+\.\w+)(?: on line |:)(?<line>\d+)]],
            class = "matrix gap", severity = "error", priority = 84,
            cause = "Line {line} of {file} is not valid for this PHP: {message}. Newer syntax (match, enum, " ..
                "readonly, ?->) gives the same on an older PHP.",
            fix = "Fix it, or raise the lowest PHP of the matrix and of composer.json.",
            commands = { "php -l {file}" },
            docs = { "https://www.php.net/manual/en/migration80.new-features.php" },
            examples = {
                matches = {
                    "PHP Parse error:  syntax error, unexpected token \"}\", expecting \";\" in " ..
                        "/home/runner/work/demo/demo/a.php on line 3",
                },
                rejects = { "No syntax errors detected in a.php" },
            },
        },
        {
            id = "php.fatal", title = "PHP ended with a fatal error",
            match = [[(?:PHP )?Fatal error: +(?:Uncaught )?(?<message>\S.{1,200})]],
            class = "code bug", severity = "error", priority = 42,
            cause = "PHP stopped: {message}",
            fix = "File and line stand at the end of the message or in the lines below.",
            docs = { "https://www.php.net/manual/en/language.errors.php7.php" },
            examples = {
                matches = {
                    "PHP Fatal error:  Uncaught TypeError: total(): Argument #1 ($values) must be of type array, " ..
                        "null given, called in /home/runner/work/demo/demo/a.php on line 5",
                },
                rejects = { "PHP Warning:  Undefined variable $x in a.php on line 3" },
            },
        },
        {
            id = "php.null_member", title = "{method}() was called on null",
            match = [[Call to a member function (?<method>\w+)\(\) on null]],
            class = "code bug", severity = "error", priority = 64,
            cause = "A lookup gave null, and {method}() was called on it.",
            fix = "The place is named at the end of the line; see why there is nothing here (fixtures, " ..
                "configuration, order of tests).",
            docs = { "https://www.php.net/manual/en/language.oop5.basic.php#language.oop5.basic.nullsafe" },
            examples = {
                matches = { "Error: Call to a member function getName() on null" },
                rejects = { "Call to a member function" },
            },
        },
        {
            id = "php.no_driver", title = "PDO has no driver for this database",
            match = [[PDOException: could not find driver|^could not find driver]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The extension pdo_mysql, pdo_pgsql or pdo_sqlite is not loaded.",
            fix = "Install it (setup-php: `extensions: pdo_mysql`).",
            commands = { "php -m | grep -i pdo" },
            docs = { "https://www.php.net/manual/en/pdo.drivers.php" },
            examples = {
                matches = {
                    "PHP Fatal error:  Uncaught PDOException: could not find driver in " ..
                        "/home/runner/work/demo/demo/a.php:3",
                },
                rejects = { "driver found" },
            },
        },
        {
            id = "phpstan.errors", title = "PHPStan found {count} errors",
            match = [[\[ERROR\] Found (?<count>\d+) errors?]],
            class = "code bug", severity = "error", priority = 52,
            cause = "Static analysis refuses the code; the table above has the places. New rules come with new " ..
                "versions.",
            fix = "Fix them, or put known ones into a baseline.",
            commands = { "vendor/bin/phpstan analyse --generate-baseline" },
            docs = { "https://phpstan.org/user-guide/baseline" },
            examples = {
                matches = { " [ERROR] Found 3 errors" },
                rejects = { " [OK] No errors" },
            },
        },
    },
}
