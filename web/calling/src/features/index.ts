export const Features = {};
