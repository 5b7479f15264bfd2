---@meta uhost.fs

--- Files and folders. Paths are text, relative to the current folder; `~` and `$NAME` stand for themselves. What does
--- not exist is nil or false, not an error. Under `--dry-run` every change is recorded in the plan and not made, except
--- those in temporary folders of this run and in the state folder.
---
--- Errors name the path and what to do: `fs.read`, `fs.too_large`, `fs.write`, `fs.copy`, `fs.rename`, `fs.remove`,
--- `fs.mkdir`, `fs.symlink`, `fs.list`, `fs.stat`, `fs.temp_dir`, `fs.watch`, `fs.watch_limit`.
---@class uhost.fs
fs = {}

--- The content of a file; nil when there is none.  Raises `fs.read`, and `fs.too_large` above the limit.
---
--- ```lua
--- local text = fs.read("Cargo.toml") or ""
--- ```
---@param path string
---@param options? { limit_bytes?: integer }  limit_bytes: default 256 MiB
---@return string?
function fs.read(path, options) end

--- Replaces or creates a file as a whole: readers see the old content or the new one, also after a crash or on a full
--- disk. Permissions are kept, a symbolic link is followed, a device or pipe is written to as it is. Raises `fs.write`.
---@param path string
---@param content string
---@param options? { mask?: boolean }  mask: whether secrets in it are replaced by `***`; default true
function fs.write(path, content, options) end

--- Adds to the end of a file, which is created if need be; all of it or nothing.  Raises `fs.write`.
---@param path string
---@param content string
---@param options? { mask?: boolean }  as `fs.write` takes it
function fs.append(path, content, options) end

--- The lines of a file, one at a time and in constant memory, without their newlines.  Raises `fs.read`, also when the
--- file does not exist, and `fs.too_large` for a line above the limit.
---
--- ```lua
--- for line in fs.lines("build.log") do if line:find("error") then print(line) end end
--- ```
---@param path string
---@param options? { limit_bytes?: integer }  limit_bytes: of one line, default 16 MiB
---@return fun(): string?
function fs.lines(path, options) end

--- Whether something is there; a link that leads nowhere does not count.
---@param path string
---@return boolean
function fs.exists(path) end

---@class fs.Status
---@field type "file" | "directory" | "symlink" | "fifo" | "socket" | "device"
---@field size_bytes integer
---@field modified string  ISO 8601, UTC
---@field mode string  permissions, octal: "0644"
---@field inode integer  two paths with one inode on one file system are one file

--- What is at a path; nil when nothing is.  Raises `fs.stat` when it cannot be read.
---@param path string
---@param options? { follow?: boolean }  follow: a link stands for what it points to, default true
---@return fs.Status?
function fs.stat(path, options) end

--- The names in a folder, sorted bytewise.  Raises `fs.list`.
---@param path string
---@return string[]
function fs.list(path) end

--- Everything below a folder, in the order of names, a folder before what it holds.  Gives the path, from `path` on,
--- and its type. Symbolic links are given and not followed. Raises `fs.list`.
---
--- ```lua
--- for path, type in fs.walk("src", { glob = "**/*.rs", skip = { ".git", "target" } }) do print(path, type) end
--- ```
---@param path string
---@param options? { glob?: string, skip?: string[], depth?: integer }  glob: what the path below `path` must fit, see
---  `matches`; skip: names left out with all below them; depth: 1 is the folder's own entries
---@return fun(): string?, string?
function fs.walk(path, options) end

--- Makes a folder and those above it; one that exists is fine.  Raises `fs.mkdir`.
---@param path string
function fs.mkdir(path) end

--- Removes a file, an empty folder, or a symbolic link (never what it points to).  Returns whether there was one.
--- Refuses the root folder and names that end in "." or "..". Raises `fs.remove`.
---@param path string
---@param options? { recursive?: boolean }  recursive: a folder with all that is in it
---@return boolean
function fs.remove(path, options) end

--- Gives a file or folder another name on the same disk, taking the place of a file of that name.  Raises `fs.rename`.
---@param from string
---@param to string
function fs.rename(from, to) end

--- Copies a file, or a folder to a free name; the copy appears when it is whole.  A link that `from` names is followed,
--- links inside a folder are copied as links. Raises `fs.copy`.
---@param from string
---@param to string
---@param options? { recursive?: boolean }  recursive: copy a folder
function fs.copy(from, to, options) end

--- Makes a symbolic link at `path` that holds `target`.  Raises `fs.symlink`.
---@param target string
---@param path string
function fs.symlink(target, path) end

--- What a symbolic link holds; nil when there is none at `path`.
---@param path string
---@return string?
function fs.readlink(path) end

--- Makes a new folder in TMPDIR (or /tmp) that only this user can read.  It is removed, with all that is in it, when
--- the object is closed or collected and when the script ends, also by Ctrl-C. Raises `fs.temp_dir`.
---
--- ```lua
--- local folder = fs.temp_dir()
--- fs.write(fs.join(folder:path(), "list"), "…")
--- folder:close()
--- ```
---@return fs.TempFolder
function fs.temp_dir() end

--- The parts of a path, put together with one slash between them.  A later part that begins with a slash does not
--- start anew: `fs.join("a", "/b")` is "a/b".
---@param ... string
---@return string
function fs.join(...) end

--- The last part of a path: "c" of "a/b/c" and of "a/b/c/".
---@param path string
---@return string
function fs.basename(path) end

--- A path without its last part: "a/b" of "a/b/c", "." of "c", "/" of "/c".
---@param path string
---@return string
function fs.dirname(path) end

--- The end of a name from its last dot on, or "": ".gz" of "a.tar.gz", "" of ".bashrc".
---@param path string
---@return string
function fs.extension(path) end

--- A path from the root on, without "." and ".."; links are not looked at.
---@param path string
---@return string
function fs.absolute(path) end

--- The current folder.
---@return string
function fs.cwd() end

--- Whether a path as a whole fits a pattern.  `?` is one character and `*` any number within a name, `**` any number
--- across names (`a/**/b` fits "a/b" too), `[a-z]` and `[!a-z]` are sets, and a backslash takes the next character as
--- it is. Bytes are compared. Only text is looked at, not the disk.
---
--- ```lua
--- fs.matches("tests/ui/a.rs", "tests/**/*.rs")  --> true
--- ```
---@param path string
---@param pattern string
---@return boolean
function fs.matches(path, pattern) end

---@class fs.WatchOptions
---@field settle_s? number  how long nothing more must happen before changes are given (0.03); at most ten times that
---@field skip? string[]  names left out with all below them
---@field limit? integer  most folders, default 8192

--- Waits for changes: an iterator over lists of changed paths, which ends when it is closed. A folder is watched with
--- all below it, and what appears there later; symbolic links in it are not followed. A file is watched by its name:
--- it may vanish, come back, or be replaced, and need not be there yet. Each path is given once, sorted, spelled from
--- the watched one on, when it changed in content or permissions, appeared or vanished; after more than 10,000 at once,
--- the watched paths themselves.
---
--- Raises `fs.watch`, and `fs.watch_limit` for too many folders.
---
--- ```lua
--- for changed in fs.watch({ "policies", "notes.md" }, { skip = { ".git" } }) do print(table.concat(changed, " ")) end
--- ```
---@param paths string | string[]
---@param options? fs.WatchOptions
---@return fs.Watch
function fs.watch(paths, options) end

--- Changes to files, as they happen.
---@class fs.Watch
---@overload fun(): string[]?
local Watch = {}

--- Watches one more file or folder.  Raises as `fs.watch` does.
---@param path string
function Watch:add(path) end

--- Ends the watch, and the loop of a task that waits for it.
function Watch:close() end

--- A temporary folder.
---@class fs.TempFolder
local TempFolder = {}

--- Where it is: an absolute path.
---@return string
function TempFolder:path() end

--- Removes it with all that is in it.
function TempFolder:close() end
