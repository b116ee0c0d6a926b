import { CallComposite, useAzureCommunicationCallAdapter } from "@azure/communication-react";
import { showComposite } from "./composite.jsx";

showComposite(useAzureCommunicationCallAdapter, CallComposite, ({ groupId }) => ({ locator: { groupId } }));
