-- Errors of rustc by their codes. Those without an entry of their own come to `rust.error_code`.
return {
    about = "Compile errors of rustc, by error code",
    entries = {
        {
            id = "rust.e0277", title = "A trait bound is not satisfied",
            match = [[error\[E0277\]: the trait bound `(?<bound>[^`]+)` is not satisfied]],
            class = "code bug", severity = "error", priority = 74,
            cause = "Something asks for `{bound}`, and no implementation of that trait for that type is in scope.",
            fix = "Read the `required by` note: it names the bound's owner. For a type of this crate derive or "
                .. "implement the trait. For a foreign type check that the dependency's feature that brings the "
                .. "implementation is on (`serde`, `std`, `derive`), and that only one version of the crate that "
                .. "defines the trait is in the tree.",
            commands = { "rustc --explain E0277", "cargo tree --duplicates" },
            docs = { "https://doc.rust-lang.org/error_codes/E0277.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0277]: the trait bound `Account: Eq` is not satisfied",
                    "error[E0277]: the trait bound `T: serde::Serialize` is not satisfied",
                },
                rejects = {
                    "error[E0277]: `Rc<u8>` cannot be sent between threads safely",
                    "For more information about this error, try `rustc --explain E0277`.",
                },
            },
        },
        {
            id = "rust.e0277_send", title = "A value cannot be shared with or sent to another thread",
            match = [[error(?:\[E0277\])?: (?:`(?<type>[^`]+)`|(?<future>future)) cannot be (?<how>sent]]
                .. [[|shared) between threads safely]],
            class = "code bug", severity = "error", priority = 76,
            cause = "A thread or a spawned task takes a value that may not be {how} between threads, such as `Rc`, "
                .. "`RefCell` or a guard that is held across an `.await`.",
            fix = "The note below names the value. Use `Arc` and `Mutex` in place of `Rc` and `RefCell`, drop "
                .. "guards before the `.await`, or run the future on a local executor (`spawn_local`).",
            docs = { "https://doc.rust-lang.org/nomicon/send-and-sync.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error: future cannot be sent between threads safely",
                    "error[E0277]: `Rc<RefCell<u8>>` cannot be sent between threads safely",
                },
                rejects = { "note: future is not `Send` as this value is used across an await" },
            },
        },
        {
            id = "rust.e0277_question_mark",
            title = "The `?` operator cannot convert this error or is outside a Result",
            match = [[error\[E0277\]: (?:`\?` couldn't convert the error to `(?<target>[^`]+)`|the `\?` ]]
                .. [[operator can only be used in (?<place>.{5,80}?)(?: that returns|$))]],
            class = "code bug", severity = "error", priority = 76,
            cause = "`?` returns the error from the function, so the function must return a `Result` or `Option` "
                .. "whose error type has a `From` for this one.",
            fix = "Give the function a fitting return type, add `impl From<…>` for the error type, or map the "
                .. "error with `.map_err(…)`.",
            commands = { "rustc --explain E0277" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0277]: `?` couldn't convert the error to `AppError`",
                    "error[E0277]: the `?` operator can only be used in a function that returns `Result` or `Option`",
                },
                rejects = { "error[E0277]: the trait bound `Account: Eq` is not satisfied" },
            },
        },
        {
            id = "rust.e0277_operator", title = "An operator or a conversion between types is not defined",
            match = [[error\[E0277\]: (?:cannot (?:add|subtract|multiply|divide|compare|calculate) ]]
                .. [[.{3,160}|can't compare .{3,160}|a value of type .{3,120} cannot be built .{3,80}]]
                .. [[|the size for values of type `[^`]+` cannot be known .{3,40}|`[^`]+` doesn't ]]
                .. [[implement `(?:std|core)::fmt::\w+`|`[^`]+` is not an iterator)]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The type does not implement the trait behind this operation, or the two sides have different "
                .. "types.",
            fix = "Convert one side (`as`, `.into()`, `u64::from(x)`), derive the missing trait (`Debug`, "
                .. "`PartialEq`), or call `.iter()` where an iterator is wanted. When only newer or older "
                .. "toolchains fail, an implementation was added or taken away in a dependency: compare "
                .. "`Cargo.lock`.",
            commands = { "rustc --explain E0277" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0277]: cannot add a float to an integer", "error[E0277]: can't compare `u32` with `&u32`",
                    "error[E0277]: `Account` doesn't implement `std::fmt::Display`",
                },
                rejects = { "error[E0277]: the trait bound `Account: Eq` is not satisfied" },
            },
        },
        {
            id = "rust.e0308", title = "Types do not match",
            match = [[^error\[E0308\]: (?<what>mismatched types|.{3,60} have incompatible types)]],
            class = "code bug", severity = "error", priority = 70,
            cause = "An expression has another type than its place asks for. The lines below say `expected …, "
                .. "found …`.",
            fix = "Compare the two types in the label. If they have the same name, two versions of one crate are "
                .. "in the tree. If the expected type is `()`, a `;` too many ends the block. If only one platform "
                .. "fails, a C type (`c_char`, `time_t`, `usize`) has another width there.",
            commands = { "rustc --explain E0308", "cargo tree --duplicates" },
            docs = { "https://doc.rust-lang.org/error_codes/E0308.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = { "error[E0308]: mismatched types", "error[E0308]: `match` arms have incompatible types" },
                rejects = {
                    "error: internal compiler error[E0308]: mismatched types",
                    "   = note: mismatched types in the macro",
                },
            },
        },
        {
            id = "rust.e0382", title = "A value is used after it was moved",
            match = [[error\[E0382\]: (?<what>(?:borrow|use|assign)\S* (?:of|to)(?: part of)? ]]
                .. [[(?:partially )?moved value): `(?<value>[^`]+)`]],
            class = "code bug", severity = "error", priority = 72,
            cause = "`{value}` was moved before this use: its type is not `Copy`, so the first use took it.",
            fix = "Borrow it in the first place (`&{value}`), clone it if both need their own, or use it before "
                .. "the move. In loops and closures the move happens in the previous round.",
            commands = { "rustc --explain E0382" },
            docs = { "https://doc.rust-lang.org/error_codes/E0382.html" },
            tags = { "rust", "borrow checker" },
            examples = {
                matches = {
                    "error[E0382]: borrow of moved value: `self.jobs`",
                    "error[E0382]: use of partially moved value: `config`",
                },
                rejects = { "Some errors have detailed explanations: E0382, E0502." },
            },
        },
        {
            id = "rust.borrow_conflict", title = "Two borrows of the same value overlap",
            match = [[error\[E0(?:499|502|506|503)\]: cannot (?<what>.{6,40}?) `(?<value>[^`]+)` .{3,100}]],
            class = "code bug", severity = "error", priority = 72,
            cause = "`{value}` is still borrowed when it is used again in a way that does not go along with that "
                .. "borrow.",
            fix = "End the first borrow earlier: copy the part that is needed, put it into a block, or split the "
                .. "value's fields so that each borrow takes its own. The `later used here` label shows why it is "
                .. "still alive.",
            docs = { "https://doc.rust-lang.org/book/ch04-02-references-and-borrowing.html" },
            tags = { "rust", "borrow checker" },
            examples = {
                matches = {
                    "error[E0502]: cannot borrow `self.jobs` as mutable because it is also borrowed as immutable",
                    "error[E0499]: cannot borrow `*self` as mutable more than once at a time",
                    "error[E0506]: cannot assign to `x` because it is borrowed",
                },
                rejects = { "error[E0505]: cannot move out of `x` because it is borrowed" },
            },
        },
        {
            id = "rust.lifetime", title = "A reference does not live long enough",
            match = [[error(?:\[E0(?:597|505|515|521|716|373|106|621|495|700|310|309)\])?: ]]
                .. [[(?<what>`[^`]+` does not live long enough|cannot move out of `[^`]+` because it is ]]
                .. [[borrowed|cannot return (?:value referencing|reference to) .{3,80}|borrowed data ]]
                .. [[escapes outside of .{3,30}|temporary value dropped while borrowed|closure may ]]
                .. [[outlive .{3,90}|missing lifetime specifiers?|lifetime may not live long enough]]
                .. [[|explicit lifetime required in .{3,80}|the parameter type `[^`]+` may not live long ]]
                .. [[enough)]],
            class = "code bug", severity = "error", priority = 72,
            cause = "A reference would outlive the value that it points to: {what}.",
            fix = "Return an owned value, move the owner further out, or tie the lifetimes in the signature as the "
                .. "`help` line shows. For threads and tasks use `move` and owned or `Arc` values.",
            docs = { "https://doc.rust-lang.org/book/ch10-03-lifetime-syntax.html" },
            tags = { "rust", "borrow checker" },
            examples = {
                matches = {
                    "error[E0597]: `text` does not live long enough", "error: lifetime may not live long enough",
                    "error[E0106]: missing lifetime specifier",
                    "error[E0515]: cannot return reference to local variable `x`",
                    "error[E0373]: closure may outlive the current function, but it borrows `n`, which is owned by "
                        .. "the current function",
                },
                rejects = { "note: but `text` does not live long enough here" },
            },
        },
        {
            id = "rust.unresolved_import", title = "An import names a crate or module that is not there",
            match = [[error\[E0432\]: unresolved imports? `(?<path>[^`]+)`]],
            class = "code bug", severity = "error", priority = 76,
            cause = "`{path}` is neither a dependency of this package nor an item in the module that is named.",
            fix = "If it is a crate, add it: under `[dev-dependencies]` for tests, `[build-dependencies]` for "
                .. "build.rs. If the item exists, it may be behind a feature or `#[cfg]` that this job does not "
                .. "turn on, or was renamed in the version that got resolved.",
            commands = { "cargo tree --edges features", "cargo add CRATE" },
            docs = { "https://doc.rust-lang.org/error_codes/E0432.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0432]: unresolved import `serde`", "error[E0432]: unresolved imports `a::B`, `a::C`",
                },
                rejects = { "error[E0433]: failed to resolve: use of undeclared crate or module `serde`" },
            },
        },
        {
            id = "rust.unresolved_path", title = "A path starts with something that is not declared",
            match = [[error\[E0433\]: (?:failed to resolve|cannot find): (?<what>(?:use of ]]
                .. [[)?(?:undeclared|unresolved|could not find|cannot find|maybe a missing)[^\n]{3,140}]]
                .. [[|.{3,20}`[^`]+`.{0,80})]],
            class = "code bug", severity = "error", priority = 74,
            cause = "A path cannot be followed: {what}.",
            fix = "Add the crate to `Cargo.toml` or the missing `use`. If it fails only for some features or "
                .. "targets, the `mod` or `use` is behind a `#[cfg(…)]` that is off there.",
            commands = { "cargo check --all-features", "cargo check --no-default-features" },
            docs = { "https://doc.rust-lang.org/error_codes/E0433.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0433]: failed to resolve: use of undeclared crate or module `tokio`",
                    "error[E0433]: failed to resolve: use of unresolved module or unlinked crate `serde_json`",
                    "error[E0433]: failed to resolve: could not find `fs` in `tokio`",
                },
                rejects = { "error[E0432]: unresolved import `serde`" },
            },
        },
        {
            id = "rust.not_found_in_scope", title = "A name is not found in this scope",
            match = [[error(?:\[E0(?:425|412|405|422|423|531|574|576)\])?: cannot find (?<kind>value]]
                .. [[|function|type|trait|macro|struct[^`]{0,30}|attribute|derive macro|tuple ]]
                .. [[struct[^`]{0,30}|associated \w+) `(?<name>[^`]+)` in (?<where>this scope|.{3,60})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "There is no {kind} `{name}` in {where}.",
            fix = "Look for a typo, a missing `use`, or a `#[cfg]` that takes the definition out of this build. "
                .. "For a macro or derive: the crate's feature (`derive`, `macros`) must be on.",
            commands = { "cargo check --all-features" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0425]: cannot find function `frobnicate` in this scope",
                    "error: cannot find macro `json` in this scope",
                    "error[E0412]: cannot find type `Setings` in this scope",
                    "error: cannot find derive macro `Serialize` in this scope",
                },
                rejects = { "error: cannot find -lssl" },
            },
        },
        {
            id = "rust.no_method", title = "No such method, field or variant",
            match = [[error\[E0(?:599|609|560|610|026|559|407|437|438)\]: (?:no (?<kind>[\w, -]{3,60}?) ]]
                .. [[(?:named )?`(?<name>[^`]+)` (?:found|on type).{2,120}|(?:struct|variant|method|type]]
                .. [[|const) `(?<member>[^`]+)` .{3,100})]],
            class = "code bug", severity = "error", priority = 72,
            cause = "The type has no such member. Often the trait that gives the method is not imported, or a "
                .. "dependency was updated and renamed or removed it.",
            fix = "Follow the `help` line (a trait to `use`, a similar name). If the code did not change, compare "
                .. "`Cargo.lock` with the last green run and pin the dependency, or build with `--locked`. If the "
                .. "failing file is below `.cargo/registry`, that dependency does not go along with this "
                .. "toolchain: update it.",
            commands = { "cargo update -p CRATE --precise VERSION", "cargo build --locked" },
            docs = { "https://doc.rust-lang.org/error_codes/E0599.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0599]: no method named `lenght` found for struct `String` in the current scope",
                    "error[E0609]: no field `z` on type `Point`",
                    "error[E0407]: method `oom` is not a member of trait `Alloc`",
                    "error[E0560]: struct `Config` has no field named `port`",
                },
                rejects = { "error[E0061]: this function takes 2 arguments but 1 argument was supplied" },
            },
        },
        {
            id = "rust.arguments", title = "A call has the wrong number of arguments",
            match = [[error\[E0(?:061|107|050|053|186|195)\]: (?<what>.{10,160})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "A signature and its use differ: {what}.",
            fix = "Look at the definition that the note shows. When it is in a dependency, its signature changed "
                .. "between the locked and the resolved version: build with `--locked` or pin it.",
            commands = { "git diff HEAD~1 -- Cargo.lock" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0061]: this function takes 2 arguments but 1 argument was supplied",
                    "error[E0107]: struct takes 1 generic argument but 2 generic arguments were supplied",
                },
                rejects = { "error[E0062]: field `a` specified more than once" },
            },
        },
        {
            id = "rust.missing_trait_items", title = "An implementation lacks items of its trait",
            match = [[error\[E0046\]: not all trait items implemented, missing: (?<items>.{3,200})]],
            class = "code bug", severity = "error", priority = 74,
            cause = "The trait asks for {items}, and this `impl` has not got them.",
            fix = "Add them. If the trait comes from a dependency that got new required items, pin that dependency "
                .. "or move to its new version deliberately.",
            docs = { "https://doc.rust-lang.org/error_codes/E0046.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = { "error[E0046]: not all trait items implemented, missing: `poll_shutdown`" },
                rejects = { "note: not all trait items implemented here" },
            },
        },
        {
            id = "rust.non_exhaustive_match", title = "A match does not cover every case",
            match = [[error\[E0004\]: non-exhaustive patterns: (?<missing>.{3,160}) not covered]],
            class = "code bug", severity = "error", priority = 74,
            cause = "{missing} is not handled. A variant was added, here or in a dependency.",
            fix = "Add an arm for it. For an enum of another crate an arm `_ => …` keeps later versions from "
                .. "breaking the build.",
            docs = { "https://doc.rust-lang.org/error_codes/E0004.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = { "error[E0004]: non-exhaustive patterns: `Kind::New` not covered" },
                rejects = { "warning: unreachable pattern" },
            },
        },
        {
            id = "rust.private", title = "A private item is used from outside",
            match = [[error\[E0(?:603|616|624|451|446)\]: (?<what>.{6,160}(?:is private|private).{0,60})]],
            class = "code bug", severity = "error", priority = 70,
            cause = "{what}.",
            fix = "Make it `pub` or `pub(crate)`, or use the public way. For an item of a dependency: it was never "
                .. "promised, and an update has moved it.",
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0603]: function `parse_inner` is private",
                    "error[E0616]: field `id` of struct `User` is private",
                },
                rejects = { "warning: private item shadows public glob re-export" },
            },
        },
        {
            id = "rust.error_code", title = "rustc refuses the code",
            match = [[^error\[(?<code>(?!E0(?:277|308|382|499|502|506|503|597|505|515|521|716|373|106|621]]
                .. [[|495|700|310|309|432|433|425|412|405|422|423|531|574|576|599|609|560|610|026|559]]
                .. [[|407|437|438|061|107|050|053|186|195|046|004|603|616|624|451|446|463|514|460|461]]
                .. [[|462|554|658|635)\])E\d{4})\]: (?<what>\S.{3,300})]],
            class = "code bug", severity = "error", priority = 60,
            cause = "rustc says {code}: {what}.",
            fix = "`rustc --explain {code}` has the rule with an example. The first error counts: later ones often "
                .. "follow from it.",
            commands = { "rustc --explain {code}" },
            docs = { "https://doc.rust-lang.org/error_codes/{code}.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error[E0133]: call to unsafe function `f` is unsafe and requires unsafe function or block",
                },
                rejects = {
                    "error[E0308]: mismatched types", "Some errors have detailed explanations: E0382, E0502.",
                },
            },
        },
    },
}
