-- Show what scripts have changed: the audit trail
return require("lib.audit_trail").run(arg)
