local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

--- Untrusted text as it stands in HTML, also in attributes.
---@param text string|number
---@return string
return function(text) return (term.visible(tostring(text)):gsub("[&<>\"']", entities)) end
