-- Ruby: Bundler, gems, Rails and Jekyll.

return {
    about = "Ruby: Bundler, gems, Rails and Jekyll",
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
        {
            id = "ruby.load_error", title = "Ruby cannot load '{file}'",
            match = [[cannot load such file -- (?<file>\S+)]],
            class = "missing setup", severity = "error", priority = 78,
            cause = "`require \"{file}\"` found nothing: the gem is not in the bundle of this job, it was taken " ..
                "out of Ruby's standard library (csv, base64, bigdecimal in 3.4; webrick, rexml in 3.0), or the " ..
                "load path lacks a folder.",
            fix = "Add the gem to the Gemfile, or `-I lib` / `require_relative` for one's own file.",
            commands = { "bundle info NAME" },
            docs = { "https://docs.ruby-lang.org/en/master/standard_library_md.html" },
            examples = {
                matches = {
                    "<internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_require.rb>:85:in `require': " ..
                        "cannot load such file -- minitest/focus (LoadError)",
                },
                rejects = { "loading file" },
            },
        },
        {
            id = "ruby.nil_method", title = "'{method}' was called on nil",
            match = [[undefined method [`'](?<method>[^'`]+)' for nil]],
            class = "code bug", severity = "error", priority = 62,
            cause = "An expression gave nil, and `{method}` was called on it.",
            fix = "The first frame that is the project's own names the place; see why it is nil here (missing " ..
                "data, variable or fixture).",
            docs = { "https://docs.ruby-lang.org/en/master/NoMethodError.html" },
            examples = {
                matches = {
                    "undefined method `upcase' for nil:NilClass (NoMethodError)",
                    "undefined method 'upcase' for nil (NoMethodError)",
                },
                rejects = { "undefined method `upcase' for an instance of Integer" },
            },
        },
        {
            id = "ruby.no_method", title = "There is no method or constant of that name",
            match = [[(?:undefined method [`'](?<method>[^'`]+)' for (?!nil)|]] ..
                [[undefined local variable or method [`'](?<variable>[^'`]+)'|]] ..
                [[uninitialized constant (?<constant>[\w:]+))]],
            class = "code bug", severity = "error", priority = 58,
            cause = "Another version of a gem than the code was written for, a file that was not required, or a " ..
                "misspelling. `ActiveSupport::LoggerThreadSafetyModule::Logger` comes from concurrent-ruby 1.3.5.",
            fix = "Compare Gemfile.lock with the last green run, and require what defines it. For the latter pin " ..
                "`concurrent-ruby` below 1.3.5 or update Rails.",
            docs = { "https://docs.ruby-lang.org/en/master/NoMethodError.html" },
            examples = {
                matches = {
                    "undefined local variable or method `foo' for main:Object (NameError)",
                    "uninitialized constant ActiveSupport::LoggerThreadSafetyModule::Logger (NameError)",
                },
                rejects = { "undefined method `upcase' for nil:NilClass (NoMethodError)" },
            },
        },
        {
            id = "ruby.wrong_arguments", title = "A method got the wrong number of arguments",
            match = [[wrong number of arguments \(given (?<given>[^,]+), expected (?<expected>[^)]+)\)]],
            class = "version mismatch", severity = "error", priority = 60,
            cause = "Given {given}, expected {expected}. Since Ruby 3 a hash is no longer taken for keyword " ..
                "arguments, the usual reason in old gems.",
            fix = "Pass `**options`, or update the gem whose frame stands first.",
            docs = {
                "https://www.ruby-lang.org/en/news/2019/12/12/separation-of-positional-and-keyword-arguments-in-ru" ..
                    "by-3-0/",
            },
            examples = {
                matches = { "a.rb:1:in `f': wrong number of arguments (given 1, expected 0) (ArgumentError)" },
                rejects = { "number of arguments: 1" },
            },
        },
        {
            id = "ruby.psych_disallowed", title = "YAML.load no longer makes objects",
            match = [[Tried to load unspecified class: (?<class>[\w:]+)|Unknown alias: (?<alias>\S+)|]] ..
                [[Alias parsing was not enabled]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "Psych 4 (Ruby 3.1) made `YAML.load` safe: no classes, no aliases.",
            fix = "`YAML.load(text, permitted_classes: [{…}], aliases: true)`, `YAML.unsafe_load` for one's own " ..
                "files, or update the gem that loads it.",
            docs = { "https://github.com/ruby/psych/releases/tag/v4.0.0" },
            examples = {
                matches = {
                    "Tried to load unspecified class: Symbol (Psych::DisallowedClass)",
                    "Unknown alias: default (Psych::BadAlias)",
                },
                rejects = { "YAML loaded" },
            },
        },
        {
            id = "ruby.rakefile_missing", title = "There is no Rakefile, or no such task",
            match = [[(?:No Rakefile found \(looking for: |Don't know how to build task ['`](?<task>[^'`]+)['`])]],
            class = "code bug", severity = "error", priority = 88,
            cause = "rake was started where there is no Rakefile (as Travis does for Ruby by default), or for a " ..
                "task that is not defined here.",
            fix = "Name the script to run in the CI's configuration, go to the right folder, or add the task's gem.",
            commands = { "bundle exec rake -T" },
            docs = { "https://ruby.github.io/rake/" },
            examples = {
                matches = {
                    "No Rakefile found (looking for: rakefile, Rakefile, rakefile.rb, Rakefile.rb)",
                    "Don't know how to build task 'spec' (See the list of available tasks with `rake --tasks`)",
                },
                rejects = { "rake aborted!" },
            },
        },
        {
            id = "rspec.load_failed", title = "A spec file could not be loaded",
            match = [[An error occurred while loading (?<file>\S+?)\.(?: -|$)]],
            class = "code bug", severity = "error", priority = 66,
            cause = "Loading {file} raised an error, so none of its examples ran (\"0 examples, 0 failures, 1 " ..
                "error occurred outside of examples\").",
            fix = "Mend the error shown below the line.",
            commands = { "bundle exec rspec {file}" },
            docs = { "https://rspec.info/documentation/" },
            examples = {
                matches = { "An error occurred while loading ./spec/a_spec.rb." },
                rejects = { "Loading ./spec/a_spec.rb" },
            },
        },
        {
            id = "rails.migrations_pending", title = "The test database lacks migrations",
            match = [[(?:Migrations are pending(?:\.|;| )|ActiveRecord::PendingMigrationError)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "db/schema.rb was not loaded in this job, or a migration was added without it.",
            fix = "Run `bin/rails db:test:prepare` (or `db:schema:load`) before the tests, and commit the schema.",
            commands = { "bin/rails db:test:prepare" },
            docs = { "https://guides.rubyonrails.org/active_record_migrations.html" },
            examples = {
                matches = { "Migrations are pending. To resolve this issue, run:" },
                rejects = { "Running migrations" },
            },
        },
        {
            id = "rails.credentials", title = "Rails cannot read its credentials",
            match = [[(?:ActiveSupport::MessageEncryptor::InvalidMessage|]] ..
                [[Missing encryption key to decrypt file with|Missing `?secret_key_base`? for)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "RAILS_MASTER_KEY (or config/master.key) is missing in this job, or is another key; runs from " ..
                "forks have no secrets.",
            fix = "Set RAILS_MASTER_KEY from a secret, and let the test environment work without " ..
                "(SECRET_KEY_BASE_DUMMY=1 for asset builds).",
            docs = { "https://guides.rubyonrails.org/security.html#custom-credentials" },
            examples = {
                matches = {
                    "Missing encryption key to decrypt file with. Ask your team for your master key and write it " ..
                        "to /home/runner/work/demo/demo/config/master.key or put it in the ENV['RAILS_MASTER_KEY'].",
                    "ActiveSupport::MessageEncryptor::InvalidMessage",
                },
                rejects = { "credentials decrypted" },
            },
        },
        {
            id = "rubocop.offenses", title = "RuboCop found {count} offenses",
            match = [[(?<files>\d+) files? inspected, (?<count>[1-9]\d*) offenses? detected]],
            class = "code bug", severity = "error", priority = 52,
            cause = "The style of the code is not the agreed one; each offense is listed above with its cop. New " ..
                "cops come with new versions of RuboCop.",
            fix = "`rubocop -A` mends most. Pin RuboCop's version.",
            commands = { "bundle exec rubocop -A" },
            docs = { "https://docs.rubocop.org/" },
            examples = {
                matches = { "12 files inspected, 3 offenses detected, 2 offenses autocorrectable" },
                rejects = { "12 files inspected, no offenses detected" },
            },
        },
    },
}
