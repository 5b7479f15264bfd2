// Who asks.
import { skeleton } from "../store/skeleton.mjs";
import { userBody } from "./bodies.mjs";
import { ok } from "./replies.mjs";

export const users = {
    "users/get-authenticated": ({ origin, login }) => ok({ ...skeleton("private-user"), ...userBody(origin, login) }),
};
