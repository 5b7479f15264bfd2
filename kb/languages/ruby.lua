-- Ruby: exceptions, rake, RSpec, Rails and RuboCop.

return {
    about = "Ruby: exceptions, rake, RSpec, Rails and RuboCop",
    entries = {
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
            id = "ruby.exception", title = "A Ruby program ended with {type}",
            match = [[^\S+\.rb:\d+:in .{1,120}: (?<message>.{1,200}) \((?<type>[A-Z]\w*(?:::\w+)*)\)$]],
            class = "code bug", severity = "error", priority = 38,
            cause = "An exception that nobody rescued: {message}",
            fix = "The frames below name the way there; look at the first one of the project's own.",
            docs = { "https://docs.ruby-lang.org/en/master/Exception.html" },
            examples = {
                matches = { "cart.rb:3:in `total': no stock (RuntimeError)" },
                rejects = { "cart.rb:3:in `total'" },
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
            id = "ruby.rake_aborted", title = "rake stopped",
            match = [[^rake aborted!$]],
            class = "code bug", severity = "error", priority = 18,
            cause = "A task failed; the next line says with what.",
            fix = "Read the lines below, and run the task with `--trace`.",
            commands = { "bundle exec rake --trace TASK" },
            docs = { "https://ruby.github.io/rake/" },
            examples = {
                matches = { "rake aborted!" },
                rejects = { "rake aborted the demo" },
            },
        },
        {
            id = "rspec.load_failed", title = "A spec file could not be loaded",
            match = [[An error occurred while loading (?<file>\S+?)\.(?: -|$)]],
            class = "code bug", severity = "error", priority = 66,
            cause = "Loading {file} raised an error, so none of its examples ran (\"0 examples, 0 failures, 1 " ..
                "error occurred outside of examples\").",
            fix = "Fix the error shown below the line.",
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
            match = [[(?<files>(?<!\d)\d+) files? inspected, (?<count>[1-9]\d*) offenses? detected]],
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
