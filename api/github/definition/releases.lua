---@meta uhost.github
-- Releases and their files, and what git keeps: blobs, trees, commits, refs, tags.

---@class github.Repository
local Repository = {}

---@class github.Asset
---@field id integer
---@field name string
---@field label? string
---@field size_bytes integer
---@field downloads integer
---@field content_type string
---@field state string
---@field digest? string  "sha256:…"
---@field url string  to download it
---@field created_at string
---@field updated_at string

---@class github.Release
---@field id integer
---@field tag string
---@field name? string
---@field body? string
---@field is_draft boolean
---@field is_prerelease boolean
---@field author? string
---@field target string  the branch or commit that the tag is made from
---@field assets github.Asset[]
---@field url string  on the web
---@field created_at string
---@field published_at? string  nil for a draft

--- Lists releases, newest first; drafts only for those who may push.
---@param options? github.ListOptions
---@return github.List|fun(): github.Release
function Repository:releases(options) end

--- The published release of a tag; nil when there is none. A draft has no tag yet: `releases` lists it.
---@param tag string
---@return github.Release?
function Repository:release(tag) end

--- The newest release that is neither a draft nor a prerelease; nil when there is none.
---@return github.Release?
function Repository:latest_release() end

---@class github.Tag
---@field name string
---@field commit string

--- Lists tags with the ids of their commits.
---@param options? github.ListOptions
---@return github.List|fun(): github.Tag
function Repository:tags(options) end

---@class github.ReleaseChange
---@field tag? string
---@field name? string
---@field body? string
---@field target? string  the branch or commit that the tag is made from, where there is none
---@field is_draft? boolean
---@field is_prerelease? boolean
---@field is_latest? boolean  whether GitHub shows it as the latest
---@field cut? boolean  whether a body that is too long for GitHub is cut

---@class github.NewRelease: github.ReleaseChange
---@field tag string
---@field generate_notes? boolean  GitHub writes what has changed, after the body

--- Makes a release, once. Its notes get a hidden comment, by which it is found again when the answer is lost.
--- ```lua
--- local release = repo:create_release{ tag = "v1.2.0", body = notes, is_draft = true }
--- repo:upload_asset(release.id, "dist/tool.tar.gz")
--- repo:update_release(release.id, { is_draft = false })
--- ```
---@param options github.NewRelease
---@return github.Release
function Repository:create_release(options) end

--- Changes a release; what is not named stays.
---@param id integer
---@param options github.ReleaseChange
---@return github.Release
function Repository:update_release(id, options) end

--- Deletes a release, and leaves its tag; false when there is none.
---@param id integer
---@return boolean
function Repository:delete_release(id) end

--- The notes that GitHub would write for a release. Changes nothing.
---@param options { tag: string, previous_tag?: string, target?: string }
---@return { name: string, body: string }
function Repository:release_notes(options) end

---@class github.AssetOptions
---@field name? string  default: that of the file
---@field label? string  what is shown in place of the name
---@field content_type? string  default: by the end of the name

--- Adds a file to a release, once: what an upload that broke off has left is removed before it is repeated. Raises
--- `github.invalid` (`already_exists`) when the release has a file of this name. The file has less than 2 GiB; it is
--- read as it is sent.
---@param release_id integer
---@param file string
---@param options? github.AssetOptions
---@return github.Asset
function Repository:upload_asset(release_id, file, options) end

--- Writes a file of a release to `file`, which appears whole or not at all. nil and why when it is not there.
---@param id integer
---@param file string
---@return { file: string, size_bytes: integer }?
---@return "missing"|"expired"|nil why
function Repository:download_asset(id, file) end

--- Deletes a file of a release; false when there is none.
---@param id integer
---@return boolean
function Repository:delete_asset(id) end

-- Blobs, trees, commits. The same content has the same id, so that writing it twice changes nothing.

--- The bytes of a blob; nil when there is none.
---@param sha string
---@return string?
function Repository:blob(sha) end

--- Writes a blob; gives its id.
---@param content string
---@return string
function Repository:create_blob(content) end

---@class github.TreeEntry
---@field path string
---@field type "file"|"dir"|"symlink"|"submodule"
---@field mode string  "100644", "100755", "120000" …
---@field id string
---@field size_bytes? integer

---@class github.Tree
---@field id string
---@field is_cut boolean  true: GitHub gives no more of it
---@field entries github.TreeEntry[]

--- The tree of a commit, branch or tag, or one by its own id, with its sub-trees when `recursive`; nil when there is
--- none.
---@param ref string
---@param options? { recursive?: boolean }
---@return github.Tree?
function Repository:tree(ref, options) end

---@class github.NewTreeEntry
---@field path string
---@field mode? "100644"|"100755"|"040000"|"160000"|"120000"  default "100644"
---@field type? "blob"|"tree"|"commit"  default "blob"
---@field id? string|false  of what is there; false removes it from `base`
---@field content? string  in place of an id

--- Writes a tree, `base` with these entries; gives its id.
---@param entries github.NewTreeEntry[]
---@param options? { base?: string }
---@return string
function Repository:create_tree(entries, options) end

---@class github.NewPerson
---@field name string
---@field email string
---@field time? string|number

---@class github.NewCommit
---@field message string
---@field tree string
---@field parents? string[]
---@field author? github.NewPerson  default: the token's account, now
---@field committer? github.NewPerson

--- Writes a commit, to which no ref leads yet; gives its id.
---@param options github.NewCommit
---@return string
function Repository:create_commit(options) end

-- Refs are named without "refs/": "heads/main", "tags/v1".

---@class github.Ref
---@field name string  with "refs/"
---@field id string
---@field type "commit"|"tag"|"tree"|"blob"

--- A ref; nil when there is none.
---@param name string
---@return github.Ref?
function Repository:ref(name) end

--- Lists the refs that begin with `prefix`: "tags/v1."
---@param prefix string
---@param options? github.ListOptions
---@return github.List|fun(): github.Ref
function Repository:refs(prefix, options) end

--- Makes a ref, once. Raises `github.invalid` when there is one of this name at another place.
---@param name string
---@param sha string
---@return github.Ref
function Repository:create_ref(name, sha) end

--- Moves a ref; with `force` also to a commit that does not come from the old one.
---@param name string
---@param sha string
---@param options? { force?: boolean }
---@return github.Ref
function Repository:update_ref(name, sha, options) end

--- Deletes a ref; false when there is none.
---@param name string
---@return boolean
function Repository:delete_ref(name) end

--- Makes a tag: with a message an annotated one.
--- ```lua
--- repo:create_tag("v1.2.0", repo:branch("main").commit, { message = "Release 1.2.0" })
--- ```
---@param name string
---@param sha string
---@param options? { message?: string, tagger?: github.NewPerson, type?: "commit"|"tree"|"blob" }
---@return github.Ref
function Repository:create_tag(name, sha, options) end

-- Single files

---@class github.ContentsChange
---@field message string  of the commit
---@field branch? string  default: the default branch
---@field sha? string  the id of the blob that is replaced; without it, there must be none
---@field author? github.NewPerson
---@field committer? github.NewPerson

---@class github.FileChange
---@field path? string
---@field id? string  of the new blob; none of a deleted one
---@field commit string

--- Writes a file in a commit of its own, once. Raises `github.refused` when the file has changed since `sha`.
--- ```lua
--- repo:write_contents("VERSION", "1.84.0\n", { message = "Follow 1.84.0", branch = "main", sha = old.id })
--- ```
---@param path string
---@param content string
---@param options github.ContentsChange
---@return github.FileChange
function Repository:write_contents(path, content, options) end

--- Deletes a file in a commit of its own, once. `sha` is needed.
---@param path string
---@param options github.ContentsChange
---@return github.FileChange
function Repository:delete_contents(path, options) end
