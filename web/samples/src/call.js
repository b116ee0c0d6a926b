// One person calls another.

import { element, onClick, show, showProblem, signIn, withCamera } from "./controls.js";

let ringing;

function ring(incoming, busy) {
  ringing = incoming;
  element("accept").hidden = element("reject").hidden = incoming === undefined;
  element("start").disabled = busy;
}

try {
  const { agent, devices, others } = await signIn();
  const [other] = others;
  const begin = (call) => {
    ring(undefined, true);
    show(call, devices, () => ring(undefined, false));
  };

  agent.on("incomingCall", ({ incomingCall }) => {
    ring(incomingCall, true);
    element("state").textContent = `${incomingCall.callerInfo.displayName} calls`;
    incomingCall.on("callEnded", () => {
      if (ringing !== incomingCall) return;
      ring(undefined, false);
      element("state").textContent = "none";
    });
  });

  onClick("start", async () => begin(agent.startCall([{ communicationUserId: other.id }], await withCamera(devices))));
  onClick("accept", async () => begin(await ringing.accept(await withCamera(devices))));
  onClick("reject", () => ringing.reject());

  element("start").textContent = `Call ${other.name}`;
  ring(undefined, false);
} catch (error) {
  showProblem(error);
}
