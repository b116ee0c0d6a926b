// The official ChatComposite as its documentation shows it; who chats where comes in the fragment.

import { useMemo } from "react";
import { createRoot } from "react-dom/client";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { ChatComposite, useAzureCommunicationChatAdapter, fromFlatCommunicationIdentifier } from "@azure/communication-react";

const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));

function Chat() {
  const credential = useMemo(() => new AzureCommunicationTokenCredential(given.token), []);
  const userId = useMemo(() => fromFlatCommunicationIdentifier(given.userId), []);
  const adapter = useAzureCommunicationChatAdapter({
    endpoint: given.endpoint,
    userId,
    displayName: given.displayName,
    credential,
    threadId: given.threadId,
  });
  if (!adapter) return <p>Connecting</p>;
  window.adapter = adapter;
  return <ChatComposite adapter={adapter} options={{ topic: true, participantPane: true }} />;
}

document.body.style.margin = "0";
const root = document.getElementById("root");
root.style.height = "100vh";
createRoot(root).render(<Chat />);
