import { CallWithChatComposite, useAzureCommunicationCallWithChatAdapter } from "@azure/communication-react";
import { showComposite } from "./composite.jsx";

showComposite(useAzureCommunicationCallWithChatAdapter, CallWithChatComposite, ({ endpoint, groupId, threadId }) => ({
  endpoint,
  locator: { callLocator: { groupId }, chatThreadId: threadId },
}));
