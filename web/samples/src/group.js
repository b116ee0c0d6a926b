// Everybody joins by the id of a group.

import { element, onClick, show, showProblem, signIn, withCamera } from "./controls.js";

try {
  const { agent, devices, groupId } = await signIn();
  const join = element("join");
  onClick("join", async () => {
    join.disabled = true;
    const call = agent.join({ groupId }, await withCamera(devices));
    show(call, devices, () => (join.disabled = false));
  });
  join.disabled = false;
} catch (error) {
  showProblem(error);
}
