// Repositories themselves, and what the API says of itself.
import { skeleton } from "../store/skeleton.mjs";
import { repositoryBody } from "./bodies.mjs";
import { ok } from "./replies.mjs";

export const repositories = {
    "repos/get": ({ origin, repository }) => ok(repositoryBody(origin, repository, "full-repository")),
    "meta/root": () => ok({ ...skeleton("root") }),
    "rate-limit/get": ({ rate }) => ok(rate.overview()),
};
