-- Whether answers come from inside the process or from a recording: then there is nothing to sign in to, to wait for or
-- to keep.
return function()
    return http.is_intercepted() or http.is_replay()
end
