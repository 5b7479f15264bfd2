-- Show what was changed, when and by which script: the audit trail
return require("lib.audit_trail").run(arg)
