---@meta uhost.hash
--- Digests of texts and files, in lower-case hexadecimal digits: short names for long content. Whoever must not be able
--- to make two contents with one digest needs `sha256` or `sha512`; `md5` and `sha1` are for what others have named so.
---@class uhost.hash
hash = {}

---@alias hash.Algorithm "sha256" | "sha1" | "sha512" | "md5"

--- The digest of a text. Raises `hash.failed` where the system's library refuses the algorithm.
--- ```lua
--- print(hash.text("abc"):sub(1, 8))  --> ba7816bf
--- ```
---@param text string
---@param algorithm? hash.Algorithm  default: sha256
---@return string
function hash.text(text, algorithm) end

--- The digest of a file's content, read in pieces on another thread. Raises `hash.file` when there is no regular file,
--- or it cannot be read.
--- ```lua
--- print(hash.file("uhost-1.0.tar.gz"))
--- ```
---@param path string
---@param algorithm? hash.Algorithm  default: sha256
---@return string
function hash.file(path, algorithm) end
