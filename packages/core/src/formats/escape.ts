const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" } as const;

/** Text as it may stand in HTML, SVG and their attributes. */
export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c as "&"]);
