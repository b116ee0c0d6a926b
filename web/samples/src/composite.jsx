// What the pages of the official UI library share: who acts, icons from here, and a place for the composite.

import { useMemo } from "react";
import { createRoot } from "react-dom/client";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import { fromFlatCommunicationIdentifier } from "@azure/communication-react";
import { initializeIcons } from "@fluentui/font-icons-mdl2";
import { given } from "./given.js";

/**
 * Shows a composite.
 *
 * @param useAdapter the UI library's hook for the adapter
 * @param Composite the composite
 * @param locate makes the adapter's own arguments out of what the window was given
 * @param options of the composite
 */
export function showComposite(useAdapter, Composite, locate, options) {
  // The default is a CDN, which a page behind Parley's content security policy does not reach.
  initializeIcons(new URL(".", location.href).href);
  const value = given();
  function Page() {
    const userId = useMemo(() => fromFlatCommunicationIdentifier(value.me.id), []);
    const credential = useMemo(() => new AzureCommunicationTokenCredential(value.me.token), []);
    const own = useMemo(() => locate(value), []);
    const adapter = useAdapter({ userId, credential, displayName: value.me.name, ...own });
    if (!adapter) return <p>Connecting</p>;
    window.adapter = adapter;
    return <Composite adapter={adapter} options={options} />;
  }
  const root = document.getElementById("root");
  if (value) createRoot(root).render(<Page />);
  else root.textContent = "Open this page by a button of /samples.";
}
