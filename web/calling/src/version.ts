/** The same as in package.json. Within the range that the official UI library asks for. */
export const VERSION = "1.46.1";
