-- Ruby: Bundler and gems.

return {
    about = "Ruby: Bundler and gems",
    entries = {
        {
            id = "bundler.gem_not_found", title = "Bundler finds no {gem}",
            match = [[Could not find (?:gem ')?(?<gem>[\w.-]+)(?: \([^)]{1,60}\))?(?:'|]] ..
                [[, [\w.-]+)* in (?:any of the sources|cached gems|locally installed gems|rubygems repository|]] ..
                [[source)]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "A gem of Gemfile or Gemfile.lock is neither installed nor at the sources: `bundle install` " ..
                "did not run in this job (or for other groups or another path), the version was yanked, or it " ..
                "belongs to a private source.",
            fix = "Run `bundle install` first (ruby/setup-ruby with `bundler-cache: true`), with the same " ..
                "BUNDLE_PATH and groups. If a version is gone, `bundle update GEM`.",
            commands = { "bundle install", "bundle config list" },
            docs = { "https://bundler.io/guides/troubleshooting.html" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Install gems and cache them",
                yaml = "- uses: ruby/setup-ruby@v1\n" ..
                    "  with:\n" ..
                    "    bundler-cache: true\n",
            },
            examples = {
                matches = {
                    "Could not find gem 'nokogirii' in rubygems repository https://rubygems.org/ or installed " ..
                        "locally.",
                    "Could not find rake-13.0.6 in any of the sources",
                    "Could not find gem 'prawn (~> 2.4)' in cached gems or installed locally.",
                    "Could not find rake-13.0.6, rspec-3.12.0 in locally installed gems",
                },
                rejects = { "Using rake 13.0.6" },
            },
        },
        {
            id = "bundler.command_missing", title = "Bundler knows no command {command}",
            match = [[bundler: command not found: (?<command>\S+)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "No gem of the bundle brings `{command}`: it is missing from the Gemfile, in a group that is " ..
                "left out (BUNDLE_WITHOUT), or not installed.",
            fix = "Add the gem, or install its group in this job.",
            commands = { "bundle install" },
            docs = { "https://bundler.io/man/bundle-exec.1.html" },
            examples = {
                matches = { "bundler: command not found: rspec" },
                rejects = { "bundle exec rspec" },
            },
        },
        {
            id = "bundler.version", title = "The lock file wants another Bundler",
            match = [[(?:Could not find 'bundler' \((?<version>[^)]+)\) required by|]] ..
                [[You must use Bundler (?<major>\d+) or greater with this lockfile)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "Gemfile.lock names a Bundler (BUNDLED WITH) that is not installed here.",
            fix = "Install that version, or run `bundle update --bundler` with a current one and commit.",
            commands = { "gem install bundler -v \"$(grep -A1 'BUNDLED WITH' Gemfile.lock | tail -1)\"" },
            docs = { "https://bundler.io/guides/bundler_2_upgrade.html" },
            examples = {
                matches = {
                    "Could not find 'bundler' (2.4.22) required by your /home/runner/work/demo/demo/Gemfile.lock.",
                    "You must use Bundler 2 or greater with this lockfile.",
                },
                rejects = { "Using bundler 2.4.22" },
            },
        },
        {
            id = "bundler.frozen", title = "Gemfile.lock does not belong to the Gemfile",
            match = [[(?:You are trying to install in deployment mode after changing|]] ..
                [[The (?:dependencies in your gemfile|gemspecs for path gems|list of sources) changed|]] ..
                [[can't be updated because frozen mode is set|cannot be written because frozen mode)]],
            class = "code bug", severity = "error", priority = 93,
            cause = "The Gemfile or a gemspec was changed and Gemfile.lock was not committed with it; in CI " ..
                "Bundler refuses to write it.",
            fix = "Run `bundle install` and commit Gemfile.lock.",
            commands = { "bundle lock" },
            docs = { "https://bundler.io/man/bundle-install.1.html" },
            examples = {
                matches = {
                    "You are trying to install in deployment mode after changing",
                    "The dependencies in your gemfile changed, but the lockfile can't be updated because frozen " ..
                        "mode is set",
                },
                rejects = { "Frozen, locked and without 'development'" },
            },
        },
        {
            id = "bundler.platform", title = "The lock file leaves out this platform",
            match = [[Your bundle only supports platforms (?<platforms>\[.{1,200}\]) but your local platform is? ]] ..
                [[?(?<platform>\S+)]],
            class = "matrix gap", severity = "error", priority = 93,
            cause = "Gemfile.lock was made on another system and lists only {platforms}; this job is {platform}.",
            fix = "Add it and commit.",
            commands = { "bundle lock --add-platform {platform}" },
            docs = { "https://bundler.io/man/bundle-lock.1.html" },
            examples = {
                matches = {
                    "Your bundle only supports platforms [\"x86_64-darwin-21\"] but your local platform is " ..
                        "x86_64-linux. Add the current platform to the lockfile with",
                },
                rejects = { "PLATFORMS x86_64-linux" },
            },
        },
        {
            id = "bundler.ruby_version", title = "The Gemfile wants Ruby {wanted}, this is {actual}",
            match = [[Your Ruby (?:patchlevel|version) is (?<actual>[\w.]+), but your Gemfile specified ]] ..
                [[(?<wanted>.{1,40})$]],
            class = "matrix gap", severity = "error", priority = 92,
            cause = "The job installed Ruby {actual}, the Gemfile says {wanted}.",
            fix = "Let ruby/setup-ruby read .ruby-version, or take the version out of the matrix.",
            docs = { "https://bundler.io/guides/gemfile_ruby.html" },
            examples = {
                matches = { "Your Ruby version is 3.1.2, but your Gemfile specified 3.3.0" },
                rejects = { "ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]" },
            },
        },
        {
            id = "bundler.conflict", title = "Bundler finds no versions that fit together",
            match = [[(?:Bundler could not find compatible versions for gem "(?<gem>[^"]+)"|]] ..
                [[^Could not find compatible versions)]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "The gems of the Gemfile, or the Ruby of this job, demand versions of a common dependency " ..
                "that exclude each other.",
            fix = "Read the tree below, loosen the narrower requirement, or `bundle update` the gem that holds " ..
                "the other back.",
            commands = { "bundle update --conservative GEM" },
            docs = { "https://bundler.io/guides/troubleshooting.html" },
            examples = {
                matches = {
                    "Bundler could not find compatible versions for gem \"rack\":",
                    "Could not find compatible versions",
                },
                rejects = { "Resolving dependencies..." },
            },
        },
        {
            id = "gem.native_extension", title = "A gem's native extension could not be built",
            match = [[(?:ERROR: Failed to build gem native extension|]] ..
                [[An error occurred while installing (?<gem>[\w.-]+) \((?<version>[\w.-]+)\), and Bundler cannot ]] ..
                [[continue)]],
            class = "missing setup", severity = "error", priority = 56,
            cause = "The gem is compiled when it is installed, and that failed; the compiler's or mkmf's words " ..
                "stand near, and in mkmf.log.",
            fix = "Install what it misses (libraries with their -dev packages, a compiler), or a version of the " ..
                "gem with binaries for this Ruby and platform.",
            docs = { "https://guides.rubygems.org/gems-with-extensions/" },
            examples = {
                matches = {
                    "Gem::Ext::BuildError: ERROR: Failed to build gem native extension.",
                    "An error occurred while installing nokogiri (1.15.0), and Bundler cannot continue.",
                },
                rejects = { "Building native extensions. This could take a while..." },
            },
        },
        {
            id = "gem.headers_missing", title = "Ruby's headers are missing",
            match = [[mkmf\.rb can't find header files for ruby at (?<path>\S+)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A gem with an extension is compiled, but only the interpreter is installed.",
            fix = "Install `ruby-dev` (`ruby-devel`), or use setup-ruby, which has them.",
            commands = { "sudo apt-get install -y ruby-dev build-essential" },
            docs = { "https://guides.rubygems.org/gems-with-extensions/" },
            examples = {
                matches = { "mkmf.rb can't find header files for ruby at /usr/lib/ruby/include/ruby.h" },
                rejects = { "creating Makefile" },
            },
        },
        {
            id = "gem.ruby_too_old", title = "A gem wants another Ruby",
            match = [[(?:requires [Rr]uby version (?<wanted>.{1,60}?)(?:\. The current ruby version is |]] ..
                [[, which is incompatible with the current version)|requires RubyGems version)]],
            class = "matrix gap", severity = "error", priority = 90,
            cause = "The gem's newest version that fits the Gemfile does not run on the Ruby of this job.",
            fix = "Raise Ruby here, or pin an older version of the gem for it (`gem install NAME -v`).",
            commands = { "ruby --version" },
            docs = { "https://guides.rubygems.org/specification-reference/#required_ruby_version" },
            examples = {
                matches = {
                    "ERROR:  Error installing nokogiri: nokogiri requires Ruby version >= 3.2, < 3.6.dev. The " ..
                        "current ruby version is 3.1.2.20.",
                    "nokogiri-1.18.0 requires ruby version >= 3.1.0, which is incompatible with the current " ..
                        "version, 2.7.8",
                },
                rejects = { "ruby version: 3.1.2" },
            },
        },
        {
            id = "gem.not_found", title = "There is no gem {gem}",
            match = [[ERROR:  Could not find a valid gem '(?<gem>[^']+)']],
            class = "missing setup", severity = "error", priority = 84,
            cause = "The source has no gem `{gem}` (in that version), or it was not reached.",
            fix = "Check the name and version on rubygems.org, and the sources (`gem sources`).",
            commands = { "gem list --remote --all {gem}" },
            docs = { "https://guides.rubygems.org/command-reference/#gem-install" },
            examples = {
                matches = { "ERROR:  Could not find a valid gem 'railz' (>= 0) in any repository" },
                rejects = { "Successfully installed rails-7.1.3" },
            },
        },
        {
            id = "gem.no_permission", title = "gem may not write to the system's folder",
            match = [[(?:You don't have write permissions for the (?<folder>\S+) directory|]] ..
                [[Gem::FilePermissionError)]],
            class = "permission", severity = "error", priority = 88,
            cause = "`gem install` writes to the system's folder, which belongs to root.",
            fix = "Use setup-ruby, `bundle config set path vendor/bundle`, or `gem install --user-install`.",
            commands = { "bundle config set --local path vendor/bundle" },
            docs = { "https://guides.rubygems.org/faqs/" },
            examples = {
                matches = { "ERROR:  While executing gem ... (Gem::FilePermissionError)" },
                rejects = { "1 gem installed" },
            },
        },
        {
            id = "gem.already_activated", title = "Another version of {active} is active",
            match = [[You have already activated (?<active>[\w.-]+ [\w.]+), but your Gemfile requires ]] ..
                [[(?<wanted>[\w.-]+ [\w.]+)]],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The command was started without `bundle exec`, so Ruby took the newest installed version " ..
                "({active}) before Bundler asked for {wanted}.",
            fix = "Start it with `bundle exec`, or a binstub.",
            commands = { "bundle exec rake" },
            docs = { "https://bundler.io/man/bundle-exec.1.html" },
            examples = {
                matches = {
                    "You have already activated rake 13.1.0, but your Gemfile requires rake 13.0.6. Prepending " ..
                        "`bundle exec` to your command may solve this. (Gem::LoadError)",
                },
                rejects = { "Using rake 13.0.6" },
            },
        },
    },
}
