// Numbers of handsets: one each, since chance alone gives a file's fifty tests the same one in every tenth run.

import { randomInt } from "node:crypto";

let last = randomInt(9000);

/** A handset that no other test of this file writes to. */
export const handset = () => `+1425555${1000 + (last = (last + 1) % 9000)}`;
