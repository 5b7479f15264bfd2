-- An example: where a fork of the Rust compiler that verifies programs hooks into it.
local M = {}

M.points = {
    {
        id = "analysis_hook", path = "compiler/rustc_interface/src/passes.rs", risk = "high",
        description = "the verifier runs as a query provider and as the last pass of the analysis",
        pattern = [[rustc_verify::provide\(providers\)]],
        modification = "calls rustc_verify::provide after the other providers, and verify_crate at the end of analysis",
    },
    {
        id = "builtin_attributes", path = "compiler/rustc_feature/src/builtin_attrs.rs", risk = "high",
        description = "the attributes that contracts are written with",
        pattern = [=[BUILTIN_ATTRIBUTES: &\[BuiltinAttribute\]]=],
        modification = "appends #[requires], #[ensures] and #[invariant] to BUILTIN_ATTRIBUTES",
    },
    {
        id = "session_options", path = "compiler/rustc_session/src/options.rs", risk = "medium",
        description = "the flag that turns verification on",
        pattern = [[verify: bool = \(false, parse_bool]],
        modification = "adds -Zverify to the unstable options",
    },
    {
        id = "types", path = "compiler/rustc_middle/src/ty/", risk = "medium",
        description = "queries that contracts are looked up by",
        modification = "adds the contract of a function to its type's context",
    },
    {
        id = "mir_build", path = "compiler/rustc_mir_build/", risk = "medium",
        description = "where contracts become part of the MIR",
        modification = "lowers contracts to assertions",
    },
    {
        id = "hir", path = "compiler/rustc_hir/", risk = "low",
        description = "how contracts are kept until they are lowered",
        modification = "adds a field for contracts to function signatures",
    },
}

M.dependencies = {
    {
        id = "rustc_middle_ty", module = "rustc_middle::ty", path = "compiler/rustc_middle/src/ty/",
        used_by = { "compiler/rustc_verify/src/lib.rs" }, apis = { "def_path_str", "type_of", "instance_mir" },
        risk = "high",
    },
    {
        id = "rustc_hir_visitor", module = "rustc_hir::intravisit", path = "compiler/rustc_hir/src/intravisit.rs",
        used_by = { "compiler/rustc_verify/src/contracts.rs" }, apis = { "walk_expr", "walk_fn" }, risk = "medium",
    },
}

return M
