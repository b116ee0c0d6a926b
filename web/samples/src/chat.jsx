import { ChatComposite, useAzureCommunicationChatAdapter } from "@azure/communication-react";
import { showComposite } from "./composite.jsx";

showComposite(
  useAzureCommunicationChatAdapter,
  ChatComposite,
  ({ endpoint, threadId }) => ({ endpoint, threadId }),
  { topic: true, participantPane: true },
);
