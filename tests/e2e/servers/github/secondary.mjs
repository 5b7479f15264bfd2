// GitHub's limits of the second kind: not more than 100 requests at once, not so many changes in a while. GitHub lets
// through 80 changes a minute; here a test sets how many, for others make more in a second than a script in an hour.
import { failure } from "./rest/replies.mjs";

export class Secondary {
    #limits = { concurrent: 100, changes: Infinity, window_s: 60, retry_after_s: undefined, status: 403 };
    #underWay = 0;
    #changes = []; // when each of late was let through, in milliseconds
    mostConcurrent = 0;

    apply({ secondary }) {
        if (secondary) Object.assign(this.#limits, secondary);
    }

    begin() {
        this.#underWay += 1;
        this.mostConcurrent = Math.max(this.mostConcurrent, this.#underWay);
    }

    end() {
        this.#underWay -= 1;
    }

    // The answer to one request too many, or null. What is let through counts.
    refusal(isChange) {
        const { concurrent, changes, window_s: window, retry_after_s: wait, status } = this.#limits;
        const begin = Date.now() - window * 1000;
        this.#changes = this.#changes.filter((time) => time > begin);
        if (this.#underWay <= concurrent && !(isChange && this.#changes.length >= changes)) {
            if (isChange) this.#changes.push(Date.now());
            return null;
        }
        const refused = failure(
            status,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        );
        return { ...refused, headers: wait === undefined ? {} : { "retry-after": String(wait) } };
    }
}
