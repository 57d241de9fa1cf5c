/**
 * Puts the assistant into a page of another website.
 *
 *   <script type="module" src="https://portal/assistant/widget.js" data-site="…"
 *     data-language="…"></script>
 *
 * The page's policy has to name the portal under script-src and connect-src, nothing else: the
 * style sheet is fetched and adopted, no frame, no picture and no inline code is used.
 */
import { PortalAssistant } from "./widget.js";

export function embed(address, style) {
  const portal = new URL(address).origin;
  const script = [...document.scripts].find((one) => one.src === address);
  const language = script?.dataset.language || document.documentElement.lang || "zh-hans";
  const host = document.createElement("portal-assistant");
  host.dataset.portal = portal;
  host.dataset.site = script?.dataset.site || "";
  host.dataset.language = language;
  host.dataset.style = new URL(style, portal).href;
  // Before the footer, so that the launcher never lies upon it; see the style sheet.
  const footer = [...document.body.children].findLast((one) => one.matches("footer,[role=contentinfo]"));
  document.body.insertBefore(host, footer || null);
  return host instanceof PortalAssistant;
}
