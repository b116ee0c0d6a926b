import type { EnvironmentInfo } from "./api/index.js";

/** Browsers whose WebRTC we count on, by what their user agents say; the first that fits is it, since most claim to be others as well. */
const BROWSERS: [name: string, pattern: RegExp][] = [
  ["edge", /\bEdg(?:A|iOS)?\/(\d[\d.]*)/],
  ["opera", /\bOPR\/(\d[\d.]*)/],
  ["samsung", /\bSamsungBrowser\/(\d[\d.]*)/],
  ["firefox", /\b(?:Firefox|FxiOS)\/(\d[\d.]*)/],
  ["chrome", /\b(?:Headless)?(?:Chrome|Chromium|CriOS)\/(\d[\d.]*)/],
  ["safari", /\bVersion\/(\d[\d.]*).*\bSafari\//],
];

const PLATFORMS: [name: string, pattern: RegExp][] = [
  ["android", /Android/],
  ["ios", /iPhone|iPad|iPod/],
  ["windows", /Windows/],
  ["mac", /Mac OS X|Macintosh/],
  ["chromeos", /CrOS/],
  ["linux", /Linux/],
];

/** The oldest versions with what we use: unified plan, simulcast by rid, `replaceTrack`, `ResizeObserver`. */
const OLDEST: Record<string, number> = { edge: 90, opera: 76, samsung: 15, firefox: 115, chrome: 90, safari: 16 };

/** What we run in, and whether calls work there. @param userAgent of the browser */
export function environment(userAgent: string = globalThis.navigator?.userAgent ?? ""): EnvironmentInfo {
  let browser = "unknown";
  let browserVersion = "";
  for (const [name, pattern] of BROWSERS) {
    const found = pattern.exec(userAgent);
    if (!found) continue;
    browser = name;
    browserVersion = found[1]!;
    break;
  }
  const platform = PLATFORMS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? "unknown";
  const isSupportedPlatform = platform !== "unknown";
  const isSupportedBrowser = browser in OLDEST;
  const isSupportedBrowserVersion = isSupportedBrowser && Number.parseInt(browserVersion, 10) >= OLDEST[browser]!;
  return {
    environment: { platform, browser, browserVersion },
    isSupportedPlatform,
    isSupportedBrowser,
    isSupportedBrowserVersion,
    isSupportedEnvironment: isSupportedPlatform && isSupportedBrowser && isSupportedBrowserVersion,
  };
}

/** Phones and tablets, where fewer videos can be decoded at once. */
export function isMobile(userAgent: string = globalThis.navigator?.userAgent ?? ""): boolean {
  return /Android|iPhone|iPad|iPod|Mobile/.test(userAgent);
}
