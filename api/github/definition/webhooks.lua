---@meta uhost.github
-- What GitHub sends by itself.

--- Whether a webhook's delivery is from GitHub: `signature`, its header X-Hub-Signature-256, fits the body, byte for
--- byte as it came, under the secret in GITHUB_WEBHOOK_SECRET. How long that takes tells nothing of the secret, which
--- scripts never see. Without the header it is false. Raises `github.auth` when no secret is set.
--- ```lua
--- if not github.verify_webhook(body, headers["x-hub-signature-256"]) then return { status = 403 } end
--- ```
---@param payload string
---@param signature? string  "sha256=…"
---@return boolean
function github.verify_webhook(payload, signature) end
