# What a straightforward script does: lists runs, then the jobs of each failed one, then each failed job's log, one after
# the other, and looks for lines of errors. Prints how many runs, failed jobs and bytes of logs there were.
import json
import re
import sys
import urllib.request

api, token = sys.argv[1], sys.argv[2]
pattern = re.compile(rb"(?i)\berror\b[^\n]*|##\[error\][^\n]*")


class WithoutToken(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request, file, code, message, headers, url):
        made = super().redirect_request(request, file, code, message, headers, url)
        made.headers.pop("Authorization", None)
        return made


opener = urllib.request.build_opener(WithoutToken)


def get(path):
    headers = {"Authorization": "Bearer " + token, "Accept": "application/vnd.github+json"}
    return opener.open(urllib.request.Request(api + path, headers=headers)).read()


runs, page = [], 1
while True:
    some = json.loads(get(f"/repos/o/n/actions/runs?per_page=100&page={page}"))["workflow_runs"]
    runs += some
    page += 1
    if len(some) < 100:
        break
jobs = read = 0
causes = {}
for run in runs:
    if run["conclusion"] != "failure":
        continue
    for job in json.loads(get(f"/repos/o/n/actions/runs/{run['id']}/jobs"))["jobs"]:
        if job["conclusion"] != "failure":
            continue
        log = get(f"/repos/o/n/actions/jobs/{job['id']}/logs")
        jobs, read = jobs + 1, read + len(log)
        found = pattern.search(log)
        causes.setdefault(found.group() if found else b"?", []).append(job["id"])
print(len(runs), jobs, read)
